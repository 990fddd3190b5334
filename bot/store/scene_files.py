"""The scene as a file beside the database.

`<database file>.scene/` holds an .npz per version (see `versions`), with a checksum for each part.
What is of another format or damaged is not used: `load` says None and logs why.
"""

import json
import logging
import os
import re
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.core.catalog import (
    ARTIST_SHRINKAGE,
    AXIS_WEIGHTS,
    CROWDING_DIALS,
    FEATURES,
    PLAIN,
    QUANTILES,
)
from bot.core.scene import Crowding, Scene
from bot.store import versions

log = logging.getLogger(__name__)

FORMAT: Final = 4
"""Counted up when the meaning of the file changes."""
_ARRAYS: Final = (
    "song_ids", "vectors", "weights", "genre_weights", "song_lists", "artist_lists",
    "part_weights",
)  # fmt: skip
_CROWDING: Final = ("crowding_songs", "crowding_prices")
_PLAIN: Final = "plain"
_PATTERN: Final = "*.npz"
_ZIP: Final = b"PK\x03\x04"
_VERSION: Final = re.compile(r"[0-9a-f]{32}")
_AGAIN: Final = "train it again: bside scene train PATH…"


@dataclass(frozen=True, slots=True)
class SceneMark:
    """What a scene was learned from, when, and how large it is."""

    version: str
    trained_at: datetime
    files: tuple[str, ...]
    """The names of the files it was learned from."""
    lists: int
    songs: int
    """How many songs have a vector of their own."""
    dimensions: int
    fit: float
    """`Scene.fit`."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredScene:
    """A scene with its mark."""

    mark: SceneMark
    scene: Scene


def scene_folder(database_file: Path) -> Path:
    """Return where the scene of a database lives."""
    return database_file.with_name(database_file.name + ".scene")


def current_version(folder: Path) -> str | None:
    """Return the current version; None when there is none, or CURRENT is damaged.

    Cheap (it reads one small file) and never logs, so it may be called often.
    """
    try:
        version = versions.current(folder)
    except (OSError, ValueError):
        return None
    return version if _VERSION.fullmatch(version) else None


def save(folder: Path, scene: Scene, *, trained_at: datetime, files: tuple[str, ...]) -> SceneMark:
    """Write a scene as the current one and remove older ones.

    Raises:
        OSError: it cannot be written; the former scene still counts, and nothing is left over.
    """
    version = uuid.uuid4().hex
    mark = SceneMark(
        version=version,
        trained_at=trained_at,
        files=files,
        lists=scene.lists,
        songs=len(scene.song_ids),
        dimensions=scene.dimensions,
        fit=scene.fit,
    )
    versions.publish(
        _file(folder, version), lambda path: _write(path, mark, scene), pattern=_PATTERN
    )
    return mark


def load(folder: Path) -> StoredScene | None:
    """Read the current scene; None when missing, damaged or of another format."""
    while (version := current_version(folder)) is not None:
        try:
            return _read(_file(folder, version))
        except versions.DAMAGE as error:
            if current_version(folder) == version:  # else another was trained just now
                log.warning("the scene is not used, %s (%s)", _AGAIN, error)
                return None
    if versions.is_there(folder):
        log.warning("the scene is not used, %s (CURRENT is damaged)", _AGAIN)
    return None


def remove(folder: Path) -> bool:
    """Remove the scene, damaged or not; return whether there was one.

    Raises:
        OSError: it cannot be removed.
    """
    return versions.remove(folder, pattern=_PATTERN)


def _file(folder: Path, version: str) -> Path:
    return folder / f"{version}.npz"


def _format() -> list[Any]:
    """Return what a scene must agree with: it predicts from levels and contexts made like this."""
    return [FORMAT, list(FEATURES), AXIS_WEIGHTS.tolist(), ARTIST_SHRINKAGE, QUANTILES]


def _write(path: Path, mark: SceneMark, scene: Scene) -> None:
    plain = {
        "format": _format(),
        **asdict(mark),
        "trained_at": mark.trained_at.isoformat(),
        "genre_names": scene.genre_names,
    }
    arrays = {name: getattr(scene, name) for name in _ARRAYS}
    arrays |= dict(zip(_CROWDING, (scene.crowding.song_ids, scene.crowding.prices), strict=True))
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{_PLAIN: np.array(json.dumps(plain))}, **arrays)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> StoredScene:
    with path.open("rb") as file:
        if file.peek(4)[:4] != _ZIP:
            raise ValueError("its file is damaged")
        with np.load(file, allow_pickle=False) as content:
            plain = json.loads(str(content[_PLAIN]))
            if plain["format"] != _format():
                raise ValueError("it is of another version of the bot")
            arrays = {name: content[name] for name in _ARRAYS}
            crowding = Crowding(*(content[name] for name in _CROWDING))
    mark = SceneMark(
        version=str(plain["version"]),
        trained_at=datetime.fromisoformat(plain["trained_at"]),
        files=tuple(plain["files"]),
        lists=int(plain["lists"]),
        songs=int(plain["songs"]),
        dimensions=int(plain["dimensions"]),
        fit=float(plain["fit"]),
    )
    if mark.version != path.stem:
        raise ValueError("its file has the name of another one")
    scene = Scene(
        genre_names=tuple(plain["genre_names"]),
        lists=mark.lists,
        fit=mark.fit,
        crowding=crowding,
        **arrays,
    )
    widths = {part.shape[1:] for part in (scene.vectors, scene.weights, scene.genre_weights)}
    lengths = (len(scene.vectors), len(scene.genre_weights))
    if widths != {(mark.dimensions,)} or lengths != (len(scene.song_ids), len(scene.genre_names)):
        raise ValueError("its parts do not fit together")
    if scene.part_weights.shape != (2, 2, len(PLAIN)) or not np.isfinite(scene.part_weights).all():
        raise ValueError("its weights do not fit the score")
    if crowding.prices.shape != (len(crowding.song_ids), len(CROWDING_DIALS)):
        raise ValueError("its prices do not fit the dial")
    return StoredScene(mark, scene)
