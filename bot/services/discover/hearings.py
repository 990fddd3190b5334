"""Which promotions a listener meets in a server, and how: by their names, or blind first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.promotion import PENDING_FOR, threshold, turns
from bot.core.ranking import ChosenTrack, Hearing
from bot.core.server import GuildSettings
from bot.store import auditions, promotions

PROMOTED_FOR: Final = timedelta(days=30)
"""So long a promoted track may appear among the picks."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What was promoted in a server, for one listener. Rows are rows of the catalogue."""

    promoted: Mapping[int, int] = field(default_factory=dict)
    """Row of each track they may meet by its name → its promotion."""
    hearings: tuple[Hearing, ...] = ()
    """What they may hear blind now."""
    withheld_rows: tuple[int, ...] = ()
    """What they may meet in no other way than blind."""

    def without(self, rows: Collection[int], promotions: Collection[int]) -> "Offers":
        """Return what is left when a server does not want some rows, and some promotions."""
        unwanted, taken_out = set(rows), set(promotions)
        if not unwanted and not taken_out:
            return self
        hearings = (
            replace(one, rows=tuple(row for row in one.rows if row not in unwanted))
            for one in self.hearings
            if one.promotion_id not in taken_out
        )
        return Offers(
            {
                row: number
                for row, number in self.promoted.items()
                if row not in unwanted and number not in taken_out
            },
            tuple(one for one in hearings if one.rows),
            self.withheld_rows,
        )


async def read_offers(
    conn: AsyncConnection,
    catalog: Catalog,
    user_id: int,
    guild_id: int,
    *,
    rules: GuildSettings,
    joined: bool,
    now: datetime,
) -> Offers:
    """Return what a listener may meet of what others promoted.

    Those who joined the auditions meet a promotion blind first; by its name only when they have
    heard it, or when nobody is to hear it any more. While one audition waits for their word, there
    is no other.

    Args:
        rules: of the server.
        joined: whether they joined the auditions.
    """
    offered = await promotions.promoted_track_ids(
        conn,
        user_id,
        guild_id=guild_id,
        since=now - PROMOTED_FOR,
        hidden_after=rules.reports_until_hidden,
        now=now,
    )
    of_others: dict[int, int] = {}
    for promotion_id, track_id in offered:
        row = catalog.row_of(track_id)
        if row is not None:
            of_others.setdefault(row, promotion_id)
    if not of_others or not joined:
        return Offers(promoted=of_others)
    rows: dict[int, list[int]] = {}
    for row, promotion_id in of_others.items():
        rows.setdefault(promotion_id, []).append(row)
    pending_since = now - PENDING_FOR
    standings, judged = await auditions.both_standings(conn, guild_id, pending_since=pending_since)
    earned = await auditions.judged_counts(conn, guild_id)
    known, waits = await auditions.met(conn, user_id, guild_id, pending_since=pending_since)
    guaranteed = rules.guaranteed_hearings
    due = turns(standings, earned, guaranteed=guaranteed)
    hearings = tuple(
        Hearing(
            one.promotion_id,
            due[one.promotion_id],
            threshold(now - one.created_at),
            tuple(sorted(rows[one.promotion_id])),
        )
        for one in standings
        if one.promotion_id in due and one.promotion_id in rows and one.promotion_id not in known
    )
    # What waits for anybody's word may be heard by others yet, so its name is kept back.
    unheard = turns(judged, earned, guaranteed=guaranteed).keys()
    withheld = unheard if waits else unheard - known
    return Offers(
        promoted={row: number for row, number in of_others.items() if number not in withheld},
        hearings=() if waits else hearings,
        withheld_rows=tuple(row for row, number in of_others.items() if number in withheld),
    )


async def keep_hearing(
    conn: AsyncConnection,
    user_id: int,
    heard: ChosenTrack,
    recommendation_id: int,
    *,
    guild_id: int,
) -> None:
    """Enter an audition that is about to be posted in the ledger of hearings.

    Raises:
        ValueError: nobody promoted it, or nothing was expected of the listener.
    """
    expected = heard.explanation.confidence
    if heard.promotion_id is None or expected is None:
        raise ValueError("an audition is of a promotion, and for a known taste")
    await auditions.add(
        conn,
        user_id,
        recommendation_id=recommendation_id,
        promotion_id=heard.promotion_id,
        guild_id=guild_id,
        expected=expected,
    )
