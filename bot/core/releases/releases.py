"""New releases as the services report them: each once, and only new ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Self

from bot.core.catalog import artist_key, recording_key
from bot.core.ranking import DEFAULT_OBSCURITY

DEFAULT_DAYS: Final = 14
LONGEST_DAYS: Final = 90
PAGE: Final = 10
"""Releases in one message."""


@dataclass(frozen=True, slots=True)
class NewRelease:
    """An album, an EP, a single or a track that is new."""

    title: str
    artist: str
    released_on: date | None
    kind: str | None
    """Lower case: album, ep, single, track …"""
    genres: tuple[str, ...] = ()
    url: str | None = None
    services: tuple[str, ...] = ()
    """The services that report it."""
    key: str = field(init=False, repr=False)
    """The key it shares with the same release at other services, and with its deluxe edition."""
    artist_key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", recording_key(self.title, self.artist))
        object.__setattr__(self, "artist_key", artist_key(self.artist))


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release with what the catalogue knows about it."""

    release: NewRelease
    artist_id: int | None = None
    track_ids: tuple[int, ...] = ()
    """Tracks of the release itself."""
    genre_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseWish:
    """What somebody asks `/releases` for."""

    days: int = DEFAULT_DAYS
    obscurity: int = DEFAULT_OBSCURITY
    page: int = 0
    """From 0 on."""
    private: bool = False

    def to_code(self) -> str:
        """Return the wish in at most 20 characters of `0-9 .`."""
        return f"{self.days}.{self.obscurity}.{self.page}.{self.private:d}"

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read a code again; values out of bounds are moved to the nearest bound.

        Raises:
            ValueError: it is not one.
        """
        days, obscurity, page, private = (int(part) for part in code.split("."))
        return cls(
            days=min(max(days, 1), LONGEST_DAYS),
            obscurity=min(max(obscurity, 0), 100),
            page=max(page, 0),
            private=bool(private),
        )


def within(
    releases: Iterable[NewRelease], today: date, *, days: int, ahead: int = 0
) -> list[NewRelease]:
    """Return what came out in the last days, today included, or comes out in the next days.

    A release without a date is left out, because nobody knows whether it is new.
    """
    first, last = today - timedelta(days=days), today + timedelta(days=ahead)
    return [one for one in releases if one.released_on and first < one.released_on <= last]


def merged(releases: Iterable[NewRelease]) -> list[NewRelease]:
    """Join what several services say about one release.

    The first service that says something is believed. Of several dates the earliest counts, and
    genres are added up.
    """
    found: dict[str, NewRelease] = {}
    for release in releases:
        known = found.get(release.key)
        found[release.key] = release if known is None else _joined(known, release)
    return list(found.values())


def _joined(first: NewRelease, other: NewRelease) -> NewRelease:
    dates = [one.released_on for one in (first, other) if one.released_on is not None]
    return replace(
        first,
        released_on=min(dates, default=None),
        kind=first.kind or other.kind,
        genres=tuple(dict.fromkeys((*first.genres, *other.genres))),
        url=first.url or other.url,
        services=tuple(dict.fromkeys((*first.services, *other.services))),
    )
