"""Backs the database up as often as the operator wants."""

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.store import backups, dumps, jobs
from bot.store.backups import Keep
from bot.store.engine import Database

log = logging.getLogger(__name__)

BACKUP: Final = "backup"
"""The kind of the job."""
_AFTER_START: Final = timedelta(minutes=10)
"""To copy and to check keeps a core busy for seconds; a start has enough to do."""


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """How often to make a copy, and which of them stay."""

    every: timedelta
    keep: Keep = field(default_factory=Keep)


class Backups:
    """Makes copies when they are due."""

    def __init__(self, database: Database, clock: Clock, plan: BackupPlan | None) -> None:
        """Take the plan; None: the operator looks after copies."""
        self._database = database
        self._clock = clock
        self._plan = plan

    async def begin(self) -> None:
        """Plan the next copy: soon when the last one is older than it may be."""
        database, plan, now = self._database, self._plan, self._clock.now()
        if plan is not None and not database.can_be_copied:
            log.warning("BACKUP_EVERY has no effect. %s", dumps.MISSING)
            plan = None
        async with database.write() as conn:
            if plan is None:
                await jobs.drop(conn, BACKUP, 0)
            else:
                last = max(backups.copies(database.beside), default=now - plan.every)
                due = max(now + _AFTER_START, min(last, now) + plan.every)
                await jobs.plan(conn, BACKUP, 0, due)

    def age_s(self) -> float:
        """Return how old the newest copy is, in seconds; NaN: there is none."""
        made = backups.copies(self._database.beside)
        return (self._clock.now() - max(made)).total_seconds() if made else math.nan

    async def make(self, _subject_id: int) -> datetime | None:
        """Make a copy; return when the next one is due."""
        if self._plan is None:
            return None
        now = self._clock.now()
        copy = await backups.make(self._database, self._plan.keep, now=now)
        log.info("the database was copied to %s, and the copy is sound", copy)
        return now + self._plan.every
