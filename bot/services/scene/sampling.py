"""Puts listens of dumps aside by listener, and takes a fair part of their sessions.

More than a few hundred thousand sessions teach little more: the time to learn grows with them, and
so does the memory. So everybody's first session comes before anybody's second, in an order that
hashes choose: the same dumps give the same sessions. Who listened is known only meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.scene import session_numbers
from bot.services.catalog import MANY, Keys, Listens, Rows, Shuffle, places_in

SESSIONS: Final = 200_000
"""At most so many are learned from. Their vectors take 200 MB."""
LONGEST: Final = 100
"""So many songs of a session count, the first ones: radio may play for days."""
ASIDE: Final = 64_000_000
"""Once so many listens lie aside, only every second week of a listener goes on to, and so on."""
_WEEK_S: Final = 7 * 24 * 3600
_ROUNDS: Final = 0xFFFF


@dataclass(slots=True)
class Sampled:
    """What was read of dumps, and taken."""

    listens: int = 0
    """That were looked at: all of them, or those of some weeks of each listener."""
    known: int = 0
    """Of these, listens to what the catalogue holds."""
    sessions: int = 0
    """With two known tracks at least."""
    taken: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class KnownRows:
    """Which recording is which row of the catalogue."""

    keys: Keys
    """Ascending."""
    rows: NDArray[np.int64]

    def of(self, recordings: Keys) -> NDArray[np.int64]:
        """Return the row of each recording; -1: none."""
        places = places_in(self.keys, recordings)
        return np.where(places >= 0, self.rows[np.maximum(places, 0)] if len(self.rows) else -1, -1)


class ByListener:
    """Puts aside who listened to what, and when: at most some gigabytes."""

    name = "listeners"
    fields: Final = [("time", "<u4"), ("recording", "<u8")]
    bits = MANY

    def put(self, listens: Listens, shuffle: Shuffle) -> None:
        """Put some listens aside; those whose time nobody knows are in no session."""
        keep = (listens.times_s > 0) & (listens.times_s <= 0xFFFF_FFFF)
        who = _mixed(listens.users.astype(np.uint64))
        keep &= _is_chosen(who, listens.times_s, shuffle.rows // ASIDE)
        rows = np.empty(int(keep.sum()), shuffle.dtype)
        rows["key"], rows["time"] = who[keep], listens.times_s[keep]
        rows["recording"] = listens.recordings[keep]
        shuffle.add(rows)


def sampled(
    parts: Iterable[Rows], known: KnownRows, *, halved: int = 0, most: int = SESSIONS
) -> tuple[tuple[NDArray[np.int64], ...], Sampled]:
    """Return the rows of the catalogue in each session that is taken, each row once.

    Args:
        parts: as `ByListener` put them aside.
        halved: how often the weeks that count were halved meanwhile.
        most: so many sessions are taken.
    """
    found = Sampled()
    kept = _Kept(most)
    for part in parts:
        rows = part[_is_chosen(part["key"], part["time"].astype(np.int64), halved)]
        rows = rows[np.lexsort((rows["time"], rows["key"]))]
        owner = session_numbers(rows["key"], rows["time"].astype(np.int64))
        row = known.of(rows["recording"])
        found.listens += len(rows)
        found.known += int((row >= 0).sum())
        starts = np.searchsorted(owner, np.arange(owner.max(initial=-1) + 1))
        listener, began = rows["key"][starts], rows["time"][starts]
        owner, row = _shortened(owner[row >= 0], row[row >= 0])
        usable, owner = np.unique(owner, return_inverse=True)
        found.sessions += len(usable)
        turns = _turns(listener[usable], began[usable])
        soon = turns < kept.limit
        owner, row = owner[soon[owner]], row[soon[owner]]
        kept.add(turns[soon], np.split(row, np.flatnonzero(np.diff(owner)) + 1) if len(row) else [])
    lists = kept.lists()
    found.taken = len(lists)
    return lists, found


class _Kept:
    """The sessions whose turn comes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.limit = np.uint64(2**64 - 1)
        """Whose turn comes later is not kept."""
        self._turns = np.empty(0, np.uint64)
        self._lists: list[NDArray[np.int64]] = []

    def add(self, turns: NDArray[np.uint64], lists: list[NDArray[np.int64]]) -> None:
        self._turns = np.concatenate([self._turns, turns])
        self._lists += [one.astype(np.int32) for one in lists]
        if len(self._lists) > 2 * self._most:
            self._cut()

    def lists(self) -> tuple[NDArray[np.int64], ...]:
        self._cut()
        return tuple(one.astype(np.int64) for one in self._lists)

    def _cut(self) -> None:
        first = np.argsort(self._turns, kind="stable")[: self._most]
        self._turns = self._turns[first]
        self._lists = [self._lists[place] for place in first.tolist()]
        if len(first) == self._most:
            self.limit = self._turns[-1]


def _is_chosen(
    who: NDArray[np.uint64], times_s: NDArray[np.int64], halved: int
) -> NDArray[np.bool_]:
    """Return which listens lie in a week of their listener that counts."""
    week = (times_s // _WEEK_S).astype(np.uint64)
    return (
        np.asarray(_mixed(who ^ _mixed(week)) >> np.uint64(64 - halved) == 0)
        if halved
        else (np.ones(len(who), np.bool_))
    )


def _shortened(
    owner: NDArray[np.int64], row: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each row of a session once, ascending, of those with two or more; `LONGEST` count."""
    pairs = owner * (row.max(initial=0) + 1) + row
    first = np.sort(np.unique(pairs, return_index=True)[1])
    owner, row = owner[first], row[first]
    starts = np.searchsorted(owner, owner)
    keep = np.arange(len(owner)) - starts < LONGEST
    owner, row = owner[keep], row[keep]
    several = np.bincount(owner, minlength=1)[owner] > 1
    owner, row = owner[several], row[several]
    order = np.lexsort((row, owner))
    return owner[order], row[order]


def _turns(listener: NDArray[np.uint64], began: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return when the turn of each session comes, the lowest first."""
    chance = _mixed(listener ^ _mixed(began.astype(np.uint64)))
    order = np.lexsort((chance, listener))
    sorted_ = listener[order]
    rounds = np.empty(len(order), np.uint64)
    rounds[order] = np.arange(len(order)) - np.searchsorted(sorted_, sorted_)
    return (np.minimum(rounds, np.uint64(_ROUNDS)) << np.uint64(48)) | (chance >> np.uint64(16))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers that look like chance: SplitMix64 (Steele, Lea & Flood, 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
