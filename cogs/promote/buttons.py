"""The buttons under a promotion: votes, and reports."""

import logging

import discord
from discord.ext import commands

from bot.app import BSide, Interaction, message_of, on, written
from bot.core.promotion import ReportTaken
from bot.services import Services
from bot.ui import moderation as moderation_ui
from bot.ui import promotions as ui

log = logging.getLogger(__name__)


class PromotionButtons(commands.Cog):
    """For everybody who sees a promotion."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @on(ui.Vote)
    async def vote(self, interaction: Interaction, pressed: ui.Vote) -> None:
        """Count the vote and show it."""
        await interaction.response.defer()
        await self._services.promotions.check_message(
            pressed.promotion_id, message_of(interaction).id
        )
        promotion, _ = await self._services.promotions.vote(
            interaction.user.id, pressed.promotion_id, up=pressed.thumb == "up"
        )
        message_id = promotion.message_id or 0

        async def write() -> None:
            for one in await self._services.feedback.counted(message_id):
                await interaction.edit_original_response(view=ui.votes(promotion, one.thumbs))

        interaction.client.labels.follow(message_of(interaction).id, write)

    @on(moderation_ui.Report)
    async def report(self, interaction: Interaction, form: moderation_ui.Report) -> None:
        """Keep the report, and show it to the moderators."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._services.promotions.check_message(form.promotion_id, message_of(interaction).id)
        taken = await self._services.reports.report(
            interaction.user.id, form.promotion_id, written(interaction)["reason"]
        )
        await interaction.followup.send(moderation_ui.taken(taken), ephemeral=True)
        await _tell_moderators(interaction.client, taken)


async def _tell_moderators(bot: BSide, taken: ReportTaken) -> None:
    """Post a report in the moderators' channel; where that fails, it waits in the queue."""
    promotion = taken.reported.promotion
    if taken.channel_id is None or promotion.guild_id is None:
        return
    channel = bot.get_partial_messageable(taken.channel_id, guild_id=promotion.guild_id)
    try:
        await channel.send(
            embed=moderation_ui.reported(taken.reported),
            view=moderation_ui.decisions(promotion.id),
        )
    except discord.HTTPException as error:
        log.warning("a report could not be posted for the moderators: %s", error)
