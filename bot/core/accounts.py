"""Accounts of music services that listeners have linked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import unquote


class LinkedService(StrEnum):
    """A service whose accounts can be linked."""

    LASTFM = "lastfm"
    LISTENBRAINZ = "listenbrainz"
    SPOTIFY = "spotify"


class ListeningBasis(StrEnum):
    """Which part of a listener's plays counts for their taste."""

    TOP = "top"
    RECENT = "recent"
    SAVED = "saved"
    PLAYLIST = "playlist"


SERVICE_NAMES: Final[Mapping[LinkedService, str]] = {
    LinkedService.LASTFM: "Last.fm",
    LinkedService.LISTENBRAINZ: "ListenBrainz",
    LinkedService.SPOTIFY: "Spotify",
}
BASES: Final[Mapping[LinkedService, tuple[ListeningBasis, ...]]] = {
    LinkedService.LASTFM: (ListeningBasis.TOP, ListeningBasis.RECENT),
    LinkedService.LISTENBRAINZ: (ListeningBasis.TOP, ListeningBasis.RECENT),
    LinkedService.SPOTIFY: tuple(ListeningBasis),
}
"""Which parts each service can give us."""
MAX_NAME: Final = 64
MAX_ANSWER: Final = 4000
"""Characters of the address that a browser ends at when somebody has agreed."""


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account as it is kept. Its token stays in the store."""

    id: int
    user_id: int
    service: LinkedService
    name: str
    """What we ask the service for: the user name, or on Spotify the account id."""
    display_name: str | None
    basis: ListeningBasis
    playlist_id: str | None
    """The playlist's id, when the basis is a playlist."""
    playlist_name: str | None
    linked_at: datetime
    synced_at: datetime | None
    """When it was last asked for plays; None: never."""
    cursor: datetime | None
    """All plays up to this time are kept; None: no plays are kept yet."""
    problem: str | None
    """Why it cannot be asked at the moment, as a sentence."""

    @property
    def shown_name(self) -> str:
        """The name to show to its owner."""
        return self.display_name or self.name


@dataclass(frozen=True, slots=True)
class EndedLink:
    """A link that the service ended, and that its listener was not told about yet."""

    service: LinkedService
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that was linked now or earlier."""

    account: LinkedAccount


@dataclass(frozen=True, slots=True)
class Occupied:
    """Nothing was linked: the listener has another account of that service."""

    account: LinkedAccount
    wanted: str


LinkOutcome: TypeAlias = Linked | Occupied


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The page where a listener agrees to link an account."""

    url: str = field(repr=False)
    comes_back: bool
    """True: their browser comes back to us by itself. False: they paste the address it ended at."""
    saving: bool = False
    """True: they are also asked to let us save playlists."""


def name_in(text: str) -> str | None:
    """Return the user name in what somebody typed: a name, or a link to their page; else None."""
    given = text.strip()
    if "://" in given:
        _, is_page, rest = given.partition("?")[0].partition("/user/")
        given = unquote(rest.partition("/")[0]) if is_page else ""
    given = given.strip().removeprefix("@")
    usable = given.isprintable() and "/" not in given and given.strip(".")
    return given if usable and len(given) <= MAX_NAME else None
