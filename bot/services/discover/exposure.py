"""Watches how often tracks are shown, and lets those rest that everybody has seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.clock import Clock
from bot.core.catalog import Catalog
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.core.ranking import Exposure, measure, rests
from bot.services.discover.fresh import Fresh
from bot.store import exposure, subjects
from bot.store.engine import Database

WINDOW: Final = timedelta(days=30)
"""So far back exposure is counted."""
_FRESH: Final = timedelta(minutes=5)
"""So long a count serves; a track more or less does not matter."""
MOST_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the tracks that are shown most."""

    hit: SearchHit
    times: int
    rests: bool


@dataclass(frozen=True, slots=True)
class ExposureReport:
    """What the operator wants to know of what was shown."""

    days: int
    exposure: Exposure
    most: tuple[Shown, ...]
    resting: int
    """How many tracks rest now."""


class ExposureWatch:
    """Knows what was shown in the last `WINDOW`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._resting: Fresh[tuple[int, ...]] = Fresh(clock, self._count, first=(), lasts=_FRESH)

    async def resting(self) -> tuple[int, ...]:
        """Return the ids of the tracks that have been shown too often lately."""
        return await self._resting.get()

    async def _count(self, now: datetime) -> tuple[int, ...]:
        async with self._database.read() as conn:
            return _resting(await exposure.shown_counts(conn, since=now - WINDOW))

    async def report(self, catalog: Catalog, *, days: int) -> ExposureReport:
        """Sum up the last days; what rests now is counted over `WINDOW` as ever."""
        now = self._clock.now()
        async with self._database.read() as conn:
            counts = await exposure.shown_counts(conn, since=now - timedelta(days=days))
            resting = set(_resting(await exposure.shown_counts(conn, since=now - WINDOW)))
            top = [Subject(SubjectKind.TRACK, track_id) for track_id, _ in counts[:MOST_SHOWN]]
            named = await subjects.names(conn, top)
        shown = np.zeros(len(catalog), np.int64)
        for track_id, times in counts:
            row = catalog.row_of(track_id)
            if row is not None:
                shown[row] = times
        return ExposureReport(
            days=days,
            exposure=measure(shown, _counted_fame(catalog)),
            most=tuple(
                Shown(named[subject], times, subject.id in resting)
                for subject, (_, times) in zip(top, counts, strict=False)
                if subject in named
            ),
            resting=len(resting),
        )


def _counted_fame(catalog: Catalog) -> NDArray[np.float32]:
    """Return the fame of every track's artist; NaN where nobody counts them."""
    return np.where(catalog.counted, catalog.fame, np.float32(np.nan))


def _resting(counts: list[tuple[int, int]]) -> tuple[int, ...]:
    times = np.array([count for _, count in counts], np.int64)
    tired = rests(times, int(times.sum()))
    return tuple(track_id for (track_id, _), rest in zip(counts, tired, strict=True) if rest)
