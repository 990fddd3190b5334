"""What the bot says when it comes to a server."""

from typing import Final

import discord

from bot.ui import help as help_ui
from bot.ui import start, theme
from bot.ui.stored import Stored, view

TRY_IT, CHANNELS, HELP = "Find me music", "Choose channels", "What I can do"
QUESTION: Final = (
    "**Where may music be promoted?** Members show theirs with `/promote`; without a channel that "
    "appears where they type it.\n"
    "**Where does the weekly digest go?** It comes on Fridays at 17:00 UTC; `/server digest on` "
    "chooses another time."
)
SMALL: Final = (
    "You run me, so this is for you: my catalogue is only the small one that I ship with. "
    "`bside catalog open-data` makes one of millions of tracks; `docs/catalogue.md` says how."
)


class ChooseChannels(Stored, id="greet:channels"):
    """Asks whoever manages the server where promotions and the digest go."""


class PromotionsHere(Stored, id="greet:promotions"):
    """Has promotions in the channel that is chosen."""


class DigestHere(Stored, id="greet:digest"):
    """Has the weekly digest in the channel that is chosen."""


def greeting() -> discord.Embed:
    """Say hello: three things to do."""
    return discord.Embed(
        title="Hello, I am B-Side",
        description="I find music that fits your taste and that few people know.\n"
        f"**1** Press **{TRY_IT}**, or type `/discover`.\n"
        f"**2** Whoever manages this server: press **{CHANNELS}** for promotions and the weekly "
        "digest.\n"
        f"**3** Press **{HELP}**, or type `/help`.",
        color=theme.ACCENT,
    )


def under_greeting() -> discord.ui.View:
    """Return a button for each of the three."""
    return view(
        start.Begin().button(TRY_IT, style=discord.ButtonStyle.primary),
        ChooseChannels().button(CHANNELS),
        help_ui.ShowHelp().button(HELP),
    )


def channels() -> discord.ui.View:
    """Return two menus of channels."""
    menus: list[discord.ui.ChannelSelect[discord.ui.View]] = [
        discord.ui.ChannelSelect(
            custom_id=asks.custom_id,
            placeholder=words,
            channel_types=[discord.ChannelType.text],
        )
        for asks, words in (
            (PromotionsHere(), "Promotions appear in …"),
            (DigestHere(), "The weekly digest goes to …"),
        )
    ]
    return view(*menus)


def promotions_go_to(channel: str) -> str:
    """Confirm the channel of promotions."""
    return f"Promotions appear in {channel} now. `/server promotions` has the other rules."
