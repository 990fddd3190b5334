"""Lets the catalogue grow around what listeners love, a little at a time."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Clock
from bot.core.catalog import LONGEST_KEY, Acquaintance, Frontier, artist_key, in_order
from bot.errors import NotFoundError, SourceUnavailableError
from bot.services.catalog import LiveCatalog
from bot.services.growth.meeting import Grown, Meetings
from bot.store import acquaintances, jobs
from bot.store.acquaintances import Loved
from bot.store.engine import Database

log = logging.getLogger(__name__)

GROW: Final = "grow"
"""The kind of the job."""
ARTISTS_AT_ONCE: Final = 8
"""Met before the catalogue is brought up to date."""
PAUSE: Final = timedelta(minutes=2)
EMPTY_PAUSE: Final = timedelta(hours=1)
"""When nobody waits to be met."""
AFRESH_AFTER: Final = timedelta(days=90)
"""Then an artist who is loved may be met again: they recorded more."""
_AFTER_START: Final = timedelta(minutes=5)
_LOVED: Final = 500
_WAITING: Final = 2000
_LOOKED_AT_AFTER: Final = timedelta(hours=1)
_COMPANY: Final = 4
"""So many of those played with a wished artist are met at once."""


@dataclass(frozen=True, slots=True)
class GrowthPlan:
    """How far and how fast the catalogue may grow by itself."""

    a_day: int = 3000
    """Tracks."""
    up_to: int = 300_000
    """Tracks; a larger catalogue does not grow by itself."""


class AroundKind(StrEnum):
    """What a catalogue can be told to grow around."""

    LISTENERS = "listeners"
    ARTIST = "artist"
    GENRE = "genre"


@dataclass(frozen=True, slots=True)
class Around:
    """What to grow around."""

    kind: AroundKind = AroundKind.LISTENERS
    name: str = ""
    """Of the artist or genre."""


class Growth:
    """Meets artists."""

    def __init__(
        self,
        database: Database,
        meetings: Meetings,
        catalog: LiveCatalog,
        clock: Clock,
        plan: GrowthPlan | None,
    ) -> None:
        """Take who meets artists, and the plan; None: it grows only when it is told to."""
        self._database = database
        self._meetings = meetings
        self._catalog = catalog
        self._clock = clock
        self._plan = plan
        self._loved: tuple[datetime, list[Acquaintance]] | None = None

    @property
    def is_on(self) -> bool:
        """Whether the operator lets it grow."""
        return self._plan is not None

    async def begin(self) -> None:
        """Plan the job, or drop it where the operator wants none."""
        async with self._database.write() as conn:
            if self._plan is None:
                await jobs.drop(conn, GROW, 0)
            elif await jobs.planned_for(conn, GROW, 0) is None:
                await jobs.plan(conn, GROW, 0, self._clock.now() + _AFTER_START)

    # ------------------------------------------------------------------------- the job

    async def __call__(self, _subject_id: int) -> datetime | None:
        """Grow a little around what listeners love; return when to go on.

        Raises:
            SourceUnavailableError: nobody could be met, because the services do not answer.
        """
        now, plan = self._clock.now(), self._plan
        if plan is None:
            return None
        day = await self._meetings.today()
        room = min(plan.a_day - day.tracks, plan.up_to - len(await self._catalog.get()))
        if room <= 0:
            return _tomorrow(now)
        grown = Grown()
        frontier = await self._around_listeners(now)
        is_left = await self._meet_some(frontier, grown, room)
        if not day.is_underground_heard:
            await self._meetings.hear_underground(grown, room - len(grown.tracks))
        await self._settle(grown, grown.tracks)
        log.info(
            "got to know %d artists: %d new tracks, %d of them measured",
            grown.artists,
            len(grown.tracks),
            grown.measured,
        )
        return now + (PAUSE if is_left else EMPTY_PAUSE)

    async def _around_listeners(self, now: datetime) -> Frontier:
        if self._loved is None or now - self._loved[0] >= _LOOKED_AT_AFTER:
            async with self._database.read() as conn:
                said = await acquaintances.loved(conn, limit=_LOVED)
                played = await acquaintances.played(conn, limit=_LOVED)
            self._loved = now, _joined(said, played)
        async with self._database.read() as conn:
            met = await acquaintances.met(conn, since=now - AFRESH_AFTER)
            frontier = Frontier(await acquaintances.waiting(conn, limit=_WAITING), met)
        frontier.plant(self._loved[1])
        return frontier

    async def _meet_some(self, frontier: Frontier, grown: Grown, room: int) -> bool:
        """Meet a few who wait; return whether somebody waits yet."""
        for _ in range(ARTISTS_AT_ONCE):
            artist = frontier.next()
            if artist is None or len(grown.tracks) >= room:
                break
            try:
                await self._meetings.meet(frontier, artist, grown)
            except SourceUnavailableError as error:
                if not grown.artists:
                    raise
                log.info("getting to know artists goes on later: %s", error)
                return True
        return len(frontier) > 0

    # ------------------------------------------------------------------------- when told to

    async def grow(
        self,
        around: Around,
        *,
        limit: int,
        progress: Callable[[int, str], None] = lambda tracks, artist: None,
    ) -> Grown:
        """Grow until so many tracks are new, or nobody waits any more.

        Args:
            around: what; the artists who wait because of listeners do not count otherwise.
            limit: tracks, give or take one artist's.
            progress: called with how many are new, and whom we met last.

        Raises:
            NotFoundError: nobody knows the artist or genre; or no listener loves anything yet.
            SourceUnavailableError: no service answers.
        """
        frontier = await self._begun(around)
        grown = Grown()
        unsettled: list[int] = []
        while (artist := frontier.next()) is not None and len(grown.tracks) < limit:
            new = len(grown.tracks)
            try:
                keep = around.kind is AroundKind.LISTENERS
                await self._meetings.meet(frontier, artist, grown, keep=keep)
            except SourceUnavailableError as error:
                if not grown.artists:
                    raise
                grown.ended = str(error)
                break
            unsettled += grown.tracks[new:]
            progress(len(grown.tracks), artist.name)
            if (grown.artists + grown.strangers) % ARTISTS_AT_ONCE == 0:
                grown.measured += await self._meetings.measure(unsettled)
                unsettled = []
        await self._settle(grown, unsettled)
        if around.kind is AroundKind.ARTIST and not grown.artists:
            raise NotFoundError(
                f"No music service knows an artist called {around.name}. Check the spelling."
            )
        return grown

    async def _begun(self, around: Around) -> Frontier:
        now = self._clock.now()
        if around.kind is AroundKind.LISTENERS:
            self._loved = None
            frontier = await self._around_listeners(now)
            if not len(frontier):
                raise NotFoundError(
                    "No listener has said or played anything yet that could be grown around. "
                    'Name something: --around "artist Low" or --around "genre slowcore".'
                )
            return frontier
        names = [around.name]
        if around.kind is AroundKind.GENRE:
            async with self._database.read() as conn:
                names = await acquaintances.of_genre(conn, around.name, limit=_LOVED)
            names += await self._meetings.artists_of_genre(around.name)
        if not names:
            raise NotFoundError(f"Nobody knows artists of a genre called {around.name}.")
        frontier = Frontier()
        frontier.plant(_joined([Loved(name, 1) for name in names]))
        return frontier

    async def meet(self, name: str) -> Grown | None:
        """Meet one artist now, and a few who are played with them, the lesser-known first.

        Returns:
            None: no service knows anybody of that name.

        Raises:
            SourceUnavailableError: services that may know them do not answer.
        """
        frontier = await self._around_listeners(self._clock.now())
        grown = Grown()
        artist = Acquaintance(artist_key(name), name, weight=1.0)
        frontier.plant([artist])
        near = await self._meetings.meet(frontier, artist, grown, keep_strangers=False)
        if not grown.artists:
            return None
        for one in in_order(near)[:_COMPANY]:
            try:
                await self._meetings.meet(frontier, one, grown)
            except SourceUnavailableError as error:
                log.info("%s comes alone for now: %s", name, error)
                break
        await self._settle(grown, grown.tracks)
        return grown

    async def _settle(self, grown: Grown, track_ids: Sequence[int]) -> None:
        """Have new tracks measured, and the catalogue in memory follow."""
        grown.measured += await self._meetings.measure(track_ids)
        await self._catalog.get()


def _tomorrow(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _joined(*lists: Sequence[Loved]) -> list[Acquaintance]:
    """Return the artists of some lists by their keys, each with the most listeners it has."""
    found: dict[str, Acquaintance] = {}
    for one in (each for some in lists for each in some):
        key = artist_key(one.name)
        before = found.get(key)
        if 0 < len(key) <= LONGEST_KEY and (before is None or before.weight < one.listeners):
            found[key] = Acquaintance(key, one.name, weight=float(one.listeners))
    return list(found.values())
