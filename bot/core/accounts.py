"""Accounts of music services that listeners have linked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
