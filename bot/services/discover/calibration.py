"""How sure the bot may be that a pick is liked: learned from what became of earlier picks."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

import numpy as np

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
_REMEMBERED: Final = 5000
"""Of so many listeners the own ones are remembered."""


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


class OwnHits:
    """Counts, for each listener, how many of their latest judged picks they liked.

    A count serves until they say something: it is remembered with their position in the ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: OrderedDict[int, tuple[int, tuple[int, int]]] = OrderedDict()

    async def of(self, user_id: int, feedback_id: int) -> tuple[int, int]:
        """Return how many a listener liked, and how many they did not.

        Args:
            user_id: the listener.
            feedback_id: their position in the ledger; 0: they have said nothing.
        """
        before, counts = self._counted.pop(user_id, (0, (0, 0)))
        if not feedback_id:
            return 0, 0
        if before != feedback_id:
            async with self._database.read() as conn:
                said = await outcomes.said_of_latest(conn, user_id, limit=_OWN)
            values = [entry_value(*one) for one in said]
            counts = sum(value > 0 for value in values), sum(value < 0 for value in values)
        self._counted[user_id] = feedback_id, counts
        if len(self._counted) > _REMEMBERED:
            self._counted.popitem(last=False)
        return counts

    def forget(self, user_id: int) -> None:
        """Let go of what was counted of somebody."""
        self._counted.pop(user_id, None)


def _fitted(latest: list[Outcome]) -> Calibration:
    rows, liked = [], []
    for one in latest:
        value = entry_value(one.kind, one.value)
        shown = Explanation.from_json(one.explanation)
        if value and shown is not None and shown.evidence is not None:
            rows.append(shown.evidence.row())
            liked.append(value > 0)
    return Calibration.fit(np.array(rows), np.array(liked, np.bool_))
