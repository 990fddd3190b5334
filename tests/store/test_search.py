from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, func, literal, select

from bot.core.models import SearchHit, SubjectKind
from bot.services.catalog.importing import CatalogImporter
from bot.store.engine import Database
from bot.store.search import search
from bot.store.tables import tracks
from bot.store.words import forget_words, index_words
from tests.services.catalog.importing import samples

ALL = (SubjectKind.ARTIST, SubjectKind.ALBUM, SubjectKind.TRACK)
TABLE = (
    "title,artist,album,popularity\n"
    "Love,Ann,First,10\n"
    "Love,Änne Öström,,\n"
    "Love Me Do,The Beatles,Please Please Me,70\n"
    "All You Need Is Love,The Beatles,Magical,90\n"
    "Lovely Day,Bill Withers,Menagerie,80\n"
    "Déjà Vu,Beyoncé,B'Day,60\n"
    "Deja Vu - Live,Beyoncé,B'Day,99\n"
    "Don't Stop,Fleetwood Mac,Rumours,75\n"
    "???,Question Mark,,5\n"
    "Halo (feat. Someone) - Remastered 2011,Beyoncé,,50\n"
)


@pytest.fixture
async def filled(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    path = samples.write(tmp_path_factory.mktemp("tables"), "t.csv", TABLE)
    await CatalogImporter(database).import_file(path)
    return database


async def found(
    database: Database, text: str, kind: SubjectKind = SubjectKind.TRACK, limit: int = 10
) -> list[SearchHit]:
    async with database.read() as conn:
        return await search(conn, text, kinds=(kind,), limit=limit)


async def titles(database: Database, text: str, kind: SubjectKind = SubjectKind.TRACK) -> list[str]:
    return [hit.title for hit in await found(database, text, kind)]


async def test_exact_titles_come_first_then_beginnings_then_words_each_by_popularity(
    filled: Database,
) -> None:
    hits = await found(filled, "love")

    assert [(hit.title, hit.artist) for hit in hits] == [
        ("Love", "Ann"),
        ("Love", "Änne Öström"),
        ("Lovely Day", "Bill Withers"),
        ("Love Me Do", "The Beatles"),
        ("All You Need Is Love", "The Beatles"),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("deja vu", "Déjà Vu"),
        ("DÉJÀ", "Deja Vu - Live"),
        ("dont stop", "Don't Stop"),
        ("stop fleet", "Don't Stop"),
        ("beatles love me", "Love Me Do"),
        ("ostrom", "Love"),
        ("deja live", "Deja Vu - Live"),
        ("???", "???"),
        ("Halo (feat. Someone) - Remastered 2011", "Halo (feat. Someone) - Remastered 2011"),
    ],
)
async def test_accents_case_punctuation_and_unfinished_words_do_not_matter(
    filled: Database, text: str, title: str
) -> None:
    assert (await titles(filled, text))[0] == title


async def test_albums_and_artists_are_found_by_name(filled: Database) -> None:
    assert await titles(filled, "b", SubjectKind.ARTIST) == [
        "Beyoncé", "The Beatles", "Bill Withers",
    ]  # fmt: skip
    assert await titles(filled, "please", SubjectKind.ALBUM) == ["Please Please Me"]
    assert await titles(filled, "beatles", SubjectKind.ALBUM) == ["Magical", "Please Please Me"]
    assert (await found(filled, "beyonce", SubjectKind.ARTIST))[0].artist is None


async def test_the_tracks_of_an_artist_are_found_by_the_exact_name(filled: Database) -> None:
    assert await titles(filled, "beyonce") == [
        "Deja Vu - Live", "Déjà Vu", "Halo (feat. Someone) - Remastered 2011",
    ]  # fmt: skip


async def test_several_kinds_share_one_list(filled: Database) -> None:
    async with filled.read() as conn:
        hits = await search(conn, "love", kinds=ALL, limit=3)

    assert len(hits) == 3
    assert {hit.subject.kind for hit in hits} == {SubjectKind.TRACK}


@pytest.mark.parametrize(
    "text",
    ["", "   ", '"', "''", "*", "a*", '"love', "NEAR(a b)", "love NEAR", "AND", "OR NOT", "words:x",
     "-love", "^love", "love)", "🎵", "💿 🎵", "\x00", "\ud800", "%_", "x" * 4000, "love " * 800,
     "\\", ";DROP TABLE tracks", "𐓀𐓁", "\U0001e900", "\u0378"],
)  # fmt: skip
async def test_no_text_breaks_the_search(filled: Database, text: str) -> None:
    async with filled.read() as conn:
        await search(conn, text, kinds=ALL, limit=25)
        assert await conn.scalar(select(func.count()).select_from(tracks)) == 10


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text(max_size=30), limit=st.integers(0, 3))
async def test_any_text_gives_at_most_the_limit(filled: Database, text: str, limit: int) -> None:
    assert len(await found(filled, text, limit=limit)) <= limit


async def test_a_track_that_becomes_popular_moves_up_and_is_found_once(
    filled: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "title,artist,popularity\nLove,Änne Öström,95\n"
    await CatalogImporter(filled).import_file(
        samples.write(tmp_path_factory.mktemp("more"), "m.csv", text)
    )

    hits = await found(filled, "love")
    assert [hit.artist for hit in hits][:2] == ["Änne Öström", "Ann"]
    assert len(hits) == len(set(hits)) == 5
    assert (await titles(filled, "an", SubjectKind.ARTIST))[0] == "Änne Öström"


@pytest.mark.sqlite
async def test_a_word_that_was_taken_out_leaves_no_byte_behind(database: Database) -> None:
    word = "zwischenraumgesang"
    values = {"id": 1, "search_rank": 5, "words": word}
    columns: list[ColumnElement[Any]] = [
        literal(value).label(name) for name, value in values.items()
    ]
    entry = select(*columns)
    assert database.file is not None
    async with database.write() as conn:
        await index_words(conn, tracks, entry)
    async with database.write() as conn:
        await index_words(conn, tracks, entry, remove=True)
        await forget_words(conn, tracks)
    await database.empty_log()

    assert traces(database.file, word) == []


def traces(file: Path, word: str) -> list[str]:
    """Return the files of a database that hold a word."""
    there = sorted(file.parent.glob(f"{file.name}*"))
    return [one.name for one in there if word.encode() in one.read_bytes()]
