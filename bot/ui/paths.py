"""A path from one track to another as a message: every hop with its reason."""

from dataclasses import replace
from typing import Final

import discord

from bot.core.lists import MOST_OTHERS, Course, FoundPath, PathStep, PathWish, Telling
from bot.core.models import Track
from bot.core.ranking import Explanation
from bot.ui import features, playlists, text, theme, why
from bot.ui.stored import Stored, view

ANOTHER: Final = "Another path"
_COURSES: Final = {
    Course.DOWN: "no step is better known than the one before",
    Course.UP: "no step is less known than the one before",
    Course.LEVEL: "all are about as well known as the ends",
}

_UNCOUNTED: Final = "nobody counts any of these artists"


class AnotherPath(Stored, id="path:{wish}"):
    """Finds another path between the same ends, for whoever presses, who alone sees it."""

    wish: PathWish


def path(found: FoundPath) -> discord.Embed:
    """Show the steps, one under the other."""
    first, last = found.steps[0].track, found.steps[-1].track
    about = f"{text.count(len(found.steps), 'step')} from {_name(first)} to {_name(last)}"
    embed = discord.Embed(title=text.cut(about, 256), color=theme.ACCENT)
    counted = any(one.fame is not None for one in found.steps)
    lines = [_step(place, one, counted=counted) for place, one in enumerate(found.steps, 1)]
    embed.description = text.fitting(lines, 4000, "more in the file")
    if len(found.steps) < found.asked:
        embed.add_field(
            name=f"{len(found.steps)} steps in place of {found.asked}",
            value="What I know between these two does for no more.",
            inline=False,
        )
    embed.set_footer(
        text=f"Each is nearer to the end, and "
        f"{_COURSES[found.course] if counted else _UNCOUNTED}. One song per artist."
    )
    return embed


def buttons(found: FoundPath, wish: PathWish, *, pages: bool) -> discord.ui.View:
    """Return the forms it can be had in, and another path.

    Args:
        found: the path.
        wish: what was asked for.
        pages: it can be shared as a page.
    """
    shown = playlists.buttons(found.made, page=Telling.STEPS if pages else None).children
    if wish.number == MOST_OTHERS:
        return view(*shown)
    another = AnotherPath(replace(wish, number=wish.number + 1))
    return view(*shown, another.button(ANOTHER, emoji="🔀", row=2))


def _step(place: int, step: PathStep, *, counted: bool) -> str:
    fame = "nobody counts them" if step.fame is None else features.short_fame(step.fame)
    line = f"{place}. {playlists.linked(step.track)}" + (f" · {fame}" if counted else "")
    words = hop(step)
    return f"{line}\n↳ {words}" if words else line


def hop(step: PathStep) -> str:
    """Say what stays and what changes since the track before."""
    return "" if step.reason is None else hop_words(step.reason)


def hop_words(reason: Explanation) -> str:
    """Say what stays and what changes between two tracks."""
    stays = text.listing(why.matching_words(reason))
    changes = [
        word for one in reason.reasons if (word := features.difference_word(one)) is not None
    ][:2]
    parts = [f"still {stays}" if stays else "", text.listing(changes)]
    return text.capital("; ".join(one for one in parts if one)) or "Alike in all I measure"


def _name(track: Track) -> str:
    return text.plain(track.title, 80)
