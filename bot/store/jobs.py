"""What is to be done later, kept so that no restart forgets it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.server import Shards
from bot.store.tables import jobs

_OF_SHARD: Final = 1 << 22
"""The bits of an id below these say nothing of its shard: see `Shards.hold`."""
FORGET: Final = "forget"
"""The kind of the job that removes from the disk what was deleted from the tables."""

FILE, LOG = 0, 1
"""Of that job: the database file, and its write-ahead log."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done."""

    kind: str
    subject_id: int
    due_at: datetime
    failures: int
    """How many times in a row it has failed."""


_COLUMNS = [jobs.c[name] for name in Job.__dataclass_fields__]


async def plan(conn: AsyncConnection, kind: str, subject_id: int, due_at: datetime) -> None:
    """Plan a job; an earlier plan for the same job is replaced."""
    values = {"due_at": due_at, "taken_until": None, "failures": 0}
    changed = await conn.execute(update(jobs).where(_is(kind, subject_id)).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(jobs).values(kind=kind, subject_id=subject_id, **values))


async def forget(conn: AsyncConnection, *, now: datetime) -> None:
    """Plan to remove from the disk what this transaction deletes, whatever comes in between."""
    for what in (FILE, LOG):
        await plan(conn, FORGET, what, now)


async def drop(conn: AsyncConnection, kind: str, subject_id: int) -> None:
    """Cancel a job."""
    await conn.execute(delete(jobs).where(_is(kind, subject_id)))


async def planned_for(conn: AsyncConnection, kind: str, subject_id: int) -> datetime | None:
    """Return when a job is due; None when it is not planned."""
    due: datetime | None = await conn.scalar(select(jobs.c.due_at).where(_is(kind, subject_id)))
    return due


@dataclass(frozen=True, slots=True)
class Ours:
    """Which jobs are for this process, where others do the rest."""

    shards: Shards
    of_servers: frozenset[str]
    """The kinds of jobs whose subject is a server; all others are for anybody."""

    def condition(self) -> ColumnElement[bool]:
        """Return what holds for the jobs that are ours."""
        shard = jobs.c.subject_id // _OF_SHARD % self.shards.count
        held = shard.between(self.shards.first, self.shards.last)
        return or_(jobs.c.kind.not_in(sorted(self.of_servers)), held)


async def is_due(conn: AsyncConnection, *, now: datetime, ours: Ours | None = None) -> bool:
    """Return whether a job of ours (None: any) is due that nobody is doing."""
    due = select(jobs.c.kind).where(*_free(now, ours)).limit(1)
    return await conn.scalar(due) is not None


async def failures_of(conn: AsyncConnection, kind: str, subject_id: int) -> int:
    """Return how many times in a row a job has failed; 0 also when it is not planned."""
    return int(await conn.scalar(select(jobs.c.failures).where(_is(kind, subject_id))) or 0)


async def count_late(conn: AsyncConnection, *, since: datetime) -> int:
    """Return how many jobs have been due since then or longer, whoever does them."""
    return int(await conn.scalar(select(func.count()).where(jobs.c.due_at <= since)) or 0)


async def take_due(
    conn: AsyncConnection, *, now: datetime, until: datetime, limit: int, ours: Ours | None = None
) -> list[Job]:
    """Take due jobs that nobody is doing, longest due first; until then nobody else does them.

    Args:
        until: then they are free again.
        ours: the others stay; None: all may be taken.
    """
    query = (
        select(*_COLUMNS)
        .where(*_free(now, ours))
        .order_by(jobs.c.due_at, jobs.c.kind, jobs.c.subject_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = [Job(*row) for row in await conn.execute(query)]
    for job in taken:
        own = _is(job.kind, job.subject_id)
        await conn.execute(update(jobs).where(own).values(taken_until=until))
    return taken


async def finish(conn: AsyncConnection, job: Job, *, next_at: datetime | None) -> None:
    """Note that a job is done, and when it is due again (None: never).

    If it was planned anew or cancelled meanwhile, that stays.
    """
    if next_at is None:
        await conn.execute(delete(jobs).where(_still(job)))
    else:
        values = {"due_at": next_at, "taken_until": None, "failures": 0}
        await conn.execute(update(jobs).where(_still(job)).values(values))


async def postpone(conn: AsyncConnection, job: Job, *, until: datetime) -> None:
    """Note that a job failed, and when it is tried again."""
    values = {"due_at": until, "taken_until": None, "failures": job.failures + 1}
    await conn.execute(update(jobs).where(_still(job)).values(values))


async def give_back(conn: AsyncConnection, job: Job) -> None:
    """Give a job back that was taken and not done; one that is done already stays done."""
    await conn.execute(update(jobs).where(_still(job)).values(taken_until=None))


def _free(now: datetime, ours: Ours | None) -> list[ColumnElement[bool]]:
    free = or_(jobs.c.taken_until.is_(None), jobs.c.taken_until <= now)
    return [jobs.c.due_at <= now, free, *([] if ours is None else [ours.condition()])]


def _is(kind: str, subject_id: int) -> ColumnElement[bool]:
    return (jobs.c.kind == kind) & (jobs.c.subject_id == subject_id)


def _still(job: Job) -> ColumnElement[bool]:
    taken = (jobs.c.due_at == job.due_at) & jobs.c.taken_until.is_not(None)
    return _is(job.kind, job.subject_id) & taken
