import dataclasses
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.core.catalog.space import Catalog
from bot.store import snapshot, versions
from tests.fuzz.mutating import broken
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(50, seed=1))


def same(one: Catalog, other: Catalog) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True)
        if isinstance(getattr(one, field.name), np.ndarray)
        else getattr(one, field.name) == getattr(other, field.name)
        for field in dataclasses.fields(Catalog)
    )


def current(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


def test_a_snapshot_comes_back_as_it_was_and_mapped(tmp_path: Path) -> None:
    snapshot.save(tmp_path, CATALOG)

    loaded = snapshot.load(tmp_path)

    assert loaded is not None
    assert same(loaded, CATALOG)
    assert isinstance(loaded.gaussian.base, np.memmap)
    assert snapshot.mark(loaded) == snapshot.mark(CATALOG)


def test_an_empty_catalog_can_be_kept_too(tmp_path: Path) -> None:
    empty = catalog_of(raw_tracks(0))
    snapshot.save(tmp_path, empty)

    loaded = snapshot.load(tmp_path)

    assert loaded is not None
    assert same(loaded, empty)


def test_a_new_version_replaces_the_old_one_which_stays_readable(tmp_path: Path) -> None:
    snapshot.save(tmp_path, CATALOG)
    held = snapshot.load(tmp_path)
    snapshot.save(tmp_path, dataclasses.replace(CATALOG, version=2))

    loaded = snapshot.load(tmp_path)

    assert loaded is not None
    assert loaded.version == 2
    assert len(list(tmp_path.iterdir())) == 2  # CURRENT and one version
    assert held is not None
    assert same(held, CATALOG)


def no_pointer(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def pointer_to_nowhere(folder: Path) -> None:
    (folder / "CURRENT").write_text("v9-gone")


def cut_off(folder: Path) -> None:
    file = current(folder) / "gaussian.npy"
    file.write_bytes(file.read_bytes()[:-40])


def emptied(folder: Path) -> None:
    (current(folder) / "years.npy").write_bytes(b"")


def garbled(folder: Path) -> None:
    (current(folder) / "track_ids.npy").write_bytes(b"\x00" * 500)


def missing_array(folder: Path) -> None:
    (current(folder) / "known.npy").unlink()


def of_another_length(folder: Path) -> None:
    np.save(current(folder) / "years.npy", np.zeros(7, np.int16))


def broken_json(folder: Path) -> None:
    (current(folder) / "catalog.json").write_text("{")


def json_of_another_kind(folder: Path) -> None:
    (current(folder) / "catalog.json").write_text("[]")


def older_format(folder: Path) -> None:
    file = current(folder) / "catalog.json"
    plain = json.loads(versions.read_sealed(file))
    versions.write_sealed(file, json.dumps(plain | {"format": [0]}))


def place_out_of_range(folder: Path) -> None:
    file = current(folder) / "artist_rows.npy"
    changed = np.load(file)
    changed[0] = 1 << 30
    np.save(file, changed)


def one_other_bit(folder: Path) -> None:
    file = current(folder) / "gaussian.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def other_facts(folder: Path) -> None:
    file = current(folder) / "catalog.json"
    file.write_text(file.read_text().replace('"version": 1', '"version": 2'))


def deep_json(folder: Path) -> None:
    versions.write_sealed(current(folder) / "catalog.json", "[" * 200_000)


def empty_json(folder: Path) -> None:
    versions.write_sealed(current(folder) / "catalog.json", "{}")


@pytest.mark.parametrize(
    "damage",
    [
        no_pointer,
        pointer_to_nowhere,
        cut_off,
        emptied,
        garbled,
        missing_array,
        of_another_length,
        broken_json,
        json_of_another_kind,
        older_format,
        place_out_of_range,
        one_other_bit,
        other_facts,
        deep_json,
        empty_json,
    ],
)
def test_a_damaged_or_foreign_snapshot_is_none(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    snapshot.save(tmp_path, CATALOG)
    damage(tmp_path)

    assert snapshot.load(tmp_path) is None

    snapshot.save(tmp_path, CATALOG)
    assert snapshot.load(tmp_path) is not None


def test_no_file_of_a_snapshot_can_be_broken_unnoticed(tmp_path: Path) -> None:
    snapshot.save(tmp_path, CATALOG)
    rng = random.Random(1)  # noqa: S311
    for file in sorted(current(tmp_path).iterdir()):
        good = file.read_bytes()
        for _ in range(10):
            file.write_bytes(broken(good, rng))
            held = snapshot.load(tmp_path)
            assert held is None or file.read_bytes() == good
        file.write_bytes(good)

    assert snapshot.load(tmp_path) is not None


def test_a_snapshot_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    snapshot.save(tmp_path, CATALOG)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(OSError, match="file"):
        snapshot.save(blocked, CATALOG)

    assert snapshot.load(tmp_path) is not None


def test_the_snapshot_lives_beside_its_database() -> None:
    assert snapshot.snapshot_folder(Path("/srv/bside.db")) == Path("/srv/bside.db.snapshot")
