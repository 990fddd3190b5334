"""The way out to the loopback services: the real one, on a clock that the waiting moves."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from bot.services.answers import KeptAnswers
from bot.sources.host import Pace, Timing
from bot.sources.http import Http, open_session
from bot.store.engine import Database
from tests.fakes import FakeClock

UNPACED = Pace(100_000, 1)
"""The services' own limits are tried in virtual time; here nothing shall wait."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def timing(clock: FakeClock) -> Timing:
    async def sleep(seconds: float) -> None:
        clock.move(seconds=seconds)
        await asyncio.sleep(0)

    return Timing(clock, random.Random(1), sleep)  # noqa: S311


@pytest.fixture
def answers(database: Database, clock: FakeClock) -> KeptAnswers:
    return KeptAnswers(database, clock)


@pytest.fixture
async def http(answers: KeptAnswers, timing: Timing) -> AsyncIterator[Http]:
    async with open_session("B-Side/test (https://example.org)") as session:
        yield Http(session, answers=answers, timing=timing)
