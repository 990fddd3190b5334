"""What a person leaves behind when they have their data deleted, without naming them.

Pauses, the 30-day rule, a muted name and a report that waits to be decided bind everybody; nobody
may shake them off by deleting their data and beginning anew.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.promotion import SAME_URL_AGAIN_AFTER, Promotion
from bot.store import catalog, claims, guild_settings, promotions, tombstones
from bot.store.tables import (
    artist_claims,
    artist_pages,
    claim_hands,
    promotion_audio,
    promotion_tracks,
    reports,
)
from bot.store.tables import promotions as promotion_rows
from bot.store.tombstones import Marks, Tombstone


async def leave_pauses(conn: AsyncConnection, user_id: int, *, now: datetime) -> None:
    """Keep the pauses that follow from what somebody promoted, while its rows are there."""
    own = await promotions.all_of(conn, user_id, now=now)
    if not own:
        return
    marks = await tombstones.make_marks(conn)
    left: list[Tombstone] = []
    for one in own:
        pauses = await guild_settings.get(conn, one.guild_id or 0)
        left.append(
            _stone(
                marks.person(one.guild_id, user_id),
                one,
                timedelta(hours=pauses.user_cooldown_hours),
            )
        )
        if one.guild_id is None:
            continue
        minutes = timedelta(minutes=pauses.guild_cooldown_minutes)
        left.append(_stone(marks.guild(one.guild_id), one, minutes))
        if one.url:
            left.append(_stone(marks.link(one.guild_id, one.url), one, SAME_URL_AGAIN_AFTER))
        left += await _of_sound(conn, marks, one)
    await tombstones.keep(conn, left, now=now)


def _stone(
    mark: str, promotion: Promotion, pause: timedelta, fingerprint: bytes | None = None
) -> Tombstone:
    at = promotion.created_at
    return Tombstone(mark, promotion.guild_id or 0, at, at + pause, fingerprint)


async def _of_sound(conn: AsyncConnection, marks: Marks, one: Promotion) -> list[Tombstone]:
    """Return what keeps the recordings of a promotion from being promoted again."""
    here = one.guild_id or 0
    found = []
    audio = select(promotion_audio.c.sha256, promotion_audio.c.fingerprint).where(
        promotion_audio.c.promotion_id == one.id
    )
    for sha256, fingerprint in await conn.execute(audio):
        found.append(_stone(marks.file(here, sha256), one, SAME_URL_AGAIN_AFTER, fingerprint))
    shown = select(promotion_tracks.c.track_id).where(promotion_tracks.c.promotion_id == one.id)
    names = await catalog.recording_names(conn, list(await conn.scalars(shown)))
    for kind, value in sorted({name for each in names.values() for name in each}, key=str):
        found.append(_stone(marks.recording(here, kind, value), one, SAME_URL_AGAIN_AFTER))
    return found


async def leave_reported(conn: AsyncConnection, user_id: int) -> list[int]:
    """Let what somebody promoted and others reported wait for its decision, without the person.

    Only its text, link and title stay, and a mark by which a ban finds whom it means.

    Returns:
        The promotions that wait.
    """
    open_reports = exists().where(
        reports.c.promotion_id == promotion_rows.c.id, reports.c.state == "open"
    )
    query = select(promotion_rows.c.id, promotion_rows.c.guild_id).where(
        promotion_rows.c.user_id == user_id,
        promotion_rows.c.removed_at.is_(None),
        promotion_rows.c.guild_id.is_not(None),
        open_reports,
    )
    waiting = (await conn.execute(query)).all()
    if waiting:
        marks = await tombstones.make_marks(conn)
        for number, guild_id in waiting:
            left = {"user_id": None, "poster_mark": marks.person(guild_id, user_id)}
            own = promotion_rows.c.id == number
            await conn.execute(update(promotion_rows).where(own).values(left))
    return [row.id for row in waiting]


async def leave_claims(conn: AsyncConnection, user_id: int, *, now: datetime) -> None:
    """Take somebody's names from them: a muted one, or one that waits, is held by nobody then."""
    own = select(artist_claims.c.id).where(artist_claims.c.user_id == user_id)
    waits = exists().where(
        promotion_rows.c.claim_id == artist_claims.c.id, promotion_rows.c.user_id.is_(None)
    )
    bound = list(await conn.scalars(own.where(or_(artist_claims.c.muted, waits))))
    await claims.leave_pauses(conn, own, now=now)
    held = artist_claims.c.id.in_(bound)
    for table in (artist_pages, claim_hands):
        await conn.execute(delete(table).where(table.c.claim_id.in_(bound)))
    nobodys = {"user_id": None, "verified_by": None, "verified_at": None}
    await conn.execute(update(artist_claims).where(held).values(nobodys))
    await claims.remove_all(conn, own, now=now)


async def leave_reports(conn: AsyncConnection, user_id: int) -> None:
    """Keep that somebody reported a promotion, without them: once a person is still once."""
    query = (
        select(reports.c.id, promotion_rows.c.guild_id)
        .join(promotion_rows, promotion_rows.c.id == reports.c.promotion_id)
        .where(reports.c.user_id == user_id)
    )
    mine = (await conn.execute(query)).all()
    if mine:
        marks = await tombstones.make_marks(conn)
        for number, guild_id in mine:
            left = {"user_id": None, "reporter_mark": marks.person(guild_id, user_id)}
            await conn.execute(update(reports).where(reports.c.id == number).values(left))
