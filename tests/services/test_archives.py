"""Archives of every kind, as a stream of their files."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import ImportFileError
from bot.services.archives import check_sum, is_archive, members, zstd
from bot.services.catalog import CatalogImporter
from bot.store.columns import catalog_mark
from bot.store.engine import Database

TABLE = b"title,artist\n" + b"".join(b"Song %d,Ann\n" % number for number in range(3000))
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".zst": zstd.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".gz": gzip.compress,
}  # fmt: skip


def tarred(*names: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(TABLE)
            archive.addfile(info, io.BytesIO(TABLE))
    return content.getvalue()


def read(path: Path) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in members(path, lambda done, size: None)}


@pytest.mark.parametrize("ending", PACKINGS)
def test_what_is_packed_alone_is_its_own_only_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"songs.csv{ending}"
    path.write_bytes(PACKINGS[ending](TABLE))

    assert is_archive(path)
    assert read(path) == {"songs.csv": TABLE}


@pytest.mark.parametrize("ending", ["", *PACKINGS])
def test_the_files_of_a_tar_come_one_after_the_other(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"all.tar{ending}"
    path.write_bytes(PACKINGS.get(ending, bytes)(tarred("a/b.csv", "README", "c.csv")))

    assert is_archive(path)
    assert read(path) == {"a/b.csv": TABLE, "README": TABLE, "c.csv": TABLE}


def test_a_file_that_is_left_alone_does_not_disturb_the_next(tmp_path: Path) -> None:
    path = tmp_path / "all.tar"
    path.write_bytes(tarred("a.csv", "b.csv"))

    found = [
        (name, stream.read() if name == "b.csv" else b"")
        for name, stream in members(path, lambda done, size: None)
    ]

    assert found == [("a.csv", b""), ("b.csv", TABLE)]


@pytest.mark.parametrize("ending", ["", *PACKINGS])
def test_what_is_cut_off_is_told(tmp_path: Path, ending: str) -> None:
    whole = PACKINGS.get(ending, bytes)(tarred("a.csv", "b.csv"))
    path = tmp_path / f"all.tar{ending}"
    path.write_bytes(whole[: len(whole) * 2 // 3])

    with pytest.raises(ImportFileError, match=r"all\.tar.* (?:is cut off|is damaged)"):
        read(path)


def test_how_far_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "all.tar"
    path.write_bytes(tarred("a.csv", "b.csv"))
    told: list[tuple[int, int]] = []

    for _, stream in members(path, lambda done, size: told.append((done, size))):
        stream.read()

    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_without_a_checksum_there_is_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    assert not check_sum(path, lambda done, size: None)

    (tmp_path / "a.sha256").write_text("")
    with pytest.raises(ImportFileError, match="checksum"):
        check_sum(path, lambda done, size: None)


@pytest.mark.parametrize("name", ["x.csv.zst", "x.csv.bz2", "x.csv.xz", "x.tar.gz", "x.tar.xz"])
async def test_tables_are_imported_from_every_packing(
    database: Database, tmp_path: Path, name: str
) -> None:
    pack = PACKINGS[Path(name).suffix]
    path = tmp_path / name
    path.write_bytes(pack(tarred("y.csv", "README") if ".tar" in name else TABLE))

    report = await CatalogImporter(database).import_file(path)

    assert report.new == 3000
    async with database.read() as conn:
        assert (await catalog_mark(conn)).tracks == 3000


async def test_the_names_of_musicbrainz_alone_are_not_imported(
    database: Database, tmp_path: Path
) -> None:
    header = "artist_credit_name,recording_mbid,recording_name,combined_lookup,score"
    path = tmp_path / "canonical.tar.zst"
    path.write_bytes(zstd.compress(f"{header}\nLow,x,Lullaby,x,1\n".encode()))

    with pytest.raises(ImportFileError, match="open-data"):
        await CatalogImporter(database).import_file(path)
