"""What a newcomer is offered to begin with."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.models import FeedbackKind, FeedbackSource, SearchHit, Subject, SubjectKind
from bot.core.ranking import StartOffer, favorite_artists
from bot.services.threads import compute
from bot.store import feedback, subjects

OFFERED = 5
"""So many artists: one row of buttons."""


class Beginnings:
    """Offers artists; which ones is worked out once for a version of the catalogue."""

    def __init__(self) -> None:
        self._known: tuple[tuple[int, str], tuple[int, ...]] = ((-1, ""), ())

    async def artists(self, catalog: Catalog) -> tuple[int, ...]:
        """Return ids of a few famous artists of different kinds."""
        version = (catalog.version, catalog.scene_version)
        if self._known[0] != version:
            self._known = version, tuple(await compute(favorite_artists, catalog, OFFERED))
        return self._known[1]


async def read_offer(
    conn: AsyncConnection, user_id: int, artist_ids: Sequence[int], *, ratings: int
) -> StartOffer:
    """Return an offer of some artists, with what the newcomer has chosen so far."""
    chosen = [
        one.subject
        for one in await feedback.counting(conn, user_id)
        if one.kind is FeedbackKind.SEED
        and one.source is FeedbackSource.START
        and one.subject.kind is SubjectKind.ARTIST
    ]
    offered = [Subject(SubjectKind.ARTIST, one) for one in artist_ids]
    hits = await subjects.names(conn, [*offered, *chosen])
    return StartOffer(_found(hits, offered), _found(hits, chosen), ratings)


def _found(hits: dict[Subject, SearchHit], wanted: Sequence[Subject]) -> tuple[SearchHit, ...]:
    """Return those that are (still) in the catalogue."""
    return tuple(hits[one] for one in wanted if one in hits)
