"""`/profile`: what a listener likes, as a table, in words and as a picture."""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import MISSING

from bot.app import BSide, Interaction
from bot.services.taste import Profiles
from bot.ui import profile as ui


class Profile(commands.Cog):
    """Shows listeners their taste, and that of others who opened theirs."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    @app_commands.command()
    @app_commands.describe(member="Whose profile; leave it out for your own")
    @app_commands.checks.cooldown(3, 30)
    async def profile(
        self, interaction: Interaction, member: discord.User | discord.Member | None = None
    ) -> None:
        """See your music taste, or that of somebody who shares theirs."""
        listener = member or interaction.user
        if listener.bot:
            await interaction.response.send_message(ui.BOTS_HAVE_NONE, ephemeral=True)
            return
        open_to_all = await self._profiles.is_public(listener.id)
        await interaction.response.defer(ephemeral=not open_to_all, thinking=True)
        profile = await self._profiles.of(interaction.user.id, listener.id)
        embed = ui.show(profile, listener=listener.display_name if open_to_all else None)
        png = await asyncio.to_thread(ui.picture, profile)
        file = MISSING if png is None else ui.attachment(png, profile)
        await interaction.followup.send(embed=embed, file=file, ephemeral=not open_to_all)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Profile(bot.services.profiles))
