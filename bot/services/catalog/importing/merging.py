"""Decides which rows of a chunk are the same recording, exactly as if rows came one by one.

A row belongs to the track that has its ISRC, else its MBID, else its Spotify id (and so on down
`NAMESPACES`), else to the first track of the same recording key (title, artist, version) whose
duration is within 3 s or unknown on either side. Else it is a new track. A title that many pieces
share ("Intro") needs both durations, within half a second, or none. A track of unknown
duration takes the first known one. Ids never move from one track to another. From this follows
that the second import of a file finds every row at the track where the first left it.

Most rows share nothing with any other: they are new without asking. Only the rest is walked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import polars as pl

from bot.core.catalog import SEPARATOR, is_shared_title
from bot.services.catalog.importing.layouts import NAMESPACES
from bot.store.catalog_memory import Found

SAME_RECORDING_MS: Final = 3_000
SAME_PIECE_MS: Final = 500
"""For titles that an artist gives to many pieces: "Intro"."""


@dataclass(slots=True)
class Known:
    """What the catalogue already holds of the ids and recording keys of a chunk."""

    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    leaders: dict[str, list[int]] = field(default_factory=dict)
    """Recording key → its tracks in the order of their ids."""
    durations: dict[int, int | None] = field(default_factory=dict)
    """Of every track named above."""

    @classmethod
    def of(cls, found: Found) -> Self:
        """Take over what was looked up."""
        known = cls()
        for namespace, value, track, duration in found.ids.iter_rows():
            known.ids[namespace, value] = track
            known.durations[track] = duration
        for key, track, duration in found.leaders.iter_rows():
            known.leaders.setdefault(key, []).append(track)
            known.durations[track] = duration
        return known


@dataclass(frozen=True, slots=True)
class Merged:
    """The rows with their track; what happened to them is counted by row."""

    frame: pl.DataFrame
    """The rows that belong to a track, in their order, with `track_id`."""
    new: int
    merged: int
    known: int
    unplaced: pl.DataFrame
    """Rows that name a track by an id nobody has, in a table that cannot make tracks."""


def id_place(namespace: str) -> str:
    """Return the column of cleaned rows that holds their id of a namespace."""
    return namespace if namespace in NAMESPACES else f"id_{namespace}"


def shared_rows(frame: pl.DataFrame, namespaces: Sequence[str] = NAMESPACES) -> pl.Series:
    """Mark the rows that share an id or a recording key with another row of the chunk."""
    places = map(id_place, namespaces)
    shares = [pl.col(name).is_not_null() & pl.col(name).is_duplicated() for name in places]
    if "recording_key" in frame.columns:
        shares.append(pl.col("recording_key").is_duplicated())
    return frame.select(pl.any_horizontal(shares)).to_series()


def assign_tracks(
    frame: pl.DataFrame,
    walk: pl.Series,
    known: Known,
    *,
    next_id: int,
    namespaces: Sequence[str] = NAMESPACES,
) -> Merged:
    """Give every row its track; new tracks are numbered in the order of their first rows.

    Args:
        frame: cleaned rows, in order.
        walk: marks the rows that may share a track with others (of the chunk or the catalogue);
            all others are new.
        known: what the catalogue holds of the marked rows' ids and keys; it is added to.
        next_id: the id of the first new track.
        namespaces: whose ids the rows have; the first decides first.
    """
    places = walk.arg_true()
    can_create = "recording_key" in frame.columns
    names = [*map(id_place, namespaces), *(["recording_key"] if can_create else [])]
    rows = frame[places].select(*names, "duration_ms").rows() if len(places) else []
    tracks, matched = _walk(rows, places.to_list(), known, namespaces, can_create=can_create)

    numbered = frame.with_columns(
        pl.int_range(pl.len()).cast(pl.Int64).alias("place"),
        pl.lit(None, dtype=pl.Int64).alias("track_id"),
    )
    # A provisional track is the negative of its first row, minus one; untouched rows are their own.
    given = pl.Series(tracks, dtype=pl.Int64)
    everyone = (-1 - numbered["place"]) if can_create else numbered["track_id"]
    if len(places):
        everyone = everyone.scatter(places, given)
    numbered = numbered.with_columns(everyone.alias("track_id"))
    is_leader = (numbered["track_id"] == -1 - numbered["place"]).fill_null(value=False)
    new_ids = is_leader.cast(pl.Int64).cum_sum() + (next_id - 1)
    final = numbered["track_id"]
    provisional = (final < 0).fill_null(value=False)
    leaders_of = (-1 - final).clip(0, max(frame.height - 1, 0)).fill_null(0)
    resolved = new_ids.gather(leaders_of) if frame.height else new_ids
    final = pl.select(pl.when(provisional).then(resolved).otherwise(final)).to_series()
    placed = numbered.with_columns(final.alias("track_id")).drop("place")
    unplaced = placed.filter(pl.col("track_id").is_null())
    new = int(is_leader.sum())
    by_recording = matched.count("recording")
    return Merged(
        placed.filter(pl.col("track_id").is_not_null()),
        new=new,
        merged=by_recording,
        known=matched.count("id"),
        unplaced=unplaced,
    )


def _walk(
    rows: list[tuple[object, ...]],
    places: list[int],
    known: Known,
    namespaces: Sequence[str],
    *,
    can_create: bool,
) -> tuple[list[int | None], list[str]]:
    """Place rows one by one; return their tracks and how each was found."""
    tracks: list[int | None] = []
    matched = []
    for place, row in zip(places, rows, strict=True):
        *values, duration = row
        key = str(values.pop()) if can_create else ""
        ids = [(name, str(value)) for name, value in zip(namespaces, values, strict=True) if value]
        length = duration if isinstance(duration, int) else None
        track = next((known.ids[one] for one in ids if one in known.ids), None)
        how = "id"
        if track is None and can_create:
            track, how = by_recording(known, key, length), "recording"
            if track is None:
                track, how = -1 - place, "new"
                known.leaders.setdefault(key, []).append(track)
                known.durations[track] = length
        tracks.append(track)
        if track is None:
            matched.append("nothing")
            continue
        matched.append(how)
        for one in ids:
            known.ids.setdefault(one, track)
        if known.durations.get(track) is None:
            known.durations[track] = length
    return tracks, matched


def by_recording(known: Known, key: str, length: int | None) -> int | None:
    """Return the first track of a recording key whose duration may be this one."""
    tracks = known.leaders.get(key, ())
    shared = bool(tracks) and is_shared_title(key.partition(SEPARATOR)[0])
    for track in tracks:
        other = known.durations.get(track)
        if length is None or other is None:
            if not shared or length == other:
                return track
        elif abs(length - other) <= (SAME_PIECE_MS if shared else SAME_RECORDING_MS):
            return track
    return None
