"""Wishes in words as they were kept, with the names of what they ask for."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.asking import TitleWords
from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import (
    NO_LIFT,
    NOTHING_ASKED,
    Asked,
    Lift,
    Understood,
    Wish,
    typical_score,
)
from bot.core.taste import TasteProfile
from bot.store import asked_wishes, subjects

_LIFTED_BY = 3.0
"""So many standard deviations of what tracks are worth to a taste, the best match is lifted."""


async def recalled(conn: AsyncConnection, wish: Wish) -> tuple[Wish, Asked] | None:
    """Return a wish as it is now; None when it was in words that are not kept any more."""
    if wish.asked is None:
        return wish, NOTHING_ASKED
    kept = await asked_wishes.get(conn, wish.asked)
    if kept is None:
        return None
    before, asked = kept
    return wish.since(before), asked.dropping(wish.dropped)


async def understood(
    conn: AsyncConnection, catalog: Catalog, wish: Wish, asked: Asked
) -> Understood:
    """Return a wish in words with the names that belong to it."""
    artists = [Subject(SubjectKind.ARTIST, one) for one in asked.without]
    named = await subjects.names(conn, artists)
    genres = asked.genres or (() if wish.genre_id is None else (wish.genre_id,))
    return Understood(
        asked,
        _genres(catalog, genres),
        _genres(catalog, asked.not_genres),
        tuple(named[one].title for one in artists if one in named),
    )


def lift_of(
    catalog: Catalog,
    profile: TasteProfile,
    asked: Asked,
    titles: TitleWords | None,
    affinity: float,
) -> Lift:
    """Return what tracks earn for the words of a wish: as much as a clear difference in taste."""
    if titles is None or not asked.words:
        return NO_LIFT
    deviation = typical_score(catalog, profile, affinity=affinity).deviation
    return titles.lift(catalog, asked.words, _LIFTED_BY * (deviation or 1.0))


def _genres(catalog: Catalog, ids: Sequence[int]) -> tuple[str, ...]:
    names = (catalog.genre_name(one) for one in ids)
    return tuple(dict.fromkeys(one for one in names if one is not None))
