"""What is typed finds in memory just what the database finds."""

import asyncio
from collections.abc import Collection
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.core.models import SearchHit, SubjectKind
from bot.services.catalog.importing import CatalogImporter
from bot.services.finding.names import KnownNames
from bot.store.engine import Database
from bot.store.search import search
from bot.store.tables import albums, artists, tracks
from tests.services.catalog.importing import samples
from tests.stored import StoredTrack, add_tracks, change_track

TRACK, ALBUM, ARTIST = SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST
ALL = (ARTIST, TRACK, ALBUM)


async def in_database(
    database: Database, text: str, kinds: Collection[SubjectKind]
) -> list[SearchHit]:
    async with database.read() as conn:
        return await search(conn, text, kinds=kinds, limit=25)


@pytest.fixture
async def names(starter: Database) -> KnownNames:
    names = KnownNames(starter)
    await names.refresh()
    return names


async def typed_texts(database: Database) -> list[str]:
    """Return beginnings of titles, names and both, and some texts that are none of them."""
    async with database.read() as conn:
        titles = list(await conn.scalars(select(tracks.c.title).order_by(tracks.c.id)))[::5]
        people = list(await conn.scalars(select(artists.c.name).order_by(artists.c.id)))[::3]
        records = list(await conn.scalars(select(albums.c.title).order_by(albums.c.id)))[::4]
    whole = [*titles, *people, *records]
    begun = [text[: 1 + place % 9] for place, text in enumerate(whole)]
    both = [f"{one} {two}" for one, two in zip(people, titles, strict=False)]
    back = [f"{two[:5]} {one}" for one, two in zip(people, titles, strict=False)]
    letters = list("abcdefghijklmnopqrstuvwxyz0123456789")
    odd = ["", " ", "???", "the", "the a", "a the", "Song (feat. Guest) - Remastered", "ZZ zz zz"]
    return [*whole, *begun, *both, *back, *letters, *odd]


@pytest.mark.parametrize("kinds", [(TRACK,), (ALBUM,), (ARTIST,), ALL])
async def test_memory_finds_what_the_database_finds_in_the_same_order(
    names: KnownNames, starter: Database, kinds: tuple[SubjectKind, ...]
) -> None:
    texts = await typed_texts(starter)
    assert len(texts) > 200

    for text in texts:
        told = await names.suggest(text, kinds, limit=25)
        assert told == await in_database(starter, text, kinds), text


async def test_before_the_names_were_read_memory_says_nothing(starter: Database) -> None:
    assert await KnownNames(starter).suggest("love", (TRACK,), limit=25) is None


async def test_a_new_track_is_found_when_it_was_read_and_until_then_memory_says_nothing(
    names: KnownNames, starter: Database, tmp_path: Path
) -> None:
    table = "title,artist\nQuite Another Thing,Nobody At All\n"
    path = samples.write(tmp_path, "t.csv", table)
    await CatalogImporter(starter).import_file(path)
    early = await names.suggest("quite another", (TRACK,), limit=25)
    await names.refresh()

    for text in ("quite another", "nobody", "nobody at all", "q", "n"):
        for kinds in ((TRACK,), ALL):
            told = await names.suggest(text, kinds, limit=25)
            assert told == await in_database(starter, text, kinds), text
    assert early is None
    (found,) = await names.suggest("quite another", (TRACK,), limit=25) or []
    assert (found.title, found.artist) == ("Quite Another Thing", "Nobody At All")


async def test_a_track_that_is_called_otherwise_now_is_not_found_by_its_former_name(
    names: KnownNames, starter: Database
) -> None:
    async with starter.write() as conn:
        (number,) = await add_tracks(conn, [StoredTrack("Quite Another Thing", "Nobody")])
    await names.refresh()
    async with starter.write() as conn:
        await change_track(conn, number, title="Something Else")
        await conn.execute(
            update(tracks).where(tracks.c.id == number).values(recording_key="x\x1fnobody\x1f")
        )
    await names.refresh()

    assert await names.suggest("quite another thing", (TRACK,), limit=25) == []


async def test_a_running_bot_reads_the_names_by_itself(starter: Database) -> None:
    names = KnownNames(starter)
    async with names.running():
        while (found := await names.suggest("a", (ARTIST,), limit=25)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert found == await in_database(starter, "a", (ARTIST,))
