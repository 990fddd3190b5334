"""What a listener's ledger says about their taste, for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, Independence
from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.taste.affinity import ARTIST_DOUBT
from bot.core.taste.explanation import FeatureLevel, describe
from bot.core.taste.opinion import NO_OPINION, opinion_value, opinions
from bot.core.taste.preference import Judged
from bot.core.taste.taste import levels_of, likes_among

CLEAR: Final = 0.15
"""A level is clearly high or low when it is so far from the catalogue's middle."""
GENRE_DOUBT: Final = 3.0
"""Before comparing, this many tracks of the catalogue's own mix are added to the liked ones."""
ARTIST_WORTH: Final = {SubjectKind.TRACK: 1.0, SubjectKind.ALBUM: 2.0, SubjectKind.ARTIST: 3.0}
"""How much a word about a track, an album or the artist says about the artist."""

_JUDGED: Final = (SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST)


class Height(StrEnum):
    """Where a level stands against the catalogue."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much somebody said, not counting promotions."""

    ratings: int = 0
    thumbs_up: int = 0
    thumbs_down: int = 0
    seeds: int = 0
    """Chosen at the start, without a judgement."""
    tracks: int = 0
    albums: int = 0
    artists: int = 0
    """Distinct ones that were rated or thumbed."""
    average: float | None = None
    """Mean of the ratings, 1 … 5; None without any."""

    @property
    def total(self) -> int:
        """Everything that was said."""
        return self.ratings + self.thumbs_up + self.thumbs_down + self.seeds


@dataclass(frozen=True, slots=True)
class Obscurity:
    """How well known the liked music is."""

    median: float | None
    """Weighted median fame of their artists, 0 … 1; None when nobody counts any."""
    known: int
    """How many of the liked tracks are by artists whom somebody counts."""
    liked: int


@dataclass(frozen=True, slots=True)
class Independents:
    """How much of the liked music is by independent artists."""

    independent: int = 0
    """Liked tracks that their artist released, as far as sources say so."""
    known: int = 0
    """Liked tracks of which a source tells who released them."""


@dataclass(frozen=True, slots=True)
class ArtistStrength:
    """What the ledger says about one artist, on the whole."""

    artist_id: int
    strength: float
    """-1 … 1: what was said for minus what was said against, shrunk while it is little."""


@dataclass(frozen=True, slots=True)
class Favorite:
    """An artist or a track that somebody likes or plays."""

    name: str
    by: str = ""
    """Whose track it is; empty: it is an artist."""


@dataclass(frozen=True, slots=True)
class FavoriteGenre:
    """A genre somebody likes more than its share of the catalogue."""

    name: str
    share: float
    """Share of the liked tracks with a known genre that have this one, 0 … 1, by weight."""
    lift: float
    """How many times as common as in the catalogue, cautiously: > 1."""


@dataclass(frozen=True, slots=True)
class ListenerProfile:
    """Everything that `/profile` says of one listener."""

    counts: Counts = Counts()
    levels: tuple[FeatureLevel, ...] = ()
    """What is liked against the catalogue, known features only, in the order of `FEATURES`."""
    unknown: tuple[str, ...] = ()
    """Features that no liked track is measured for."""
    obscurity: Obscurity = Obscurity(None, 0, 0)
    independents: Independents = Independents()
    artists: tuple[Favorite, ...] = ()
    tracks: tuple[Favorite, ...] = ()
    genres: tuple[FavoriteGenre, ...] = ()
    public: bool = False
    """Others may see it."""
    plays: int = 0
    """How many plays of the period are known, as imported or told by a linked account."""

    @property
    def is_empty(self) -> bool:
        """True when nothing was said, played or kept in a list."""
        return not (self.counts.total or self.plays or self.levels or self.genres)


@dataclass(frozen=True, slots=True)
class Sound:
    """The part of a profile that is computed from the catalogue."""

    levels: tuple[FeatureLevel, ...]
    unknown: tuple[str, ...]
    obscurity: Obscurity
    independents: Independents
    genres: tuple[FavoriteGenre, ...]


def height(percentile: float) -> Height:
    """Return whether a level 0 … 1 is clearly high or low."""
    if percentile >= 0.5 + CLEAR:
        return Height.HIGH
    return Height.LOW if percentile <= 0.5 - CLEAR else Height.MIDDLE


