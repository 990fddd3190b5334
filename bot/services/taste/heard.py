"""What of a listener's plays and lists is known to the catalogue, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.catalog import Catalog
from bot.core.taste import NOTHING_PLAYED, RECENT_DAYS, RECENT_PLAYS, Played
from bot.store import listening
from bot.store.listening import History


@dataclass(frozen=True, slots=True, eq=False)
class Listening:
    """What a listener plays. Tracks are those of the catalogue."""

    heard: NDArray[np.int64]
    """Tracks that were played or stand in a list: no discoveries."""
    counts: Played
    """What counts for the taste: of each history what its owner chose."""


async def read_listening(conn: AsyncConnection, user_id: int) -> Listening:
    """Read what a listener plays; of somebody without a history that is nothing.

    What they said somebody else has played counts for nothing.
    """
    histories = await listening.counting_histories(conn, user_id)
    if not histories:
        return Listening(NOTHING_PLAYED.track_ids, NOTHING_PLAYED)
    ids = [one.id for one in histories]
    all_played = await listening.played(conn, ids)
    in_lists = await listening.in_lists(conn, ids)
    heard = np.union1d(all_played.track_ids, in_lists.track_ids)
    if all(one.basis is ListeningBasis.TOP for one in histories) and len(all_played.track_ids):
        return Listening(heard, all_played)
    counts = NOTHING_PLAYED
    for basis in ListeningBasis:
        some = [one for one in histories if one.basis is basis]
        counts = counts.joined(await _part(conn, some, basis))
    return Listening(heard, counts if len(counts.track_ids) else in_lists)


async def read_part(conn: AsyncConnection, user_id: int, basis: ListeningBasis) -> Played:
    """Read one part of the listening, over all histories of a listener."""
    return await _part(conn, await listening.counting_histories(conn, user_id), basis)


async def _part(
    conn: AsyncConnection, histories: Sequence[History], basis: ListeningBasis
) -> Played:
    ids = [one.id for one in histories]
    match basis:
        case ListeningBasis.RECENT:
            found = NOTHING_PLAYED
            for one in ids:
                lately = await listening.played_lately(
                    conn, one, seconds=RECENT_DAYS * 86_400, limit=RECENT_PLAYS
                )
                found = found.joined(lately)
            return found
        case ListeningBasis.TOP:
            counted = await listening.played(conn, ids)
            if len(counted.track_ids):
                return counted
            return await listening.in_lists(conn, ids, ListeningBasis.TOP)
        case _:
            return await listening.in_lists(conn, ids, basis)


def in_catalog(
    catalog: Catalog, played: Played
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the rows, plays and last plays of those tracks that this catalogue holds."""
    rows = catalog.rows_of(played.track_ids)
    here = played.only(np.isin(played.track_ids, catalog.track_ids[rows], assume_unique=True))
    return rows, here.plays, here.last_s
