"""Meets artists: what the services know of them comes in, in one transaction each.

Their songs come in, they wait no more, and those who are played with them wait. So whatever ends
the program, nobody is met twice and nothing is half there.
"""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import Acquaintance, Frontier
from bot.errors import SourceError
from bot.services.catalog import admit, note_released
from bot.services.finding import Outside
from bot.services.growth.asking import ASKED_RECORDINGS, Introduced, Introductions
from bot.sources.values import SourceTrack
from bot.store import acquaintances, measures, state
from bot.store import catalog as catalog_store
from bot.store.engine import Database
from bot.store.measures import Gap

log = logging.getLogger(__name__)

STATE: Final = "growth"
"""Under this name a database remembers what came in today."""
SONGS: Final = 12
"""So many songs of an artist are wanted."""
SONGS_OF_LOVED: Final = 25
UNDERGROUND: Final = 40
"""Tracks of Audius' underground in a day."""


@dataclass(slots=True)
class Grown:
    """What meetings brought."""

    artists: int = 0
    """Met."""
    strangers: int = 0
    """Whom no service knows."""
    tracks: list[int] = field(default_factory=list)
    """New ones."""
    measured: int = 0
    """Of these, so far."""
    ended: str = ""
    """Why it ended early; empty: it did not."""


@dataclass(slots=True)
class Day:
    """What came in on a day."""

    day: str = ""
    tracks: int = 0
    is_underground_heard: bool = False


class Meetings:
    """Meets artists, one at a time."""

    def __init__(self, database: Database, outside: Outside, clock: Clock) -> None:
        self._database = database
        self._enrichment = outside.enrichment
        self._audius = outside.sources.audius
        self._introductions = Introductions(outside.sources)
        self._clock = clock

    async def artists_of_genre(self, genre: str) -> list[str]:
        """Return artists whom people call so; raise `SourceError` when there is no answer."""
        return [one.name for one in await self._introductions.of_genre(genre)]

    async def meet(
        self,
        frontier: Frontier,
        artist: Acquaintance,
        grown: Grown,
        *,
        keep: bool = True,
        keep_strangers: bool = True,
    ) -> list[Acquaintance]:
        """Meet one artist; return those who wait because of them, as they stand now.

        Args:
            keep: those who wait are to be met by the job, too.
            keep_strangers: note the name also where no service knows it.
        """
        wanted = SONGS_OF_LOVED if frontier.is_loved(artist) else SONGS
        async with self._database.read() as conn:
            held = await acquaintances.songs_of(conn, artist.key)
            known = await acquaintances.recordings_of(conn, artist.key, limit=ASKED_RECORDINGS)
        told = await self._introductions.introduce(
            artist, songs=wanted if held < wanted else 0, recordings=known
        )
        if told is None and not keep_strangers:
            grown.strangers += 1
            return []
        introduced = told or Introduced(artist, (), ())
        now = self._clock.now()
        near = frontier.meet(introduced.artist, introduced.neighbors)
        async with self._database.write() as conn:
            new = await self._take_in(conn, introduced.songs)
            await note_released(conn, introduced.released)
            await acquaintances.keep(conn, near if keep else [])
            await acquaintances.keep(conn, [introduced.artist], met_at=now)
            day = await self._day(conn, now)
            await _note(conn, replace(day, tracks=day.tracks + len(new)))
        grown.tracks += new
        if told is None:
            grown.strangers += 1
        else:
            grown.artists += 1
        return near

    async def hear_underground(self, grown: Grown, room: int) -> None:
        """Take in what Audius hears rising, once a day, as far as the catalogue has its genres."""
        async with self._database.read() as conn:
            known = {one.name for one in await catalog_store.genre_counts(conn)}
        if not known:
            return
        try:
            heard = await self._audius.underground()
        except SourceError as error:
            log.info("Audius is heard another time: %s", error)
            return
        fits = [one for one in heard if known & set(one.genres)]
        fits = fits[: max(min(UNDERGROUND, room), 0)]
        async with self._database.write() as conn:
            new = await self._take_in(conn, fits)
            day = await self._day(conn, self._clock.now())
            await _note(conn, replace(day, tracks=day.tracks + len(new), is_underground_heard=True))
        grown.tracks += new

    async def _take_in(self, conn: AsyncConnection, songs: Sequence[SourceTrack]) -> list[int]:
        """Admit songs; return the tracks that are new."""
        last = await acquaintances.last_track(conn)
        admitted = await admit(conn, songs, on=self._clock.now().date())
        return sorted({one for one in admitted if one > last})

    async def measure(self, track_ids: Collection[int]) -> int:
        """Ask for what new tracks lack; return how many are measured then."""
        if not track_ids:
            return 0
        await self._enrichment.enrich(sorted(track_ids))
        async with self._database.read() as conn:
            lack = await measures.count_lacking(conn, Gap.FEATURES, among=sorted(track_ids))
        return len(track_ids) - lack

    async def today(self) -> Day:
        """Return what came in today, by UTC."""
        async with self._database.read() as conn:
            return await self._day(conn, self._clock.now())

    async def _day(self, conn: AsyncConnection, now: datetime) -> Day:
        told = json.loads(await state.get(conn, STATE) or "{}")
        today = now.date().isoformat()
        return Day(**told) if told.get("day") == today else Day(today)


async def _note(conn: AsyncConnection, day: Day) -> None:
    await state.put(conn, STATE, json.dumps(asdict(day)))
