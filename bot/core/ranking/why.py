"""Why a track was picked: the score taken apart, with what it is compared to."""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog
from bot.core.ranking.confidence import Evidence
from bot.core.ranking.obscurity import DeepCuts, is_deep_cut
from bot.core.ranking.scoring import Parts, score_parts
from bot.core.taste import TasteProfile, describe, levels_of, most_together, nearest_liked

FARTHEST: Final = 100
"""How far down a list we look for a pick, to say where it would have stood."""


class Basis(StrEnum):
    """What a pick was chosen by."""

    TASTE = "taste"
    LIKE = "like"
    """Likeness to the one thing that was asked for."""
    LISTENING = "listening"
    """The part of the listening that was asked for."""
    START = "start"
    """One of a few contrasting tracks for a newcomer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one feature did to the score."""

    feature: str
    audio: float
    """By the track itself."""
    context: float
    """By the other tracks of its artist."""
    track_level: float | None
    """Percentile 0 … 1 of the track in the catalogue; None is unknown, or has no height."""
    taste_level: float | None
    """The same of what the listener likes."""
    track_value: float | None = None
    """What it measures, `taste.cautious_value`; None: unknown, or kept by an older version."""
    taste_value: float | None = None
    """What stands at the level of the taste."""

    @property
    def total(self) -> float:
        """Both contributions together."""
        return self.audio + self.context


@dataclass(frozen=True, slots=True)
class Closest:
    """The liked track that is nearest to a pick."""

    track_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What another position of the dial would have made of a pick, all else the same."""

    obscurity: int
    place: int | None
    """Its place by score, from 1 on; None: not among the first `FARTHEST`."""
    is_now: bool = False
    """True when the taste or the catalogue has changed since it was picked."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: all but popularity and fame add up to it."""

    basis: Basis
    score: float
    reasons: tuple[Reason, ...]
    affinity: float
    penalty: float
    popularity: float | None
    """Of the song, 0 … 1."""
    obscurity: int
    closest: Closest | None = None
    offset: float = 0.0
    """What a track scores that is average in everything."""
    scene: float = 0.0
    """For being played and listed together with what is liked."""
    together: int | None = None
    """The liked track that did most of that."""
    listed: bool = False
    """True when both stand in lists; else their company is guessed from artist and sound."""
    evidence: Evidence | None = None
    """What the confidence rests on; None: nobody's taste was asked."""
    confidence: float | None = None
    """The probability that the listener likes it, 0 … 1; None: as above."""
    fame: float | None = None
    """Of the artist, 0 … 1; None: nothing is known of anybody."""
    counted: bool = True
    """False when nobody counts the artist, and the fame is a guess."""
    deep_cut: bool = False
    """True for a little-known song of a famous artist."""
    crowding: float = 0.0
    """What coming up for many took, <= 0."""
    listing: float = 0.0
    """For an artist that stands in many lists (or, below 0, against it)."""
    renown: float = 0.0
    """For a song that many know (or, below 0, against it)."""
    lift: float = 0.0
    """For holding words that were asked for."""
    wish: str | None = None
    """What was asked for, as `Wish.to_code` writes it; None: it was not ranked among others."""
    grounds: str = ""
    """Names the taste and the catalogue that it was picked by."""

    @property
    def similarity(self) -> float:
        """What the track itself earns, without artist and fame; over the catalogue 0."""
        return self.offset + sum(reason.total for reason in self.reasons) + self.scene

    def to_json(self) -> str:
        """Return the explanation as JSON."""
        return json.dumps(self, default=_fields, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """Read what `to_json` wrote; None when another version of the bot wrote it."""
        try:
            return cls._from_fields(json.loads(text))
        except (ValueError, LookupError, TypeError, AttributeError):
            return None

    @classmethod
    def _from_fields(cls, fields: dict[str, Any]) -> Self:
        closest, evidence = (fields.pop(name, None) for name in ("closest", "evidence"))
        fields.pop("counterfactual", None)  # which older versions wrote, always empty
        return cls(
            basis=Basis(fields.pop("basis")),
            reasons=tuple(Reason(**reason) for reason in fields.pop("reasons")),
            closest=None if closest is None else Closest(**closest),
            evidence=None if evidence is None else Evidence(**evidence),
            **fields,
        )


def _fields(one: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as they are: `asdict` copies them deeply."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


def explain(
    catalog: Catalog,
    taste: TasteProfile,
    row: int,
    parts: Parts,
    *,
    obscurity: int,
    basis: Basis = Basis.TASTE,
) -> Explanation:
    """Put what is known about one scored track into an explanation."""
    near = nearest_liked(catalog, taste, row)
    together = most_together(catalog, taste, row) if parts.scene > 0 else None
    known, fame = float(catalog.popularity[row]), float(catalog.fame[row])
    return Explanation(
        basis=basis,
        score=parts.score,
        reasons=reasons_of(catalog, taste, np.array([row]), parts),
        affinity=parts.affinity,
        penalty=parts.penalty,
        crowding=parts.crowding,
        popularity=None if np.isnan(known) else known,
        fame=None if np.isnan(fame) else fame,
        counted=bool(catalog.counted[row]),
        deep_cut=bool(is_deep_cut(catalog, np.array([row]))[0]),
        obscurity=obscurity,
        closest=None if near is None else Closest(int(catalog.track_ids[near.row]), near.cosine),
        offset=parts.offset,
        scene=parts.scene,
        listing=parts.listing,
        renown=parts.renown,
        lift=parts.lift,
        together=None if together is None else int(catalog.track_ids[together]),
        listed=together is not None and bool(catalog.listed[row] and catalog.listed[together]),
    )


def reasons_of(
    catalog: Catalog, taste: TasteProfile, rows: NDArray[np.int64], parts: Parts
) -> tuple[Reason, ...]:
    """Return what each feature did to a score, beside the mean level of the tracks it is of."""
    of_tracks = {level.feature: level for level in describe(catalog, levels_of(catalog, rows))}
    of_taste = {level.feature: level for level in describe(catalog, taste.levels)}
    reasons = []
    for place, feature in enumerate(FEATURES):
        track, liked = of_tracks.get(feature), of_taste.get(feature)
        reasons.append(
            Reason(
                feature,
                float(parts.audio[place]),
                float(parts.context[place]),
                None if track is None else track.percentile,
                None if liked is None else liked.percentile,
                None if track is None else track.value,
                None if liked is None else liked.value,
            )
        )
    return tuple(reasons)


def parts_of(
    catalog: Catalog,
    taste: TasteProfile,
    row: int,
    *,
    obscurity: int,
    affinity: float,
    cuts: DeepCuts = DeepCuts.NO,
) -> Parts:
    """Score a single track."""
    rows = np.array([row])
    return Parts.of(
        score_parts(catalog, taste, rows, obscurity=obscurity, affinity=affinity, cuts=cuts)[0]
    )
