"""Chooses recordings of the canonical dump of MusicBrainz, with all that is known of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

import numpy as np
import polars as pl

from bot.core.catalog import Independence, parted
from bot.services.catalog.export_columns import ON_LABEL, SELF_RELEASED
from bot.services.catalog.importing.layouts import Layout
from bot.services.catalog.importing.records import Chunk
from bot.services.catalog.open_data.discogs import SOURCE
from bot.services.catalog.open_data.genres import Genres
from bot.services.catalog.open_data.plays import Plays
from bot.services.catalog.open_data.recordings import Redirects, keys_of, open_table, places_in
from bot.services.catalog.open_data.sounds import Sounds

_RELEASED: Final = {
    Independence.UNKNOWN: "",
    Independence.INDEPENDENT: SELF_RELEASED,
    Independence.ON_LABEL: ON_LABEL,
}
NEEDS: Final = ("recording_mbid", "recording_name", "artist_credit_name")
REDIRECTS: Final = ("recording_mbid", "canonical_recording_mbid")
_COLUMNS: Final = (
    "title", "artist", "album", "mbid", "listens", "tempo", "key", "mode", "danceability",
    "loudness", "genre", "released_by",
)  # fmt: skip
LAYOUT: Final = Layout(
    name="open data",
    columns={name: place for place, name in enumerate(_COLUMNS)},
    width=len(_COLUMNS),
    feature_source="acousticbrainz",
    popularity_source="listenbrainz",
    label_source=SOURCE,
)
"""How the chosen rows are read by what imports tables."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What other dumps say of recordings."""

    redirects: Redirects
    plays: Plays
    sounds: Sounds
    genres: Genres
    min_listeners: int


@dataclass(slots=True)
class Chosen:
    """How many recordings were taken, and why others were not."""

    rows: int = 0
    kept: int = 0
    with_genres: int = 0
    """Kept ones whose genres Discogs knows."""
    left: Counter[str] = field(default_factory=Counter)
    """By reason."""


def read_redirects(name: str, stream: IO[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """Return which recording stands for which, both as numbers."""
    old, new = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    _, pieces = open_table(name, stream)
    for frame, _ in pieces:
        pair = pl.DataFrame({column: keys_of(frame[column]) for column in REDIRECTS}).drop_nulls()
        old.append(pair[REDIRECTS[0]].to_numpy())
        new.append(pair[REDIRECTS[1]].to_numpy())
    return np.concatenate(old), np.concatenate(new)


def choose(
    name: str, stream: IO[bytes], known: Known, chosen: Chosen, *, after: int = 0
) -> Iterator[tuple[Chunk, int]]:
    """Yield the recordings to keep, piece by piece, as `LAYOUT` has them.

    Args:
        after: so many rows were done before.

    Yields:
        A piece, and how many rows are done with it.
    """
    _, pieces = open_table(name, stream)
    done = 0
    for frame, broken in pieces:
        rows = frame.height + broken
        done += rows
        if done <= after:
            continue
        chosen.rows += rows
        chosen.left["cut off"] += broken
        yield _piece(frame, known, chosen), done


def _piece(frame: pl.DataFrame, known: Known, chosen: Chosen) -> Chunk:
    keys = keys_of(frame["recording_mbid"])
    chosen.left["no MusicBrainz id"] += keys.null_count()
    numbers = keys.fill_null(0).to_numpy()
    is_one = keys.is_not_null().to_numpy()
    moved = known.redirects.moves(numbers) & is_one
    chosen.left["another edition of a recording"] += int(moved.sum())
    played = places_in(known.plays.keys, numbers)
    heard = places_in(known.sounds.keys, numbers)
    listeners = np.where(played >= 0, _at(known.plays.listeners, played), 0)
    wanted = (listeners >= known.min_listeners) | (heard >= 0)
    keep = is_one & ~moved & wanted
    chosen.left["too few listeners, and not measured"] += int((is_one & ~moved & ~wanted).sum())
    chosen.kept += int(keep.sum())
    rows = frame.filter(pl.Series(keep))
    played, heard, listeners = played[keep], heard[keep], listeners[keep]
    sounds = known.sounds
    artists = _artists(rows)
    genres, released = _genres(rows, artists, known.genres)
    chosen.with_genres += rows.height - int((genres == "").sum())
    columns = {
        "title": rows["recording_name"],
        "artist": artists,
        "album": rows["release_name"] if "release_name" in rows.columns else None,
        "mbid": rows["recording_mbid"],
        "listens": pl.Series(np.where(played >= 0, listeners, np.nan)),
        "tempo": _measured(sounds.tempo, heard),
        "key": _measured(sounds.pitch, heard),
        "mode": _measured(sounds.mode, heard),
        "danceability": _measured(sounds.danceability, heard),
        "loudness": _measured(sounds.loudness, heard),
        "genre": genres,
        "released_by": released,
    }
    shape = pl.DataFrame(
        {
            f"c{place}": columns[name]
            if columns[name] is not None
            else pl.repeat("", rows.height, dtype=pl.String, eager=True)
            for place, name in enumerate(_COLUMNS)
        }
    )
    numbered = pl.int_range(rows.height, dtype=pl.UInt32, eager=True).alias("row")
    return Chunk(shape.with_columns(numbered), [])


def _at(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    return values[np.maximum(places, 0)] if len(values) else np.zeros(len(places), values.dtype)


def _measured(values: np.ndarray, places: np.ndarray) -> pl.Series:
    found = _at(values, places).astype(np.float64)
    found[places < 0] = np.nan
    if values.dtype == np.int8:
        found[found < 0] = np.nan
    return pl.Series(found)


def _artists(rows: pl.DataFrame) -> pl.Series:
    """Return the credits, the artists of several parted by ";" where that is sure."""
    credit = rows["artist_credit_name"]
    if "artist_mbids" not in rows.columns:
        return credit
    several = rows["artist_mbids"].str.contains(",", literal=True).fill_null(value=False)
    places = several.arg_true()
    pairs = zip(credit.gather(places), rows["artist_mbids"].gather(places), strict=True)
    read = [";".join(parted(name or "", mbids.count(",") + 1)) for name, mbids in pairs]
    return credit.scatter(places, read) if len(places) else credit


def _genres(rows: pl.DataFrame, artists: pl.Series, known: Genres) -> tuple[pl.Series, pl.Series]:
    """Return the genres of each, by its first artist, and who released it."""
    if not len(known.keys):
        nothing = pl.repeat("", rows.height, dtype=pl.String, eager=True)
        return nothing, nothing
    first = [name.partition(";")[0] for name in artists.fill_null("").to_list()]
    titles = rows["recording_name"].fill_null("").to_list()
    albums = rows["release_name"] if "release_name" in rows.columns else None
    named = [""] * rows.height if albums is None else albums.fill_null("").to_list()
    places = known.places(titles, first, named)
    released = [_RELEASED[one] for one in known.released_at(places).tolist()]
    return pl.Series(known.written(places), dtype=pl.String), pl.Series(released, dtype=pl.String)
