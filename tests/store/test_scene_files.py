import dataclasses
import json
import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.catalog import CROWDING_DIALS
from bot.core.scene.scene import Crowding, Scene
from bot.store import scene_files
from tests.conftest import NOON
from tests.fuzz.mutating import broken

SCENE = Scene(
    song_ids=np.array([-5, 3, 2**40], np.int64),
    vectors=np.arange(6, dtype=np.float32).reshape(3, 2),
    weights=np.ones((7, 2), np.float32),
    genre_names=("dream pop", "føroyskt"),
    genre_weights=np.zeros((2, 2), np.float32),
    song_lists=np.array([4, 1, 7], np.int32),
    artist_lists=np.array([4, 9, 7], np.int32),
    lists=20,
    fit=0.25,
    crowding=Crowding(
        np.array([3, 2**40], np.int64),
        np.arange(2 * len(CROWDING_DIALS), dtype=np.float16).reshape(2, -1),
    ),
)
FILES = ("mpd.slice.0-999.json", "sézane.csv")


def saved(folder: Path, scene: Scene = SCENE) -> scene_files.SceneMark:
    return scene_files.save(folder, scene, trained_at=NOON, files=FILES)


def same(one: Scene, other: Scene) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(Scene)
        if field.name != "crowding"
    ) and all(
        np.array_equal(getattr(one.crowding, field.name), getattr(other.crowding, field.name))
        for field in dataclasses.fields(Crowding)
    )


def current(folder: Path) -> Path:
    return folder / f"{scene_files.current_version(folder)}.npz"


def test_a_scene_comes_back_as_it_was_with_its_mark(tmp_path: Path) -> None:
    mark = saved(tmp_path)

    stored = scene_files.load(tmp_path)

    assert stored is not None
    assert same(stored.scene, SCENE)
    assert stored.mark == mark
    assert (mark.trained_at, mark.files) == (NOON, FILES)
    assert (mark.lists, mark.songs, mark.dimensions, mark.fit) == (20, 3, 2, 0.25)
    assert scene_files.current_version(tmp_path) == mark.version


def test_a_scene_without_genres_can_be_kept_too(tmp_path: Path) -> None:
    scene = dataclasses.replace(SCENE, genre_names=(), genre_weights=np.zeros((0, 2), np.float32))
    saved(tmp_path, scene)

    stored = scene_files.load(tmp_path)

    assert stored is not None
    assert same(stored.scene, scene)


def test_a_new_scene_replaces_the_old_one(tmp_path: Path) -> None:
    old = saved(tmp_path)

    new = saved(tmp_path, dataclasses.replace(SCENE, lists=99))

    assert new.version != old.version
    assert scene_files.current_version(tmp_path) == new.version
    assert len(list(tmp_path.iterdir())) == 2  # CURRENT and one version


def test_without_a_scene_there_is_none_and_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert scene_files.current_version(tmp_path / "nowhere") is None
    assert scene_files.load(tmp_path) is None
    assert not scene_files.remove(tmp_path / "nowhere")
    assert caplog.messages == []


