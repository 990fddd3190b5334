"""What a listener does not want to be shown: artists, versions, sorts of recordings.

A mute is an entry of the ledger that holds its own length, so when it ends is known from the ledger
alone. What is muted at a moment is a function of the mutes and of that moment; the taste itself
does not change when one ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, Sort, mask_of
from bot.core.models import Feedback, SubjectKind

MONTH: Final = 30
"""The days of a mute that ends by itself."""
FOR_EVER: Final = 0
_KINDS: Final = (SubjectKind.ARTIST, SubjectKind.TRACK, SubjectKind.SORT)
_NEVER: Final = 0
"""Stands for the end of a mute that has none."""


def ends_at(entry: Feedback) -> datetime | None:
    """Return when a mute ends; None: never."""
    return entry.created_at + timedelta(days=entry.value) if entry.value else None


def holds(entry: Feedback, now: datetime) -> bool:
    """Tell whether a mute holds at a moment."""
    end = ends_at(entry)
    return end is None or now < end


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What a listener does not want to be shown at one moment."""

    artists: tuple[int, ...] = ()
    """Ids, ascending, as those below."""
    tracks: tuple[int, ...] = ()
    """Single versions of songs."""
    sorts: tuple[Sort, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.artists or self.tracks or self.sorts)

    def rows_by_artists(self, catalog: Catalog) -> NDArray[np.int64]:
        """Return what is by the artists, or has one of them as a guest; ascending rows."""
        if not self.artists:
            return np.empty(0, np.int64)
        as_guests = np.isin(catalog.guest_ids, np.array(self.artists, np.int64))
        return np.union1d(catalog.rows_of_artists(self.artists), catalog.guest_rows[as_guests])

    def rows(self, catalog: Catalog) -> NDArray[np.int64]:
        """Return all rows that are not wanted, ascending."""
        of_sorts = np.flatnonzero(catalog.sorts & mask_of(self.sorts)) if self.sorts else ()
        named = np.union1d(self.rows_by_artists(catalog), self.rows_of_versions(catalog))
        return np.union1d(named, np.array(of_sorts, np.int64)).astype(np.int64)

    def rows_of_versions(self, catalog: Catalog) -> NDArray[np.int64]:
        """Return the rows of the versions."""
        return catalog.rows_of(self.tracks)


@dataclass(frozen=True, slots=True, eq=False)
class Mutes:
    """All mutes of a listener that count, each with its end."""

    kinds: NDArray[np.int64]
    """0: an artist, 1: a version, 2: a sort."""
    ids: NDArray[np.int64]
    ends_s: NDArray[np.int64]
    """In seconds since 1970; 0: never."""

    @classmethod
    def of(cls, entries: Iterable[Feedback]) -> Self:
        """Read the mutes among entries that count."""
        rows = [
            (
                _KINDS.index(one.subject.kind),
                one.subject.id,
                _NEVER if (end := ends_at(one)) is None else int(end.timestamp()),
            )
            for one in entries
            if one.subject.kind in _KINDS
        ]
        table = np.array(sorted(rows), np.int64).reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    def at(self, now: datetime) -> Unwanted:
        """Return what is muted at a moment."""
        if not len(self.ids):
            return NOTHING_UNWANTED
        held = (self.ends_s == _NEVER) | (self.ends_s > int(now.astimezone(UTC).timestamp()))
        artists, tracks, sorts = (
            tuple(self.ids[held & (self.kinds == place)].tolist()) for place in range(len(_KINDS))
        )
        known = set(Sort)
        return Unwanted(artists, tracks, tuple(Sort(one) for one in sorts if one in known))


@dataclass(frozen=True, slots=True)
class StandingWishes:
    """The wishes that hold for everything that somebody is shown."""

    without: frozenset[Sort]
    told: float
    """Of how many tracks a source says whether they are explicit, 0 … 1."""
    artists: int
    """How many artists are muted beside."""
    versions: int


NO_MUTES: Final = Mutes.of(())
NOTHING_UNWANTED: Final = Unwanted()