def count_feedback(entries: Iterable[Feedback]) -> Counts:
    """Count entries of the ledger that count, each about another subject."""
    said = [
        entry
        for entry in entries
        if entry.subject.kind is not SubjectKind.PROMOTION and entry.kind not in NO_OPINION
    ]
    ratings = [entry.value for entry in said if entry.kind is FeedbackKind.RATING]
    thumbs = [entry.value for entry in said if entry.kind is FeedbackKind.THUMB]
    judged = [entry.subject.kind for entry in said if entry.kind is not FeedbackKind.SEED]
    return Counts(
        ratings=len(ratings),
        thumbs_up=sum(value > 0 for value in thumbs),
        thumbs_down=sum(value < 0 for value in thumbs),
        seeds=len(said) - len(judged),
        tracks=judged.count(SubjectKind.TRACK),
        albums=judged.count(SubjectKind.ALBUM),
        artists=judged.count(SubjectKind.ARTIST),
        average=sum(ratings) / len(ratings) if ratings else None,
    )


def likes_said(
    entries: Sequence[Feedback], rows: Mapping[Subject, NDArray[np.int64]]
) -> tuple[Judged, Judged]:
    """Return what is liked by what was said, and by what was judged alone.

    A genre chosen at the start is said, but nobody has judged its tracks.

    Args:
        entries: those of the ledger that count.
        rows: the catalogue rows of each subject.
    """
    said = likes_among(opinions(entries, rows))
    judged = [entry for entry in entries if entry.subject.kind in _JUDGED]
    return said, said if len(judged) == len(entries) else likes_among(opinions(judged, rows))


def describe_sound(catalog: Catalog, said: Judged, judged: Judged, *, genres: int = 5) -> Sound:
    """Compare what somebody likes with the catalogue.

    Args:
        catalog: the tracks.
        said: what is liked by all that was said, as `likes_said` returns it.
        judged: what is liked by judgements alone; only they count for the obscurity
            and for who is independent.
        genres: how many favorite ones to return at the most.
    """
    levels = tuple(describe(catalog, levels_of(catalog, said.rows, said.weights)))
    known = {level.feature for level in levels}
    measurable = [one.feature for one in describe(catalog, np.zeros(len(FEATURES)))]
    return Sound(
        levels=levels,
        unknown=tuple(feature for feature in measurable if feature not in known),
        obscurity=obscurity_of(catalog, judged),
        independents=independents_of(catalog, judged),
        genres=tuple(favorite_genres(catalog, said, limit=genres)),
    )


def obscurity_of(catalog: Catalog, likes: Judged) -> Obscurity:
    """Return how well known the artists of the liked tracks are; who is not counted is left out."""
    known = counted_among(catalog, likes.rows)
    fame = catalog.fame[likes.rows[known]].astype(np.float64)
    median = weighted_median(fame, likes.weights[known]) if known.any() else None
    return Obscurity(median, len(fame), len(known))


def independents_of(catalog: Catalog, likes: Judged) -> Independents:
    """Count the liked tracks that their artist released, and those of which that is known."""
    told = catalog.independence[likes.rows]
    independent = int(np.count_nonzero(told == Independence.INDEPENDENT))
    return Independents(independent, int(np.count_nonzero(told)))


