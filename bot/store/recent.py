"""What somebody was shown or liked last: offered where they begin to type."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Feedback, FeedbackKind, SearchHit, Subject, SubjectKind
from bot.store import feedback, subjects
from bot.store.dialect import listed
from bot.store.tables import recommendations, tracks

_LOOKED_AT: Final = 60
_GOOD: Final = 4
"""From so many stars on, a rating says that something is liked."""


async def own(
    conn: AsyncConnection, user_id: int, kinds: Collection[SubjectKind], *, limit: int
) -> list[SearchHit]:
    """Return the last picks of a listener and then what they like best, each once.

    Of a pick also its album and its artist, where such are asked for.

    Args:
        kinds: tracks, albums, artists.
        limit: so many of all.
    """
    shown = (
        select(recommendations.c.track_id)
        .where(recommendations.c.user_id == user_id)
        .order_by(recommendations.c.shown_at.desc(), recommendations.c.id.desc())
        .limit(_LOOKED_AT)
    )
    picked = list(dict.fromkeys(await conn.scalars(shown)))
    wanted = [one for one in await _of_tracks(conn, picked) if one.kind in kinds]
    said = sorted(await feedback.counting(conn, user_id), key=lambda one: -one.id)
    liked = [one.subject for one in said if _is_liked(one) and one.subject.kind in kinds]
    half = limit // 2
    some = list(dict.fromkeys([*wanted[:half], *liked, *wanted[half:]]))[:limit]
    names = await subjects.names(conn, some)
    return [names[subject] for subject in some if subject in names]


def _is_liked(one: Feedback) -> bool:
    if one.kind is FeedbackKind.RATING:
        return (one.value or 0) >= _GOOD
    return one.kind in (FeedbackKind.THUMB, FeedbackKind.SEED) and (one.value or 0) > 0


async def _of_tracks(conn: AsyncConnection, track_ids: list[int]) -> Iterable[Subject]:
    query = select(tracks.c.id, tracks.c.album_id, tracks.c.artist_id)
    query = query.where(tracks.c.id.in_(listed(conn, track_ids)))
    rows = {row.id: row for row in await conn.execute(query)} if track_ids else {}
    found = []
    for track_id in track_ids:
        row = rows[track_id]
        found.append(Subject(SubjectKind.TRACK, track_id))
        if row.album_id is not None:
            found.append(Subject(SubjectKind.ALBUM, row.album_id))
        found.append(Subject(SubjectKind.ARTIST, row.artist_id))
    return found
