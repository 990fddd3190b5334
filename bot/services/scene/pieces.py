"""What the readers hand on: tracks as they were written, and what they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

WrittenTrack: TypeAlias = tuple[str | None, str | None, str | None]
"""The id in a service (or a link to it), the artist and the title; None is not said."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaylistPiece:
    """Lists that stand in a file, each whole."""

    lists: int
    owners: Sequence[int]
    """The list of every track: 0 … lists - 1."""
    tracks: Sequence[WrittenTrack]


@dataclass(frozen=True, slots=True, eq=False)
class ListenPiece:
    """Some listens, in no order; sessions go on from piece to piece and from file to file."""

    listeners: Sequence[str]
    times_s: Sequence[int]
    """When each began, in Unix seconds."""
    tracks: Sequence[WrittenTrack]
    skipped: int
    """Lines between these that are no listen: without a time or without the track's names."""
