"""The buttons that share something as a page: first what will be seen is said, then it is made."""

from typing import Any, Final, Literal

import discord

from bot.core.lists import Telling
from bot.ui.stored import Stored

Step = Literal["ask", "make"]

SHARE: Final = "Share as a page"


class ListPage(Stored, id="page:list:{step}:{playlist_id}:{telling}"):
    """Shares a list as a page."""

    step: Step
    playlist_id: int
    telling: Telling


class CardPage(Stored, id="page:card:{step}:{claim_id}"):
    """Shares the card of an artist as a page."""

    step: Step
    claim_id: int


class MapPage(Stored, id="page:map:{step}:{user_id}"):
    """Shares a map as a page."""

    step: Step
    user_id: int


def button(stored: Stored, *, row: int | None = None) -> discord.ui.Button[Any]:
    """Return the button that begins to share something."""
    return stored.button(SHARE, emoji="🔗", row=row)
