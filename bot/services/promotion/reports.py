"""People report promotions, and moderators decide about them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.promotion import (
    Action,
    Decided,
    Decision,
    Promotion,
    Reported,
    ReportState,
    ReportTaken,
    report_reason,
)
from bot.errors import NotAllowedError, NotFoundError
from bot.store import (
    ai,
    claims,
    guild_settings,
    listeners,
    moderation,
    promotions,
    reports,
    shared_pages,
    uploads,
    votes,
)
from bot.store.engine import Database

QUEUE: Final = 5
"""So many reported promotions are shown at once."""
RINGS_SINCE: Final = timedelta(days=90)


class Reports:
    """What people say is wrong with promotions, and what became of it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def report(self, user_id: int, promotion_id: int, reason: str) -> ReportTaken:
        """Take a report about a promotion: one a person.

        Raises:
            UserError: the reason cannot be used.
            NotFoundError: the promotion is gone, or stands where nobody moderates.
            NotAllowedError: they have reported it before.
        """
        reason, now = report_reason(reason), self._clock.now()
        async with self._database.write() as conn:
            promotion = await _standing(conn, promotion_id)
            if promotion.user_id is None:
                raise NotFoundError("This promotion was taken back by its artist.")
            if promotion.guild_id is None:
                raise NotFoundError("Only promotions in a server have moderators.")
            await listeners.ensure(conn, user_id, now=now)
            if not await reports.add(conn, promotion_id, user_id, reason, now=now):
                raise NotAllowedError("You have reported this promotion before; once is enough.")
            rules = await guild_settings.get(conn, promotion.guild_id)
            reported = await _reported(conn, promotion)
        hidden = len(reported.reasons) >= rules.reports_until_hidden
        return ReportTaken(reported, hidden, rules.moderation_channel_id)

    async def queue(self, guild_id: int) -> tuple[list[Reported], int]:
        """Return the reported promotions that wait longest, and how many wait in all."""
        async with self._database.read() as conn:
            found = [
                await promotions.by_id(conn, number)
                for number in await reports.waiting(conn, guild_id, limit=QUEUE)
            ]
            total = await reports.count_waiting(conn, guild_id)
            return [await _reported(conn, one) for one in found if one is not None], total

    async def rings(self, guild_id: int) -> list[Reported]:
        """Return the promotions of late whose 👍 look like those of a ring, most such first."""
        async with self._database.read() as conn:
            since = self._clock.now() - RINGS_SINCE
            found = await votes.receptions(conn, await votes.in_guild(conn, guild_id, since=since))
            chosen = sorted(
                (number for number, one in found.items() if one.suspicious),
                key=lambda number: (-found[number].narrow_up, number),
            )
            kept = [await promotions.by_id(conn, number) for number in chosen]
            return [await _reported(conn, one) for one in kept if one is not None]

    async def decide(
        self, moderator_id: int, *, guild_id: int, promotion_id: int, decision: Decision
    ) -> Decided:
        """Decide about a promotion: keep it, remove it, or remove it and ban its artist.

        An uploaded track leaves the catalogue with its promotion, as far as nobody else knows it.
        A ban is for whoever posted it and has no end; the name it went under is muted, so that
        nobody goes on for them.

        Raises:
            NotFoundError: it is not of this server, gone, or decided about already, perhaps just
                now by somebody else.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            promotion = await _standing(conn, promotion_id)
            if promotion.guild_id != guild_id:
                raise NotFoundError("That promotion is not of this server.")
            keep = decision is Decision.KEEP
            state = ReportState.KEPT if keep else ReportState.REMOVED
            answered = await reports.decide(conn, promotion_id, state, by=moderator_id, now=now)
            if not answered and (keep or await reports.was_decided(conn, promotion_id)):
                raise NotFoundError(
                    "There is no open report about it: moderators decided to keep it."
                )
            await moderation.note(
                conn,
                guild_id,
                Action.KEPT if keep else Action.REMOVED,
                f"promotion {promotion_id}",
                moderator_id=moderator_id,
                user_id=promotion.user_id,
                why=f"answers {answered} open report{'' if answered == 1 else 's'}",
                now=now,
            )
            if not keep:
                await promotions.set_removed(conn, promotion_id, now=now)
                await uploads.erase(conn, [promotion_id])
                if promotion.ai is not None:
                    await ai.touch(conn)
            if decision is Decision.BAN:
                await _ban_behind(conn, moderator_id, guild_id, promotion, now)
            if promotion.user_id is None:  # it stood for this decision only
                await promotions.remove(conn, promotion_id)
                if promotion.claim_id is not None:
                    await claims.remove_unheld(conn, promotion.claim_id, now=now)
        return Decided(promotion, decision, answered)


async def _ban_behind(
    conn: AsyncConnection,
    moderator_id: int,
    guild_id: int,
    promotion: Promotion,
    now: datetime,
) -> None:
    subject = f"who posted promotion {promotion.id}"
    mark = promotion.poster_mark if promotion.user_id is None else None
    await moderation.ban(conn, guild_id, user_id=promotion.user_id, mark=mark, until=None)
    await moderation.note(
        conn,
        guild_id,
        Action.BANNED,
        subject,
        moderator_id=moderator_id,
        user_id=promotion.user_id,
        why="without end",
        now=now,
    )
    claim = None
    if promotion.claim_id is not None:
        claim = await claims.by_id(conn, promotion.claim_id)
    if claim is not None and not claim.muted:
        await claims.set_muted(conn, claim.id, True)
        await shared_pages.remove_cards(conn, claim.user_id, claim.name)
        await moderation.note_claim(
            conn, claim, Action.MUTED, moderator_id=moderator_id, why="with the ban", now=now
        )


async def _standing(conn: AsyncConnection, promotion_id: int) -> Promotion:
    promotion = await promotions.by_id(conn, promotion_id)
    if promotion is None:
        raise NotFoundError("This promotion was taken back by its artist.")
    if promotion.removed_at is not None:
        raise NotFoundError("This promotion was removed by the moderators already.")
    return promotion


async def _reported(conn: AsyncConnection, promotion: Promotion) -> Reported:
    claim = None if promotion.claim_id is None else await claims.by_id(conn, promotion.claim_id)
    return Reported(
        promotion,
        None if claim is None else claim.name,
        await reports.open_reasons(conn, promotion.id),
        await votes.reception_of(conn, [promotion.id]),
    )
