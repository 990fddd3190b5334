"""What the owner of the bot is told."""

from collections.abc import Sequence

import discord

from bot.ui import theme


def notice(findings: Sequence[tuple[str, str]]) -> discord.Embed:
    """Say what is wrong, and what to do about each of it."""
    embed = discord.Embed(
        title="B-Side needs you",
        description="\n\n".join(f"**{found}.**\n{advice}" for found, advice in findings),
        color=theme.PROMOTED,
    )
    embed.set_footer(text="At most once a day, to the owner alone · TELL_OWNER=false ends it")
    return embed
