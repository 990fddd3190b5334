"""Genres from the dumps of Discogs: whose they become, and what broken dumps cost."""

import gzip
import io
import tracemalloc
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select

from bot.core.catalog import Independence
from bot.errors import ImportFileError
from bot.services.archives import zstd
from bot.services.catalog import Built, OpenData, Releases, Shuffle
from bot.services.catalog.open_data import discogs, genres
from bot.services.catalog.open_data.genres import Genres
from bot.store.engine import Database
from bot.store.tables import genres as genre_table
from bot.store.tables import track_genres, track_labels, tracks
from tests.services.catalog.test_open_data import (
    CANONICAL,
    canonical,
    listened,
    named,
    parquet,
    tar,
)

MASTERS = "discogs_20261101_masters.xml.gz"
RELEASES = "discogs_20261101_releases.xml.gz"


def record(
    artist: str,
    title: str,
    *songs: str,
    styles: tuple[str, ...] = (),
    genre: str = "Rock",
    kind: str = "release",
    number: int = 7,
    labels: tuple[str, ...] = (),
) -> str:
    tracks = "".join(f"<track><position>1</position>{song}</track>" for song in songs)
    on = "".join(f'<label catno="1" id="2" name="{label}"/>' for label in labels)
    named_styles = "".join(f"<style>{style}</style>" for style in styles)
    return (
        f'<{kind} id="1"><labels>{on}</labels><artists><artist>'
        f"<id>{number}</id><name>{artist}</name><join>,</join></artist></artists>"
        "<extraartists><artist><id>3</id><name>Somebody</name></artist>"
        f"</extraartists><title>{title}</title><genres><genre>{genre}</genre></genres>"
        f"<styles>{named_styles}</styles><tracklist><track><title>Side A</title></track>{tracks}"
        f"</tracklist><videos><video><title>No album</title></video></videos></{kind}>"
    )


def song(title: str, artist: str = "") -> str:
    who = f"<artists><artist><id>1</id><name>{artist}</name></artist></artists>" if artist else ""
    return f"<title>{title}</title>{who}"


def dump(*records: str, root: str = "releases") -> bytes:
    return f'<?xml version="1.0"?>\n<{root}>\n{"".join(records)}</{root}>\n'.encode()


def read(tmp_path: Path, *contents: bytes) -> tuple[Genres, Releases]:
    releases = Releases()
    with Shuffle(tmp_path / "aside", discogs.KIND.fields, bits=discogs.KIND.bits) as shuffle:
        for content in contents:
            discogs.take(Path("discogs.xml"), io.BytesIO(content), shuffle, releases)
        return genres.count(shuffle.parts(), releases, tmp_path), releases


def of(found: Genres, title: str, artist: str, album: str = "") -> str:
    return found.of([title], [artist], [album])[0]


def test_a_song_has_the_styles_that_most_of_its_releases_have(tmp_path: Path) -> None:
    found, releases = read(
        tmp_path,
        dump(
            record("Low", "First", song("Lullaby"), styles=("Slowcore",)),
            record("Low (2)", "Again", song("Lullaby (Live)"), styles=("Indie", "Slowcore")),
            record("Low", "Best", song("LULLABY"), styles=("Slowcore", "Indie", "Live", "Old")),
            record("Can", "Best", song("Yoo"), song("Duet", "Ann")),
        ),
        dump(record("Can", "Tago", styles=("Kraut",), kind="master"), root="masters"),
    )

    assert of(found, "Lullaby - Remastered 2010", "LOW") == "slowcore;indie;live;rock"
    assert of(found, "Duet", "Ann") == "rock"
    assert of(found, "Elsewhere", "Can", "Tago") == "kraut;rock"
    assert of(found, "Yoo", "Can", "Tago") == "rock"  # the song counts more than the album
    assert [of(found, *names) for names in (("Yoo", "Low"), ("Side A", "Low"), ("x", "y"))] == [
        "", "", "",
    ]  # fmt: skip
    assert (releases.read, releases.used) == (5, 5)


