"""What is written down can be read back, by others and by our own readers."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.core.catalog import Link
from bot.core.lists.playlist import Form, Playlist
from bot.core.models import Credit, ExternalId, Track
from bot.core.promotion.promotion import read_tracklist
from bot.services.catalog.importing import CatalogImporter
from bot.services.catalog.seeds import read_seeds
from bot.services.cells import marked, unmarked
from bot.services.lists.exporting import write_playlist
from bot.services.lists.exporting.lines import one_line
from bot.services.lists.exporting.spiff import ISRC, NAMESPACE
from bot.store.engine import Database
from bot.store.tables import artists, external_ids, tracks
from tests.conftest import NOON

SPOTIFY, MBID = "6f807x0ima9a1j3VPbc7VN", "0e4a3a44-9a55-4a0e-8a6a-0d1f0f5b6a11"
FULL = Track(
    1, 'Rock & <Roll> "now"', "Ångström", 1, artist_credit="Ångström, Bø & Co.", album="=1+1",
    year=1999, duration_ms=213_400,
    external_ids=(ExternalId("isrc", "USRC17607839"), ExternalId("mbid", MBID),
                  ExternalId("spotify", SPOTIFY)),
)  # fmt: skip
BARE = Track(2, "=cmd|' /C calc'!A0", "@SUM(1)", 2)
FREE = Track(3, "Song", "Ann", 3, credit=Credit("CC0", "pkg", "https://free.example/song"))

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(one_line)
some_tracks = st.lists(
    st.builds(
        Track,
        id=st.integers(1, 9),
        title=names,
        artist=names,
        artist_id=st.just(1),
        artist_credit=st.none() | names,
        album=st.none() | names,
        year=st.none() | st.integers(1, 2100),
        duration_ms=st.none() | st.integers(0, 10**7),
    ),
    max_size=5,
)


def playlist(*some: Track, title: str = "Ann’s list", created_at: datetime = NOON) -> Playlist:
    return Playlist(title, "What Ann likes", some, created_at)


def written(form: Form, *some: Track, **facts: Any) -> str:
    return write_playlist(playlist(*some, **facts), form).content.decode("utf-8")


def xspf(*some: Track) -> tuple[ET.Element, list[dict[str, list[str]]]]:
    """Read an XSPF as any reader of XML would."""
    root = ET.fromstring(write_playlist(playlist(*some), Form.XSPF).content)  # noqa: S314
    space = f"{{{NAMESPACE}}}"
    found = []
    for entry in root.iterfind(f"{space}trackList/{space}track"):
        values: dict[str, list[str]] = {}
        for element in entry:
            values.setdefault(element.tag.removeprefix(space), []).append(element.text or "")
        found.append(values)
    return root, found


def test_m3u8_has_length_names_and_an_address_for_every_track() -> None:
    assert written(Form.M3U8, FULL, BARE).splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Ann’s list",
        '#EXTINF:213,Ångström, Bø & Co. - Rock & <Roll> "now"',
        "#EXTALB:=1+1",
        f"https://musicbrainz.org/recording/{MBID}",
        "#EXTINF:-1,@SUM(1) - =cmd|' /C calc'!A0",
        "https://www.youtube.com/results?search_query=%40SUM%281%29+%3Dcmd%7C%27+%2FC+calc%27%21A0",
    ]


def test_a_title_with_line_breaks_stays_one_line() -> None:
    track = Track(1, "a\r\nhttps://evil.example\x00", "b\u2028c", 1)

    assert written(Form.M3U8, track).count("\n") == 4
    assert written(Form.LINKS, track).count("\n") == 1


def test_links_are_read_back_by_whoever_reads_lists_of_tracks() -> None:
    text = written(Form.LINKS, FULL, FREE)

    first, second = text.splitlines()
    assert second == "Ann – Song https://free.example/song"
    (asked,) = read_tracklist(first)
    assert isinstance(asked, Link)
    assert asked.track == ExternalId("mbid", MBID)


def test_xspf_says_all_that_is_known_of_a_track() -> None:
    root, (full, bare) = xspf(FULL, BARE)

    assert root.attrib["version"] == "1"
    assert root.findtext(f"{{{NAMESPACE}}}title") == "Ann’s list"
    assert root.findtext(f"{{{NAMESPACE}}}date") == NOON.isoformat()
    assert full == {
        "location": [f"https://musicbrainz.org/recording/{MBID}"],
        "identifier": [f"https://musicbrainz.org/recording/{MBID}", f"spotify:track:{SPOTIFY}"],
        "title": [FULL.title],
        "creator": [FULL.artist_credit],
        "album": [FULL.album],
        "duration": ["213400"],
        "meta": ["USRC17607839"],
    }
    assert bare == {"title": [BARE.title], "creator": [BARE.artist]}


def test_jspf_is_the_same_in_json() -> None:
    document = json.loads(written(Form.JSPF, FULL, BARE))["playlist"]

    assert document["title"] == "Ann’s list"
    assert document["track"] == [
        {
            "location": [f"https://musicbrainz.org/recording/{MBID}"],
            "identifier": [f"https://musicbrainz.org/recording/{MBID}", f"spotify:track:{SPOTIFY}"],
            "title": FULL.title,
            "creator": FULL.artist_credit,
            "album": FULL.album,
            "duration": 213400,
            "meta": [{ISRC: "USRC17607839"}],
        },
        {"title": BARE.title, "creator": BARE.artist},
    ]


@given(some_tracks)
@settings(deadline=None)
def test_whatever_a_title_holds_xspf_and_jspf_are_well_formed(some: list[Track]) -> None:
    _, found = xspf(*some)
    document = json.loads(written(Form.JSPF, *some))["playlist"]

    assert [one["title"] for one in found] == [[one_line(track.title)] for track in some]
    assert [one["title"] for one in document["track"]] == [track.title for track in some]


@given(some_tracks)
@settings(deadline=None)
def test_no_cell_of_a_table_is_a_formula_and_all_can_be_read_back(some: list[Track]) -> None:
    rows = list(csv.DictReader(io.StringIO(written(Form.CSV, *some).removeprefix("\ufeff"), "")))

    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    assert [unmarked(row["title"]) for row in rows] == [track.title for track in some]
    assert [unmarked(row["artist"]) for row in rows] == [track.artist for track in some]


@given(st.text(max_size=20))
@settings(deadline=None)
def test_a_marked_cell_is_read_as_it_was(cell: str) -> None:
    assert unmarked(marked(cell)) == cell


async def test_the_catalogue_imports_the_table_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(write_playlist(playlist(FULL, BARE), Form.CSV).content)

    report = await CatalogImporter(database).import_file(file)

    assert report.rows == 2
    query = select(tracks.c.title, artists.c.name, tracks.c.year, tracks.c.duration_ms)
    async with database.read() as conn:
        found = {tuple(row) for row in await conn.execute(query.join(artists))}
        ids = {
            tuple(row)
            for row in await conn.execute(select(external_ids.c.namespace, external_ids.c.value))
        }
    assert found == {(one.title, one.artist, one.year, one.duration_ms) for one in (FULL, BARE)}
    assert ids == {(one.namespace, one.value) for one in FULL.external_ids}


def test_seeds_are_read_from_the_table(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(write_playlist(playlist(FULL, BARE), Form.CSV).content)

    seeds = read_seeds(file)

    assert [(one.track_id, one.artist, one.title) for one in seeds] == [
        (SPOTIFY, FULL.artist, FULL.title),
        (None, BARE.artist, BARE.title),
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ann’s list", "anns-list.m3u8"),
        ("../../etc/passwd", "etc-passwd.m3u8"),
        ("音楽", "playlist.m3u8"),
        ("x" * 200, "x" * 60 + ".m3u8"),
    ],
)
def test_a_file_is_named_by_its_title_safely(title: str, name: str) -> None:
    assert write_playlist(playlist(title=title), Form.M3U8).name == name


@pytest.mark.parametrize("form", [Form.M3U8, Form.XSPF, Form.JSPF])
def test_lists_for_players_are_seeds_again(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(written(form, FULL, BARE, FREE))

    seeds = read_seeds(path)

    assert [seed.title for seed in seeds] == [FULL.title, BARE.title, FREE.title]
    assert [seed.artist for seed in seeds] == ["Ångström, Bø & Co.", BARE.artist, FREE.artist]
    assert {seed.list for seed in seeds} == {"Ann’s list"}
    assert (MBID if form is Form.M3U8 else SPOTIFY) in str(seeds[0].track_id)
