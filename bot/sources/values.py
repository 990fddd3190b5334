"""The services' answers as our own frozen values; nothing else leaves this folder."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.core.models import AudioFeatures, ExternalId, ReleasedBy

NO_FEATURES: Final = AudioFeatures()
_LAST_MOMENT: Final = timedelta(minutes=1)
"""A token with less time left than this is not used."""


@dataclass(frozen=True, slots=True)
class Popularity:
    """How much a recording is played, on the scale of the source."""

    source: str
    value: float


@dataclass(frozen=True, slots=True)
class SourceTrack:
    """A recording as a service describes it; what it does not say is None or empty."""

    title: str
    artist: str
    """The first artist."""
    ids: tuple[ExternalId, ...] = ()
    """Its ids elsewhere: isrc, mbid, spotify, deezer, apple, reccobeats, audius_id, and what
    `bot.core.catalog.read_text` reads from links."""
    artist_credit: str | None = None
    """All artists as printed, when they are more than the first."""
    artist_ids: tuple[ExternalId, ...] = ()
    """Of the first artist."""
    album: str | None = None
    year: int | None = None
    duration_ms: int | None = None
    explicit: bool | None = None
    genres: tuple[str, ...] = ()
    """Lower case, the most used first."""
    features: AudioFeatures = NO_FEATURES
    popularity: tuple[Popularity, ...] = ()
    url: str | None = None
    """The page where people can hear it."""
    released_on: date | None = None
    cover: str | None = None
    """The address of a picture of the album."""
    released_by: ReleasedBy | None = None

    def id_in(self, namespace: str) -> str | None:
        """Return its id in another system."""
        return next((one.value for one in self.ids if one.namespace == namespace), None)


@dataclass(frozen=True, slots=True)
class SourceArtist:
    """An artist as a service describes them."""

    name: str
    ids: tuple[ExternalId, ...] = ()
    genres: tuple[str, ...] = ()
    similarity: float | None = None
    """0 … 1, to the artist that was asked about."""
    fans: int | None = None
    """How many people follow them on Deezer."""

    def id_in(self, namespace: str) -> str | None:
        """Return their id in another system."""
        return next((one.value for one in self.ids if one.namespace == namespace), None)


@dataclass(frozen=True, slots=True)
class SimilarTrack:
    """A recording that listeners of another one play too."""

    track: SourceTrack
    similarity: float
    """0 … 1."""


@dataclass(frozen=True, slots=True)
class Play:
    """One play of a recording."""

    track: SourceTrack
    at: datetime
    """When it began, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class PlayPage:
    """One page of a user's plays, the newest first."""

    plays: tuple[Play, ...]
    pages: int
    """How many pages there are now."""


@dataclass(frozen=True, slots=True)
class PlayCount:
    """How often somebody played a recording."""

    track: SourceTrack
    count: int | None
    """None where the service gives an order but no numbers."""


@dataclass(frozen=True, slots=True)
class Plays:
    """How much everybody plays a recording."""

    listens: int | None
    listeners: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """An album, an EP or a single."""

    title: str
    artist: str
    released_on: date | None
    kind: str | None
    """Lower case: album, ep, single …"""
    ids: tuple[ExternalId, ...] = ()
    artist_ids: tuple[ExternalId, ...] = ()
    genres: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a longer list of tracks."""

    tracks: tuple[SourceTrack, ...]
    total: int | None
    next_offset: int | None
    """Where the next page begins; None: this is the last."""


@dataclass(frozen=True, slots=True)
class TrackList:
    """A playlist or an album as a service describes it."""

    title: str | None
    owner: str | None
    """The artist of an album; on a playlist, who made it."""
    page: Page
    """Its first tracks; maybe none, and `next_offset` 0: they are asked for page by page."""


@dataclass(frozen=True, slots=True)
class LinkedServices:
    """One recording on all services."""

    title: str | None
    artist: str | None
    links: tuple[tuple[str, str], ...]
    """Service and address, such as ("deezer", "https://…")."""
    ids: tuple[ExternalId, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What a page says about itself, for showing a link to it."""

    title: str
    author: str | None
    cover: str | None = None
    """The address of a picture."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist of an account."""

    id: str
    name: str
    total: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a service."""

    id: str
    """Never changes."""
    name: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens of an account, valid for some time; never printed or logged."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str | None = field(repr=False)
    """None: the earlier one stays valid."""
    scopes: frozenset[str]

    def is_fresh(self, now: datetime) -> bool:
        """Return whether the token lasts long enough to be used."""
        return self.expires_at - now >= _LAST_MOMENT
