"""The rules of a server: who may promote, where and how often."""

from dataclasses import replace
from enum import StrEnum

from bot.core.promotion import GuildSettings
from bot.store import guild_settings
from bot.store.engine import Database


class Resettable(StrEnum):
    """What can be set back to its default."""

    CHANNEL = "channel"
    ROLE = "role"
    COOLDOWNS = "cooldowns"
    EVERYTHING = "everything"


class GuildRules:
    """Reads and changes the rules of a server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildSettings:
        """Return the rules of a server."""
        async with self._database.read() as conn:
            return await guild_settings.get(conn, guild_id)

    async def set_promotions(
        self,
        guild_id: int,
        *,
        channel_id: int | None = None,
        role_id: int | None = None,
        artist_cooldown_hours: int | None = None,
        guild_cooldown_minutes: int | None = None,
    ) -> GuildSettings:
        """Change what is given, leave the rest (None) as it is; return all rules."""
        asked = {
            "promotion_channel_id": channel_id,
            "promoter_role_id": role_id,
            "artist_cooldown_hours": artist_cooldown_hours,
            "guild_cooldown_minutes": guild_cooldown_minutes,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        async with self._database.write() as conn:
            rules = replace(await guild_settings.get(conn, guild_id), **given)
            await guild_settings.put(conn, guild_id, rules)
        return rules

    async def reset(self, guild_id: int, what: Resettable) -> GuildSettings:
        """Set something back to its default; return all rules."""
        default = GuildSettings()
        async with self._database.write() as conn:
            rules = await guild_settings.get(conn, guild_id)
            match what:
                case Resettable.CHANNEL:
                    rules = replace(rules, promotion_channel_id=None)
                case Resettable.ROLE:
                    rules = replace(rules, promoter_role_id=None)
                case Resettable.COOLDOWNS:
                    rules = replace(
                        rules,
                        artist_cooldown_hours=default.artist_cooldown_hours,
                        guild_cooldown_minutes=default.guild_cooldown_minutes,
                    )
                case Resettable.EVERYTHING:
                    rules = default
            await guild_settings.put(conn, guild_id, rules)
        return rules
