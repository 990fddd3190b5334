"""`/audition`: hear promoted music blind, and see how yours was heard."""

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction
from bot.services.promotion import Auditions
from bot.ui import auditions as ui


class Audition(
    commands.GroupCog,
    group_name="audition",
    group_description="Promoted music, heard before you know who made it",
):
    """For listeners who are curious, and for artists who want an honest word."""

    def __init__(self, auditions: Auditions) -> None:
        self._auditions = auditions

    @app_commands.command()
    async def join(self, interaction: Interaction) -> None:
        """Meet a promoted track blind now and then, and say 👍 or 👎."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        new = await self._auditions.join(interaction.user.id)
        await interaction.followup.send(ui.JOINED if new else ui.JOINED_BEFORE, ephemeral=True)

    @app_commands.command()
    async def leave(self, interaction: Interaction) -> None:
        """Hear no more blind auditions."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        left = await self._auditions.leave(interaction.user.id)
        await interaction.followup.send(ui.LEFT if left else ui.LEFT_BEFORE, ephemeral=True)

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """See how many you judged and what you earned."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id
        now = await self._auditions.status(interaction.user.id, guild_id=guild_id)
        await interaction.followup.send(
            ui.status(now, in_server=guild_id is not None), ephemeral=True
        )

    @app_commands.command()
    async def results(self, interaction: Interaction) -> None:
        """For artists: see how your promotions were heard, in totals only."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._auditions.results(interaction.user.id, guild_id=interaction.guild_id)
        await interaction.followup.send(embed=ui.results(found), ephemeral=True)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Audition(bot.services.auditions))
