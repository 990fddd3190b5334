"""From a wish and a listener to a list, with a promoted track among them now and then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.core.confidence import Calibration, Evidence
from bot.core.discovery import Loosening
from bot.core.filters import Query
from bot.core.models import SubjectKind
from bot.core.ranking import Pick, Ranking, rank
from bot.core.reranking import RELEVANCE_WEIGHT
from bot.core.scoring import typical_score
from bot.core.space import Catalog
from bot.core.taste import TasteProfile
from bot.core.why import FARTHEST, Basis, Counterfactual, Explanation, explain, parts_of
from bot.core.wish import DEFAULT_OBSCURITY, Wish

PROMOTED_EVERY: Final = 5
"""At most one pick in so many is a promoted one."""


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """What is known of a listener before ranking. Rows are rows of the catalogue."""

    taste: TasteProfile
    rated_rows: tuple[int, ...]
    shown_rows: tuple[int, ...]
    """What they were shown lately."""
    promoted: Mapping[int, int]
    """Row of each track promoted here (by somebody else) → its promotion."""
    unpromoted_run: int
    """How many picks without a promoted one they saw in a row lately."""
    heard_rows: tuple[int, ...] = ()
    """What they played, or have in a list of theirs."""
    resting_rows: tuple[int, ...] = ()
    """What everybody was shown too often lately."""
    liked: int = 0
    """How many earlier picks they judged and liked."""
    disliked: int = 0
    ratings: int = 0
    """How much they have said in all."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pick on its way to the listener."""

    row: int
    explanation: Explanation
    promotion_id: int | None = None


def query_of(catalog: Catalog, wish: Wish, listener: Listener) -> Query:
    """Put a wish into the terms of the ranking: never what is known, or the very thing named."""
    excluded: list[int] = []
    if wish.like is not None and wish.like.kind is SubjectKind.ARTIST:
        excluded = catalog.rows_of_artists([wish.like.id]).tolist()
    rated = set(listener.rated_rows)
    if wish.like is not None and wish.like.kind is SubjectKind.TRACK:
        rated.update(catalog.rows_of([wish.like.id]).tolist())
    return Query(
        count=wish.count,
        obscurity=wish.obscurity,
        genres=() if wish.genre_id is None else (wish.genre_id,),
        mood=wish.mood,
        years=wish.years,
        rated=tuple(sorted(rated)),
        heard=() if wish.heard else listener.heard_rows,
        shown=() if wish.repeats else listener.shown_rows,
        resting=listener.resting_rows,
        excluded=tuple(excluded),
        relevance_weight=RELEVANCE_WEIGHT,
    )


def choose(
    catalog: Catalog,
    profile: TasteProfile,
    query: Query,
    listener: Listener,
    basis: Basis,
    calibration: Calibration,
) -> tuple[Ranking, list[Chosen]]:
    """Rank, and give the last place to a promoted track when it is one's turn.

    Promoted tracks come in by that place only, so that each of them is labelled.

    Args:
        profile: the taste to rank by: the listener's, or what they asked for.
        calibration: makes probabilities of the listener's own taste.
    """
    unpromoted = replace(query, excluded=(*query.excluded, *listener.promoted))
    ranking = rank(catalog, profile, unpromoted)
    shown = list(ranking.picks)
    promoted = _promoted_pick(catalog, profile, query, listener, shown)
    if promoted is not None:
        shown = [*shown[: query.count - 1], promoted]
        ranking = replace(ranking, picks=tuple(shown))
    dial_matters = bool(catalog.source_names)  # where nothing is known, it changes nothing
    places = places_elsewhere(catalog, profile, unpromoted) if shown and dial_matters else {}
    other = other_obscurity(query.obscurity)
    own_taste = basis is Basis.TASTE and listener.taste.has_taste
    typical = typical_score(catalog, profile, affinity=query.affinity) if own_taste else None
    chosen = []
    for pick in shown:
        found = explain(
            catalog, profile, pick.row, pick.parts, obscurity=query.obscurity, basis=basis
        )
        if dial_matters and pick.row not in listener.promoted:
            place = places.get(pick.row)
            found = replace(found, counterfactual=Counterfactual(other, place))
        if typical is not None:
            evidence = Evidence(
                standout=typical.standout(pick.score - pick.parts.penalty),
                liked=listener.liked,
                disliked=listener.disliked,
                ratings=listener.ratings,
            )
            found = replace(found, evidence=evidence, confidence=calibration.probability(evidence))
        chosen.append(Chosen(pick.row, found, listener.promoted.get(pick.row)))
    return ranking, chosen


def other_obscurity(obscurity: int) -> int:
    """Return the position of the dial that a pick is compared with: none, or the usual one."""
    return 0 if obscurity else DEFAULT_OBSCURITY


def places_elsewhere(catalog: Catalog, profile: TasteProfile, query: Query) -> dict[int, int]:
    """Return the first rows at the other position of the dial, with their places from 1 on.

    All else is the same, but tracks stand in the order of their scores.
    """
    there = replace(
        query, obscurity=other_obscurity(query.obscurity), count=FARTHEST, relevance_weight=1.0
    )
    picks = rank(catalog, profile, there).picks
    return {pick.row: place for place, pick in enumerate(picks, 1)}


def _promoted_pick(
    catalog: Catalog, profile: TasteProfile, query: Query, listener: Listener, shown: list[Pick]
) -> Pick | None:
    """Return the promoted track that fits best, if it is time for one and it fits at all."""
    before = min(len(shown), query.count - 1)
    if not listener.promoted or listener.unpromoted_run + before < PROMOTED_EVERY - 1:
        return None
    alone = replace(query, count=1, only=tuple(listener.promoted), resting=())
    found = rank(catalog, profile, alone).picks
    artists = {int(catalog.artist_index[pick.row]) for pick in shown[:before]}
    fits = found and found[0].parts.similarity > 0
    return found[0] if fits and int(catalog.artist_index[found[0].row]) not in artists else None


def explained(catalog: Catalog, taste: TasteProfile, row: int, basis: Basis) -> Explanation:
    """Explain a track that was not ranked, without a popularity penalty."""
    parts = parts_of(catalog, taste, row, obscurity=0, affinity=Query().affinity)
    return explain(catalog, taste, row, parts, obscurity=0, basis=basis)


def loosenings(ranking: Ranking, wish: Wish) -> tuple[Loosening, ...]:
    """Return the wishes that would bring tracks back, most tracks first."""
    found = [
        Loosening(one.filter, one.alone, loose)
        for one in ranking.removed
        if one.alone and (loose := wish.loosened(one.filter)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.tracks, one.filter)))
