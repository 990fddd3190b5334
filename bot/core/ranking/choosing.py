"""From a wish and a listener to a list, sometimes with a promoted track in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.models import SubjectKind
from bot.core.ranking.asked import NOTHING_ASKED, Asked
from bot.core.ranking.confidence import Calibration, Evidence
from bot.core.ranking.discovery import Loosening
from bot.core.ranking.filters import blocked, passing
from bot.core.ranking.hearing import FEWEST_PICKS, PROMOTED_EVERY, Fit, Hearing, choose_hearing
from bot.core.ranking.leaving_out import NOTHING_LEFT_OUT, LeftOut, missing
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.query import Filter, Query
from bot.core.ranking.ranking import Pick, Ranking, pick_of, rank
from bot.core.ranking.reranking import RELEVANCE_WEIGHT
from bot.core.ranking.scoring import Typical, likings, typical_score
from bot.core.ranking.why import FARTHEST, Basis, Counterfactual, Explanation, explain, parts_of
from bot.core.ranking.wish import DEFAULT_OBSCURITY, Wish
from bot.core.taste import NOTHING_UNWANTED, TasteProfile, Unwanted


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
    unwanted: Unwanted = NOTHING_UNWANTED
    """What they do not want to be shown now."""
    just_rated: tuple[int, ...] = ()
    """Artists of whom they have said something since their last answer, a moment ago."""
    resting_rows: tuple[int, ...] = ()
    """Tracks that were shown to everybody too often lately."""
    liked: int = 0
    """How many earlier picks they judged and liked."""
    disliked: int = 0
    ratings: int = 0
    """How much they have said in all."""
    promoted_every: int = PROMOTED_EVERY
    """At most one pick in this many is a promoted one, in the server where they ask."""
    hearings: tuple[Hearing, ...] = ()
    """Promotions that they may hear blind now."""
    barred_rows: tuple[int, ...] = ()
    """What the server where they ask leaves out."""
    withheld_rows: tuple[int, ...] = ()
    """Promoted tracks that they may meet only blind, because they could not forget the name."""


@dataclass(frozen=True, slots=True)
class ChosenTrack:
    """A pick on its way to the listener."""

    row: int
    explanation: Explanation
    promotion_id: int | None = None
    blind: bool = False
    """True for an audition: the listener learns the artist only after judging it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Promoted:
    """A promoted track for the last place."""

    pick: Pick
    promotion_id: int
    blind: bool = False


def query_of(
    catalog: Catalog,
    wish: Wish,
    listener: Listener,
    asked: Asked = NOTHING_ASKED,
    lift: Lift = NO_LIFT,
) -> Query:
    """Put a wish into the terms of the ranking: never what is known, or the very thing named.

    Args:
        catalog: that the rows are of.
        wish: what is asked for.
        listener: who asks.
        asked: what is asked for in words besides, without what was dropped of it.
        lift: what tracks earn that hold words of it.
    """
    excluded: list[int] = []
    if wish.like is not None and wish.like.kind is SubjectKind.ARTIST:
        excluded = catalog.rows_of_artists([wish.like.id]).tolist()
    rated, unwanted = set(listener.rated_rows), listener.unwanted
    shown = _besides(listener.shown_rows, unwanted.rows_of_versions(catalog))
    if wish.like is not None and wish.like.kind is SubjectKind.TRACK:
        rated.update(catalog.rows_of([wish.like.id]).tolist())
    return Query(
        count=wish.count,
        obscurity=wish.obscurity,
        deep_cuts=wish.deep_cuts,
        genres=asked.genres or (() if wish.genre_id is None else (wish.genre_id,)),
        not_genres=asked.not_genres,
        mood=wish.mood,
        moods=asked.moods,
        not_moods=asked.not_moods,
        bounds=asked.bounds,
        without=asked.without,
        years=wish.years,
        independent=wish.independent,
        rated=tuple(sorted(rated)),
        heard=() if wish.heard else listener.heard_rows,
        shown=() if wish.repeats else shown,
        resting=listener.resting_rows,
        just_rated=() if wish.repeats else _just_rated(catalog, wish, listener),
        unwanted=unwanted,
        barred=listener.barred_rows,
        excluded=tuple(excluded),
        relevance_weight=RELEVANCE_WEIGHT,
        lift=lift,
    )


def _besides(rows: tuple[int, ...], versions: NDArray[np.int64]) -> tuple[int, ...]:
    """Return rows without those of versions that are not wanted: another one may come instead."""
    unwanted = set(versions.tolist())
    return tuple(row for row in rows if row not in unwanted) if unwanted else rows


