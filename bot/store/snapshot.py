"""The catalogue as memory-mapped files beside the database.

`<database file>.snapshot/` holds a folder per version (see `versions`) with an .npy file per array
and `catalog.json`, which holds the digest of each. The snapshot can always be made again: whatever
is wrong with it, `load` says None and it is rebuilt.
"""

import json
import logging
import os
import re
import uuid
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.core.catalog import (
    ARTIST_SHRINKAGE,
    AXIS_WEIGHTS,
    FEATURES,
    FEW_VALUES,
    KEYS,
    QUANTILES,
    SCENE_WIDTH,
    WIDTH,
    Catalog,
)
from bot.core.scene import PREDICTION_DOUBT, PRIOR_SHARE
from bot.store import versions
from bot.store.columns import CatalogMark

log = logging.getLogger(__name__)

_NAMED: Final = re.compile(r"v(\d+)-")
FORMAT: Final = 13
"""Counted up when the meaning of the files changes."""
_PLAIN: Final = (
    "version",
    "built_version",
    "built_size",
    "genre_names",
    "source_names",
    "scene_version",
)
_ARRAYS: Final = tuple(field.name for field in fields(Catalog) if field.name not in _PLAIN)


def snapshot_folder(database_file: Path) -> Path:
    """Return where the snapshot of a database lives."""
    return database_file.with_name(database_file.name + ".snapshot")


def save(folder: Path, catalog: Catalog) -> None:
    """Write a catalogue as the current snapshot and remove older ones.

    Raises:
        OSError: it cannot be written; the former snapshot still counts, and nothing is left over.
    """
    name = f"v{catalog.version}-{uuid.uuid4().hex[:12]}"
    versions.publish(folder / name, lambda home: _write(home, catalog), pattern="v*")


def load(folder: Path) -> Catalog | None:
    """Map the current snapshot into memory; None when missing, damaged or of another format.

    All of it is read once: a place in an array that is no place any more would be found out by
    whoever asks for music. It takes a third of a second for a million tracks.
    """
    try:
        home = folder / versions.current(folder)
        plain = json.loads(versions.read_sealed(home / "catalog.json"))
        if plain["format"] != _format():
            log.info("the catalogue snapshot is of another format and is made again")
            return None
        arrays = {name: _mapped(home / f"{name}.npy", plain["arrays"][name]) for name in _ARRAYS}
        return Catalog(
            version=int(plain["version"]),
            built_version=int(plain["built_version"]),
            built_size=int(plain["built_size"]),
            genre_names=tuple(plain["genre_names"]),
            source_names=tuple(plain["source_names"]),
            scene_version=str(plain["scene_version"]),
            **arrays,
        )
    except FileNotFoundError:
        log.info("there is no catalogue snapshot yet")
    except versions.DAMAGE as error:
        log.warning("the catalogue snapshot is damaged and is made again: %s", error)
    return None


def version_there(folder: Path) -> int | None:
    """Return the version of the catalogue whose snapshot counts; None when none does."""
    try:
        found = _NAMED.match(versions.current(folder))
    except (OSError, ValueError):
        return None
    return None if found is None else int(found[1])


def mark(catalog: Catalog) -> CatalogMark:
    """Return the stamp of the database that this catalogue belongs to."""
    last = int(catalog.track_ids[-1]) if len(catalog) else 0
    return CatalogMark(catalog.version, len(catalog), last)


def _format() -> list[Any]:
    """Return what a snapshot must agree with: arrays built by other weights mean something else."""
    scene = [PRIOR_SHARE, PREDICTION_DOUBT]
    weights = [AXIS_WEIGHTS.tolist(), ARTIST_SHRINKAGE, FEW_VALUES, *scene]
    return [FORMAT, KEYS, list(FEATURES), *weights, QUANTILES, WIDTH, SCENE_WIDTH]


def _write(home: Path, catalog: Catalog) -> None:
    home.mkdir()
    shapes = {}
    for name in _ARRAYS:
        array: np.ndarray[Any, Any] = getattr(catalog, name)
        with (home / f"{name}.npy").open("wb") as file:
            np.save(file, array)
            file.flush()
            os.fsync(file.fileno())
        shapes[name] = [str(array.dtype), list(array.shape), versions.digest(home / f"{name}.npy")]
    plain = {
        "format": _format(),
        "version": catalog.version,
        "built_version": catalog.built_version,
        "built_size": catalog.built_size,
        "genre_names": catalog.genre_names,
        "source_names": catalog.source_names,
        "scene_version": catalog.scene_version,
        "arrays": shapes,
    }
    versions.write_sealed(home / "catalog.json", json.dumps(plain))


def _mapped(path: Path, told: list[Any]) -> np.ndarray[Any, Any]:
    kind, shape, digest = told
    if versions.digest(path) != digest:
        raise ValueError(f"{path.name} is damaged")
    empty = 0 in shape  # an empty file cannot be mapped
    array: np.ndarray[Any, Any] = np.load(
        path, mmap_mode=None if empty else "r", allow_pickle=False
    )
    if [str(array.dtype), list(array.shape)] != [kind, shape]:
        raise ValueError(f"{path.name} is {array.dtype} {array.shape}, not {kind} {shape}")
    return np.asarray(array)  # each slice of a memmap costs more than the slice
