"""Invitations to a list for several listeners, who joined them, and what is owed afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ranking import people_key
from bot.store.tables import blend_debts, blend_members, blends


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that is open."""

    id: int
    user_id: int
    """Who asks."""
    asked_at: datetime
    making_since: datetime | None
    """None: nobody is making the list."""
    members: tuple[int, ...]
    """Who joined, in that order; who asks is the first."""


async def add(conn: AsyncConnection, user_id: int, *, now: datetime) -> Invitation:
    """Keep an invitation by a listener, who has joined it."""
    values = {"user_id": user_id, "asked_at": now, "making_since": None}
    number = int(
        (await conn.execute(insert(blends).values(values).returning(blends.c.id))).scalar_one()
    )
    await join(conn, number, user_id, now=now)
    return Invitation(number, user_id, now, None, (user_id,))


async def find(conn: AsyncConnection, blend_id: int) -> Invitation | None:
    """Return an invitation; None when it was made, called off or removed."""
    columns = (blends.c.id, blends.c.user_id, blends.c.asked_at, blends.c.making_since)
    row = (await conn.execute(select(*columns).where(blends.c.id == blend_id))).first()
    if row is None:
        return None
    query = select(blend_members.c.user_id).where(blend_members.c.blend_id == blend_id)
    asks_first = (blend_members.c.user_id != row.user_id, blend_members.c.joined_at)
    members = await conn.scalars(query.order_by(*asks_first, blend_members.c.user_id))
    return Invitation(*row, members=tuple(members))


async def join(conn: AsyncConnection, blend_id: int, user_id: int, *, now: datetime) -> None:
    """Let a listener take part; they do not yet."""
    values = {"blend_id": blend_id, "user_id": user_id, "joined_at": now}
    await conn.execute(insert(blend_members).values(values))


async def leave(conn: AsyncConnection, blend_id: int, user_id: int) -> None:
    """Let a listener take part no longer."""
    own = (blend_members.c.blend_id == blend_id) & (blend_members.c.user_id == user_id)
    await conn.execute(delete(blend_members).where(own))


async def begin_making(
    conn: AsyncConnection, blend_id: int, *, now: datetime, crashed_before: datetime
) -> bool:
    """Note that the list is being made; False when somebody is making it already.

    Args:
        crashed_before: whoever began before this time has crashed.
    """
    free = or_(blends.c.making_since.is_(None), blends.c.making_since < crashed_before)
    begun = await conn.execute(
        update(blends).where(blends.c.id == blend_id, free).values(making_since=now)
    )
    return begun.rowcount == 1


async def end_making(conn: AsyncConnection, blend_id: int) -> None:
    """Note that no list came of it."""
    await conn.execute(update(blends).where(blends.c.id == blend_id).values(making_since=None))


async def remove(conn: AsyncConnection, *blend_ids: int) -> None:
    """Remove invitations."""
    await conn.execute(delete(blend_members).where(blend_members.c.blend_id.in_(blend_ids)))
    await conn.execute(delete(blends).where(blends.c.id.in_(blend_ids)))


async def remove_lapsed(conn: AsyncConnection, *, before: datetime) -> datetime | None:
    """Remove invitations from before then; return of when the oldest is that is left."""
    old = list(await conn.scalars(select(blends.c.id).where(blends.c.asked_at <= before)))
    await remove(conn, *old)
    oldest: datetime | None = await conn.scalar(select(func.min(blends.c.asked_at)))
    return oldest


async def owed(conn: AsyncConnection, user_ids: Sequence[int]) -> list[float]:
    """Return what each of some people is owed from their last list together, in their order."""
    query = select(blend_debts.c.user_id, blend_debts.c.owed).where(
        blend_debts.c.people == people_key(user_ids)
    )
    found = {row.user_id: float(row.owed) for row in await conn.execute(query)}
    return [found.get(one, 0.0) for one in user_ids]


async def keep_owed(conn: AsyncConnection, debts: Mapping[int, float], *, now: datetime) -> None:
    """Keep what each of some people is owed, in place of what was owed before."""
    key = people_key(debts)
    await conn.execute(delete(blend_debts).where(blend_debts.c.people == key))
    rows = [
        {"people": key, "user_id": one, "owed": debt, "blended_at": now}
        for one, debt in debts.items()
    ]
    await conn.execute(insert(blend_debts), rows)


async def forget(conn: AsyncConnection, user_id: int) -> None:
    """Remove somebody: what they asked for and joined, and all debts of groups they were in."""
    asked = list(await conn.scalars(select(blends.c.id).where(blends.c.user_id == user_id)))
    await remove(conn, *asked)
    await conn.execute(delete(blend_members).where(blend_members.c.user_id == user_id))
    groups = select(blend_debts.c.people).where(blend_debts.c.user_id == user_id)
    await _forget_groups(conn, list(await conn.scalars(groups)))


async def _forget_groups(conn: AsyncConnection, keys: Iterable[str]) -> None:
    await conn.execute(delete(blend_debts).where(blend_debts.c.people.in_(list(keys))))
