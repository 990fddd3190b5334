"""What somebody never wants to be shown, wherever they ask: a card with a button for each wish."""

from typing import Final, Literal

import discord

from bot.core.catalog import Sort
from bot.core.taste import StandingWishes
from bot.ui import text, theme
from bot.ui.stored import Stored, view

NOT_YOUR_CARD: Final = "These are somebody else's settings. See yours with `/settings me`."
_SORTS: Final = {
    Sort.LIVE: ("Live recordings", "title, album or sound say that it is live"),
    Sort.INSTRUMENTAL: ("Instrumentals", "title or sound say that there is no voice"),
    Sort.EXPLICIT: ("Explicit tracks", "a music service marks it so"),
    Sort.AI: ("Music made by AI", "its artist, or this bot's list, says so"),
    Sort.PARTLY_AI: ("Music made partly by AI", "said in the same way"),
}
NO: Final = {
    Sort.LIVE: "no live recordings",
    Sort.INSTRUMENTAL: "no instrumentals",
    Sort.EXPLICIT: "nothing explicit",
    Sort.AI: "nothing made by AI",
    Sort.PARTLY_AI: "nothing made partly by AI",
}
"""What is wanted then."""
_SOME: Final = 0.01
_CODES: Final = {
    "live": Sort.LIVE,
    "instrumental": Sort.INSTRUMENTAL,
    "explicit": Sort.EXPLICIT,
    "ai": Sort.AI,
    "partlyai": Sort.PARTLY_AI,
}


class Toggle(Stored, id="me:{user_id}:{sort}:{wanted}"):
    """Has recordings of a sort shown to somebody, or not."""

    user_id: int
    sort: Literal["live", "instrumental", "explicit", "ai", "partlyai"]
    wanted: bool

    @property
    def what(self) -> Sort:
        """The sort it is about."""
        return _CODES[self.sort]


def card(standing: StandingWishes) -> discord.Embed:
    """Show the wishes that hold for everything somebody is shown."""
    lines = []
    for sort, (name, what) in _SORTS.items():
        never = sort in standing.without
        verb = "is" if name.startswith("Music") else "are"
        lines.append(
            f"{'🚫' if never else '✅'} **{name}** {verb} {'never ' * never}shown ({what})."
        )
    embed = discord.Embed(
        title="What you are shown", description="\n".join(lines), color=theme.ACCENT
    )
    embed.add_field(
        name="What is not known",
        value=f"{_told(standing.told)} What nobody says anything of counts as not explicit, not "
        "live, not instrumental and not made by AI, so it is shown.",
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


def _told(share: float) -> str:
    """Say of how many tracks it is known whether they are explicit."""
    if not share:
        return "Of none of my tracks does a service say whether it is explicit."
    much = "fewer than 1 %" if share < _SOME else f"{share:.0%}".replace("%", " %")
    return f"A service says of {much} of my tracks whether they are explicit."


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def under_card(user_id: int, standing: StandingWishes) -> discord.ui.View:
    """Return a button for each wish that turns it."""
    buttons = []
    for code, sort in _CODES.items():
        off, name = sort in standing.without, _lower(_SORTS[sort][0])
        label = f"Show {name} again" if off else f"No {name}"
        style = discord.ButtonStyle.success if off else discord.ButtonStyle.secondary
        toggle = Toggle(user_id, code, wanted=off)  # type: ignore[arg-type]
        buttons.append(toggle.button(label, style=style))
    return view(*buttons)
