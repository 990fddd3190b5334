"""How sure the bot may be that a pick is liked: learned from what became of earlier picks."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.ranking import Calibration, Evidence, Explanation
from bot.core.taste import entry_value
from bot.services.threads import compute
from bot.store import outcomes
from bot.store.engine import Database
from bot.store.outcomes import Outcome

log = logging.getLogger(__name__)

_LATEST: Final = 5000
"""So many outcomes are learned from; what was long ago says little."""
_OWN: Final = 200
"""So many of a listener's own are counted."""
_FRESH: Final = timedelta(hours=1)


class Calibrator:
    """Keeps the calibration of this server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._fitting = asyncio.Lock()
        self._fitted_at: datetime | None = None
        self._calibration = Calibration()

    async def calibration(self) -> Calibration:
        """Return the coefficients, fitted anew now and then."""
        now = self._clock.now()
        fresh = self._fitted_at is not None and now - _FRESH < self._fitted_at <= now
        if not fresh and not self._fitting.locked():  # meanwhile the former one serves
            async with self._fitting:
                async with self._database.read() as conn:
                    latest = await outcomes.latest(conn, limit=_LATEST)
                self._calibration = await compute(_fitted, latest)
                self._fitted_at = now
        return self._calibration


async def own_hits(conn: AsyncConnection, user_id: int) -> tuple[int, int]:
    """Return how many of their latest judged picks a listener liked and did not like."""
    values = [
        entry_value(one.kind, one.value)
        for one in await outcomes.latest(conn, limit=_OWN, user_id=user_id)
    ]
    return sum(value > 0 for value in values), sum(value < 0 for value in values)


def _fitted(latest: list[Outcome]) -> Calibration:
    rows, liked = [], []
    for one in latest:
        value = entry_value(one.kind, one.value)
        evidence = _evidence(one.explanation)
        if value and evidence is not None:
            rows.append(evidence.row())
            liked.append(value > 0)
    return Calibration.fit(np.array(rows), np.array(liked, np.bool_))


def _evidence(explanation: str) -> Evidence | None:
    """Read what a pick's confidence rested on; None when another version wrote it."""
    try:
        return Explanation.from_json(explanation).evidence
    except (ValueError, KeyError, TypeError) as error:
        log.debug("an old explanation is passed over: %r", error)
        return None
