"""The songs that the loopback services know, each service its own side of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Song:
    """One recording, with its names and numbers everywhere; None: that service does not know it."""

    title: str
    artist: str
    album: str = "An Album"
    released_on: str = "1994-05-06"
    duration_ms: int = 215_000
    isrc: str | None = None
    mbid: str | None = None
    artist_mbid: str | None = None
    spotify_id: str | None = None
    reccobeats_id: str | None = None
    deezer_id: int | None = None
    apple_id: int | None = None
    audius_id: str | None = None
    features: Mapping[str, Any] = field(default_factory=dict)
    popularity: int | None = 30
    """On ReccoBeats, 0 … 100."""
    deezer_rank: int | None = 250_000
    listens: int | None = 400
    listeners: int | None = 100
    """On ListenBrainz and Last.fm."""
    genres: tuple[str, ...] = ("slowcore",)
    release_mbid: str | None = None
    distributor: str | None = None
    """Who sent it to Audius; None: the artist uploaded it."""
    cover: str | None = None
    """The address of the album's picture, the same everywhere; the Cover Art Archive has its own,
    by `release_mbid`."""
