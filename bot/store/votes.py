"""Votes on promotions, and what else the voters like: only ever used as totals.

Whoever stands behind a promotion (who posted it, and the holder and helpers of its name) has no
vote on it, however they gave one. For helpers that begins when they accept.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, SubjectKind
from bot.core.promotion import Reception, Vote, reception
from bot.core.taste import entry_value
from bot.store.dialect import listed
from bot.store.feedback import is_blind, is_counting, is_mute, is_whole
from bot.store.tables import (
    albums,
    artist_claims,
    claim_hands,
    feedback,
    promotion_tracks,
    promotions,
    recommendations,
    tracks,
)

_Likes: TypeAlias = Mapping[int, tuple[int, ...]]


async def receptions(conn: AsyncConnection, promotion_ids: Sequence[int]) -> dict[int, Reception]:
    """Return how each of some promotions was received."""
    votes, heard = await _votes(conn, promotion_ids), await _heard(conn, promotion_ids)
    likes = await likes_by_artist(conn, sorted({user_id for _, user_id in votes}))
    voted: dict[int, dict[tuple[int, int], bool]] = defaultdict(dict)
    for (number, user_id), up in votes.items():
        voted[number][number, user_id] = up
    listeners: dict[int, set[int]] = defaultdict(set)
    for number, user_id in heard:
        listeners[number].add(user_id)
    return {number: _summed(voted[number], listeners[number], likes) for number in promotion_ids}


async def reception_of(conn: AsyncConnection, promotion_ids: Sequence[int]) -> Reception:
    """Return how some promotions were received together."""
    votes, heard = await _votes(conn, promotion_ids), await _heard(conn, promotion_ids)
    likes = await likes_by_artist(conn, sorted({user_id for _, user_id in votes}))
    return _summed(votes, {user_id for _, user_id in heard}, likes)


async def of_claim(conn: AsyncConnection, claim_id: int) -> list[int]:
    """Return the promotions that stand under a name, oldest first."""
    return await _standing(conn, promotions.c.claim_id == claim_id)


async def in_guild(conn: AsyncConnection, guild_id: int, *, since: datetime) -> list[int]:
    """Return the promotions that stand in a server since then, oldest first."""
    here = promotions.c.guild_id == guild_id
    return await _standing(conn, and_(here, promotions.c.created_at >= since))


async def _standing(conn: AsyncConnection, which: ColumnElement[bool]) -> list[int]:
    stands = and_(
        promotions.c.message_id.is_not(None),
        promotions.c.removed_at.is_(None),
        promotions.c.user_id.is_not(None),
    )
    query = select(promotions.c.id).where(which, stands).order_by(promotions.c.id)
    return list((await conn.scalars(query)).all())


def _summed(votes: Mapping[tuple[int, int], bool], heard: set[int], likes: _Likes) -> Reception:
    given = [Vote(up, likes.get(user_id, ())) for (_, user_id), up in sorted(votes.items())]
    everybody = heard | {user_id for _, user_id in votes}
    return reception(given, listeners=len(everybody))


async def _votes(
    conn: AsyncConnection, promotion_ids: Sequence[int]
) -> dict[tuple[int, int], bool]:
    """Return (promotion, listener) → 👍 or 👎: the vote, else the thumb on a promoted pick."""
    opinion = and_(
        feedback.c.user_id == recommendations.c.user_id,
        feedback.c.subject == SubjectKind.TRACK,
        feedback.c.subject_id == recommendations.c.track_id,
        feedback.c.created_at >= recommendations.c.shown_at,
    )
    picked = (
        select(promotions.c.id, feedback.c.user_id, feedback.c.kind, feedback.c.value)
        .select_from(promotions)
        .join(recommendations, recommendations.c.promotion_id == promotions.c.id)
        .join(feedback, opinion)
    )
    voted = (
        select(promotions.c.id, feedback.c.user_id, feedback.c.kind, feedback.c.value)
        .select_from(promotions)
        .join(feedback, feedback.c.subject_id == promotions.c.id)
        .where(feedback.c.subject == SubjectKind.PROMOTION)
    )
    chosen = promotions.c.id.in_(listed(conn, promotion_ids))
    found: dict[tuple[int, int], bool] = {}
    for query in (picked, voted):
        entries = query.where(
            chosen,
            _outsider(feedback.c.user_id, feedback.c.created_at),
            ~is_mute(),
            is_counting(),
            is_whole(),
            ~is_blind(),
        )
        for promotion_id, user_id, kind, value in await conn.execute(
            entries.order_by(feedback.c.id)
        ):
            said = entry_value(FeedbackKind(kind), value)
            if said:
                found[promotion_id, user_id] = said > 0
    return found


async def _heard(conn: AsyncConnection, promotion_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return (promotion, listener) for every promoted pick that was shown."""
    query = (
        select(promotions.c.id, recommendations.c.user_id)
        .join(recommendations, recommendations.c.promotion_id == promotions.c.id)
        .where(
            promotions.c.id.in_(listed(conn, promotion_ids)),
            recommendations.c.message_id.is_not(None),
            _outsider(recommendations.c.user_id, recommendations.c.shown_at),
        )
        .distinct()
    )
    return {(promotion_id, user_id) for promotion_id, user_id in await conn.execute(query)}


