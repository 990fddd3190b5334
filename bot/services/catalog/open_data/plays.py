"""Counts how many people play a recording, and how often, from listens of ListenBrainz."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.services.catalog.open_data.recordings import Keys, Redirects, keys_of
from bot.services.catalog.open_data.shuffling import Rows, Shuffle
from bot.sources.listenbrainz.parsing import read_listen

FIELDS: Final = [("user", "<u4"), ("times", "<u4")]
_COLUMNS: Final = ("recording_mbid", "user_id")
_LINES: Final = 200_000
_LONGEST_LINE: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Plays:
    """How much recordings are played, ascending."""

    keys: Keys
    listeners: NDArray[np.uint32]
    """Different people."""
    listens: NDArray[np.uint64]


@dataclass(slots=True)
class Counted:
    """What was read of listens."""

    listens: int = 0
    unmapped: int = 0
    """Of no recording that is known."""
    unreadable: int = 0


def take_parquet(path: Path, shuffle: Shuffle, redirects: Redirects, counted: Counted) -> bool:
    """Put the listens of a parquet file aside; False: it holds none.

    Raises:
        polars.exceptions.PolarsError: it is damaged.
    """
    if not set(_COLUMNS) <= set(pl.read_parquet_schema(path)):
        return False
    frame = pl.read_parquet(path, columns=list(_COLUMNS))
    keys = keys_of(frame["recording_mbid"])
    users = frame["user_id"].cast(pl.Int64, strict=False).fill_null(0).cast(pl.UInt32, strict=False)
    _take(keys, users.fill_null(0), shuffle, redirects, counted)
    return True


def take_lines(stream: IO[bytes], shuffle: Shuffle, redirects: Redirects, counted: Counted) -> None:
    """Put listens aside that are JSON, one on each line."""
    mbids: list[str | None] = []
    users: list[int] = []
    for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
        if line.isspace():
            continue
        try:
            row: Any = json.loads(line)
        except (ValueError, RecursionError):
            counted.unreadable += 1
            continue
        listen = read_listen(row) if isinstance(row, dict) else None
        if listen is None:
            counted.unreadable += 1
            continue
        mbids.append(listen.mbid)
        users.append(_user(row.get("user_id") or row.get("user_name")))
        if len(mbids) == _LINES:
            _take_lists(mbids, users, shuffle, redirects, counted)
            mbids, users = [], []
    _take_lists(mbids, users, shuffle, redirects, counted)


def _user(who: Any) -> int:
    if isinstance(who, int):
        return who & 0xFFFF_FFFF
    return int.from_bytes(blake2b(str(who).encode(), digest_size=4).digest())


def _take_lists(
    mbids: list[str | None],
    users: list[int],
    shuffle: Shuffle,
    redirects: Redirects,
    counted: Counted,
) -> None:
    keys = keys_of(pl.Series(mbids, dtype=pl.String))
    _take(keys, pl.Series(users, dtype=pl.UInt32), shuffle, redirects, counted)


def _take(
    keys: pl.Series, users: pl.Series, shuffle: Shuffle, redirects: Redirects, counted: Counted
) -> None:
    known = keys.is_not_null()
    counted.listens += len(keys)
    counted.unmapped += len(keys) - int(known.sum())
    number = redirects.followed(keys.filter(known).to_numpy())
    user = users.filter(known).to_numpy()
    order = np.lexsort((user, number))
    number, user = number[order], user[order]
    first = _firsts(number, user)
    rows = np.empty(len(first), shuffle.dtype)
    rows["key"], rows["user"] = number[first], user[first]
    rows["times"] = np.diff(np.append(first, len(number)))
    shuffle.add(rows)


def _firsts(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """Return where in sorted columns another value begins."""
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.flatnonzero(new)


def count(parts: Iterator[Rows], *, least: int = 1) -> Plays:
    """Count the listeners of every recording that has `least` of them: each person once."""
    keys, listeners, listens = [], [], []
    for part in parts:
        rows = part[np.lexsort((part["user"], part["key"]))]
        if not len(rows):
            continue
        pairs = _firsts(rows["key"], rows["user"])
        recordings = _firsts(rows["key"])
        times = np.add.reduceat(rows["times"].astype(np.uint64), recordings)
        of_pairs = _firsts(rows["key"][pairs])
        people = np.diff(np.append(of_pairs, len(pairs))).astype(np.uint32)
        enough = people >= least
        keys.append(rows["key"][recordings][enough])
        listens.append(times[enough])
        listeners.append(people[enough])
    if not keys:
        return Plays(np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.uint64))
    return Plays(np.concatenate(keys), np.concatenate(listeners), np.concatenate(listens))
