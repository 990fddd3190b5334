from collections.abc import AsyncIterator

import pytest

from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.linking import LinkingWorld, open_linking


@pytest.fixture
async def world(database: Database) -> AsyncIterator[LinkingWorld]:
    async with open_linking(database, FakeClock(NOON)) as world:
        yield world