def _outsider(user_id: ColumnElement[int], at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a person did not stand behind the promotion of the row then."""
    holds = select(artist_claims.c.id).where(
        artist_claims.c.id == promotions.c.claim_id, artist_claims.c.user_id == user_id
    )
    helps = select(claim_hands.c.claim_id).where(
        claim_hands.c.claim_id == promotions.c.claim_id,
        claim_hands.c.user_id == user_id,
        claim_hands.c.accepted_at <= at,
    )
    return and_(promotions.c.user_id != user_id, ~holds.exists(), ~helps.exists())


async def likes_by_artist(
    conn: AsyncConnection, user_ids: Sequence[int], *, until: int | None = None
) -> _Likes:
    """Return how many things each person likes by each artist, most first.

    Liked is what has a 👍 or a rating of 4 or 5: tracks, albums, artists and promotions. The artist
    of a promotion is that of its name, else the one artist of all its tracks, else who posted it.

    Args:
        conn: a transaction.
        user_ids: of the people.
        until: only entries of the ledger up to this one; None: all.
    """
    tallies: dict[int, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for query in (_liked_tracks(), _liked_albums(), _liked_artists(), _liked_promotions()):
        chosen = query.where(
            feedback.c.user_id.in_(listed(conn, user_ids)), _likes(), is_counting()
        )
        if until is not None:
            chosen = chosen.where(feedback.c.id <= until)
        for user_id, kind, artist in await conn.execute(chosen):
            tallies[user_id][kind, artist] += 1
    return {
        user_id: tuple(sorted(tally.values(), reverse=True)) for user_id, tally in tallies.items()
    }


def _likes() -> ColumnElement[bool]:
    thumb, rating = feedback.c.kind == FeedbackKind.THUMB, feedback.c.kind == FeedbackKind.RATING
    return or_(and_(thumb, feedback.c.value >= 1), and_(rating, feedback.c.value > 3))


def _liked_tracks() -> Select[Any]:
    return (
        select(feedback.c.user_id, literal("artist"), tracks.c.artist_id)
        .join(tracks, tracks.c.id == feedback.c.subject_id)
        .where(feedback.c.subject == SubjectKind.TRACK)
    )


def _liked_albums() -> Select[Any]:
    return (
        select(feedback.c.user_id, literal("artist"), albums.c.artist_id)
        .join(albums, albums.c.id == feedback.c.subject_id)
        .where(feedback.c.subject == SubjectKind.ALBUM)
    )


def _liked_artists() -> Select[Any]:
    return select(feedback.c.user_id, literal("artist"), feedback.c.subject_id).where(
        feedback.c.subject == SubjectKind.ARTIST
    )


def _liked_promotions() -> Select[Any]:
    only = case(
        (func.min(tracks.c.artist_id) == func.max(tracks.c.artist_id), func.min(tracks.c.artist_id))
    )
    of_tracks = (
        select(only)
        .join(promotion_tracks, promotion_tracks.c.track_id == tracks.c.id)
        .where(promotion_tracks.c.promotion_id == promotions.c.id)
        .scalar_subquery()
    )
    artist = func.coalesce(
        artist_claims.c.artist_id, case((promotions.c.claim_id.is_(None), of_tracks))
    )
    kind = case(
        (artist.is_not(None), "artist"),
        (promotions.c.claim_id.is_not(None), "claim"),
        else_="user",
    )
    return (
        select(
            feedback.c.user_id,
            kind,
            func.coalesce(artist, promotions.c.claim_id, promotions.c.user_id),
        )
        .select_from(feedback)
        .join(promotions, promotions.c.id == feedback.c.subject_id)
        .outerjoin(artist_claims, artist_claims.c.id == promotions.c.claim_id)
        .where(feedback.c.subject == SubjectKind.PROMOTION)
    )