def test_genres_with_signs_in_their_names_are_one_each(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        dump(
            record("A", "a", song("1"), genre="Folk, World, &amp; Country"),
            record("B", "b", song("2"), genre="Funk / Soul"),
        ),
    )

    assert of(found, "1", "A") == "folk world & country"
    assert of(found, "2", "B") == "funk & soul"


def test_parts_of_a_work_are_songs_too(tmp_path: Path) -> None:
    part = "<track><position>1a</position><title>Part</title></track>"
    found, _ = read(
        tmp_path, dump(record("A", "a", f"<title>Work</title><sub_tracks>{part}</sub_tracks>"))
    )

    assert of(found, "Part", "A") == "rock"


def test_samplers_and_records_without_genres_are_left_out_and_counted(tmp_path: Path) -> None:
    nothing = '<release id="3"><artists><artist><name>Low</name></artist></artists></release>'
    found, releases = read(
        tmp_path,
        dump(
            record("Various", "Hits", song("Bells", "Low"), number=194),
            nothing,
            record("", "Nobody"),
        ),
    )

    assert of(found, "Bells", "Low") == ""
    assert (releases.read, releases.used) == (3, 0)
    assert sorted(releases.left.values()) == [1, 1, 1]


@pytest.mark.parametrize(
    "content",
    [
        dump(record("Low", "First"))[:-40],
        b'<!DOCTYPE r [<!ENTITY a "b">]><releases></releases>',
        b"<releases>" + b"<a>" * 50,
        b"<releases><release></releases>",
        b"<releases>\xff</releases>",
    ],
    ids=["cut off", "a DOCTYPE", "deep", "not closed", "no UTF-8"],
)
def test_xml_that_is_none_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"damaged or cut off .*download it again"):
        read(tmp_path, content)


