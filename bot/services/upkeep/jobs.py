"""Does what is due: kept in the database, so that a crash only delays it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from bot.clock import Clock
from bot.core.server import Shards
from bot.errors import SourceUnavailableError
from bot.store import jobs
from bot.store.engine import Database
from bot.store.jobs import Job

log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[int], Awaitable[datetime | None]]
"""Does a job about something; returns when it is due again (None: it is done for good)."""

LOOK_EVERY: Final = timedelta(seconds=5)
TAKEN_FOR: Final = timedelta(minutes=30)
"""Whoever does a job for longer than this is taken to have crashed."""
AT_ONCE: Final = 4
LATE: Final = timedelta(minutes=5)
"""A job that is due for so long is late."""
_FIRST_RETRY: Final = timedelta(minutes=1)
_LAST_RETRY: Final = timedelta(hours=6)


class Jobs:
    """Does the jobs that `store.jobs` plans; each must bear being done twice after a crash."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._handlers: dict[str, Handler] = {}
        self._of_servers: set[str] = set()
        self._shards: Shards | None = None
        self._doing: dict[asyncio.Task[None], Job] = {}

    def handle(self, kind: str, handler: Handler, *, of_servers: bool = False) -> None:
        """Name who does the jobs of a kind.

        Args:
            of_servers: each is about a server, and done by the process that looks after it.
        """
        self._handlers[kind] = handler
        if of_servers:
            self._of_servers.add(kind)

    def only_for(self, shards: Shards) -> None:
        """Leave the jobs of other servers to other processes."""
        self._shards = shards

    @asynccontextmanager
    async def running(
        self, *, after: Callable[[], Awaitable[object]] | None = None
    ) -> AsyncIterator[None]:
        """Do what is due meanwhile.

        Args:
            after: waits until whoever handles jobs has said so: what nobody handles is forgotten.
        """
        task = asyncio.create_task(self._run(after))
        try:
            yield
        finally:
            doing = [task, *self._doing]
            cut_short = list(self._doing.values())
            for one in doing:
                one.cancel()
            await asyncio.gather(*doing, return_exceptions=True)
            async with self._database.write() as conn:
                for job in cut_short:
                    await jobs.give_back(conn, job)

    async def _run(self, after: Callable[[], Awaitable[object]] | None) -> None:
        if after is not None:
            await after()
        while True:
            try:
                await self._begin_due()
            except Exception:
                log.exception("looking for what is due failed; it is tried again")
            await self._sleep(LOOK_EVERY.total_seconds())

    async def count_late(self) -> int:
        """Return how many jobs are due for a while already."""
        async with self._database.read() as conn:
            return await jobs.count_late(conn, since=self._clock.now() - LATE)

    async def run_due(self) -> int:
        """Do all that is due now, a few at a time; return how many jobs that were."""
        done = 0
        while begun := await self._begin_due():
            await asyncio.gather(*begun)
            done += len(begun)
        return done

    async def _begin_due(self) -> list[asyncio.Task[None]]:
        """Begin what is due, as far as there are hands for it: a long job holds up no other."""
        begun = []
        for job in await self._take(AT_ONCE - len(self._doing)):
            task = asyncio.create_task(self._do(job))
            self._doing[task] = job
            task.add_done_callback(self._ended)
            begun.append(task)
        return begun

    def _ended(self, task: asyncio.Task[None]) -> None:
        job = self._doing.pop(task)
        if not task.cancelled() and task.exception() is not None:
            log.error(
                "the job %s %s stays taken for a while",
                job.kind,
                job.subject_id,
                exc_info=task.exception(),
            )

    async def _take(self, limit: int) -> list[Job]:
        now, ours = self._clock.now(), None
        if self._shards is not None:
            ours = jobs.Ours(self._shards, frozenset(self._of_servers))
        async with self._database.read() as conn:
            if not limit or not await jobs.is_due(conn, now=now, ours=ours):
                return []
        until = now + TAKEN_FOR
        async with self._database.write() as conn:
            return await jobs.take_due(conn, now=now, until=until, limit=limit, ours=ours)

    async def _do(self, job: Job) -> None:
        """Do one job. What fails is logged, and tried again later and later."""
        handler = self._handlers.get(job.kind)
        if handler is None:
            log.warning("nobody knows how to do a job of the kind %s any more", job.kind)
            async with self._database.write() as conn:
                await jobs.finish(conn, job, next_at=None)
            return
        try:
            next_at = await handler(job.subject_id)
        except SourceUnavailableError as error:
            log.info("the job %s %s waits: %s", job.kind, job.subject_id, error)
            await self._postpone(job, error.until)
        except Exception:
            log.exception("the job %s %s failed; it is tried again", job.kind, job.subject_id)
            await self._postpone(job, None)
        else:
            async with self._database.write() as conn:
                await jobs.finish(conn, job, next_at=next_at)

    async def _postpone(self, job: Job, until: datetime | None) -> None:
        wait = min(_FIRST_RETRY * 2 ** min(job.failures, 16), _LAST_RETRY)
        earliest = self._clock.now() + wait
        async with self._database.write() as conn:
            await jobs.postpone(conn, job, until=max(until or earliest, earliest))
