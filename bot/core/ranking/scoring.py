"""The score of a track for a taste, and the same score taken apart."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, PartWeights, assumed_popularity, weights_at
from bot.core.ranking.crowding import crowding_price
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.obscurity import UPPER_HALF, DeepCuts, counting_fame, fame_penalty
from bot.core.taste import TasteProfile, preference_parts

_SAMPLE: Final = 2048
_AUDIO: Final = slice(1, 1 + len(FEATURES))
_CONTEXT: Final = slice(_AUDIO.stop, _AUDIO.stop + len(FEATURES))
SCENE: Final = _CONTEXT.stop
LISTING: Final = SCENE + 1
RENOWN: Final = SCENE + 2
AFFINITY: Final = SCENE + 3
CROWDING: Final = SCENE + 4
PENALTY: Final = SCENE + 5
LIFT: Final = SCENE + 6
"""The columns of `score_parts` after those of the sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A score taken apart: its parts, added up one after the other, are the score exactly."""

    offset: float
    """What a track earns that is average in everything."""
    audio: NDArray[np.float64]
    """F contributions: what the track's own levels earn."""
    context: NDArray[np.float64]
    """F contributions of the artist's context."""
    scene: float
    """For the company it keeps."""
    listing: float
    """For an artist that stands in many lists (or, below 0, against it)."""
    renown: float
    """For a song that many know (or, below 0, against it)."""
    affinity: float
    """For an artist the listener likes (or, below 0, dislikes)."""
    crowding: float
    """What coming up for many takes away, <= 0."""
    penalty: float
    """What fame takes away, <= 0."""
    lift: float
    """For holding words that were asked for, >= 0."""

    @classmethod
    def of(cls, row: NDArray[np.float64]) -> Self:
        """Name the numbers in one row of `score_parts`."""
        return cls(float(row[0]), row[_AUDIO], row[_CONTEXT], *row[_CONTEXT.stop :].tolist())

    @property
    def score(self) -> float:
        """The sum of all parts, in the order in which they stand here."""
        return self._with(*self._liking, self.crowding, self.penalty, self.lift)

    @property
    def liking(self) -> float:
        """What is expected of the listener, without what crowding and fame take: see `likings`."""
        return self._with(*self._liking)

    @property
    def similarity(self) -> float:
        """What the track itself earns, its company included; about 0 on average over all tracks."""
        return self._with(self.scene)

    @property
    def _liking(self) -> tuple[float, ...]:
        return self.scene, self.listing, self.renown, self.affinity

    def _with(self, *ends: float) -> float:
        """Add up what the sound earns and some of the other parts, in that order."""
        return float(add_up(np.concatenate([[self.offset], self.audio, self.context, ends])))


def add_up(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up parts along the last axis strictly from left to right, so that equal is equal.

    Other sums of numpy may add in another order for another shape and differ in the last bit.
    """
    total: NDArray[np.float64] = np.add.accumulate(parts, axis=-1)[..., -1]
    return total


def score_parts(
    catalog: Catalog,
    taste: TasteProfile,
    rows: NDArray[np.int64],
    *,
    obscurity: int,
    affinity: float,
    cuts: DeepCuts = DeepCuts.NO,
    lift: Lift = NO_LIFT,
) -> NDArray[np.float64]:
    """Return row × (2F + 8) numbers, which `Parts.of` names and `add_up` makes the scores of."""
    contributions, offsets = preference_parts(catalog, taste.preference, rows)
    weights = counting_weights(catalog, taste, obscurity)
    company = np.zeros(len(rows))
    if len(taste.scene) and len(taste.scene) == catalog.scene.shape[1]:
        shares = catalog.scene[rows].astype(np.float64) * taste.scene.astype(np.float64)
        company = weights.company * shares.sum(axis=1)
    listing = weights.listing * artist_listing(catalog, catalog.artist_index[rows])
    renown = weights.renown * assumed_popularity(catalog.popularity[rows])
    loved = weights.artist * affinity * artist_strength(taste, catalog.artist_ids[rows])
    penalties = fame_penalty(counting_fame(catalog, rows, cuts), obscurity)
    crowding = crowding_price(catalog, rows, obscurity)
    return np.column_stack(
        [
            offsets,
            contributions,
            company,
            listing,
            renown,
            loved,
            crowding,
            penalties,
            lift.of(rows),
        ]
    )


def counting_weights(catalog: Catalog, taste: TasteProfile, obscurity: int) -> PartWeights:
    """Return what the parts count for a taste at a position of the dial."""
    return weights_at(catalog.part_weights, len(taste.liked_rows), upper=obscurity > UPPER_HALF)


def artist_listing(catalog: Catalog, places: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return log(1 + lists) of the artists at some places of `artist_keys`."""
    listing: NDArray[np.float64] = np.log1p(catalog.artist_lists[places].astype(np.float64))
    return listing


def likings(
    catalog: Catalog, taste: TasteProfile, rows: NDArray[np.int64], *, affinity: float
) -> NDArray[np.float64]:
    """Return how much a listener is expected to like some tracks: scores, fame and crowding aside.

    What a track pays says nothing of the listener.
    """
    return likings_in(score_parts(catalog, taste, rows, obscurity=0, affinity=affinity))


def likings_in(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what `likings` does from the `score_parts` of some tracks."""
    return add_up(parts[:, : AFFINITY + 1])


def artist_strength(taste: TasteProfile, artists: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much each of some artists is liked, -1 … 1; 0 for those nothing was said of."""
    if not len(taste.artist_ids):
        return np.zeros(len(artists))
    place = np.minimum(np.searchsorted(taste.artist_ids, artists), len(taste.artist_ids) - 1)
    found = taste.artist_ids[place] == artists
    return np.where(found, taste.artist_strengths[place], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Typical:
    """What tracks of the catalogue are worth to a taste, see `likings`."""

    scores: NDArray[np.float64]
    """Of a sample, ascending; empty when nothing was measured."""
    mean: float
    deviation: float

    def standout(self, score: float) -> float:
        """Return how many standard deviations a liking lies above the mean."""
        return (score - self.mean) / self.deviation if self.deviation > 0 else 0.0

    def percentile(self, score: float) -> float:
        """Return the share of the catalogue that is liked less, 0 … 1; 0 when nothing is known."""
        below = int(np.searchsorted(self.scores, score))
        return below / len(self.scores) if len(self.scores) else 0.0


def typical_score(catalog: Catalog, taste: TasteProfile, *, affinity: float) -> Typical:
    """Score a sample of the catalogue, evenly spread and always the same."""
    rows = np.flatnonzero(catalog.measured[:: max(1, len(catalog) // _SAMPLE)])
    rows = rows * max(1, len(catalog) // _SAMPLE)
    if not len(rows):
        return Typical(np.empty(0), 0.0, 0.0)
    scores = likings(catalog, taste, rows, affinity=affinity)
    return Typical(np.sort(scores), float(scores.mean()), float(scores.std()))
