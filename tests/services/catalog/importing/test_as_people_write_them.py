"""Numbers, separators, encodings and lists of artists, as people and their programs write them."""

import codecs
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.written_names import parse_artists, parse_list
from bot.core.models import Track
from bot.services.catalog.importing import numbers
from bot.store.engine import Database
from tests.services.catalog.importing.test_tables_in_circulation import all_tracks, imported

SHARES = "danceability,energy,valence,acousticness,instrumentalness,liveness,speechiness"
GERMAN = (
    "title;artist;danceability;loudness;tempo;duration_ms;instrumentalness\n"
    "Eins;Ann;0,676;-6,746;87,917;230666;1,01e-06\n"
    "Zwei;Ben;,42;-17;128;149666;0\n"
)


async def read(database: Database, folder: Path, content: str | bytes) -> list[Track]:
    file = folder / "table.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    await imported(database, file)
    return await all_tracks(database)


async def test_a_scale_is_judged_by_its_whole_column(database: Database, tmp_path: Path) -> None:
    rows = "One,Ann,79,55,75,8,0,8,3\nTwo,Ben,92,81,61,1,1,8,9\nThree,Cid,85,32,45,100,0,1,1\n"
    file = tmp_path / "table.csv"
    file.write_text(f"title,artist,{SHARES}\n{rows}")

    report = await imported(database, file)

    one, two, three = await all_tracks(database)
    assert (one.features.danceability, two.features.instrumentalness) == (0.79, 0.01)
    assert (three.features.acousticness, three.features.speechiness) == (1.0, 0.01)
    assert report.tables == ["table.csv: table with title and artist, 7 columns in percent"]
    assert report.dropped_values == {}


async def test_shares_with_a_few_mistakes_are_no_percentages(
    database: Database, tmp_path: Path
) -> None:
    rows = "A,Ann,0.5,1.9\nB,Ben,0.7,0.2\nC,Cid,40,0.3\nD,Dan,0.1,0.1\n"

    found = await read(database, tmp_path, f"title,artist,danceability,energy\n{rows}")

    assert [one.features.danceability for one in found] == [0.5, 0.7, None, 0.1]
    assert [one.features.energy for one in found] == [None, 0.2, 0.3, 0.1]


@pytest.mark.parametrize(
    "content",
    [
        GERMAN,
        "sep=;\n" + GERMAN,
        '"sep=;"\r\n' + GERMAN.replace("\n", "\r\n"),
        GERMAN.replace("\n", "\r"),
        GERMAN.replace(";", "\t"),
        codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + ("sep=;\r\n" + GERMAN).encode("utf-16-be"),
        codecs.BOM_UTF8 + GERMAN.encode(),
    ],
    ids=["plain", "sep", "quoted sep", "cr", "tabs", "utf-16", "utf-16 be and sep", "bom"],
)
async def test_separators_line_ends_and_decimal_commas_are_read(
    database: Database, tmp_path: Path, content: str | bytes
) -> None:
    one, two = await read(database, tmp_path, content)

    assert (one.title, one.artist, one.duration_ms) == ("Eins", "Ann", 230_666)
    assert (one.features.danceability, one.features.loudness) == (0.676, -6.746)
    assert (one.features.tempo, one.features.instrumentalness) == (87.917, 1.01e-06)
    assert (two.features.danceability, two.features.tempo) == (0.42, 128.0)


