"""Lists of tracks that leave the bot: what is in them, in which order, in which form."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.core.lists.companions import Bounds, Ground
from bot.core.models import Track
from bot.core.ranking import PickCard, Removed

MAX_TRACKS: Final = 200
"""A longer list is cut: what is newest, or best rated, stays."""


class Form(StrEnum):
    """How a list is written down."""

    M3U8 = "m3u8"
    XSPF = "xspf"
    JSPF = "jspf"
    CSV = "csv"
    LINKS = "links"


class Content(StrEnum):
    """What a listener can take with them."""

    PICKS = "picks"
    """What they were shown and liked."""
    LIKES = "likes"
    """Every track they gave a thumb up or a 4 or 5."""
    RATINGS = "ratings"
    """Every track they gave a 4 or 5."""
    HISTORY = "history"
    """Everything they were shown."""


class Order(StrEnum):
    """In which order."""

    DJ = "dj"
    """See `sequencing.dj_order`."""
    NEWEST = "newest"
    SCORE = "score"
    """What was liked most comes first."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A list of tracks, ready to be written down."""

    title: str
    description: str
    tracks: tuple[Track, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptPlaylist:
    """A list that the bot has kept, so that it can be had in other forms."""

    id: int
    user_id: int
    public: bool
    """True: everybody who sees its message may have it."""
    playlist: Playlist
    own_track_ids: frozenset[int] = frozenset()
    """The artist's own tracks, of a list with companions."""


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """A list that was just made."""

    kept: KeptPlaylist
    found: int
    """How many tracks there were before it was cut to `MAX_TRACKS`."""
    can_be_saved: bool
    """Its listener has linked an account that takes playlists."""


@dataclass(frozen=True, slots=True)
class CompanionCard:
    """A companion with the names that belong to it."""

    card: PickCard
    genres: tuple[str, ...]
    """Those it shares with what was asked for."""
    artist_popularity: float | None
    """The percentile of its artist among artists."""


@dataclass(frozen=True, slots=True)
class CompanionList:
    """An artist's tracks among companions, or why there are none."""

    own: tuple[Track, ...]
    made: MadePlaylist | None
    """None: no track is a companion."""
    companions: tuple[CompanionCard, ...]
    asked: int
    """How many companions were wanted."""
    bounds: Bounds
    genres: tuple[str, ...]
    """The names of `bounds.genres`."""
    any_genre: bool
    """The genre does not matter to the artist."""
    ground: Ground
    unmeasured: tuple[Track, ...]
    """The artist's tracks that were not measured."""
    unknown: tuple[str, ...]
    """What was named, as it was written, and is not in the catalogue."""
    removed: tuple[Removed, ...]
    """What each filter did, for a list that came out short."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A list written down."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SavedPlaylist:
    """A list that was saved at a music service."""

    url: str
    saved: int
    missing: int
    """Tracks that the service is not known to have."""
