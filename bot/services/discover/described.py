"""The taste that a wish describes, where it is not the listener's own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import Wish
from bot.core.taste import Opinion, TasteProfile, build_taste, sample
from bot.errors import NotFoundError
from bot.services.taste import listening_taste, subject_rows
from bot.services.threads import compute

_HOW: Final = "`/import` takes an export of your music service"
_NOTHING_HEARD: Final = {
    ListeningBasis.TOP: f"None of what you play is in my catalogue. {_HOW}.",
    ListeningBasis.RECENT: f"None of what you play is in my catalogue. {_HOW}.",
    ListeningBasis.SAVED: "I know no tracks that you saved. `/import` takes the CSV that Exportify "
    "makes of your Liked Songs.",
    ListeningBasis.PLAYLIST: "I know no playlist of yours. `/import` takes the CSV that Exportify "
    "makes of a playlist.",
}


async def described_taste(
    conn: AsyncConnection, catalog: Catalog, user_id: int, wish: Wish, *, newcomer: bool
) -> TasteProfile | None:
    """Return the taste that a wish describes; None when the listener's own is meant.

    Raises:
        NotFoundError: nothing is known of what it names.
    """
    if wish.basis is not None:
        return await _listened(conn, catalog, user_id, wish.basis)
    return await likeness(conn, catalog, wish, newcomer=newcomer)


def _anything_known(catalog: Catalog, rows: NDArray[np.int64]) -> bool:
    """Tell whether tracks, or others of their artists, were measured or stand in lists."""
    known = catalog.measured | catalog.listed
    return bool(
        known[rows].any()
        or known[catalog.rows_of_artists(np.unique(catalog.artist_ids[rows]))].any()
    )


async def _listened(
    conn: AsyncConnection, catalog: Catalog, user_id: int, basis: ListeningBasis
) -> TasteProfile:
    """Return the taste that one part of the listening shows.

    Raises:
        NotFoundError: nothing of it is known, or in the catalogue.
    """
    profile = await listening_taste(conn, catalog, user_id, basis)
    if not profile.has_taste:
        raise NotFoundError(_NOTHING_HEARD[basis])
    return profile


async def likeness(
    conn: AsyncConnection, catalog: Catalog, wish: Wish, *, newcomer: bool = False
) -> TasteProfile | None:
    """Return the taste that a wish itself describes; None when the listener's own is meant.

    A newcomer who names a genre is taken to like what is typical of it.

    Raises:
        NotFoundError: what is to be resembled is not in the catalogue or was never measured.
    """
    like = wish.like
    if like is None and newcomer and wish.genre_id is not None:
        like = Subject(SubjectKind.GENRE, wish.genre_id)
    if like is None:
        return None
    rows = sample(await subject_rows(conn, catalog, like))
    profile = await compute(build_taste, catalog, [Opinion(int(row), 1.0) for row in rows])
    if not len(rows):
        raise NotFoundError(f"That {like.kind} is not in my catalogue.")
    if not _anything_known(catalog, rows):
        raise NotFoundError(
            f"Nothing of that {like.kind} has been measured yet, so I cannot find anything similar."
        )
    return profile
