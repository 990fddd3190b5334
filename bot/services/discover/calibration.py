"""How sure the bot may be that a pick is liked: learned from what became of earlier picks."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.ranking import Calibration, Explanation
from bot.core.taste import entry_value
from bot.services.discover.fresh import Fresh
from bot.services.threads import compute
from bot.store import outcomes
from bot.store.engine import Database
from bot.store.outcomes import Outcome

_LATEST: Final = 5000
"""So many outcomes are learned from; what was long ago says little."""
_OWN: Final = 200
"""So many of a listener's own are counted."""
_FRESH: Final = timedelta(hours=1)


class Calibrator:
    """Keeps the calibration of this server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._fitted = Fresh(clock, self._fit, first=Calibration(), lasts=_FRESH)

    async def calibration(self) -> Calibration:
        """Return the coefficients, fitted anew now and then."""
        return await self._fitted.get()

    async def _fit(self, _now: datetime) -> Calibration:
        async with self._database.read() as conn:
            latest = await outcomes.latest(conn, limit=_LATEST)
        return await compute(_fitted, latest)


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
        shown = Explanation.from_json(one.explanation)
        if value and shown is not None and shown.evidence is not None:
            rows.append(shown.evidence.row())
            liked.append(value > 0)
    return Calibration.fit(np.array(rows), np.array(liked, np.bool_))