def _just_rated(catalog: Catalog, wish: Wish, listener: Listener) -> tuple[int, ...]:
    """Return what is by artists who do not come straight back, unless they are asked for."""
    artists = set(listener.just_rated)
    if wish.like is not None and artists:
        if wish.like.kind is SubjectKind.ARTIST:
            artists.discard(wish.like.id)
        elif wish.like.kind is SubjectKind.TRACK:
            artists.difference_update(catalog.artist_ids[catalog.rows_of([wish.like.id])].tolist())
    return tuple(catalog.rows_of_artists(sorted(artists)).tolist()) if artists else ()


def left_out(
    catalog: Catalog, profile: TasteProfile, query: Query, besides: Collection[int] = ()
) -> LeftOut:
    """Return what would have been picked, had the listener not muted it: the list without mutes.

    Args:
        besides: rows that could not have been picked, such as promoted ones.
    """
    if not query.unwanted:
        return NOTHING_LEFT_OUT
    asked = replace(query, unwanted=NOTHING_UNWANTED, excluded=(*query.excluded, *besides))
    rows = [pick.row for pick in rank(catalog, profile, asked).picks]
    return missing(catalog, query.unwanted, rows)


def choose(
    catalog: Catalog,
    profile: TasteProfile,
    query: Query,
    listener: Listener,
    basis: Basis,
    calibration: Calibration,
) -> tuple[Ranking, list[ChosenTrack]]:
    """Rank, and give the last place to a promoted track if it is time for one: never more than one.

    Promoted tracks come in by that place only, so that each of them is labelled. For listeners with
    `hearings` it is an audition first, chosen by their own taste, however famous.

    Args:
        profile: the taste to rank by: the listener's, or what they asked for.
        calibration: makes probabilities of the listener's own taste.
    """
    unpromoted = replace(
        query, excluded=(*query.excluded, *listener.promoted, *listener.withheld_rows)
    )
    ranking = rank(catalog, profile, unpromoted)
    own_taste = basis is Basis.TASTE and listener.taste.has_taste
    typical = typical_score(catalog, profile, affinity=query.affinity) if own_taste else None
    promoted = _promoted(catalog, profile, query, listener, typical, ranking.picks)
    if promoted is not None:
        artist = int(catalog.artist_ids[promoted.pick.row])
        if artist in _artists(catalog, query, ranking.picks):  # what must be heard goes before
            rows = catalog.rows_of_artists([artist]).tolist()
            unpromoted = replace(unpromoted, excluded=(*unpromoted.excluded, *rows))
            ranking = rank(catalog, profile, unpromoted)
    if promoted is not None and _is_time(query, listener, ranking.picks):
        picks = (*ranking.picks[: query.count - 1], promoted.pick)
        ranking = replace(ranking, picks=picks)
    chosen = []
    for pick in ranking.picks:
        special = promoted if promoted is not None and pick is promoted.pick else None
        found = explain(
            catalog, profile, pick.row, pick.parts, obscurity=query.obscurity, basis=basis
        )
        if typical is not None:
            evidence = Evidence(
                standout=typical.standout(pick.parts.liking),
                liked=listener.liked,
                disliked=listener.disliked,
                ratings=listener.ratings,
            )
            found = replace(found, evidence=evidence, confidence=calibration.probability(evidence))
        if special is None:
            chosen.append(ChosenTrack(pick.row, found))
        else:
            chosen.append(ChosenTrack(pick.row, found, special.promotion_id, special.blind))
    return ranking, chosen


def other_obscurity(obscurity: int) -> int:
    """Return the position of the dial that a pick is compared with: none, or the usual one."""
    return 0 if obscurity else DEFAULT_OBSCURITY


def counterfactual(
    catalog: Catalog, profile: TasteProfile, query: Query, row: int
) -> Counterfactual | None:
    """Return where a pick stands at the other position of the dial, all else the same.

    Tracks stand in the order of their scores. That the pick, or a version of the song, was rated or
    shown meanwhile does not count. None: nobody's fame is known, so the dial changes nothing.
    """
    if not catalog.knows_fame:
        return None
    other = other_obscurity(query.obscurity)
    songs = catalog.song_index

    def besides(rows: Collection[int]) -> tuple[int, ...]:
        return tuple(one for one in rows if songs[one] != songs[row])

    there = replace(
        query,
        obscurity=other,
        count=FARTHEST,
        relevance_weight=1.0,
        rated=besides(query.rated),
        heard=besides(query.heard),
        shown=besides(query.shown),
        resting=besides(query.resting),
        just_rated=(),
    )
    rows = [pick.row for pick in rank(catalog, profile, there).picks]
    return Counterfactual(other, rows.index(row) + 1 if row in rows else None)


