"""Keeps, once a month, how popular each track is, and tells who rose."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from bot.clock import Clock
from bot.core.catalog import (
    change_of_artists,
    differs,
    levels_of_counts,
    month_of,
    most_risen,
    past_of,
)
from bot.store import catalog, jobs, popularity_past
from bot.store.engine import Database
from bot.store.popularity_past import PastOfSource

log = logging.getLogger(__name__)

POPULARITY: Final = "popularity"
"""The kind of the job."""
_EVERY: Final = timedelta(days=1)
"""How often to look for a source that has not been looked at in this month."""
_FIRST: Final = timedelta(minutes=20)
"""After the first start: what listeners do comes first."""


@dataclass(frozen=True, slots=True)
class Risen:
    """An artist who is better known than before."""

    artist: str
    before: float
    """The percentile among all artists who were known then and are known now, 0 … 1."""
    after: float
    song: str
    """Their best-known song now."""
    past: tuple[tuple[int, float], ...]
    """The percentile of this song among all, by month, where it changed."""


class PopularityPast:
    """The past of popularity."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self) -> None:
        """Plan the first look."""
        async with self._database.write() as conn:
            if await jobs.planned_for(conn, POPULARITY, 0) is None:
                await jobs.plan(conn, POPULARITY, 0, self._clock.now() + _FIRST)

    async def look(self, _subject_id: int) -> datetime:
        """Keep what changed of each source not looked at in this month; return when to look again.

        It may break off anywhere: the next time goes over the source again and keeps the rest.
        """
        month = month_of(self._clock.now().date())
        async with self._database.read() as conn:
            due = await popularity_past.sources_not_looked_at(conn, month)
        for source in due:
            kept = await self._look_at(source, month)
            log.info("the popularity by %s is kept for this month: %d changed", source, kept)
        return self._clock.now() + _EVERY

    async def _look_at(self, source: str, month: int) -> int:
        async with self._database.read() as conn:
            values, counts = await popularity_past.value_counts(conn, source)
        levels = levels_of_counts(counts)
        total, after = 0, 0
        while True:
            async with self._database.read() as conn:
                piece = await popularity_past.piece_after(conn, source, after, month)
            if piece is None:
                break
            after = int(piece.track_ids[-1])
            places = np.minimum(np.searchsorted(values, piece.values), len(values) - 1)
            now = levels[places]
            chosen = differs(piece.kept, now) & ~piece.is_kept
            total += int(np.count_nonzero(chosen))
            if chosen.any():
                async with self._database.write() as conn:
                    await popularity_past.keep(
                        conn, source, month, piece.track_ids[chosen], now[chosen]
                    )
        async with self._database.write() as conn:
            await popularity_past.note_look(conn, source, month)
        return total

    async def kept(self) -> list[PastOfSource]:
        """Return how much is kept of each source."""
        async with self._database.read() as conn:
            return await popularity_past.kept_past(conn)

    async def rising(self, *, months: int, limit: int) -> list[Risen]:
        """Return the artists who rose most, the most first, by the median of the sources.

        Args:
            months: over so many months up to the last look at a source, or as many as are kept.
            limit: so many at most.
        """
        async with self._database.read() as conn:
            looked = await popularity_past.months_looked_at(conn)
            changes = []
            for source, own in looked.items():
                past = await popularity_past.past_of_source(conn, source)
                earlier = [month for month in own if month <= own[-1] - months]
                since = earlier[-1] if earlier else own[0]
                changes.append(await asyncio.to_thread(change_of_artists, past, since, own[-1]))
            best = await asyncio.to_thread(most_risen, changes, limit)
            songs = [one.song for one in best]
            found = {one.id: one for one in await catalog.tracks_by_ids(conn, songs)}
            kept = await popularity_past.past_of_tracks(conn, songs)
        return [
            Risen(
                found[one.song].artist,
                one.before,
                one.after,
                found[one.song].title,
                _changes(past_of(kept[one.song], looked)),
            )
            for one in best
        ]


def _changes(past: list[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """Leave out the months in which nothing changed."""
    return tuple(
        one for place, one in enumerate(past) if place == 0 or one[1] != past[place - 1][1]
    )
