"""Appeals against labels of what AI made: written, and decided about."""

import logging

import discord
from discord.ext import commands

from bot.app import BSide, Interaction, manager_of, message_of, on, server_of, written
from bot.core.ai import Appeal, Verdict
from bot.core.models import Subject, SubjectKind
from bot.errors import NotFoundError, UserError
from bot.services import Services
from bot.ui import ai as ui
from bot.ui import promotions

log = logging.getLogger(__name__)


class Ai(commands.Cog):
    """Lets anybody appeal a label, and moderators decide."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @on(ui.AppealLabel)
    async def appeal(self, interaction: Interaction, form: ui.AppealLabel) -> None:
        """Keep an appeal for the moderators."""
        if interaction.guild is None:
            raise UserError(ui.SERVERS_ONLY)
        await interaction.response.defer(ephemeral=True, thinking=True)
        if form.subject == "promotion":
            await self._check(interaction, form.subject_id)
        await self._services.ai_music.appeal(
            interaction.user.id,
            server_of(interaction),
            form.subject,
            form.subject_id,
            written(interaction)["reason"],
        )
        await interaction.followup.send(ui.TAKEN, ephemeral=True)

    async def _check(self, interaction: Interaction, promotion_id: int) -> None:
        """Refuse a button that stands in the message of another promotion.

        A Why shows a track, and its label may be that of a promotion.
        """
        shown = await interaction.client.shown_in(
            interaction.channel_id, message_of(interaction).id
        )
        if Subject(SubjectKind.PROMOTION, promotion_id) in shown:
            return
        tracks = [one.id for one in shown if one.kind is SubjectKind.TRACK]
        if promotion_id not in await self._services.ai_music.declared_for(tracks):
            raise NotFoundError(ui.GONE)

    @on(ui.DecideAppeal)
    async def decide(self, interaction: Interaction, pressed: ui.DecideAppeal) -> None:
        """Lift a label in this server or keep it, and say so in the place of the appeal."""
        guild_id = manager_of(interaction)
        await interaction.response.defer()
        verdict = Verdict(pressed.verdict)
        done = await self._services.ai_music.decide(
            interaction.user.id, guild_id=guild_id, appeal_id=pressed.appeal_id, verdict=verdict
        )
        if verdict is Verdict.LIFTED:
            await self._take_off(interaction, done)
        embed = ui.decided(done, verdict, interaction.user.mention)
        await interaction.edit_original_response(embed=embed, view=None)

    async def _take_off(self, interaction: Interaction, done: Appeal) -> None:
        """Take a lifted label off the message of its promotion, where that is possible."""
        if done.label is None or done.label.subject != "promotion":
            return
        promotion = await self._services.promotions.get(done.label.subject_id)
        if promotion.channel_id is None or promotion.message_id is None:
            return
        channel = interaction.client.get_partial_messageable(
            promotion.channel_id, guild_id=promotion.guild_id
        )
        try:
            message = await channel.fetch_message(promotion.message_id)
            counted = await self._services.feedback.counted(promotion.message_id)
            view = promotions.votes(promotion, *(one.thumbs for one in counted[:1]))
            await message.edit(
                embeds=[promotions.without_label(one) for one in message.embeds], view=view
            )
        except discord.HTTPException as error:
            log.info("the label stays in the message of promotion %s: %s", promotion.id, error)


async def send_appeals(interaction: Interaction) -> bool:
    """Show moderators the appeals that wait; return whether there are any."""
    found, total = await interaction.client.services.ai_music.queue(server_of(interaction))
    if not found:
        return False
    await interaction.followup.send(ui.waiting(len(found), total), ephemeral=True)
    for one in found:
        view = ui.decisions(one)
        await interaction.followup.send(embed=ui.appealed(one), view=view, ephemeral=True)
    return True


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Ai(bot.services))