def counted_among(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of some tracks are by an artist whose fame is known, and no guess."""
    counted: NDArray[np.bool_] = catalog.counted[rows] & ~np.isnan(catalog.fame[rows])
    return counted


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the value that half of the weight lies below; between two, the middle of them.

    Args:
        values: at least one, none NaN.
        weights: one each, > 0.
    """
    order = np.argsort(values, kind="stable")
    ordered, running = values[order], np.cumsum(weights[order])
    half = running[-1] / 2
    lower = int(np.searchsorted(running, half * (1 - 1e-12), "left"))
    upper = int(np.searchsorted(running, half * (1 + 1e-12), "right"))
    return float((ordered[lower] + ordered[min(upper, len(ordered) - 1)]) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class GenreMix:
    """How common the genres of some tracks are."""

    weights: NDArray[np.float64]
    """One per place in `genre_keys`."""
    total: float
    """Of all tracks with a genre."""


def genre_mix(catalog: Catalog) -> GenreMix:
    """Return how common the genres are in the catalogue."""
    return GenreMix(*_genre_weights(catalog, None, None))


def favorite_genres(
    catalog: Catalog, likes: Judged, *, limit: int = 5, mix: GenreMix | None = None
) -> list[FavoriteGenre]:
    """Return the genres that set a taste apart from the catalogue: best first, ties by name.

    A genre's share of the liked tracks p (mixed with `GENRE_DOUBT` tracks of the catalogue's own
    mix) is set against its share of the catalogue c. The order is by p · ln(p / c), the genre's
    part of the Kullback-Leibler divergence: neither what everybody likes nor one rare track wins.
    Tracks without a known genre count on neither side.

    Args:
        catalog: the tracks.
        likes: what is liked.
        limit: so many at most.
        mix: `genre_mix` of the catalogue, for who asks several times.
    """
    liked, weight = _genre_weights(catalog, likes.rows, likes.weights)
    common = mix or genre_mix(catalog)
    tracks = common.total
    if weight <= 0 or tracks <= 0:
        return []
    base = common.weights / tracks
    here = (liked > 0) & (base > 0)
    mixed = (liked[here] + GENRE_DOUBT * base[here]) / (weight + GENRE_DOUBT)
    lift = mixed / base[here]
    found = [
        (
            float(p * np.log(times)),
            FavoriteGenre(catalog.genre_names[place], float(share), float(times)),
        )
        for place, share, p, times in zip(
            np.flatnonzero(here), liked[here] / weight, mixed, lift, strict=True
        )
        if times > 1 + 1e-9
    ]
    found.sort(key=lambda one: (-round(one[0], 12), one[1].name))
    return [genre for _, genre in found[:limit]]


def _genre_weights(
    catalog: Catalog, rows: NDArray[np.int64] | None, weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], float]:
    """Return the weight per place in `genre_keys`, and that of all tracks with a genre.

    Without rows: every track of the catalogue, each of weight 1.
    """
    size = len(catalog.genre_keys)
    lengths = np.diff(catalog.genre_offsets)
    if rows is None or weights is None:
        ids, spread, total = catalog.genre_ids, None, float(np.count_nonzero(lengths))
    else:
        parts = [np.asarray(catalog.genres_of(int(row)), np.int64) for row in rows]
        ids = np.concatenate([np.empty(0, np.int64), *parts])
        spread = np.repeat(weights, lengths[rows])
        total = float(weights[lengths[rows] > 0].sum())
    if not size:
        return np.zeros(0), 0.0
    places = np.searchsorted(catalog.genre_keys, ids)
    return np.bincount(places, spread, minlength=size).astype(np.float64), total


def artists_behind(
    catalog: Catalog, rows: Mapping[Subject, NDArray[np.int64]]
) -> dict[Subject, int]:
    """Return the one artist of each track, album and artist; compilations are left out."""
    found: dict[Subject, int] = {}
    for subject, its_rows in rows.items():
        artists = np.unique(catalog.artist_ids[its_rows])
        if subject.kind in ARTIST_WORTH and len(artists) == 1:
            found[subject] = int(artists[0])
    return found


def artist_strengths(
    entries: Iterable[Feedback], artist_of: Mapping[Subject, int]
) -> list[ArtistStrength]:
    """Return what was said about each artist, their tracks and albums: best first, then by id.

    Args:
        entries: those of the ledger that count.
        artist_of: the artist of each subject; subjects that are not here count for nothing.
    """
    net: dict[int, float] = {}
    gross: dict[int, float] = {}
    for entry in entries:
        artist = artist_of.get(entry.subject)
        if artist is None or entry.subject.kind not in ARTIST_WORTH:
            continue
        value = opinion_value(entry) * ARTIST_WORTH[entry.subject.kind]
        net[artist] = net.get(artist, 0.0) + value
        gross[artist] = gross.get(artist, 0.0) + abs(value)
    found = [ArtistStrength(one, round(net[one] / (gross[one] + ARTIST_DOUBT), 9)) for one in net]
    return sorted(found, key=lambda one: (-one.strength, one.artist_id))


def ranked(
    said: Mapping[str, float], played: Mapping[str, int], *, limit: int
) -> list[tuple[str, float]]:
    """Join what was said and what was played into one order, best first, then by name.

    The worth of a name is what was said for it (0 … 1) and its plays as a share of the most,
    ln(1 + n) / ln(1 + most), so that one song on repeat is not everything. What was said against a
    name outweighs every play: it is left out.

    Args:
        said: -1 … 1 by name, on the whole.
        played: plays by name.
        limit: so many at most.
    """
    most = float(np.log1p(max(played.values(), default=0))) or 1.0
    worth = {
        name: max(said.get(name, 0.0), 0.0) + float(np.log1p(played.get(name, 0))) / most
        for name in {**said, **played}
        if said.get(name, 0.0) >= 0
    }
    found = [(name, value) for name, one in worth.items() if (value := round(one, 9)) > 0]
    return sorted(found, key=lambda one: (-one[1], one[0].casefold(), one[0]))[:limit]
