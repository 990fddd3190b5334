"""Reads listens of ListenBrainz, and counts how many people play a recording, and how often."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Final, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.services.catalog.open_data.recordings import Keys, Redirects, keys_of
from bot.services.catalog.open_data.shuffling import MANY, Kind, Rows, Shuffle
from bot.sources.listenbrainz.parsing import read_listen

FIELDS: Final = [("user", "<u4"), ("times", "<u4")]
_COLUMNS: Final = ("recording_mbid", "user_id")
_TIME: Final = "listened_at"
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


@dataclass(frozen=True, slots=True, eq=False)
class Listens:
    """Some listens of recordings that are known."""

    recordings: Keys
    users: NDArray[np.uint32]
    times_s: NDArray[np.int64]
    """When each began, in Unix seconds; 0: nobody knows."""


class Aside(Kind, Protocol):
    """What is put aside of listens."""

    def put(self, listens: Listens, shuffle: Shuffle) -> None:
        """Put some listens aside."""


class ByRecording:
    """Puts aside who plays a recording, and how often."""

    name = "plays"
    fields = FIELDS
    bits = MANY

    def put(self, listens: Listens, shuffle: Shuffle) -> None:
        """Put some listens aside, those of one person once."""
        order = np.lexsort((listens.users, listens.recordings))
        number, user = listens.recordings[order], listens.users[order]
        first = _firsts(number, user)
        rows = np.empty(len(first), shuffle.dtype)
        rows["key"], rows["user"] = number[first], user[first]
        rows["times"] = np.diff(np.append(first, len(number)))
        shuffle.add(rows)


def take_parquet(
    path: Path, redirects: Redirects, counted: Counted, put: Callable[[Listens], None]
) -> bool:
    """Hand on the listens of a parquet file; False: it holds none.

    Raises:
        polars.exceptions.PolarsError: it is damaged.
    """
    schema = pl.read_parquet_schema(path)
    if not set(_COLUMNS) <= set(schema):
        return False
    columns = [*_COLUMNS, *({_TIME} & set(schema))]
    frame = pl.read_parquet(path, columns=columns)
    users = frame["user_id"].cast(pl.Int64, strict=False).fill_null(0).cast(pl.UInt32, strict=False)
    times = frame[_TIME] if _TIME in columns else pl.repeat(0, frame.height, eager=True)
    if times.dtype.is_temporal():
        times = times.cast(pl.Datetime("us")).dt.epoch("s")
    _hand_on(
        keys_of(frame["recording_mbid"]),
        users.fill_null(0),
        times.cast(pl.Int64, strict=False).fill_null(0),
        redirects,
        counted,
        put,
    )
    return True


def take_lines(
    stream: IO[bytes], redirects: Redirects, counted: Counted, put: Callable[[Listens], None]
) -> None:
    """Hand on listens that are JSON, one on each line."""
    read: list[tuple[str | None, int, int]] = []
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
        who = _user(row.get("user_id") or row.get("user_name"))
        read.append((listen.mbid, who, int(listen.at.timestamp())))
        if len(read) == _LINES:
            _hand_on_lines(read, redirects, counted, put)
            read = []
    _hand_on_lines(read, redirects, counted, put)


def _user(who: Any) -> int:
    if isinstance(who, int):
        return who & 0xFFFF_FFFF
    return int.from_bytes(blake2b(str(who).encode(), digest_size=4).digest())


def _hand_on_lines(
    read: list[tuple[str | None, int, int]],
    redirects: Redirects,
    counted: Counted,
    put: Callable[[Listens], None],
) -> None:
    columns = {"mbid": pl.String, "user": pl.UInt32, "time": pl.Int64}
    frame = pl.DataFrame(read, schema=columns, orient="row")
    _hand_on(keys_of(frame["mbid"]), frame["user"], frame["time"], redirects, counted, put)


def _hand_on(
    keys: pl.Series,
    users: pl.Series,
    times: pl.Series,
    redirects: Redirects,
    counted: Counted,
    put: Callable[[Listens], None],
) -> None:
    known = keys.is_not_null()
    counted.listens += len(keys)
    counted.unmapped += len(keys) - int(known.sum())
    number = redirects.followed(keys.filter(known).to_numpy())
    put(Listens(number, users.filter(known).to_numpy(), times.filter(known).to_numpy()))


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
