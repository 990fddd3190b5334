"""Picks in a browser: what Discord says of their page."""

from typing import Final

import discord

from bot.ui import text
from bot.ui.stored import view

OPEN: Final = "Open my picks"


def invitation(count: int) -> str:
    """Say what waits behind the address."""
    waits = "waits" if count == 1 else "wait"
    return (
        f"{text.count(count, 'pick')} {waits} on a page for you alone.\n"
        "-# The address works once, within 15 minutes; the page stays open for an hour. Pass it "
        "on, and somebody else answers in your name. `/privacy pages` ends it."
    )


def door(url: str) -> discord.ui.View:
    """Return the button that opens the page."""
    return view(discord.ui.Button(label=OPEN, url=url))