async def test_a_row_is_counted_as_in_a_spreadsheet_below_a_line_that_names_the_separator(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    file.write_text("sep=;\ntitle;artist\nOne;Ann\n;Ben\n")

    report = await imported(database, file)

    assert [(one.row, one.reason) for one in report.examples] == [(4, "no title")]


@pytest.mark.parametrize(
    ("said", "ms"),
    [
        ("3:45", 225_000), ("1:02:03", 3_723_000), ("0:07.5", 7_500), ("225", 225_000),
        ("225000", 225_000), ('"225,000"', 225_000), ("225 s", 225_000), ("3:75", None),
        ("soon", None),
    ],
)  # fmt: skip
async def test_lengths_are_read_as_clocks_show_them(
    database: Database, tmp_path: Path, said: str, ms: int | None
) -> None:
    (track,) = await read(database, tmp_path, f"title,artist,duration\nA,Ann,{said}\n")

    assert track.duration_ms == ms


async def test_a_length_that_cannot_be_read_is_counted(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("title,artist,duration\nA,Ann,soon\n")

    assert (await imported(database, file)).dropped_values == {"duration_ms": 1}


@pytest.mark.parametrize(
    ("said", "key", "mode"),
    [
        ("C", 0, None), ("C♯/D♭", 1, None), ("Db", 1, None), ("F#m", 6, 0), ("A minor", 9, 0),
        ("Bb Major", 10, 1), ("c", 0, None), ("7", 7, None), ("Cb", 11, None), ("X", None, None),
    ],
)  # fmt: skip
async def test_keys_are_read_by_name(
    database: Database, tmp_path: Path, said: str, key: int | None, mode: int | None
) -> None:
    (track,) = await read(database, tmp_path, f"title,artist,key,energy\nA,Ann,{said},0.5\n")

    assert (track.features.key, track.features.mode) == (key, mode)


async def test_units_and_words_are_read(database: Database, tmp_path: Path) -> None:
    head = "title,artist,tempo,mode,time_signature,energy,loudness,release_date\n"
    rows = "A,Ann,120 BPM,Minor,3/4,50%,-6.5 dB,12/31/1999\nB,Ben,87,major,4,0.5,-7,31.12.2001\n"

    one, two = await read(database, tmp_path, head + rows)

    found = one.features
    assert (found.tempo, found.mode, found.time_signature) == (120.0, 0, 3)
    assert (found.energy, found.loudness, one.year) == (0.5, -6.5, 1999)
    assert (two.features.mode, two.features.energy, two.year) == (1, 0.5, 2001)


async def test_most_streamed_is_read_with_its_brackets_percents_and_latin_1(
    database: Database, tmp_path: Path
) -> None:
    head = "track_name,artist(s)_name,artist_count,released_year,streams,bpm,key,mode"
    table = f"{head},danceability_%,energy_%\nSeñorita,Ann,1,2023,141381703,125,B,Major,80,83\n"

    (track,) = await read(database, tmp_path, table.encode("latin-1"))

    assert (track.title, track.artist, track.year) == ("Señorita", "Ann", 2023)
    assert (track.features.tempo, track.features.key, track.features.mode) == (125.0, 11, 1)
    assert (track.features.danceability, track.features.energy) == (0.8, 0.83)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("['Ann', \"Guns N' Roses\"]", ["Ann", "Guns N' Roses"]),
        ("[{'id': 'x', 'name': 'Ann'}, {'id': 'y', 'name': 'Ben'}]", ["Ann", "Ben"]),
        ('[{"name": "Ann", "id": null}]', ["Ann"]),
        ('["Ann", "Ben"]', ["Ann", "Ben"]),
        ("['Ann' 'Ben']", ["Ann", "Ben"]),
        ("{Ann,\"Earth, Wind & Fire\"}", ["Ann", "Earth, Wind & Fire"]),
        ("[]", []),
        ("[Ann", None),
        ("Ann", None),
    ],
)  # fmt: skip
def test_lists_are_read_as_programs_print_them(text: str, names: list[str] | None) -> None:
    assert parse_list(text) == names


def test_artists_are_parted_where_it_is_sure() -> None:
    assert parse_artists("Ann|Ben", "", comma_joined=False) == ("Ann", "Ann, Ben")
    assert parse_artists("AC/DC", "", comma_joined=False) == ("AC/DC", None)
    assert parse_artists("Tyler, The Creator", "", comma_joined=False) == (
        "Tyler, The Creator",
        None,
    )


@given(st.text(max_size=40))
def test_no_list_breaks_the_reader(text: str) -> None:
    for one in (text, f"[{text}]", f"{{{text}}}", f"['{text}']"):
        parse_list(one)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_shares_are_never_taken_for_percentages(values: list[float]) -> None:
    column = pl.Series(values, dtype=pl.Float64)

    assert numbers.percentages({"energy": column, "valence": column}) == frozenset()
