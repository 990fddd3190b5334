import codecs
import gzip
from pathlib import Path

import pytest

from bot.errors import SeedsError
from bot.services.catalog.seeds import Seed, read_seeds


def written(tmp_path: Path, content: str | bytes, name: str = "seeds.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_seeds_are_read_by_header_in_any_order_and_case(tmp_path: Path) -> None:
    path = written(
        tmp_path, "\ufeffTitle, Artist ,pos,list\nBells,Low,1,mine\n\n Yoo ,Can,2,mine\n"
    )

    assert read_seeds(path) == [
        Seed("mine", None, "Low", "Bells"),
        Seed("mine", None, "Can", "Yoo"),
    ]


def test_without_a_list_column_there_is_one_list(tmp_path: Path) -> None:
    path = written(tmp_path, "track_id\nabc\ndef\n")

    assert [(seed.list, seed.track_id) for seed in read_seeds(path)] == [("1", "abc"), ("1", "def")]


def test_a_gzip_is_read_too(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"track_id\nabc\n"), "seeds.csv.gz")

    assert read_seeds(path) == [Seed("1", "abc", None, None)]


def test_a_seed_is_called_by_its_names_or_its_id() -> None:
    assert str(Seed("1", "abc", "Low", "Bells")) == "Low – Bells"
    assert str(Seed("1", "abc", None, None)) == "abc"
    assert str(Seed("1", None, None, None)) == "(empty line)"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("", "is empty", id="an empty file"),
        pytest.param("track_id\n", "holds no seeds", id="a header alone"),
        pytest.param("thing,artist\nBells,Low\n", "thing, artist", id="a wrong header"),
        pytest.param("artist,title\nLow,Bells\nCan\n", "Line 3 of .* cut off", id="a short line"),
        pytest.param('artist,title\nLow,"Bel', "cut off", id="an open quote"),
        pytest.param(b"artist,title\nBj\xf6rk,J\xf3ga\n", "not UTF-8", id="another encoding"),
        pytest.param(b"\x00\x01\x02\xff", "not UTF-8", id="no text"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(SeedsError, match=sentence):
        read_seeds(written(tmp_path, content))


def test_a_cut_off_gzip_is_a_sentence(tmp_path: Path) -> None:
    whole = gzip.compress(b"track_id\n" + b"abcdefgh\n" * 5000)

    with pytest.raises(SeedsError, match="cut off"):
        read_seeds(written(tmp_path, whole[:-20], "seeds.csv.gz"))
    with pytest.raises(SeedsError, match="Not a gzip"):
        read_seeds(written(tmp_path, b"track_id\nabc\n", "plain.csv.gz"))


def test_a_missing_file_or_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="There is no file"):
        read_seeds(tmp_path / "nowhere.csv")
    with pytest.raises(SeedsError, match="cannot be read"):
        read_seeds(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        '"user_id", "artist", "title", "list"\n"u","Low","Bells","mine"\n',
        "list;artist;title\nmine;Low;Bells\n",
        "sep=;\nlist;artist;title\nmine;Low;Bells\n",
        "Playlist\tArtist Name\tTrack Name\nmine\tLow\tBells\n",
        codecs.BOM_UTF16_LE + "list;artist;title\nmine;Low;Bells\n".encode("utf-16-le"),
    ],
    ids=["blanks", "semicolons", "sep", "tabs", "utf-16"],
)
def test_lists_are_read_as_programs_write_them(tmp_path: Path, content: str | bytes) -> None:
    assert read_seeds(written(tmp_path, content)) == [Seed("mine", None, "Low", "Bells")]


def test_a_list_of_exportify_is_read(tmp_path: Path) -> None:
    head = "Track URI,Track Name,Album Name,Artist Name(s)"
    path = written(tmp_path, f"{head}\nspotify:track:{'A' * 22},Bells,Album,Low\n")

    assert read_seeds(path) == [Seed("1", f"spotify:track:{'A' * 22}", "Low", "Bells")]


def test_lines_count_as_in_a_spreadsheet_below_a_separator_line(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="Line 4 of"):
        read_seeds(written(tmp_path, "sep=;\nartist;title\nLow;Bells\nCan\n"))
