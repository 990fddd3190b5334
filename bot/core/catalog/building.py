"""Raw columns turned into the space, all at once or track by track."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.fame import artist_fame, best_known_songs
from bot.core.catalog.gaussian import (
    QUANTILES,
    midranks,
    normal_quantile,
    place_in,
    quantile_table,
)
from bot.core.catalog.popularity import best_known, medians, placed, ranked
from bot.core.catalog.sketching import sketched
from bot.core.catalog.space import AXIS_WEIGHTS, FEATURES, MEASURES, Catalog, RawTracks
from bot.core.catalog.weights import shipped_weights
from bot.core.models import AudioFeatures

ARTIST_SHRINKAGE: Final = 3.0
"""Counts as if every artist had this many more tracks, all of them average."""

SMALLEST_NORM: Final = 0.5
"""A track nearer to the middle of everything has no direction of its own."""
_FELT: Final = (60.0, 180.0)
"""Beats per minute; a tempo outside is folded by an octave."""
_TEMPO, _KEY, _MODE = (MEASURES.index(name) for name in ("tempo", "key", "mode"))
_CIRCLE: Final = slice(FEATURES.index("key_cos"), FEATURES.index("key_sin") + 1)


def build_catalog(raw: RawTracks, *, version: int) -> Catalog:
    """Turn raw columns into the space, ranking every feature over all tracks."""
    coordinates = _coordinates(raw.audio, raw.years)
    tables = np.stack([quantile_table(column) for column in coordinates.T])
    tables[_CIRCLE] = np.nan
    gaussian = np.stack([normal_quantile(midranks(column)) for column in coordinates.T], axis=1)
    gaussian[:, _CIRCLE] = coordinates[:, _CIRCLE]
    shares, source_tables, counts = ranked(raw)
    catalog = Catalog(
        version=version,
        built_version=version,
        built_size=len(raw.track_ids),
        track_ids=raw.track_ids,
        artist_ids=raw.artist_ids,
        artist_keys=np.empty(0, np.int64),
        artist_index=np.empty(0, np.int32),
        song_ids=raw.song_ids,
        song_index=np.empty(0, np.int32),
        years=raw.years,
        popularity=medians(len(raw.track_ids), raw.popularity_rows, shares),
        fame=np.empty(0, np.float32),
        counted=np.empty(0, np.bool_),
        artist_fame=np.empty(0, np.float32),
        artist_counted=np.empty(0, np.bool_),
        artist_best=np.empty((len(raw.source_names), 0), np.float32),
        artist_known_songs=np.empty((len(raw.source_names), 0), np.int32),
        artist_lists=np.empty(0, np.int32),
        part_weights=shipped_weights(),
        crowding=np.empty((len(raw.track_ids), 0), np.float16),
        guest_rows=raw.guest_rows,
        guest_ids=raw.guest_ids,
        collective_ids=raw.collective_ids,
        sorts=raw.sorts,
        independence=raw.independence,
        genre_offsets=raw.genre_offsets,
        genre_ids=raw.genre_ids,
        genre_row_offsets=np.zeros(1, np.int64),
        genre_rows=np.empty(0, np.int32),
        gaussian=np.nan_to_num(gaussian).astype(np.float32),
        known=~np.isnan(gaussian),
        artist_contexts=np.empty((0, len(FEATURES)), np.float32),
        artist_row_offsets=np.zeros(1, np.int64),
        artist_rows=np.empty(0, np.int32),
        inverse_norms=np.empty(0, np.float32),
        scene=np.empty((len(raw.track_ids), 0), np.float16),
        listed=np.zeros(len(raw.track_ids), np.bool_),
        sketch_scales=np.ones(2 * len(FEATURES)),
        sketch_axes=np.empty((2 * len(FEATURES), 0)),
        scene_axes=np.empty((0, 0)),
        sketch=np.empty((1, 0), np.float32),
        sketch_rows=np.empty(0, np.int32),
        sketch_artists=np.empty(0, np.int64),
        sketch_fame=np.empty(0, np.float32),
        sketch_popularity=np.empty(0, np.float32),
        sketch_boxes=np.empty((2, len(FEATURES) + 3, 0), np.float32),
        measured=np.empty(0, np.bool_),
        feature_tables=tables,
        popularity_tables=source_tables,
        popularity_counts=counts,
        popularity_placed=np.zeros_like(counts),
        genre_keys=raw.genre_keys,
        genre_names=raw.genre_names,
        source_names=raw.source_names,
    )
    return _connected(catalog, raw, shares)


def append_tracks(catalog: Catalog, raw: RawTracks, *, version: int) -> Catalog:
    """Add new tracks and replace re-measured ones, placed by the stored quantile tables.

    Ids already in the catalogue are replaced, others appended: they must be greater than every id
    in it. Artist contexts are exact afterwards, ranks of the older tracks stay as they were. The
    result has no scene: `with_scene` gives it one.

    Raises:
        ValueError: a new id lies between old ones, or a popularity source has no table yet.
    """
    rows = np.searchsorted(catalog.track_ids, raw.track_ids)
    replaced = np.isin(raw.track_ids, catalog.track_ids)
    if not (rows[~replaced] == len(catalog)).all():
        raise ValueError("a new track has an id among the old ones")
    rows[~replaced] += np.arange(np.count_nonzero(~replaced))
    size = len(catalog) + int(np.count_nonzero(~replaced))
    gaussian = _placed_levels(catalog, _coordinates(raw.audio, raw.years))

    def merged(old: NDArray, new: NDArray) -> NDArray:  # type: ignore[type-arg]
        whole = np.concatenate([old, np.empty((size - len(old), *old.shape[1:]), old.dtype)])
        whole[rows] = new
        return whole

    offsets, genre_ids = _merged_genres(catalog, raw, rows, size)
    shares, values_placed = placed(catalog, raw)
    guests = ~np.isin(catalog.guest_rows, rows)
    return _connected(
        replace(
            catalog,
            version=version,
            track_ids=merged(catalog.track_ids, raw.track_ids),
            artist_ids=merged(catalog.artist_ids, raw.artist_ids),
            song_ids=merged(catalog.song_ids, raw.song_ids),
            years=merged(catalog.years, raw.years),
            popularity=merged(
                catalog.popularity, medians(len(raw.track_ids), raw.popularity_rows, shares)
            ),
            guest_rows=np.concatenate([catalog.guest_rows[guests], rows[raw.guest_rows]]),
            guest_ids=np.concatenate([catalog.guest_ids[guests], raw.guest_ids]),
            collective_ids=np.union1d(catalog.collective_ids, raw.collective_ids),
            sorts=merged(catalog.sorts, raw.sorts),
            independence=merged(catalog.independence, raw.independence),
            genre_offsets=offsets,
            genre_ids=genre_ids,
            gaussian=merged(catalog.gaussian, np.nan_to_num(gaussian)),
            known=merged(catalog.known, ~np.isnan(gaussian)),
            scene=np.empty((size, 0), np.float16),
            listed=np.zeros(size, np.bool_),
            popularity_placed=values_placed,
            scene_version="",
            genre_keys=raw.genre_keys,
            genre_names=raw.genre_names,
        ),
        raw,
        shares,
    )


def levels_in(catalog: Catalog, features: AudioFeatures) -> NDArray[np.float64]:
    """Return the F levels that a recording of unknown year would have; NaN is unknown."""
    values = [getattr(features, name) for name in MEASURES]
    audio = np.array([[np.nan if value is None else value for value in values]], np.float64)
    levels: NDArray[np.float64] = _placed_levels(
        catalog, _coordinates(audio, np.zeros(1, np.int16))
    )[0]
    return levels


def levels_between(
    catalog: Catalog, feature: str, lowest: float | None, highest: float | None
) -> tuple[float, float]:
    """Return the levels between which the tracks stand that have a value between two.

    The table of quantiles tells it to within one step, and what lies within that step may pass.
    The tempo is one between 60 and 180, as the catalogue folds it: of a wish for less or more, the
    octave that is felt counts.

    Args:
        catalog: that the levels are of.
        feature: one of `MEASURES` that has a height.
        lowest: in the units of `AudioFeatures`; None is open, as of the highest.
    """
    table = catalog.feature_tables[FEATURES.index(feature)]
    if np.isnan(table[0]):
        return -np.inf, np.inf
    if feature == "tempo":
        lowest, highest = (
            None if one is None else float(np.log2(one)) for one in _felt(lowest, highest)
        )
    step = 1 / QUANTILES
    low, high = -np.inf, np.inf
    if lowest is not None:
        place = np.searchsorted(table, np.float32(lowest), "left") * step - step / 2
        low = float(normal_quantile(np.array([place]))[0]) if place > 0 else -np.inf
    if highest is not None:
        place = np.searchsorted(table, np.float32(highest), "right") * step + step / 2
        high = float(normal_quantile(np.array([place]))[0]) if place < 1 else np.inf
    return np.nextafter(np.float32(low), -np.inf), np.nextafter(np.float32(high), np.inf)


def _felt(lowest: float | None, highest: float | None) -> tuple[float | None, float | None]:
    """Return the tempos that are felt where so many beats are counted."""
    slow, fast = _FELT
    if lowest is not None and lowest >= fast:
        return lowest / 2, fast * 2 / 3 if highest is None else highest / 2
    if highest is not None and highest <= slow:
        return None if lowest is None else lowest * 2, highest * 2
    return lowest, highest


def _coordinates(audio: NDArray[np.float64], years: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return track × F in units that make sense on a line or circle; NaN is unknown."""
    audio = np.where(np.isfinite(audio), audio, np.nan)
    tempo = _folded(np.where(audio[:, _TEMPO] > 0, audio[:, _TEMPO], np.nan))
    key = np.where((audio[:, _KEY] >= 0) & (audio[:, _KEY] <= 11), audio[:, _KEY], np.nan)
    fifths = key * 7 % 12 / 12 * 2 * np.pi
    mode = np.where(np.isin(audio[:, _MODE], (0, 1)), audio[:, _MODE], np.nan)
    year = np.where(years > 0, years.astype(np.float64), np.nan)
    circle = np.sqrt(2) * np.stack([np.cos(fifths), np.sin(fifths)], axis=1)  # variance 1 each
    lines = np.column_stack([audio[:, :_TEMPO], np.log2(tempo), circle, mode, year])
    return lines.astype(np.float32).astype(np.float64)  # as exact as the tables are