def _promoted(
    catalog: Catalog,
    profile: TasteProfile,
    query: Query,
    listener: Listener,
    typical: Typical | None,
    picks: Sequence[Pick],
) -> _Promoted | None:
    """Return the promoted track for the last place, if it is time for one.

    Args:
        typical: of the listener's own taste; None when the wish is not about it, and then there is
            no audition, because nothing can be expected of them.
    """
    if not _is_time(query, listener, picks):
        return None
    audition = None
    if typical is not None:
        audition = _audition(catalog, profile, query, listener, typical)
    return audition or _best_promoted(catalog, profile, query, listener, picks)


def _is_time(query: Query, listener: Listener, picks: Sequence[Pick]) -> bool:
    """Return whether the last place of this answer may be a promoted one's.

    The answer is long enough, and enough picks without a promoted one came before that place, in
    this answer and those before it.
    """
    before = len(picks[: query.count - 1])
    enough = listener.unpromoted_run + before >= listener.promoted_every - 1
    return before + 1 >= FEWEST_PICKS and enough


def _artists(catalog: Catalog, query: Query, picks: Sequence[Pick]) -> set[int]:
    """Return the artists of the picks before the last place."""
    return {int(catalog.artist_ids[pick.row]) for pick in picks[: query.count - 1]}


def _audition(
    catalog: Catalog,
    profile: TasteProfile,
    query: Query,
    listener: Listener,
    typical: Typical,
) -> _Promoted | None:
    """Return what the listener hears blind now; a track need not be measured to be heard."""
    offered = {row for one in listener.hearings for row in one.rows}
    if not offered:
        return None
    wanted = replace(
        query, only=tuple(offered), shown=listener.shown_rows, resting=(), just_rated=()
    )
    filters = [
        one for one in blocked(catalog, profile, wanted) if one.filter is not Filter.UNMEASURED
    ]
    rows = passing(filters, np.array(sorted(offered), np.int64))
    scores = likings(catalog, profile, rows, affinity=query.affinity)
    fits = {
        row: Fit(score, typical.percentile(score))
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
    }
    found = choose_hearing(listener.hearings, fits)
    if found is None:
        return None
    hearing, row = found
    parts = parts_of(
        catalog,
        profile,
        row,
        obscurity=query.obscurity,
        affinity=query.affinity,
        cuts=query.admitted_cuts,
    )
    return _Promoted(pick_of(catalog, row, parts), hearing.promotion_id, blind=True)


def _best_promoted(
    catalog: Catalog,
    profile: TasteProfile,
    query: Query,
    listener: Listener,
    picks: Sequence[Pick],
) -> _Promoted | None:
    """Return the promoted track that fits best, if it fits at all and its artist has no pick."""
    if not listener.promoted:
        return None
    alone = replace(query, count=1, only=tuple(listener.promoted), resting=(), just_rated=())
    found = rank(catalog, profile, alone).picks
    fits = found and found[0].parts.similarity > 0
    if not fits or int(catalog.artist_ids[found[0].row]) in _artists(catalog, query, picks):
        return None
    return _Promoted(found[0], listener.promoted[found[0].row])


def explained(catalog: Catalog, taste: TasteProfile, row: int, basis: Basis) -> Explanation:
    """Explain a track that was not ranked, without a penalty for fame."""
    parts = parts_of(catalog, taste, row, obscurity=0, affinity=Query().affinity)
    return explain(catalog, taste, row, parts, obscurity=0, basis=basis)


def loosenings(ranking: Ranking, wish: Wish) -> tuple[Loosening, ...]:
    """Return the wishes that would bring tracks back, most tracks first.

    Each is without one filter, or where that brings nothing back, without two.
    """
    found = [
        Loosening(one.filter, one.alone, loose)
        for one in ranking.removed
        if one.alone and (loose := wish.loosened(one.filter)) is not None
    ]
    if not found:
        return tuple(
            Loosening(one, tracks, loose, other)
            for one, other, tracks in ranking.pairs
            if (loose := _without_both(wish, one, other)) is not None
        )
    best_first = sorted(found, key=lambda one: (-one.tracks, one.filter))
    by_wish = {one.wish: one for one in reversed(best_first)}  # two filters may lead to one wish
    return tuple(one for one in best_first if by_wish[one.wish] is one)


def _without_both(wish: Wish, one: Filter, other: Filter) -> Wish | None:
    first = wish.loosened(one)
    return None if first is None else first.loosened(other)
