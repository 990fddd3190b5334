"""The rules of a server, shown and changed."""

from typing import Final

import discord

from bot.core.ai import AiRule
from bot.core.server import GuildSettings
from bot.ui import text, theme

MANAGERS_ONLY = ("manage_guild",)

_AI: Final = {
    AiRule.ALLOW: "allowed, and no label says so",
    AiRule.LABEL: "has a label where its artist, or this bot's list, says so",
    AiRule.LEAVE_OUT: "is not promoted or picked; what AI made in part has a label",
}
_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
}


def missing_permissions(have: discord.Permissions) -> list[str]:
    """Return the names of the permissions that posting a promotion needs and the bot lacks."""
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
        value=f"in <#{channel}>" if channel else "in the channel where `/promote` is used",
        inline=False,
    )
    embed.add_field(
        name="Who may promote",
        value=f"members with <@&{role}>" if role else "everybody",
        inline=False,
    )
    for name, number, unit in (
        ("Each person", rules.user_cooldown_hours, "hour"),
        ("Each artist", rules.artist_cooldown_hours, "hour"),
        ("The whole server", rules.guild_cooldown_minutes, "minute"),
    ):
        once = f"one promotion in {text.count(number, unit)}"
        embed.add_field(name=name, value=once if number else "as often as they like")
    embed.add_field(name="Names", value=_names(rules), inline=False)
    layout = "a message for each, so that a reaction is about it alone"
    embed.add_field(
        name="Picks", value=layout if rules.picks_apart else "all of an answer in one message"
    )
    embed.add_field(name="Promoted picks", value=f"at most one in {rules.promoted_every}")
    embed.add_field(
        name="Blind auditions",
        value=f"{rules.guaranteed_hearings} for each promotion, without earning them",
    )
    moderated = rules.moderation_channel_id
    enough = text.count(rules.reports_until_hidden, "open report keeps", "open reports keep")
    embed.add_field(
        name="Reports",
        value=(f"in <#{moderated}> and " if moderated else "")
        + f"in `/moderate queue`; {enough} a promotion out of the picks",
        inline=False,
    )
    embed.add_field(name="Music made by AI", value=_AI[rules.ai], inline=False)
    embed.set_footer(text="The same link or recording may come again after 30 days.")
    return embed


def _names(rules: GuildSettings) -> str:
    if rules.verified_only:
        return "only artists whose name moderators verified may promote"
    if rules.claims_required:
        return "artists register with `/artist claim` before they promote"
    return "artists may register with `/artist claim`, but need not"
