"""Fills the gaps of the catalogue: features and popularity, asked of the services in batches.

What a service does not know is kept with its answers, so that going over the catalogue again asks
only for what is new. There is one question in flight at a time: the question of a listener waits
behind one at most.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeAlias

from bot.clock import Clock
from bot.errors import BadAnswerError, SourceError, SourceUnavailableError
from bot.services.catalog import admit
from bot.services.finding.answers import KeptAnswers
from bot.services.finding.questions import BatchQuestions
from bot.services.sources import Sources
from bot.store import measures
from bot.store.engine import Database
from bot.store.measures import Gap, LackingTrack

log = logging.getLogger(__name__)

BATCH: Final = 400
"""Tracks that are asked for, and stored, together: ten calls to ReccoBeats."""
AT_ONCE_S: Final = 6.0
"""How long somebody who named a new track waits for it to be measured."""
PATIENCE: Final = 5
"""Times that a batch is asked for while a service does not answer."""
PAUSE: Final = timedelta(minutes=20)
"""Between two batches of the running bot: each makes a new version of the catalogue."""
REST: Final = timedelta(hours=6)
"""After the running bot has gone over the whole catalogue."""
_RETRY: Final = timedelta(minutes=1)
_REREAD: Final = timedelta(seconds=5)
"""How long to wait before asking again a service whose answer was not usable."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Progress: TypeAlias = Callable[[int, int], None]
"""Called with the tracks done, and how many there are."""
Stored: TypeAlias = Callable[[], Awaitable[object]]
"""Called after each batch of answers was stored."""


