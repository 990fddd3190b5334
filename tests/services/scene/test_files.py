import lzma
from pathlib import Path

import pytest

from bot.errors import ImportFileError, SeedsError
from bot.services.archives import zstd
from bot.services.scene.files import Kind, find_files
from tests.services.scene.samples import as_lines, as_slice, listen, track, written

TABLE = b"list,pos,track_id\na,0,x\n"
SLICE = as_slice([[track("Bells")]])
LISTENS = as_lines([listen("Bells", 0)])


def kinds(*paths: Path) -> list[tuple[str, Kind]]:
    return [(file.path.name, file.kind) for file in find_files(paths)]


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [(TABLE, Kind.TABLE), (SLICE, Kind.SLICE), (LISTENS, Kind.LISTENS)],
    ids=["a table", "a slice", "listens"],
)
@pytest.mark.parametrize("name", ["lists.csv", "lists.json", "lists.listens", "lists", "lists.txt"])
def test_a_file_is_what_it_holds_whatever_it_is_called(
    tmp_path: Path, name: str, content: bytes, kind: Kind, ending: str
) -> None:
    path = written(tmp_path / (name + ending), content)

    assert kinds(path) == [(path.name, kind)]


def test_a_slice_in_one_line_is_no_listen(tmp_path: Path) -> None:
    path = written(
        tmp_path / "mpd.json", as_slice([[track('A "track_metadata" song')]], indent=None)
    )

    assert kinds(path) == [("mpd.json", Kind.SLICE)]


def test_a_mark_of_the_encoding_does_not_hide_what_a_file_is(tmp_path: Path) -> None:
    mark = "\ufeff".encode()

    assert kinds(
        written(tmp_path / "one.csv", mark + TABLE), written(tmp_path / "two", mark + LISTENS)
    ) == [("one.csv", Kind.TABLE), ("two", Kind.LISTENS)]


def test_a_folder_stands_for_all_known_files_in_and_below_it(tmp_path: Path) -> None:
    written(tmp_path / "listens/2024/2.listens", LISTENS)
    written(tmp_path / "listens/2024/1.listens.gz", LISTENS)
    written(tmp_path / "mpd.slice.0-999.json", SLICE)
    written(tmp_path / "lists.csv", TABLE)
    written(tmp_path / "notes.csv", b"name,age\nAnn,5\n")
    written(tmp_path / "user.json", b'{"user_id": 1}')
    written(tmp_path / "feedback.jsonl", b'{"score": 1, "track_metadata": null}\n')
    written(tmp_path / "COPYING", b"CC0")
    written(tmp_path / "empty.json", b"")
    written(tmp_path / ".hidden/lists.csv", TABLE)

    found = [file.path.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]

    assert found == [
        "listens/2024/1.listens.gz",
        "listens/2024/2.listens",
        "lists.csv",
        "mpd.slice.0-999.json",
    ]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path / "lists.csv", TABLE)

    assert len(find_files([path, tmp_path, tmp_path / "." / "lists.csv"])) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("names.csv.zst", zstd.compress(b"name,age\n"), "packed .zstd., and holds no listens"),
        ("names.csv.xz", lzma.compress(b"name,age\n"), "packed .xz., and holds no listens"),
        ("export.zip", b"PK\x03\x04", "packed .zip., and holds no listens"),
        ("other", b'{"tracks": []}', "holds neither playlists .* nor listens"),
        ("other.txt", b"[1, 2]", "holds neither playlists .* nor listens"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(SeedsError, match=sentence):
        find_files([written(tmp_path / name, content)])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dump.tar.zst", b"\x28\xb5\x2f\xfd rest"),
        ("dump.tar", b"x" * 257 + b"ustar\x0000"),
        ("dump.tar.gz", b"x" * 257 + b"ustar\x0000"),
    ],
)
def test_a_damaged_archive_is_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ImportFileError, match="download it again"):
        find_files([written(tmp_path / name, content)])


def test_nothing_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="There is no file"):
        find_files([tmp_path / "nowhere"])
    with pytest.raises(SeedsError, match="holds no lists that can be read"):
        find_files([tmp_path])
    with pytest.raises(SeedsError, match="neither a file nor a folder"):
        find_files([Path("/dev/null")])
