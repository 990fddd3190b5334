"""Puts a notice in the place of something that the bot posted."""

import logging
from typing import Any

import discord

from bot.core.promotion import Promotion

log = logging.getLogger(__name__)


async def replace_promotion(
    bot: discord.Client, promotion: Promotion, notice: discord.Embed
) -> bool:
    """Put a notice in the place of a promotion, without buttons and files.

    Returns:
        Whether that was possible: the message is there, and its place is known and open to the bot.
    """
    if promotion.channel_id is None or promotion.message_id is None:
        return False
    channel = bot.get_partial_messageable(promotion.channel_id, guild_id=promotion.guild_id)
    gone: dict[str, Any] = {"view": None, "attachments": []}
    try:
        await channel.get_partial_message(promotion.message_id).edit(embed=notice, **gone)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("the message of promotion %s stays as it was: %s", promotion.id, error)
        return False
    return True