def test_a_scene_can_be_removed(tmp_path: Path) -> None:
    saved(tmp_path)

    assert scene_files.remove(tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert scene_files.current_version(tmp_path) is None
    assert not scene_files.remove(tmp_path)


def gone(folder: Path) -> None:
    current(folder).unlink()


def garbled_pointer(folder: Path) -> None:
    (folder / "CURRENT").write_text("../elsewhere")


def pointer_of_no_text(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"\xff\x00")


def cut_off(folder: Path) -> None:
    current(folder).write_bytes(current(folder).read_bytes()[:-40])


def emptied(folder: Path) -> None:
    current(folder).write_bytes(b"")


def garbled(folder: Path) -> None:
    current(folder).write_bytes(b"\x00" * 500)


def a_single_array(folder: Path) -> None:
    with current(folder).open("wb") as file:
        np.save(file, np.zeros(3))


def changed(folder: Path, **parts: Any) -> None:
    with np.load(current(folder)) as content:
        arrays = dict(content)
    plain = json.loads(str(arrays["plain"]))
    plain |= {name: part for name, part in parts.items() if not isinstance(part, np.ndarray)}
    arrays |= {name: part for name, part in parts.items() if isinstance(part, np.ndarray)}
    with current(folder).open("wb") as file:
        np.savez(file, allow_pickle=False, **(arrays | {"plain": np.array(json.dumps(plain))}))


def older_format(folder: Path) -> None:
    changed(folder, format=[0])


def json_of_another_kind(folder: Path) -> None:
    changed(folder, plain=np.array("[]"))
    with np.load(current(folder)) as content:
        arrays = dict(content) | {"plain": np.array("[]")}
    with current(folder).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def vectors_of_another_number(folder: Path) -> None:
    changed(folder, vectors=np.zeros((4, 2), np.float32))


def weights_of_another_width(folder: Path) -> None:
    changed(folder, weights=np.zeros((7, 3), np.float32))


@pytest.mark.parametrize(
    "damage",
    [
        gone,
        garbled_pointer,
        pointer_of_no_text,
        cut_off,
        emptied,
        garbled,
        a_single_array,
        older_format,
        json_of_another_kind,
        vectors_of_another_number,
        weights_of_another_width,
    ],
)
def test_a_damaged_or_foreign_scene_is_none_and_the_log_says_what_to_do(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    saved(tmp_path)
    damage(tmp_path)

    with caplog.at_level(logging.WARNING):
        assert scene_files.load(tmp_path) is None

    assert "bside scene train" in caplog.text

    saved(tmp_path)
    assert scene_files.load(tmp_path) is not None
    assert len(list(tmp_path.iterdir())) == 2


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255))
def test_one_wrong_byte_anywhere_is_never_a_crash(tmp_path: Path, place: float, byte: int) -> None:
    saved(tmp_path)
    content = bytearray(current(tmp_path).read_bytes())
    content[int(place * len(content))] ^= byte
    current(tmp_path).write_bytes(content)

    stored = scene_files.load(tmp_path)

    assert stored is None or same(stored.scene, SCENE)


def test_a_scene_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    mark = saved(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(OSError, match="file"):
        saved(blocked)

    stored = scene_files.load(tmp_path)
    assert stored is not None
    assert stored.mark == mark
    assert scene_files.current_version(blocked) is None


def test_a_pointer_that_cannot_be_replaced_leaves_nothing_over(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()

    with pytest.raises(OSError, match="CURRENT"):
        saved(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


def test_the_scene_lives_beside_its_database() -> None:
    assert scene_files.scene_folder(Path("/srv/bside.db")) == Path("/srv/bside.db.scene")


def test_however_a_scene_is_broken_it_is_as_it_was_or_not_used(tmp_path: Path) -> None:
    saved(tmp_path)
    file, rng = current(tmp_path), random.Random(1)  # noqa: S311
    good = file.read_bytes()
    for _ in range(300):
        file.write_bytes(broken(good, rng))
        held = scene_files.load(tmp_path)
        assert held is None or same(held.scene, SCENE)


def test_a_scene_with_endless_facts_is_not_used(tmp_path: Path) -> None:
    saved(tmp_path)
    arrays = dict(np.load(current(tmp_path)))
    np.savez(current(tmp_path), **{**arrays, "plain": np.array("[" * 200_000)})

    assert scene_files.load(tmp_path) is None


@pytest.mark.parametrize(
    "weights", [np.ones((2, 2, 3), np.float32), np.full((2, 2, 4), np.nan, np.float32)]
)
def test_weights_that_do_not_fit_are_not_used(
    tmp_path: Path, weights: np.ndarray[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    saved(tmp_path, dataclasses.replace(SCENE, part_weights=weights))

    assert scene_files.load(tmp_path) is None
    assert "its weights do not fit the score" in caplog.text
