"""What still binds when the rows it followed from are deleted: marks that name nobody.

A mark is a keyed hash. Whoever has the database can only test a guess with it, and only until it
ends: then it is removed.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import link_meaning
from bot.store import state
from bot.store.dialect import listed
from bot.store.tables import tombstones

_KEY: Final = "tombstone_key"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something that binds for a while."""

    mark: str
    guild_id: int
    """0: outside of servers."""
    at: datetime
    """When it began."""
    until: datetime
    fingerprint: bytes | None = None
    """Of a sound, to be compared with others."""


class Marks:
    """Makes marks; the same thing has the same mark in this database, and in no other."""

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)

    def person(self, guild_id: int | None, user_id: int) -> str:
        """Return the mark of a person in a server."""
        return self._mark("person", guild_id, user_id)

    def guild(self, guild_id: int) -> str:
        """Return the mark of whatever happens in a server."""
        return self._mark("guild", guild_id)

    def name(self, guild_id: int, key: str) -> str:
        """Return the mark of an artist's name (`identity.artist_key`) in a server."""
        return self._mark("name", guild_id, key)

    def link(self, guild_id: int, url: str) -> str:
        """Return the mark of the page that a link leads to."""
        return self._mark("link", guild_id, link_meaning(url))

    def file(self, guild_id: int, sha256: str) -> str:
        """Return the mark of a sound file."""
        return self._mark("file", guild_id, sha256)

    def recording(self, guild_id: int, kind: str, value: str | int) -> str:
        """Return the mark of a recording by one of its names: "track", "key" or "isrc"."""
        return self._mark("recording", guild_id, kind, value)

    def _mark(self, *parts: object) -> str:
        return hmac.new(self._key, json.dumps(parts).encode(), "sha256").hexdigest()


async def marks(conn: AsyncConnection) -> Marks | None:
    """Return what makes marks; None while there is none to be found."""
    key = await state.get(conn, _KEY)
    return None if key is None else Marks(key)


async def make_marks(conn: AsyncConnection) -> Marks:
    """Return what makes marks, with a new key for a database that has none."""
    key = await state.get(conn, _KEY)
    if key is None:
        key = secrets.token_hex(32)
        await state.put(conn, _KEY, key)
    return Marks(key)


async def keep(conn: AsyncConnection, new: Iterable[Tombstone], *, now: datetime) -> None:
    """Keep what has not ended; of two of one mark the later stays."""
    latest: dict[str, Tombstone] = {}
    for one in new:
        if one.until > now and (one.mark not in latest or latest[one.mark].at < one.at):
            latest[one.mark] = one
    later = select(tombstones.c.mark, tombstones.c.at).where(
        tombstones.c.mark.in_(listed(conn, list(latest)))
    )
    for mark, at in (await conn.execute(later)).all():
        if at >= latest[mark].at:
            del latest[mark]
    await conn.execute(delete(tombstones).where(tombstones.c.mark.in_(listed(conn, list(latest)))))
    if latest:
        names = Tombstone.__dataclass_fields__
        rows = [{name: getattr(one, name) for name in names} for one in latest.values()]
        await conn.execute(insert(tombstones), rows)


async def last(conn: AsyncConnection, chosen: Sequence[str]) -> Mapping[str, datetime]:
    """Return when each of some marks was left, as far as it binds still."""
    query = select(tombstones.c.mark, tombstones.c.at).where(
        tombstones.c.mark.in_(listed(conn, list(chosen)))
    )
    return {row.mark: row.at for row in await conn.execute(query)}


async def fingerprints(conn: AsyncConnection, guild_id: int, since: datetime) -> list[bytes]:
    """Return the sounds of a server that were left since then, oldest first."""
    query = (
        select(tombstones.c.fingerprint)
        .where(
            tombstones.c.guild_id == guild_id,
            tombstones.c.fingerprint.is_not(None),
            tombstones.c.at > since,
        )
        .order_by(tombstones.c.at, tombstones.c.mark)
    )
    return [found for found in await conn.scalars(query) if found is not None]


async def remove_ended(conn: AsyncConnection, *, now: datetime) -> datetime | None:
    """Remove what has ended; return when the next one ends, if there is one."""
    await conn.execute(delete(tombstones).where(tombstones.c.until <= now))
    ends: datetime | None = await conn.scalar(select(func.min(tombstones.c.until)))
    return ends
