"""The rules that each server has set for itself."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ai import AiRule
from bot.core.server import GuildSettings
from bot.store.tables import digests, guild_settings

COLUMNS: Final = [guild_settings.c[name] for name in GuildSettings.__dataclass_fields__]


def settings_of(row: Row[Any]) -> GuildSettings:
    """Return the rules in a row that has `COLUMNS`."""
    values = {column.name: getattr(row, column.name) for column in COLUMNS}
    return GuildSettings(**values | {"ai": AiRule(row.ai)})


async def get(conn: AsyncConnection, guild_id: int) -> GuildSettings:
    """Return the rules of a server; the defaults when it has set none."""
    query = select(*COLUMNS).where(guild_settings.c.guild_id == guild_id)
    row = (await conn.execute(query)).first()
    return GuildSettings() if row is None else settings_of(row)


async def channels(conn: AsyncConnection) -> list[tuple[int, int]]:
    """Return the server and the id of every channel that something is to be posted in."""
    own = guild_settings.c
    asked = [
        select(own.guild_id, column).where(column.is_not(None))
        for column in (own.promotion_channel_id, own.moderation_channel_id)
    ]
    posted = select(digests.c.guild_id, digests.c.channel_id).where(digests.c.active)
    found = await conn.execute(union(*asked, posted))
    return sorted((int(guild), int(channel)) for guild, channel in found)


async def put(conn: AsyncConnection, guild_id: int, settings: GuildSettings) -> None:
    """Keep the rules of a server; defaults are not stored."""
    own = guild_settings.c.guild_id == guild_id
    if settings == GuildSettings():
        await conn.execute(delete(guild_settings).where(own))
        return
    values = asdict(settings)
    changed = await conn.execute(update(guild_settings).where(own).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(guild_settings).values(guild_id=guild_id, **values))
