"""Picks with the names that belong to them, ready to be shown."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import ChosenTrack, Explanation, LikedTrack, PickCard
from bot.store import catalog as catalog_store
from bot.store import feedback, listening, promotions, subjects


async def cards_of(
    conn: AsyncConnection,
    catalog: Catalog,
    user_id: int,
    chosen: Sequence[ChosenTrack],
    recommendation_ids: Sequence[int],
) -> tuple[PickCard, ...]:
    """Fill in titles, and what the listener said of the closest tracks."""
    ids = [int(catalog.track_ids[one.row]) for one in chosen]
    tracks = {track.id: track for track in await catalog_store.tracks_by_ids(conn, ids)}
    related = [_related(one.explanation) for one in chosen]
    near = sorted({near for pair in related for near in pair if near is not None})
    liked = await _liked(conn, user_id, near)
    cards = []
    for one, track_id, recommendation_id, (closest, together) in zip(
        chosen, ids, recommendation_ids, related, strict=True
    ):
        cards.append(
            PickCard(
                recommendation_id=recommendation_id,
                track=tracks[track_id],
                explanation=one.explanation,
                closest=liked.get(closest),
                together=liked.get(together),
                promoted=one.promotion_id is not None,
                blind=one.blind,
                excerpt=await _excerpt(conn, one),
            )
        )
    return tuple(cards)


async def _excerpt(conn: AsyncConnection, one: ChosenTrack) -> bytes | None:
    heard = one.blind and one.promotion_id is not None
    return await promotions.excerpt(conn, one.promotion_id or 0) if heard else None


def _related(explanation: Explanation) -> tuple[int | None, int | None]:
    """Return the tracks a pick is compared with: by sound, by company."""
    closest = explanation.closest
    return None if closest is None else closest.track_id, explanation.together


async def _liked(
    conn: AsyncConnection, user_id: int, track_ids: Sequence[int]
) -> dict[int | None, LikedTrack]:
    """Return the names of tracks, and what the listener said of them, how often they play them."""
    wanted = [Subject(SubjectKind.TRACK, track_id) for track_id in track_ids]
    named = await subjects.names(conn, wanted)
    return {
        subject.id: LikedTrack(
            hit,
            await feedback.counting_about(conn, user_id, subject),
            await listening.plays_of_track(conn, user_id, subject.id),
        )
        for subject, hit in named.items()
    }
