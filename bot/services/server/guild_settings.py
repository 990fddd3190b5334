"""The rules of a server: who may promote, where and how often; who moderates where."""

from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Final

from bot.core.server import GuildSettings
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

    async def set_promotions(
        self,
        guild_id: int,
        *,
        channel_id: int | None = None,
        role_id: int | None = None,
        user_cooldown_hours: int | None = None,
        artist_cooldown_hours: int | None = None,
        guild_cooldown_minutes: int | None = None,
        promoted_every: int | None = None,
        guaranteed_hearings: int | None = None,
        claims_required: bool | None = None,
        verified_only: bool | None = None,
    ) -> GuildSettings:
        """Change what is given, leave the rest (None) as it is; return all rules.

        Raises:
            UserError: nothing was given.
        """
        return await self._change(
            guild_id,
            promotion_channel_id=channel_id,
            promoter_role_id=role_id,
            user_cooldown_hours=user_cooldown_hours,
            artist_cooldown_hours=artist_cooldown_hours,
            guild_cooldown_minutes=guild_cooldown_minutes,
            promoted_every=promoted_every,
            guaranteed_hearings=guaranteed_hearings,
            claims_required=claims_required,
            verified_only=verified_only,
        )

    async def set_moderation(
        self,
        guild_id: int,
        *,
        channel_id: int | None = None,
        reports_until_hidden: int | None = None,
    ) -> GuildSettings:
        """Change what is given, leave the rest (None) as it is; return all rules.

        Raises:
            UserError: nothing was given.
        """
        return await self._change(
            guild_id, moderation_channel_id=channel_id, reports_until_hidden=reports_until_hidden
        )

    async def reset(self, guild_id: int, what: Resettable) -> GuildSettings:
        """Set something back to its default; return all rules."""
        default = GuildSettings()
        return await self._put(guild_id, {name: getattr(default, name) for name in _RULES[what]})

    async def _change(self, guild_id: int, **asked: int | None) -> GuildSettings:
        given = {name: value for name, value in asked.items() if value is not None}
        if not given:
            raise UserError(
                "You changed nothing: choose at least one of the options. `/settings reset` sets "
                "one back to what it was."
            )
        return await self._put(guild_id, given)

    async def _put(self, guild_id: int, values: Mapping[str, int | None]) -> GuildSettings:
        async with self._database.write() as conn:
            rules = replace(await guild_settings.get(conn, guild_id), **values)  # type: ignore[arg-type]
            await guild_settings.put(conn, guild_id, rules)
        return rules
