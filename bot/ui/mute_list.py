"""`/mute show`: what somebody muted and left out, page by page, with the way back."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import discord

from bot.core.models import Mute, SubjectKind
from bot.core.taste import LeftAway, StandingWishes
from bot.ui import text, theme
from bot.ui.away import away_words
from bot.ui.mutes import named, until_words
from bot.ui.stored import Page, Stored, page_turner, view
from bot.ui.wishes import NO

SHOWN: Final = 10
"""So many stand on one page."""
NOT_YOURS: Final = "This is somebody else's list. See yours with `/mute show`."
_BACK: Final = "Take one back …"
_NOTHING: Final = (
    "You have muted nothing, and all of your listening counts. `/mute artist` mutes somebody, ⋯ "
    "under a pick does, too, and `/mute history` leaves out what somebody else played."
)


class TakeBack(Stored, id="mute:take:{user_id}:{page}"):
    """Takes back what is chosen of a page of `/mute show`."""

    user_id: int
    page: Page


class TurnMutes(Stored, id="mute:list:{user_id}:{page}:{label}"):
    """Turns to another page of somebody's own list."""

    user_id: int
    page: Page
    label: str


def show(
    mutes: Sequence[Mute], away: Sequence[LeftAway], standing: StandingWishes, page: int
) -> discord.Embed:
    """Show a page of what somebody muted and left out."""
    if not (mutes or away or standing.without):
        return discord.Embed(title="What you muted", description=_NOTHING, color=theme.QUIET)
    lines = _lines(mutes, away)
    page, pages = _page_of(len(lines), page)
    shown = lines[page * SHOWN : (page + 1) * SHOWN]
    if not page and standing.without:
        what = text.listing([NO[one] for one in sorted(standing.without)])
        shown.insert(0, f"🚫 {text.capital(what)} · `/settings me`")
    embed = discord.Embed(
        title="What you muted", description=text.cut("\n".join(shown), 4096), color=theme.ACCENT
    )
    footer = "Your taste does not change by it; only you see this list."
    embed.set_footer(text=f"{footer} Page {page + 1} of {pages}." if pages > 1 else footer)
    return embed


def under_show(
    user_id: int, mutes: Sequence[Mute], away: Sequence[LeftAway], page: int
) -> discord.ui.View:
    """Return the menu that takes one back, and the buttons to other pages."""
    values = _values(mutes, away)
    page, pages = _page_of(len(values), page)
    some = values[page * SHOWN : (page + 1) * SHOWN]
    if not some:
        return view()
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=TakeBack(user_id, page).custom_id,
        placeholder=_BACK,
        options=[
            discord.SelectOption(label=text.label(label), value=value) for value, label in some
        ],
    )
    turner = page_turner(partial(TurnMutes, user_id), page=page, pages=pages)
    return view(menu, *turner.children)


def _page_of(count: int, page: int) -> tuple[int, int]:
    pages = max(1, -(-count // SHOWN))
    return min(max(page, 0), pages - 1), pages


def _lines(mutes: Sequence[Mute], away: Sequence[LeftAway]) -> list[str]:
    lines = []
    for one in mutes:
        of_track = one.hit.subject.kind is SubjectKind.TRACK
        what = f"🎵 This version of {named(one.hit)}" if of_track else f"🎤 {named(one.hit)}"
        lines.append(f"{what} · {'for ever' if one.until is None else until_words(one.until)}")
    return lines + [
        f"🎧 Not you: {away_words(one.away)} · {text.count(one.plays, 'play')}" for one in away
    ]


def _values(mutes: Sequence[Mute], away: Sequence[LeftAway]) -> list[tuple[str, str]]:
    """Return the value and the label of each entry, in the order of the lines."""
    found = []
    for one in mutes:
        subject, by = one.hit.subject, f" – {one.hit.artist}" if one.hit.artist else ""
        found.append((f"{subject.kind}:{subject.id}", f"{one.hit.title}{by}"))
    found += [(f"away:{span.id}", f"Not you: {away_words(span.away)}") for span in away]
    return found
