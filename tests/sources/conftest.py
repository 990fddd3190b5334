"""The way out to the loopback services: the real one, on a clock that the waiting moves."""

from collections.abc import AsyncIterator

import pytest

from bot.services.finding.answers import KeptAnswers
from bot.sources.host import Timing
from bot.sources.http import Http, open_session
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.outside import virtual


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def timing(clock: FakeClock) -> Timing:
    return virtual(clock)


@pytest.fixture
def answers(database: Database, clock: FakeClock) -> KeptAnswers:
    return KeptAnswers(database, clock)


@pytest.fixture
async def http(answers: KeptAnswers, timing: Timing) -> AsyncIterator[Http]:
    async with open_session("B-Side/test (https://example.org)") as session:
        yield Http(session, answers=answers, timing=timing)
