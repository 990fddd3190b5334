"""Everything moves from one kind of database to the other, and back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text

import bot.starter
from bot.core.models import FeedbackSource, SubjectKind
from bot.errors import DatabaseError
from bot.services.catalog.importing.importer import CatalogImporter
from bot.store import feedback, moving, scene_files, search, state, versions
from bot.store.engine import Database
from bot.store.tables import promotions
from tests import servers
from tests.conftest import NOON
from tests.store.test_feedback import ANN, say
from tests.templates import put_database


@pytest.fixture
def kinds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a full and of an empty database, of different kinds."""
    put_database(tmp_path / "one.db")
    file = f"sqlite+aiosqlite:///{tmp_path / 'one.db'}"
    served = servers.fresh_database("empty", tmp_path)
    yield (file, served) if request.param == "to the server" else (served, file)
    servers.drop_database(served)


pytestmark = pytest.mark.parametrize("kinds", ["to the server", "from the server"], indirect=True)


@pytest.fixture
async def pair(kinds: tuple[str, str], tmp_path: Path) -> AsyncIterator[tuple[Database, Database]]:
    async with (
        Database(kinds[0], folder=tmp_path) as source,
        Database(kinds[1], folder=tmp_path) as target,
    ):
        yield source, target


async def fill(database: Database) -> None:
    await CatalogImporter(database).import_file(bot.starter.GAMES)
    async with database.write() as conn:
        await say(conn, 7, 5)
        await say(conn, 8, 1)
        entry = await feedback.last_standing(conn, ANN)
        assert entry is not None
        await feedback.cancel(conn, ANN, entry, source=FeedbackSource.COMMAND, now=NOON)
        await conn.execute(
            insert(promotions).values(user_id=ANN, url="x", text="y", created_at=NOON)
        )
        await conn.execute(delete(promotions))  # its number must never come again
        await state.put(conn, "odd", "\u00e9 \U0001f3b5 '\\")


async def said(database: Database) -> list[object]:
    async with database.read() as conn:
        hits = await search.search(conn, "the", kinds=[SubjectKind.TRACK], limit=20)
        return [hits, await feedback.counting(conn, ANN), await state.get(conn, "odd")]


async def test_all_is_there_and_found_afterwards(pair: tuple[Database, Database]) -> None:
    source, target = pair
    await fill(source)
    told: list[int] = []

    copied = await moving.copy_all(source, target, told.append)

    assert await said(target) == await said(source)
    assert sum(told) == sum(one.rows for one in copied.values()) == await moving.count_all(target)
    assert copied["feedback"].rows == 3
    async with target.write() as conn:
        number = await conn.scalar(
            insert(promotions)
            .values(user_id=ANN, url="x", text="y", created_at=NOON)
            .returning(promotions.c.id)
        )
        entry = await say(conn, 9, 4)
    assert (number, entry) == (2, 4)


async def test_there_and_back_is_the_same(pair: tuple[Database, Database], tmp_path: Path) -> None:
    source, target = pair
    await fill(source)
    there = await moving.copy_all(source, target)
    put_database(tmp_path / "back.db")

    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'back.db'}") as again:
        assert await moving.copy_all(target, again) == there


async def test_nothing_is_copied_over_something(pair: tuple[Database, Database]) -> None:
    source, target = pair
    await fill(source)
    async with target.write() as conn:
        await state.put(conn, "mine", "1")

    with pytest.raises(DatabaseError, match="not empty"):
        await moving.copy_all(source, target)

    assert await moving.count_all(target) == 2  # its own keys, too


async def test_what_fails_half_way_leaves_the_target_empty(
    pair: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    await fill(source)
    whole, calls = moving.Tally.add, iter(range(1000))

    def forgetful(tally: moving.Tally, rows: object) -> None:
        whole(tally, [] if next(calls) == 5 else rows)  # type: ignore[arg-type]

    monkeypatch.setattr(moving.Tally, "add", forgetful)

    with pytest.raises(DatabaseError, match="differs"):
        await moving.copy_all(source, target)

    assert await moving.count_all(target) == 1  # which keys it holds


async def test_another_schema_is_brought_up_to_date_first(pair: tuple[Database, Database]) -> None:
    source, target = pair
    async with source.write() as conn:
        await conn.execute(text("update alembic_version set version_num = '0017'"))

    with pytest.raises(DatabaseError, match="bside db upgrade"):
        await moving.copy_all(source, target)


async def test_the_scene_comes_along(pair: tuple[Database, Database]) -> None:
    source, target = pair
    folder = scene_files.scene_folder(source.beside)
    versions.publish(folder / "v1", lambda home: home.mkdir(), pattern="v*")

    copied = moving.copy_scenes(source, target)

    assert copied == scene_files.scene_folder(target.beside)
    assert versions.current(scene_files.scene_folder(target.beside)) == "v1"
    assert moving.copy_scenes(source, target) is None
