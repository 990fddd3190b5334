"""`/privacy`: see what is kept about you, hide your profile, delete everything."""

import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering
from bot.services.upkeep import Privacy as PrivacyService
from bot.ui import privacy as ui


class AnswerButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.BUTTON_TEMPLATE
):
    """Deletes everything about a person, or does not; they alone may say so."""

    def __init__(self, answer: str, user_id: int) -> None:
        super().__init__(discord.ui.Button(custom_id=f"privacy:{answer}:{user_id}"))
        self._answer = answer
        self._user_id = user_id

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["answer"], int(match["user"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, and say so in the place of the question."""
        async with answering(interaction):
            await interaction.response.defer()
            if interaction.user.id != self._user_id:
                return
            answer = ui.KEPT_AFTER_ALL
            if self._answer == ui.DELETE:
                answer = ui.deleted(await interaction.client.services.privacy.delete(self._user_id))
            await interaction.edit_original_response(content=answer, view=None)


class Privacy(
    commands.GroupCog, group_name="privacy", group_description="Your data, in your hands"
):
    """Everybody's control over their own data."""

    def __init__(self, bot: BSide, privacy: PrivacyService) -> None:
        self._bot = bot
        self._privacy = privacy

    async def cog_load(self) -> None:
        """Make the buttons of old questions work."""
        self._bot.add_dynamic_items(AnswerButton)

    async def cog_unload(self) -> None:
        """Take that away again."""
        self._bot.remove_dynamic_items(AnswerButton)

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
    async def delete(self, interaction: Interaction) -> None:
        """Delete everything I know about you."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not (await self._privacy.show(interaction.user.id)).total:
            await interaction.followup.send(ui.NOTHING_KEPT, ephemeral=True)
            return
        await interaction.followup.send(
            ui.QUESTION, view=ui.question(interaction.user.id), ephemeral=True
        )


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Privacy(bot, bot.services.privacy))
