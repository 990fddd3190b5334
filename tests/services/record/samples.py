"""Facts to fill a log with."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.record import PICK
from bot.store import record
from bot.store.engine import Database
from bot.store.record import Fact
from tests.conftest import NOON

ANN, BEN = 10_001, 10_002


def fact(number: int, user_id: int = ANN) -> Fact:
    return Fact(PICK, user_id, {"track": number}, {"answer": f"{number}"}, fact_id=number)


async def seal(
    database: Database, numbers: Iterable[int], user_id: int = ANN, *, now: datetime = NOON
) -> None:
    async with database.write() as conn:
        await record.add(conn, [fact(number, user_id) for number in numbers], now=now)


async def forget(database: Database, user_id: int) -> None:
    async with database.write() as conn:
        await record.forget(conn, user_id, [])
