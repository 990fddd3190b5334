"""Gathers lists as rows of the catalogue, in little memory: a track is a number as soon as read."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.scene import session_numbers
from bot.services.catalog import Seed, resolve
from bot.services.scene.pieces import ListenPiece, PlaylistPiece, WrittenTrack
from bot.services.scene.sampling import Sampled
from bot.store.engine import Database

EXAMPLES: Final = 5
"""The most unknown tracks that are named as examples."""
_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Lists and sessions, and how much of them the catalogue knows."""

    lists: tuple[NDArray[np.int64], ...]
    """Catalogue rows, every row once, of each list and session with two known rows at least."""
    playlists: int
    """Lists that were read."""
    sessions: int
    """Sessions that the listens make."""
    entries: int
    """Lines of tracks and listens that were read."""
    skipped: int
    """Lines that are no listens."""
    known_tracks: int
    """Different tracks, as they were written, that are in the catalogue."""
    unknown_tracks: int
    examples: tuple[str, ...]
    """The first few that are not."""
    sampled: Sampled | None = None
    """What was taken of dumps; its sessions stand among the lists."""


class Gatherer:
    """Takes pieces, one after the other; afterwards says what they are together."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog
        self._rows: dict[int, int] = {}
        self._examples: list[str] = []
        self._playlists = self._entries = self._skipped = 0
        self._of_dumps: tuple[NDArray[np.int64], ...] = ()
        self._sampled: Sampled | None = None
        self._owners: list[NDArray[np.int64]] = []
        self._members: list[NDArray[np.int32]] = []
        self._listeners: dict[str, int] = {}
        self._listened: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]] = []

    async def add(self, piece: PlaylistPiece | ListenPiece) -> None:
        """Take one more piece."""
        rows = await self._resolved(piece.tracks)
        self._entries += len(rows)
        if isinstance(piece, PlaylistPiece):
            self._owners.append(np.array(piece.owners, np.int64) + self._playlists)
            self._members.append(rows)
            self._playlists += piece.lists
            return
        numbers = self._listeners
        who = (numbers.setdefault(name, len(numbers)) for name in piece.listeners)
        listeners = np.fromiter(who, np.int32, len(rows))
        self._listened.append((listeners, np.array(piece.times_s, np.int64), rows))
        self._skipped += piece.skipped

    def add_sampled(self, lists: tuple[NDArray[np.int64], ...], sampled: Sampled) -> None:
        """Take what was taken of dumps."""
        self._of_dumps = lists
        self._sampled = sampled

    def gathered(self) -> Gathered:
        """Return everything that was taken; listens are cut into sessions only now."""
        owners, members = list(self._owners), list(self._members)
        sessions = 0
        if self._listened:
            listeners, times, rows = map(np.concatenate, zip(*self._listened, strict=True))
            numbers = session_numbers(listeners, times)
            sessions = int(numbers.max(initial=-1)) + 1
            owners.append(numbers + self._playlists)
            members.append(rows)
        known = sum(row != _UNKNOWN for row in self._rows.values())
        return Gathered(
            lists=(*_lists(owners, members), *self._of_dumps),
            playlists=self._playlists,
            sessions=sessions,
            entries=self._entries,
            skipped=self._skipped,
            known_tracks=known,
            unknown_tracks=len(self._rows) - known,
            examples=tuple(self._examples),
            sampled=self._sampled,
        )

    async def _resolved(self, tracks: Sequence[WrittenTrack]) -> NDArray[np.int32]:
        """Return the catalogue row of every track; only those not met before are looked up."""
        keys = [_key(track) for track in tracks]
        new = {key: track for key, track in zip(keys, tracks, strict=True) if key not in self._rows}
        seeds = [Seed("", *track) for track in new.values()]
        found = await resolve(self._database, self._catalog, seeds) if seeds else []
        for key, seed, row in zip(new, seeds, found, strict=True):
            self._rows[key] = _UNKNOWN if row is None else row
            if row is None and len(self._examples) < EXAMPLES:
                self._examples.append(str(seed))
        return np.fromiter((self._rows[key] for key in keys), np.int32, len(keys))


def _key(track: WrittenTrack) -> int:
    """Return 8 bytes of a hash: the text itself would take several times the memory."""
    text = "\x1f".join(part or "" for part in track)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _lists(
    owners: Sequence[NDArray[np.int64]], members: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.int64], ...]:
    """Return the different known rows of every owner that has two, ascending."""
    if not owners:
        return ()
    owner, row = np.concatenate(owners), np.concatenate(members)
    owner, row = owner[row != _UNKNOWN], row[row != _UNKNOWN].astype(np.int64)
    order = np.lexsort((row, owner))
    owner, row = owner[order], row[order]
    first = np.ones(len(row), np.bool_)
    first[1:] = (owner[1:] != owner[:-1]) | (row[1:] != row[:-1])
    owner, row = owner[first], row[first]
    cuts = np.flatnonzero(owner[1:] != owner[:-1]) + 1
    return tuple(one for one in np.split(row, cuts) if len(one) > 1)
