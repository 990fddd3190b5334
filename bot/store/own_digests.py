"""The digests that listeners asked for themselves."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.server import Every, Hitch, OwnDigest
from bot.store import jobs
from bot.store.tables import own_digests

KIND: Final = "own-digest"
"""Of the jobs, which are about the listener: one is planned as long as there is a due time."""

_COLUMNS = [own_digests.c[name] for name in OwnDigest.__dataclass_fields__]


async def get(conn: AsyncConnection, user_id: int) -> OwnDigest | None:
    """Return somebody's digest; None: they asked for none."""
    query = select(*_COLUMNS).where(own_digests.c.user_id == user_id)
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    kept = OwnDigest(*row)
    hitch = None if kept.hitch is None else Hitch(kept.hitch)
    return replace(kept, every=Every(kept.every), hitch=hitch)


async def put(conn: AsyncConnection, digest: OwnDigest) -> None:
    """Keep a digest in place of what the listener, who is known, asked for before; plan it."""
    values = asdict(digest)
    own = own_digests.c.user_id == digest.user_id
    changed = await conn.execute(update(own_digests).where(own).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(own_digests).values(values))
    await _plan(conn, digest.user_id, digest.due_at)


async def remove(conn: AsyncConnection, user_id: int) -> bool:
    """Forget a digest; return whether there was one."""
    await jobs.drop(conn, KIND, user_id)
    gone = await conn.execute(delete(own_digests).where(own_digests.c.user_id == user_id))
    return bool(gone.rowcount)


async def begin_sending(
    conn: AsyncConnection, digest: OwnDigest, *, now: datetime, crashed_before: datetime
) -> bool:
    """Note that a digest is about to be sent.

    False: somebody else is sending it, or it was ended or planned anew meanwhile.

    Args:
        crashed_before: whoever began before this time has crashed.
    """
    sending = own_digests.c.sending_since
    begun = await conn.execute(
        update(own_digests)
        .where(
            own_digests.c.user_id == digest.user_id,
            own_digests.c.due_at == digest.due_at,
            or_(sending.is_(None), sending < crashed_before),
        )
        .values(sending_since=now)
    )
    return begun.rowcount == 1


async def end_sending(
    conn: AsyncConnection,
    digest: OwnDigest,
    *,
    sent_at: datetime | None,
    due_at: datetime | None,
    hitch: Hitch | None = None,
) -> None:
    """Note what became of a digest that was due, and when the next one is.

    If it was ended or planned anew meanwhile, that stays.

    Args:
        sent_at: None: it certainly was not sent.
        due_at: None: there is none before the listener asks again.
        hitch: why it did not come.
    """
    values: dict[str, object] = {"sending_since": None, "hitch": hitch}
    if sent_at is not None:
        values["last_sent_at"] = sent_at
    own = own_digests.c.user_id == digest.user_id
    await conn.execute(update(own_digests).where(own).values(values))
    as_it_was = own_digests.c.due_at == digest.due_at
    changed = await conn.execute(update(own_digests).where(own, as_it_was).values(due_at=due_at))
    if due_at is None and changed.rowcount:
        await jobs.drop(conn, KIND, digest.user_id)


async def leave_server(conn: AsyncConnection, user_id: int, guild_id: int) -> None:
    """Tell a listener nothing of a server any more."""
    here = (own_digests.c.user_id == user_id) & (own_digests.c.guild_id == guild_id)
    await conn.execute(update(own_digests).where(here).values(guild_id=None))


async def forget_guild(conn: AsyncConnection, guild_id: int) -> None:
    """Tell nobody anything of a server any more."""
    here = own_digests.c.guild_id == guild_id
    await conn.execute(update(own_digests).where(here).values(guild_id=None))


async def _plan(conn: AsyncConnection, user_id: int, due_at: datetime | None) -> None:
    if due_at is None:
        await jobs.drop(conn, KIND, user_id)
    else:
        await jobs.plan(conn, KIND, user_id, due_at)
