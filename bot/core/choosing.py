"""From a wish and a listener to a list, with a promoted track among them now and then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bot.core.discovery import Loosening
from bot.core.filters import Query
from bot.core.models import SubjectKind
from bot.core.ranking import Pick, Ranking, rank
from bot.core.space import Catalog
from bot.core.taste import TasteProfile
from bot.core.why import Basis, Explanation, explain, parts_of
from bot.core.wish import Wish

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
        excluded = np.flatnonzero(catalog.artist_ids == wish.like.id).tolist()
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
        shown=() if wish.repeats else listener.shown_rows,
        excluded=tuple(excluded),
    )


def choose(
    catalog: Catalog, profile: TasteProfile, query: Query, listener: Listener, basis: Basis
) -> tuple[Ranking, list[Chosen]]:
    """Rank, and give the last place to a promoted track when it is one's turn.

    Promoted tracks come in by that place only, so that each of them is labelled.

    Args:
        profile: the taste to rank by: the listener's, or what they asked for.
    """
    unpromoted = replace(query, excluded=(*query.excluded, *listener.promoted))
    ranking = rank(catalog, profile, unpromoted)
    shown = list(ranking.picks)
    promoted = _promoted_pick(catalog, profile, query, listener, shown)
    if promoted is not None:
        shown = [*shown[: query.count - 1], promoted]
        ranking = replace(ranking, picks=tuple(shown))
    chosen = [
        Chosen(
            pick.row,
            explain(catalog, profile, pick.row, pick.parts, obscurity=query.obscurity, basis=basis),
            listener.promoted.get(pick.row),
        )
        for pick in shown
    ]
    return ranking, chosen


def _promoted_pick(
    catalog: Catalog, profile: TasteProfile, query: Query, listener: Listener, shown: list[Pick]
) -> Pick | None:
    """Return the promoted track that fits best, if it is time for one and it fits at all."""
    before = min(len(shown), query.count - 1)
    if not listener.promoted or listener.unpromoted_run + before < PROMOTED_EVERY - 1:
        return None
    found = rank(catalog, profile, replace(query, count=1, only=tuple(listener.promoted))).picks
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
