"""What somebody never wants to be shown, wherever they ask: a card with a button for each wish."""

from typing import Final, Literal

import discord

from bot.core.catalog import Sort
from bot.core.taste import StandingWishes
from bot.ui import text, theme
from bot.ui.stored import Stored, view

NOT_YOUR_CARD: Final = "These are somebody else's settings. See yours with `/settings me`."
_SORTS: Final = {
    Sort.LIVE: ("Live recordings", "what its title, its album or its sound says is live"),
    Sort.INSTRUMENTAL: ("Instrumentals", "what its title or its sound says has no voice"),
    Sort.EXPLICIT: ("Explicit tracks", "what a music service marks as explicit"),
}
NO: Final = {
    Sort.LIVE: "no live recordings",
    Sort.INSTRUMENTAL: "no instrumentals",
    Sort.EXPLICIT: "nothing explicit",
}
"""What is wanted then."""
_CODES: Final = {"live": Sort.LIVE, "instrumental": Sort.INSTRUMENTAL, "explicit": Sort.EXPLICIT}


class Toggle(Stored, id="me:{user_id}:{sort}:{wanted}"):
    """Has recordings of a sort shown to somebody, or not."""

    user_id: int
    sort: Literal["live", "instrumental", "explicit"]
    wanted: bool

    @property
    def what(self) -> Sort:
        """The sort it is about."""
        return _CODES[self.sort]


def card(standing: StandingWishes) -> discord.Embed:
    """Show the wishes that hold for everything somebody is shown."""
    lines = []
    for sort, (name, what) in _SORTS.items():
        off = sort in standing.without
        lines.append(f"{'🚫' if off else '✅'} **{name}**: {'never' if off else 'shown'}. {what}")
    embed = discord.Embed(
        title="What you are shown",
        description="\n".join(lines),
        color=theme.ACCENT,
    )
    told = f"{standing.told:.0%}" if standing.told else "none"
    embed.add_field(
        name="What is not known",
        value=f"Of {told} of my tracks a service says whether they are explicit. What nobody says "
        "anything of counts as not explicit, not live and not instrumental, so it is shown.",
        inline=False,
    )
    embed.add_field(
        name="Muted",
        value=f"{text.count(standing.artists, 'artist')} and "
        f"{text.count(standing.versions, 'version')}: `/mute show`",
        inline=False,
    )
    embed.set_footer(text="This holds wherever I pick for you, in every server. Only you see it.")
    return embed


def under_card(user_id: int, standing: StandingWishes) -> discord.ui.View:
    """Return a button for each wish that turns it."""
    buttons = []
    for code, sort in _CODES.items():
        off, name = sort in standing.without, _SORTS[sort][0].lower()
        label = f"Show {name} again" if off else f"No {name}"
        style = discord.ButtonStyle.success if off else discord.ButtonStyle.secondary
        toggle = Toggle(user_id, code, wanted=off)  # type: ignore[arg-type]
        buttons.append(toggle.button(label, style=style))
    return view(*buttons)