@dataclass(slots=True)
class EnrichmentReport:
    """What became of the tracks that lacked something."""

    asked: int = 0
    learned: dict[Gap, int] = field(default_factory=lambda: defaultdict(int))
    """Tracks that have it now."""
    unknown: dict[Gap, int] = field(default_factory=lambda: defaultdict(int))
    """Tracks that no service knows it of."""
    refused: dict[Gap, int] = field(default_factory=lambda: defaultdict(int))
    """Tracks that a service gave no usable answer about."""
    sources: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Answers by service."""


class Enrichment:
    """Asks the services for what tracks lack."""

    def __init__(
        self,
        database: Database,
        sources: Sources,
        answers: KeptAnswers,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._database = database
        self._sources = sources
        self._answers = answers
        self._clock = clock
        self._sleep = sleep
        self._working: set[asyncio.Task[None]] = set()

    async def enrich_now(self, track_ids: Sequence[int]) -> None:
        """Ask for what some tracks lack; return when it is stored, or takes longer than seconds.

        The asking goes on then. A service that does not answer is no error: the tracks are found
        again when the whole catalogue is gone over.
        """
        task = asyncio.create_task(self.enrich(track_ids))
        self._working.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait([task], timeout=AT_ONCE_S)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a new track could not be enriched", exc_info=task.exception())

    async def close(self) -> None:
        """End what still goes on; the answers so far are kept."""
        working = list(self._working)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    async def enrich(self, track_ids: Sequence[int]) -> None:
        """Ask for what some tracks lack, and store it; a service that is silent is no error."""
        report = EnrichmentReport()
        for gap in Gap:
            async with self._database.read() as conn:
                batch = await measures.lacking(conn, gap, among=track_ids, limit=len(track_ids))
            try:
                await self._fill(gap, batch, report, last=True)
            except SourceError as error:
                log.info("%s of %d new tracks is asked for later: %s", gap, len(batch), error)

    async def count_lacking(self, gap: Gap) -> int:
        """Return how many tracks lack something."""
        async with self._database.read() as conn:
            return await measures.count_lacking(conn, gap)

    async def fill_gaps(
        self,
        gaps: Collection[Gap],
        report: EnrichmentReport,
        *,
        limit: int | None = None,
        progress: Progress = lambda done, size: None,
        pause: timedelta = timedelta(0),
        stored: Stored | None = None,
    ) -> None:
        """Go once over all tracks that lack something; each batch is stored by itself.

        Args:
            report: what became of them is counted here, also when this ends early.
            limit: at most so many tracks for each gap.
            progress: called after each batch.
            stored: awaited after each batch.

        Raises:
            SourceUnavailableError: a service did not answer for long; what was learned is stored.
        """
        sizes = [await self.count_lacking(gap) for gap in gaps]
        sizes = sizes if limit is None else [min(size, limit) for size in sizes]
        total, done = sum(sizes), 0
        progress(done, total)
        for gap, size in zip(gaps, sizes, strict=True):
            left = size
            batches = self._batches(gap)
            while left > 0 and (batch := (await anext(batches, []))[:left]):
                await self._patiently(gap, batch, report)
                left, done = left - len(batch), done + len(batch)
                progress(done, total)
                if stored is not None:
                    await stored()
                if pause:
                    await self._sleep(pause.total_seconds())

    async def _batches(self, gap: Gap) -> AsyncIterator[list[LackingTrack]]:
        """Yield all tracks that lack something, each once, in the order in which to ask for them.

        A popularity says most where nobody counts the artist: first comes one track of each such
        artist, then their others, as far as nobody counts them yet, then all the rest by their ids.
        """
        turns = [True, False] if gap is Gap.POPULARITY else []
        waiting: list[int] = []
        seen: set[int] = set()
        after = 0
        while True:
            async with self._database.read() as conn:
                while turns and len(waiting) < BATCH:
                    urgent = await measures.by_uncounted_artists(conn, first=turns.pop(0))
                    waiting += [one for one in urgent if one not in seen]
                    seen.update(waiting)
                some, waiting = waiting[:BATCH], waiting[BATCH:]
                batch = await measures.lacking(conn, gap, among=some, limit=BATCH) if some else []
                batch.sort(key=lambda one: some.index(one.id))
                while len(batch) < BATCH:
                    space = BATCH - len(batch)
                    rest = await measures.lacking(conn, gap, after=after, limit=space)
                    if not rest:
                        break
                    after = rest[-1].id
                    batch += [one for one in rest if one.id not in seen]
            if not batch:
                return
            yield batch

    async def run(self, stored: Stored) -> None:
        """Fill gaps for ever, gently, beginning after a pause, because a start is busy enough.

        Args:
            stored: awaited after each batch; brings the catalogue up to date, so that no listener
                has to wait for that.
        """
        await self._sleep(PAUSE.total_seconds())
        while True:
            try:
                await self.fill_gaps(list(Gap), EnrichmentReport(), pause=PAUSE, stored=stored)
                await self._answers.remove_expired()
            except SourceUnavailableError as error:
                log.info("filling gaps rests for a while: %s", error)
            except Exception:
                log.exception("filling gaps failed; it is tried again later")
            await self._sleep(REST.total_seconds())

    async def _patiently(
        self, gap: Gap, batch: Sequence[LackingTrack], report: EnrichmentReport
    ) -> None:
        for tries in range(1, PATIENCE + 1):
            last = tries == PATIENCE
            try:
                await self._fill(gap, batch, report, last=last)
            except SourceUnavailableError as error:
                if last:
                    raise
                wait = _RETRY if error.until is None else error.until - self._clock.now()
                log.info("%s; going on in %s", error, wait)
                await self._sleep(max(wait.total_seconds(), 1))
            except SourceError as error:
                if last or not isinstance(error, BadAnswerError):
                    log.warning("%d tracks are left out: %s", len(batch), error)
                    report.refused[gap] += len(batch)
                    return
                await self._sleep(_REREAD.total_seconds())
            else:
                return

    async def _fill(
        self, gap: Gap, batch: Sequence[LackingTrack], report: EnrichmentReport, *, last: bool
    ) -> None:
        """Ask for one batch, and store what is told.

        Args:
            report: what became of them is counted here.
            last: leave out tracks for which only garbage was answered.

        Raises:
            SourceError: a service gave no answer; what was told before is kept with the answers.
        """
        if not batch:
            return
        asking = BatchQuestions(self._sources, batch)
        await (asking.features() if gap is Gap.FEATURES else asking.popularity())
        if asking.unreadable is not None and not last:
            raise asking.unreadable
        today = self._clock.now().date()
        async with self._database.write() as conn:
            await admit(conn, asking.identified, on=today)
            await measures.learn(conn, asking.measured, asking.played, on=today)
        known = {
            one.track_id for one in (asking.measured if gap is Gap.FEATURES else asking.played)
        }
        report.asked += len(batch)
        report.learned[gap] += len(known)
        report.refused[gap] += len(asking.refused - known)
        report.unknown[gap] += len(batch) - len(known | asking.refused)
        for source in (*(m.source for m in asking.measured), *(p.source for p in asking.played)):
            report.sources[source] += 1
