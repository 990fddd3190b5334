"""The rules of a server, shown and changed."""

import discord

from bot.core.promotion import GuildSettings
from bot.ui import text, theme

MANAGERS_ONLY = ("manage_guild",)
NOTHING_GIVEN = (
    "You changed nothing: choose at least one of `channel`, `role`, `artist_cooldown_hours` and "
    "`server_cooldown_minutes`. `/settings reset` sets one back to what it was."
)

_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
}


def missing_permissions(have: discord.Permissions) -> list[str]:
    """Return the names of the permissions that posting a promotion needs and the bot has not."""
    return [name for flag, name in _NEEDED.items() if not getattr(have, flag)]


def channel_refused(channel: str, missing: list[str]) -> str:
    """Say what the bot may not do in the channel that somebody chose."""
    return (
        f"I cannot post in {channel} yet: I need {text.listing(missing)} there. "
        "Give me that in the channel's permissions and try again. Nothing was changed."
    )


def show(rules: GuildSettings, *, changed: bool = False) -> discord.Embed:
    """Show the rules of a server."""
    embed = discord.Embed(
        title="Settings changed" if changed else "Settings of this server",
        color=theme.GOOD if changed else theme.ACCENT,
    )
    channel, role = rules.promotion_channel_id, rules.promoter_role_id
    embed.add_field(
        name="Promotions appear",
        value=f"in <#{channel}>" if channel else "where `/promote` is used",
        inline=False,
    )
    embed.add_field(
        name="Who may promote",
        value=f"members with <@&{role}>" if role else "everybody",
        inline=False,
    )
    embed.add_field(
        name="Each artist",
        value=_once_in(
            text.count(rules.artist_cooldown_hours, "hour"), rules.artist_cooldown_hours
        ),
    )
    embed.add_field(
        name="The whole server",
        value=_once_in(
            text.count(rules.guild_cooldown_minutes, "minute"), rules.guild_cooldown_minutes
        ),
    )
    embed.set_footer(text="The same link may come again after 30 days.")
    return embed


def _once_in(words: str, number: int) -> str:
    return f"one promotion in {words}" if number else "as often as they like"
