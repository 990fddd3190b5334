"""The buttons and the menu under picks, and under the answers that hold none."""

from typing import Final

import discord

from bot.core.models import Thumbs
from bot.core.ranking import Discovery, StartOffer, Wish
from bot.ui import picks, theme
from bot.ui.stored import Stored, Thumb, view

_MOST_GENRES: Final = 5
_BLUE: Final = discord.ButtonStyle.primary


class Like(Stored, id="pick:{thumb}:{track_id}:{recommendation_id}"):
    """👍 or 👎 under a pick."""

    thumb: Thumb
    track_id: int
    recommendation_id: int


class Why(Stored, id="pick:why:{track_id}:{recommendation_id}"):
    """Takes the score of a pick apart."""

    track_id: int
    recommendation_id: int


class More(Stored, id="pick:more:{track_id}:{recommendation_id}"):
    """Finds more like a pick."""

    track_id: int
    recommendation_id: int


class Again(Stored, id="again:{wish}"):
    """Answers a wish for whoever presses."""

    wish: Wish


class StartGenres(Stored, id="start:genres:{wish}"):
    """Lets a newcomer choose genres to begin with; their wish is answered then."""

    wish: Wish


class StartTracks(Stored, id="start:tracks:{private}"):
    """Gives a newcomer contrasting tracks to judge."""

    private: bool


def under_pick(
    track_id: int, recommendation_id: int, url: str | None, thumbs: Thumbs
) -> discord.ui.View:
    """Return the buttons under a pick."""
    named = (track_id, recommendation_id)
    up, down = (str(count) if count else None for count in (thumbs.up, thumbs.down))
    shown = [
        Like("up", *named).button(up, emoji=theme.UP),
        Like("down", *named).button(down, emoji=theme.DOWN),
        Why(*named).button(picks.WHY),
        More(*named).button(picks.MORE),
    ]
    if url:
        shown.append(discord.ui.Button(label=picks.OPEN, url=url))
    return view(*shown)


def under_start(offer: StartOffer, wish: Wish) -> discord.ui.View:
    """Return the ways of a newcomer to a taste."""
    tracks = StartTracks(wish.private).button(picks.START_BY_TRACKS, style=_BLUE)
    if not offer.genres:
        return view(tracks)
    options = picks.genre_options(offer.genres)
    genres: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=StartGenres(wish).custom_id,
        placeholder=picks.START_BY_GENRE,
        max_values=min(_MOST_GENRES, len(options)),
        options=options,
    )
    return view(genres, tracks)


def under_nothing(found: Discovery) -> discord.ui.View:
    """Return buttons that ask again without one of the filters that left nothing."""
    return view(
        *(
            Again(one.wish).button(picks.loosen_label(one.filter, one.tracks), style=_BLUE)
            for one in found.loosenings[:4]
        )
    )
