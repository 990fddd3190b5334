"""The first minutes where the catalogue is empty."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_start import ARTISTS, Presses, ids, words


@pytest.fixture
async def database(address: str, tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(address, folder=tmp_path) as database:
        yield database


async def test_an_empty_catalogue_says_so_and_lets_one_name_artists(world: World) -> None:
    ann = Presses(world, world.ann)
    await ann.begin()
    assert ids(ann.message, ARTISTS) == []
    assert "Name up to three" in words(ann.message)

    await ann.press("start:play")
    assert "I have no measured track" in words(ann.message)
    await ann.fill_in("start:name", artist0="Low")

    assert "I know no artist called **Low**" in words(ann.message)
    assert ids(ann.message, "start:name")
