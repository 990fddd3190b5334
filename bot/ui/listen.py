"""Where a track can be heard: its own page where one is known, a search elsewhere."""

from collections.abc import Sequence

import discord

from bot.core.catalog import main_page, pages, project_page, searches
from bot.core.models import Track
from bot.ui import text


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
    address, own = places(track).get(service or "", anywhere(track)), main_page(track)
    if address in (own, *dict(pages(track)).values()):
        return address
    search = f"I know no page of it there, so here is a search:\n{address}"
    return search if own is None else f"{search}\nIts own page is {own}"


def choices(track: Track, service: str | None) -> list[discord.SelectOption]:
    """Return the services to hear a track on, the chosen one marked."""
    return [
        discord.SelectOption(label=text.label(one), value=one, default=one == service)
        for one in places(track)
    ]


def links(track: Track) -> Sequence[discord.ui.Button[discord.ui.View]]:
    """Return buttons that open the track on each service, or a search for it there."""
    shown = addresses(track)
    return [discord.ui.Button(label=text.label(name, 80), url=address) for name, address in shown]


def addresses(track: Track) -> list[tuple[str, str]]:
    """Return where a track is heard, in words: its own pages first, then searches for it."""
    own, project = dict(pages(track)), project_page(track)
    shown = [(f"Open on {name}", address) for name, address in own.items()]
    if project is not None:
        shown.append((f"Open on {project[0]}", project[1]))
    return shown + [
        (f"Search {name}", address) for name, address in searches(track) if name not in own
    ]
