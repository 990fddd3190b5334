"""Where a track can be heard: its own page where one is known, a search elsewhere."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import discord

from bot.core.catalog import main_page, pages, searches
from bot.core.models import Track
from bot.ui import text

FILE_NAME: Final = "excerpt.ogg"
FILE_WORDS: Final = "An excerpt of the track"


def anywhere(track: Track) -> str:
    """Return an address where the track can be heard, a search where no page is known."""
    return main_page(track) or searches(track)[0][1]


def places(track: Track) -> dict[str, str]:
    """Return the address of the track, or of a search for it, by service; own pages first."""
    own = dict(pages(track))
    return own | {name: address for name, address in searches(track) if name not in own}


def player(track: Track, service: str | None) -> str:
    """Return what is posted to hear a track: Discord unfolds a bare link to a player.

    Args:
        service: the one that the listener chose last; None: any.
    """
    found = places(track)
    address = found.get(service or "", anywhere(track))
    if address == main_page(track) or address in dict(pages(track)).values():
        return address
    return f"I know no page of it there, so here is a search:\n{address}"


def excerpt(sound: bytes | None) -> list[discord.File]:
    """Return the sound that an artist gave to be heard, as a file; nothing where there is none."""
    if sound is None:
        return []
    return [discord.File(BytesIO(sound), FILE_NAME, description=FILE_WORDS)]


def choices(track: Track, service: str | None) -> list[discord.SelectOption]:
    """Return the services to hear a track on, the chosen one marked."""
    return [
        discord.SelectOption(label=text.label(one), value=one, default=one == service)
        for one in places(track)
    ]


def links(track: Track) -> Sequence[discord.ui.Button[discord.ui.View]]:
    """Return buttons that open the track on each service, or a search for it there."""
    own = dict(pages(track))
    return [
        discord.ui.Button(label=f"{'Open on' if one in own else 'Search'} {one}", url=address)
        for one, address in places(track).items()
    ]
