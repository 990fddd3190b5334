"""What was asked for is searched once in the catalogue, and only then asked of the services."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.catalog import read_text
from bot.core.models import SubjectKind
from bot.demo.outside import World
from bot.demo.servers.songs import Song
from bot.errors import NotFoundError
from bot.services.finding.lookup import Lookup
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.outside import open_outside

TRACKS = (SubjectKind.TRACK,)
SONG = Song("Lullaby", "Low", duration_ms=216_000, deezer_id=31, isrc="USKR39400001")
UNKNOWN = ["Nobody – Nothing", "https://www.deezer.com/track/999", "https://song.link/s/1"]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_outside(database, FakeClock(), [SONG]) as world:
        yield world


@contextmanager
def statements(database: Database) -> Iterator[Counter[tuple[str, str]]]:
    """Count what is said to the database, each statement with what was filled in."""
    said: Counter[tuple[str, str]] = Counter()

    def heard(_conn: Any, _cursor: Any, statement: str, filled: Any, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "advisory" not in statement:
            said[statement, str(filled)] += 1

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", heard)
    yield said
    event.remove(engine, "before_cursor_execute", heard)


def about(said: Counter[tuple[str, str]], words: str) -> int:
    """Return how often those statements were said that hold some words."""
    return sum(times for (statement, _), times in said.items() if words in statement)


@pytest.mark.parametrize("text", UNKNOWN)
async def test_nothing_is_asked_twice_about_what_nobody_knows(
    database: Database, world: World, text: str
) -> None:
    lookup = Lookup(database, world.outside)
    with statements(database) as said, pytest.raises(NotFoundError):
        await lookup.resolve(read_text(text), TRACKS)

    assert world.calls > 0
    assert [one for one, times in said.items() if times > 1] == []


async def test_an_unknown_name_is_searched_once(database: Database, world: World) -> None:
    asked = read_text("Nobody – Nothing")
    with statements(database) as said, pytest.raises(NotFoundError):
        await Lookup(database, world.outside).resolve(asked, TRACKS)

    assert about(said, "FROM search_") == 1


async def test_a_name_with_words_that_no_key_holds_is_searched_without_them(
    database: Database, world: World
) -> None:
    asked = read_text("Nothing (feat. Nobody) - Remastered")
    with statements(database) as said, pytest.raises(NotFoundError):
        await Lookup(database, world.outside).find(asked, (SubjectKind.ALBUM,))

    assert about(said, "FROM search_") == 2


async def test_a_link_is_looked_up_once_and_never_searched(
    database: Database, world: World
) -> None:
    asked = read_text("https://www.deezer.com/track/31")
    with statements(database) as said:
        hit = await Lookup(database, world.outside).resolve(asked, TRACKS)

    assert hit.title == "Lullaby"
    assert about(said, "FROM search_") == 0
    assert about(said, "SELECT external_ids.track_id \nFROM") == 1


async def test_what_find_did_not_find_is_not_looked_for_again(
    database: Database, world: World
) -> None:
    lookup, asked = Lookup(database, world.outside), read_text("Nobody – Nothing")
    with statements(database) as said:
        assert await lookup.find(asked, TRACKS) is None
        with pytest.raises(NotFoundError):
            await lookup.ask(asked, TRACKS)

    assert [one for one, times in said.items() if times > 1] == []
