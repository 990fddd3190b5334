"""The rules of a server: who may promote, where and how often; who moderates where."""

from collections.abc import Callable
from dataclasses import fields, replace
from enum import StrEnum
from typing import Final

from bot.core.server import GuildChanges, GuildSettings
from bot.errors import UserError
from bot.store import guild_settings
from bot.store.engine import Database


class Resettable(StrEnum):
    """What can be set back to its default."""

    CHANNEL = "channel"
    ROLE = "role"
    COOLDOWNS = "cooldowns"
    SHARE = "share"
    HEARINGS = "hearings"
    CLAIMS = "claims"
    MODERATION = "moderation"
    PICKS = "picks"
    AI = "ai"
    EVERYTHING = "everything"


_RULES: Final = {
    Resettable.CHANNEL: ("promotion_channel_id",),
    Resettable.ROLE: ("promoter_role_id",),
    Resettable.COOLDOWNS: (
        "user_cooldown_hours",
        "artist_cooldown_hours",
        "guild_cooldown_minutes",
    ),
    Resettable.SHARE: ("promoted_every",),
    Resettable.HEARINGS: ("guaranteed_hearings",),
    Resettable.CLAIMS: ("claims_required", "verified_only"),
    Resettable.MODERATION: ("moderation_channel_id", "reports_until_hidden"),
    Resettable.PICKS: ("picks_apart",),
    Resettable.AI: ("ai",),
    Resettable.EVERYTHING: tuple(field.name for field in fields(GuildSettings)),
}


class GuildRules:
    """Reads and changes the rules of a server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildSettings:
        """Return the rules of a server."""
        async with self._database.read() as conn:
            return await guild_settings.get(conn, guild_id)

    async def change(self, guild_id: int, changes: GuildChanges) -> GuildSettings:
        """Change the rules of a server; return all of them.

        Raises:
            UserError: nothing was given.
        """
        if changes == GuildChanges():
            raise UserError(
                "You changed nothing: choose at least one of the options. `/server reset` sets "
                "one back to its default."
            )
        return await self._put(guild_id, changes.applied)

    async def reset(self, guild_id: int, what: Resettable) -> GuildSettings:
        """Set something back to its default; return all rules."""
        default = GuildSettings()
        values = {name: getattr(default, name) for name in _RULES[what]}
        return await self._put(guild_id, lambda rules: replace(rules, **values))

    async def _put(
        self, guild_id: int, changed: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        async with self._database.write() as conn:
            rules = changed(await guild_settings.get(conn, guild_id))
            await guild_settings.put(conn, guild_id, rules)
        return rules
