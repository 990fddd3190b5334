"""Artist names: who holds them in which server, their pages and their helpers."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import artist_key
from bot.core.promotion import Claim
from bot.store import guild_settings, tombstones
from bot.store.tables import artist_claims, artist_pages, artists, claim_hands, promotions
from bot.store.tombstones import Tombstone

_COLUMNS = [artist_claims.c[name] for name in Claim.__dataclass_fields__]


async def add(
    conn: AsyncConnection, user_id: int, *, guild_id: int, name: str, now: datetime
) -> Claim:
    """Give a free name to somebody, linked to the artist of the catalogue that has it."""
    key = artist_key(name)
    artist_id = await catalog_artist(conn, key)
    values = {
        "guild_id": guild_id,
        "name": name,
        "key": key,
        "user_id": user_id,
        "artist_id": artist_id,
        "muted": False,
        "created_at": now,
    }
    done = await conn.execute(insert(artist_claims).values(values).returning(artist_claims.c.id))
    return Claim(done.scalar_one(), guild_id, name, key, user_id, artist_id, None, False, now)


async def catalog_artist(conn: AsyncConnection, key: str) -> int | None:
    """Return the artist of the catalogue with this key (`identity.artist_key`)."""
    artist_id: int | None = await conn.scalar(select(artists.c.id).where(artists.c.key == key))
    return artist_id


async def link(conn: AsyncConnection, claim_id: int, artist_id: int) -> None:
    """Note which artist of the catalogue a claimed name is."""
    await _change(conn, claim_id, artist_id=artist_id)


async def by_key(conn: AsyncConnection, guild_id: int, key: str) -> Claim | None:
    """Return the claim of a name (`identity.artist_key`) in a server."""
    return await _one(
        conn, _claims().where(artist_claims.c.guild_id == guild_id, artist_claims.c.key == key)
    )


async def by_id(conn: AsyncConnection, claim_id: int) -> Claim | None:
    """Return one claim; None when it was given up."""
    return await _one(conn, _claims().where(artist_claims.c.id == claim_id))


async def acting_for(conn: AsyncConnection, user_id: int, *, guild_id: int) -> list[Claim]:
    """Return the claims that somebody holds, or helps with, in a server, by name."""
    query = _claims().where(artist_claims.c.guild_id == guild_id, acts_for(user_id))
    return await _many(conn, query)


async def in_guild(conn: AsyncConnection, guild_id: int) -> list[Claim]:
    """Return all claims of a server, by name."""
    return await _many(conn, _claims().where(artist_claims.c.guild_id == guild_id))


async def set_verified(
    conn: AsyncConnection, claim_id: int, *, by: int | None, at: datetime | None
) -> None:
    """Note who verified a claim and when; None takes it back."""
    await _change(conn, claim_id, verified_by=by, verified_at=at)


async def set_muted(conn: AsyncConnection, claim_id: int, muted: bool) -> None:
    """Stop a name from promoting, or let it promote again."""
    await _change(conn, claim_id, muted=muted)


async def take_over(conn: AsyncConnection, claim: Claim, user_id: int, *, now: datetime) -> Claim:
    """Give a name that nobody holds any more to somebody; if it is muted, it stays muted."""
    await _change(conn, claim.id, user_id=user_id, created_at=now)
    return replace(claim, user_id=user_id, created_at=now)


async def remove(conn: AsyncConnection, claim_id: int, *, now: datetime) -> None:
    """Take a name from its holder, who keeps what they promoted under it."""
    own = select(artist_claims.c.id).where(artist_claims.c.id == claim_id)
    await remove_all(conn, own, now=now)


async def leave_pauses(conn: AsyncConnection, chosen: Select[int], *, now: datetime) -> None:
    """Keep the pauses of some names, for whoever registers them next."""
    query = (
        select(artist_claims.c.guild_id, artist_claims.c.key, func.max(promotions.c.created_at))
        .join(promotions, promotions.c.claim_id == artist_claims.c.id)
        .where(artist_claims.c.id.in_(chosen), promotions.c.message_id.is_not(None))
        .group_by(artist_claims.c.guild_id, artist_claims.c.key)
    )
    left = []
    for guild_id, key, at in (await conn.execute(query)).all():
        marks = await tombstones.make_marks(conn)
        pause = timedelta(hours=(await guild_settings.get(conn, guild_id)).artist_cooldown_hours)
        left.append(Tombstone(marks.name(guild_id, key), guild_id, at, at + pause))
    await tombstones.keep(conn, left, now=now)


async def remove_unheld(conn: AsyncConnection, claim_id: int, *, now: datetime) -> None:
    """Forget a name that nobody holds, unless it is muted or waits for a decision."""
    waits = exists().where(
        promotions.c.claim_id == artist_claims.c.id, promotions.c.user_id.is_(None)
    )
    free = select(artist_claims.c.id).where(
        artist_claims.c.id == claim_id,
        artist_claims.c.user_id.is_(None),
        ~artist_claims.c.muted,
        ~waits,
    )
    await remove_all(conn, free, now=now)


async def remove_all(conn: AsyncConnection, chosen: Select[int], *, now: datetime) -> None:
    """Take many names from their holders, with pages and helpers."""
    await leave_pauses(conn, chosen, now=now)
    unnamed = update(promotions).where(promotions.c.claim_id.in_(chosen)).values(claim_id=None)
    await conn.execute(unnamed)
    for table in (artist_pages, claim_hands):
        await conn.execute(delete(table).where(table.c.claim_id.in_(chosen)))
    await conn.execute(delete(artist_claims).where(artist_claims.c.id.in_(chosen)))


async def pages(conn: AsyncConnection, claim_id: int) -> tuple[str, ...]:
    """Return the addresses of an artist's pages, in order."""
    query = (
        select(artist_pages.c.url)
        .where(artist_pages.c.claim_id == claim_id)
        .order_by(artist_pages.c.url)
    )
    return tuple((await conn.scalars(query)).all())