def test_many_records_take_the_memory_of_few(tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        """A dump of 30,000 records that is made while it is read."""

        def __init__(self) -> None:
            self._pieces = iter(
                [b"<releases>", *[record("A", "a", song("x")).encode()] * 30_000, b"</releases>"]
            )

        def read(self, size: int = -1) -> bytes:
            return b"".join(one for _, one in zip(range(500), self._pieces, strict=False))

    stream: IO[bytes] = Endless()  # type: ignore[assignment]
    with Shuffle(tmp_path / "aside", discogs.KIND.fields, bits=0) as shuffle:
        tracemalloc.start()
        discogs.take(Path("discogs.xml"), stream, shuffle, Releases())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert peak < 40 << 20


OWN = ("Not On Label (Low Self-released)",)


def released(found: Genres, title: str, artist: str, album: str = "") -> Independence:
    places = found.places([title], [artist], [album])
    return Independence(int(found.released_at(places)[0]))


def test_a_song_is_independent_unless_a_release_of_it_is_on_a_label(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        dump(
            record("Low", "Demo", song("Lullaby"), song("Over"), song("Guest", "Ann"), labels=OWN),
            record("Low", "First", song("Lullaby (Remastered)"), labels=("Vernon Yard",)),
            record("Low", "Tape", song("Bootleg"), labels=("Not On Label",)),
            record("Low", "Odd", song("Nothing"), labels=('&amp;"&lt;'.replace('"', "&quot;"),)),
        ),
        dump(record("Low", "Demo", kind="master"), root="masters"),
    )

    assert released(found, "Lullaby", "Low") is Independence.ON_LABEL
    assert released(found, "Over", "Low") is Independence.INDEPENDENT
    assert released(found, "Guest", "Ann") is Independence.UNKNOWN
    assert released(found, "Bootleg", "Low") is Independence.UNKNOWN
    assert released(found, "Nothing", "Low") is Independence.ON_LABEL
    assert released(found, "Elsewhere", "Low", "Demo") is Independence.INDEPENDENT
    assert released(found, "Elsewhere", "Nobody") is Independence.UNKNOWN


def test_of_a_folder_without_discogs_nobody_knows_who_released_anything(tmp_path: Path) -> None:
    found, _ = read(tmp_path)

    assert released(found, "Lullaby", "Low") is Independence.UNKNOWN


# --------------------------------------------------------------------------- in a build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "dumps"
    where.mkdir()
    names = canonical(named(0, "Lullaby", "Low"), named(1, "Yoo", "Can feat. Ann", ids=2))
    (where / CANONICAL).write_bytes(zstd.compress(tar({"canonical_musicbrainz_data.csv": names})))
    (where / "listens.tar").write_bytes(
        tar({"0.parquet": parquet(*listened(0, 5), *listened(1, 5))})
    )
    (where / RELEASES).write_bytes(
        gzip.compress(dump(record("Low", "First", song("Lullaby"), styles=("Slowcore",))))
    )
    (where / MASTERS).write_bytes(
        gzip.compress(dump(record("Can", "Album", kind="master"), root="masters"))
    )
    (where / "discogs_20261101_artists.xml.gz").write_bytes(gzip.compress(b"<artists></artists>"))
    return where


async def build(database: Database, folder: Path, tmp_path: Path) -> Built:
    return await OpenData(database, tmp_path / "work", min_listeners=4).build(
        folder, lambda what, done, size: None
    )


async def genres_of(database: Database) -> set[tuple[str, str]]:
    query = (
        select(tracks.c.title, genre_table.c.name)
        .join(track_genres, track_genres.c.track_id == tracks.c.id)
        .join(genre_table, genre_table.c.id == track_genres.c.genre_id)
    )
    async with database.read() as conn:
        return {(row.title, row.name) for row in await conn.execute(query)}


async def test_kept_recordings_learn_their_genres(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    built = await build(database, folder, tmp_path)

    assert await genres_of(database) == {
        ("Lullaby", "slowcore"),
        ("Lullaby", "rock"),
        ("Yoo", "rock"),
    }
    assert (built.chosen.with_genres, built.releases.read) == (2, 2)
    assert built.left_out == ["discogs_20261101_artists.xml"]


async def test_kept_recordings_learn_who_released_them(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    (folder / RELEASES).write_bytes(
        gzip.compress(
            dump(
                record("Low", "First", song("Lullaby"), labels=OWN),
                record("Can", "Album", song("Yoo"), labels=("Spoon",)),
            )
        )
    )

    await build(database, folder, tmp_path)

    columns = (tracks.c.title, track_labels.c.source, track_labels.c.independent)
    query = select(*columns).join(track_labels, track_labels.c.track_id == tracks.c.id)
    async with database.read() as conn:
        told = {tuple(row) for row in await conn.execute(query)}
    assert told == {("Lullaby", "discogs", True), ("Yoo", "discogs", False)}


@pytest.mark.parametrize("fault", ["cut off", "no XML", "no gzip"])
async def test_a_damaged_dump_is_told_and_what_was_whole_is_not_read_again(
    database: Database, folder: Path, tmp_path: Path, fault: str
) -> None:
    whole = (folder / RELEASES).read_bytes()
    broken = {
        "cut off": whole[:-20],
        "no XML": gzip.compress(b"Not found"),
        "no gzip": b"<html>Not found",
    }
    (folder / RELEASES).write_bytes(broken[fault])
    with pytest.raises(ImportFileError, match=r"discogs_.* again"):
        await build(database, folder, tmp_path)
    (folder / RELEASES).write_bytes(whole)
    told: list[str] = []

    built = await OpenData(database, tmp_path / "work", min_listeners=4).build(
        folder, lambda what, done, size: told.append(what)
    )

    assert "Reading listens.tar" not in told
    assert (built.counted.listens, built.releases.read) == (10, 2)
    assert len(await genres_of(database)) == 3
