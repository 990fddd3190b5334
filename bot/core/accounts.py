"""Accounts of music services that listeners have linked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import unquote


class LinkedService(StrEnum):
    """A service of which an account can be linked."""

    LASTFM = "lastfm"
    LISTENBRAINZ = "listenbrainz"
    SPOTIFY = "spotify"


class ListeningBasis(StrEnum):
    """Which part of somebody's listening says what they like."""

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
"""What each service can tell of somebody's listening."""
MAX_NAME: Final = 64
MAX_ANSWER: Final = 4000
"""Characters of the address that a browser ends at when somebody has agreed."""


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account as it is kept; what lets us ask in its name stays in the store."""

    id: int
    user_id: int
    service: LinkedService
    name: str
    """What the service is asked by: the user name, on Spotify the account id."""
    display_name: str | None
    basis: ListeningBasis
    playlist_id: str | None
    """Of the basis, when that is a playlist."""
    playlist_name: str | None
    linked_at: datetime
    synced_at: datetime | None
    """When it was last asked for plays; None: never yet."""
    cursor: datetime | None
    """All plays up to then are kept; None: none yet."""
    problem: str | None
    """Why it cannot be asked at the moment, as a sentence."""

    @property
    def shown_name(self) -> str:
        """The name that its owner knows."""
        return self.display_name or self.name


@dataclass(frozen=True, slots=True)
class EndedLink:
    """A link that the service ended; its listener does not know yet."""

    service: LinkedService
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that was linked, or was already."""

    account: LinkedAccount
    called: str | None = None
    """The Discord name of its owner, where the one who reads this may not know it."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """Nothing was linked: the listener has another account of that service."""

    account: LinkedAccount
    wanted: str


LinkOutcome: TypeAlias = Linked | Occupied


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Where a listener agrees that an account is linked."""

    url: str = field(repr=False)
    comes_back: bool
    """Their browser reaches us by itself afterwards; else they paste where it ended."""
    saving: bool = False
    """Whether they are asked to let playlists be saved, too."""


def name_in(text: str) -> str | None:
    """Return the user name in what somebody typed: a name, or a link to their page; else None."""
    given = text.strip()
    if "://" in given:
        _, is_page, rest = given.partition("?")[0].partition("/user/")
        given = unquote(rest.partition("/")[0]) if is_page else ""
    given = given.strip().removeprefix("@")
    usable = given.isprintable() and "/" not in given and given.strip(".")
    return given if usable and len(given) <= MAX_NAME else None