async def add_page(conn: AsyncConnection, claim_id: int, url: str) -> None:
    """Add a page; it must not be there yet."""
    await conn.execute(insert(artist_pages).values(claim_id=claim_id, url=url))


async def remove_page(conn: AsyncConnection, claim_id: int, url: str) -> bool:
    """Remove a page; return whether it was there."""
    own = (artist_pages.c.claim_id == claim_id) & (artist_pages.c.url == url)
    return (await conn.execute(delete(artist_pages).where(own))).rowcount > 0


async def hands(conn: AsyncConnection, claim_id: int) -> tuple[int, ...]:
    """Return who may act for a name, apart from its holder."""
    query = (
        select(claim_hands.c.user_id)
        .where(claim_hands.c.claim_id == claim_id)
        .order_by(claim_hands.c.user_id)
    )
    return tuple((await conn.scalars(query)).all())


async def add_hand(conn: AsyncConnection, claim_id: int, user_id: int, *, now: datetime) -> None:
    """Let somebody who may not yet act for a name do so."""
    await conn.execute(
        insert(claim_hands).values(claim_id=claim_id, user_id=user_id, accepted_at=now)
    )


async def remove_hand(conn: AsyncConnection, claim_id: int, user_id: int) -> bool:
    """Let somebody no longer act for a name; return whether they could."""
    own = (claim_hands.c.claim_id == claim_id) & (claim_hands.c.user_id == user_id)
    return (await conn.execute(delete(claim_hands).where(own))).rowcount > 0


async def people_behind(conn: AsyncConnection, promotion_id: int) -> frozenset[int]:
    """Return who stands behind a promotion: its poster, and the holder and helpers of its name."""
    promotion = promotions.c.id == promotion_id
    named = promotions.join(artist_claims, artist_claims.c.id == promotions.c.claim_id)
    helped = promotions.join(claim_hands, claim_hands.c.claim_id == promotions.c.claim_id)
    query = union(
        select(promotions.c.user_id).where(promotion),
        select(artist_claims.c.user_id).select_from(named).where(promotion),
        select(claim_hands.c.user_id).select_from(helped).where(promotion),
    )
    return frozenset(one for one in await conn.scalars(query) if one is not None)


async def voiceless(conn: AsyncConnection, promotion_id: int) -> dict[int, datetime | None]:
    """Return whose votes a promotion leaves out, and from when on; None: from the beginning.

    Helpers were listeners before: what they said until they accepted counts.
    """
    since: dict[int, datetime | None] = dict.fromkeys(await people_behind(conn, promotion_id))
    query = (
        select(claim_hands.c.user_id, claim_hands.c.accepted_at)
        .join(promotions, promotions.c.claim_id == claim_hands.c.claim_id)
        .where(promotions.c.id == promotion_id, promotions.c.user_id != claim_hands.c.user_id)
    )
    return since | {row.user_id: row.accepted_at for row in await conn.execute(query)}


def acts_for(user_id: int) -> ColumnElement[bool]:
    """Return the condition that somebody holds the claim of the row, or is a helper of it."""
    helps = exists().where(
        claim_hands.c.claim_id == artist_claims.c.id, claim_hands.c.user_id == user_id
    )
    return or_(artist_claims.c.user_id == user_id, helps)


def _claims() -> Select[Any]:
    return select(*_COLUMNS)


async def _one(conn: AsyncConnection, query: Select[Any]) -> Claim | None:
    row = (await conn.execute(query)).first()
    return None if row is None else Claim(*row)


async def _many(conn: AsyncConnection, query: Select[Any]) -> list[Claim]:
    return [Claim(*row) for row in await conn.execute(query.order_by(artist_claims.c.key))]


async def _change(conn: AsyncConnection, claim_id: int, **values: Any) -> None:
    await conn.execute(update(artist_claims).where(artist_claims.c.id == claim_id).values(values))