def _folded(tempo: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the tempos; those whose octave is unsure are moved an octave nearer.

    Beat trackers count double or half most often where the tempo is extreme; hardly any music is
    felt at less than 60 or more than 180 beats per minute.
    """
    slow, fast = _FELT
    return np.where(tempo < slow, tempo * 2, np.where(tempo > fast, tempo / 2, tempo))


def _placed_levels(catalog: Catalog, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = zip(catalog.feature_tables, coordinates.T, strict=True)
    gaussian = np.stack([normal_quantile(place_in(table, column)) for table, column in columns], 1)
    gaussian[:, _CIRCLE] = coordinates[:, _CIRCLE]
    return gaussian


def _merged_genres(
    catalog: Catalog, raw: RawTracks, rows: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    owner = np.repeat(np.arange(len(catalog)), np.diff(catalog.genre_offsets))
    keep = ~np.isin(owner, rows)
    owners = np.concatenate([owner[keep], np.repeat(rows, np.diff(raw.genre_offsets))])
    ids = np.concatenate([catalog.genre_ids[keep], raw.genre_ids])
    order = np.lexsort((ids, owners))
    offsets = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(owners, minlength=size), out=offsets[1:])
    return offsets, ids[order]


def _connected(catalog: Catalog, raw: RawTracks, shares: NDArray[np.float64]) -> Catalog:
    """Fill in what depends on all tracks together.

    Args:
        raw: the tracks that came in last.
        shares: the percentile of each of its popularity values in its source.
    """
    artists, artist_index = np.unique(catalog.artist_ids, return_inverse=True)
    contexts = np.empty((len(artists), len(FEATURES)), np.float32)
    for place in range(len(FEATURES)):
        known = catalog.known[:, place]
        values = catalog.gaussian[known, place].astype(np.float64)
        middle = values.mean() if len(values) else 0.0
        count = np.bincount(artist_index[known], minlength=len(artists))
        total = np.bincount(artist_index[known], values, minlength=len(artists))
        contexts[:, place] = (total + ARTIST_SHRINKAGE * middle) / (count + ARTIST_SHRINKAGE)
    best, known_songs = _best_songs(catalog, raw, shares, artists)
    return indexed(
        replace(
            catalog,
            artist_best=best,
            artist_known_songs=known_songs,
            artist_lists=np.zeros(len(artists), np.int32),
            artist_keys=artists,
            artist_index=artist_index.astype(np.int32),
            gaussian=np.ascontiguousarray(catalog.gaussian),
            known=np.asfortranarray(catalog.known),
            measured=np.asarray(catalog.known[:, : FEATURES.index("year")].any(axis=1)),
            artist_contexts=contexts,
        )
    )


def _best_songs(
    catalog: Catalog,
    raw: RawTracks,
    shares: NDArray[np.float64],
    artists: NDArray[np.int64],
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return `best_known_songs` of the ascending `artists`, with what was known of them before.

    What is told anew of an artist never makes them less known, until all is built again.
    """
    names = [catalog.source_names.index(name) for name in raw.source_names]
    best, count = best_known_songs(
        np.searchsorted(artists, raw.artist_ids[raw.popularity_rows]),
        np.array(names, np.int64)[raw.popularity_sources],
        np.where(raw.popularity_values > 0, shares, 0.0),
        (len(catalog.source_names), len(artists)),
    )
    place = np.searchsorted(artists, catalog.artist_keys)
    here = place < len(artists)
    here[here] = artists[place[here]] == catalog.artist_keys[here]
    best[:, place[here]] = np.fmax(best[:, place[here]], catalog.artist_best[:, here])
    count[:, place[here]] = np.maximum(count[:, place[here]], catalog.artist_known_songs[:, here])
    return best, count


def indexed(catalog: Catalog) -> Catalog:
    """Fill in what finds tracks: lengths, short forms, songs, the rows of artists and genres.

    Call it after changing the levels, contexts, artists or genres of a catalogue.
    """
    weights = AXIS_WEIGHTS.astype(np.float32)
    squares = catalog.gaussian**2 @ weights[: len(FEATURES)]
    squares += (catalog.artist_contexts**2 @ weights[len(FEATURES) :])[catalog.artist_index]
    inverse_norms = (1 / np.maximum(np.sqrt(squares), SMALLEST_NORM)).astype(np.float32)
    _, song_index = np.unique(catalog.song_ids, return_inverse=True)
    owners = np.repeat(np.arange(len(catalog)), np.diff(catalog.genre_offsets))
    by_genre = np.argsort(catalog.genre_ids, kind="stable")
    genre_ends = np.searchsorted(catalog.genre_ids[by_genre], catalog.genre_keys, "right")
    artist_counts = np.bincount(catalog.artist_index, minlength=len(catalog.artist_keys))
    found = replace(
        catalog,
        song_index=song_index.astype(np.int32),
        popularity=best_known(catalog.popularity, song_index),
        genre_row_offsets=np.concatenate([[0], genre_ends]).astype(np.int64),
        genre_rows=owners[by_genre].astype(np.int32),
        artist_row_offsets=np.concatenate([[0], np.cumsum(artist_counts)]).astype(np.int64),
        artist_rows=np.argsort(catalog.artist_index, kind="stable").astype(np.int32),
        inverse_norms=inverse_norms,
        artist_contexts=np.asfortranarray(catalog.artist_contexts),
    )
    return sketched(famed(found))


def famed(catalog: Catalog) -> Catalog:
    """Fill in the fame of artists and tracks."""
    artists = len(catalog.artist_keys)
    pairs = np.unique(catalog.artist_index * np.int64(len(catalog) + 1) + catalog.song_index)
    songs = np.bincount(pairs // (len(catalog) + 1), minlength=artists)
    collective = np.isin(catalog.artist_keys, catalog.collective_ids)
    best = np.where(collective, np.nan, catalog.artist_best)
    lists = np.where(collective, 0, catalog.artist_lists)
    of_artists, counted = artist_fame(best, catalog.artist_known_songs, lists, songs)
    fame, sure = of_artists[catalog.artist_index], counted[catalog.artist_index]
    alone = collective[catalog.artist_index]
    fame[alone] = catalog.popularity[alone]
    sure[alone] = ~np.isnan(fame[alone])
    places, here = catalog.places_of_artists(catalog.guest_ids)
    guests, rows = places[here], catalog.guest_rows[here]
    own = fame.copy()
    np.fmax.at(fame, rows, of_artists[guests])
    sure &= own >= fame
    np.logical_or.at(sure, rows, counted[guests] & (of_artists[guests] >= fame[rows]))
    return replace(catalog, fame=fame, counted=sure, artist_fame=of_artists, artist_counted=counted)
