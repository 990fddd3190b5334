"""`/privacy`: see what is kept about you, take it along, hide your profile, delete everything."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_numbers, on, replace_promotion
from bot.errors import UserError
from bot.services.sharing import SharedPages, Visits
from bot.services.upkeep import PersonalExports
from bot.services.upkeep import Privacy as PrivacyService
from bot.ui import privacy as ui
from bot.ui import promotions, replies, sharing

log = logging.getLogger(__name__)


class Privacy(
    commands.GroupCog, group_name="privacy", group_description="Your data, in your hands"
):
    """Everybody's control over their own data."""

    def __init__(
        self,
        privacy: PrivacyService,
        exports: PersonalExports,
        pages: SharedPages,
        visits: Visits,
    ) -> None:
        self._privacy = privacy
        self._exports = exports
        self._pages = pages
        self._visits = visits

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See what I keep about you."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await self._privacy.show(interaction.user.id)
        await interaction.followup.send(embed=ui.show(data), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(visible="May others see your /profile?")
    async def profile(self, interaction: Interaction, visible: bool) -> None:
        """Decide whether others may see your profile."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._privacy.set_profile_public(interaction.user.id, visible)
        await interaction.followup.send(
            ui.PROFILE_PUBLIC if visible else ui.PROFILE_PRIVATE, ephemeral=True
        )

    @app_commands.command()
    @app_commands.checks.cooldown(2, 600)
    async def export(self, interaction: Interaction) -> None:
        """Get everything I keep about you, as a file that /import takes back."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        limit = interaction.filesize_limit
        async with self._exports.of(interaction.user.id, limit=limit) as paths:
            for part, path in enumerate(paths, 1):
                said, file = ui.exported(path, part, len(paths))
                await interaction.followup.send(said, file=file, ephemeral=True)

    @app_commands.command()
    async def pages(self, interaction: Interaction) -> None:
        """See the pages you share, and end them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not self._pages.is_on:
            raise UserError(sharing.OFF)
        user_id = interaction.user.id
        kept, picks = await self._pages.of(user_id), await self._visits.count(user_id)
        await interaction.followup.send(
            embed=sharing.show(kept, 0, picks=picks),
            view=sharing.under_show(user_id, kept, 0, picks=picks),
            ephemeral=True,
        )

    @on(sharing.TurnPages)
    async def turn_pages(self, interaction: Interaction, turn: sharing.TurnPages) -> None:
        """Show other pages of theirs."""
        await self._begin(interaction, turn.user_id)
        await self._show_pages(interaction, turn.page)

    @on(sharing.EndPage)
    async def end_page(self, interaction: Interaction, pressed: sharing.EndPage) -> None:
        """End the page that was chosen."""
        numbers = chosen_numbers(interaction)
        if len(numbers) != 1:
            raise UserError(replies.NO_LONGER_WORKS)
        await self._begin(interaction, pressed.user_id)
        await self._pages.end(pressed.user_id, numbers[0])
        await self._show_pages(interaction, pressed.page, note=sharing.ended(1))

    @on(sharing.EndAll)
    async def end_pages(self, interaction: Interaction, pressed: sharing.EndAll) -> None:
        """End every page of theirs."""
        await self._begin(interaction, pressed.user_id)
        count = await self._pages.end_all(pressed.user_id)
        count += await self._visits.end_all(pressed.user_id)
        await self._show_pages(interaction, 0, note=sharing.ended(count))

    async def _begin(self, interaction: Interaction, user_id: int) -> None:
        if interaction.user.id != user_id:
            raise UserError(sharing.NOT_YOURS)
        await interaction.response.defer()

    async def _show_pages(self, interaction: Interaction, page: int, *, note: str = "") -> None:
        user_id = interaction.user.id
        kept, picks = await self._pages.of(user_id), await self._visits.count(user_id)
        await interaction.edit_original_response(
            embed=sharing.show(kept, page, picks=picks, note=note),
            view=sharing.under_show(user_id, kept, page, picks=picks),
        )

    @app_commands.command()
    async def delete(self, interaction: Interaction) -> None:
        """Delete everything I know about you."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not (await self._privacy.show(interaction.user.id)).total:
            await interaction.followup.send(ui.NOTHING_KEPT, ephemeral=True)
            return
        await interaction.followup.send(
            ui.QUESTION, view=ui.question(interaction.user.id), ephemeral=True
        )

    @on(ui.Answer)
    async def answer(self, interaction: Interaction, pressed: ui.Answer) -> None:
        """Delete everything or nothing, as they decided, and say so in place of the question."""
        await interaction.response.defer()
        if interaction.user.id != pressed.user_id:
            return
        if pressed.answer == "keep":
            await interaction.edit_original_response(content=ui.KEPT_AFTER_ALL, view=None)
            return
        removed, promoted = await self._privacy.delete(pressed.user_id)
        await interaction.edit_original_response(content=ui.deleted(removed), view=None)
        for one in promoted:
            try:
                await replace_promotion(interaction.client, one, promotions.taken_back())
            except discord.HTTPException as error:
                log.warning("the message of promotion %s keeps its buttons: %s", one.id, error)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    services = bot.services
    await bot.add_cog(
        Privacy(services.privacy, services.personal_exports, services.shared_pages, services.visits)
    )
