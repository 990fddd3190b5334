"""`/profile` and *See taste*: what a listener likes, as a picture and in words."""

import asyncio
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import MISSING

from bot.app import BSide, Interaction
from bot.core.taste import Span, Story
from bot.errors import UserError
from bot.services.taste import Profiles, Stories
from bot.ui import profile as ui
from bot.ui import stories as pages


class Profile(commands.Cog):
    """Shows listeners their taste, and that of others who opened theirs."""

    def __init__(self, bot: BSide, profiles: Profiles, stories: Stories) -> None:
        self._bot = bot
        self._profiles = profiles
        self._stories = stories
        self._menu = app_commands.ContextMenu(name="See taste", callback=self.see_taste)

    async def cog_load(self) -> None:
        """Add the menu of people."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.describe(
        member="Whose profile; leave it out for your own",
        period="Only what you rated and played in this time, up to today",
    )
    @app_commands.checks.cooldown(3, 30)
    async def profile(
        self,
        interaction: Interaction,
        member: discord.User | discord.Member | None = None,
        period: Literal["week", "month", "half-year", "year", "all"] = "all",
    ) -> None:
        """See your music taste, or that of somebody who shares theirs."""
        listener = member or interaction.user
        own = listener.id == interaction.user.id
        if not own and Span(period) is not Span.ALL:
            raise UserError(ui.ONLY_YOUR_PERIODS)
        private = own or not await self._profiles.is_public(listener.id)
        await self._show(interaction, listener, Span(period), private=private)

    @app_commands.checks.cooldown(3, 30)
    async def see_taste(
        self, interaction: Interaction, member: discord.User | discord.Member
    ) -> None:
        """See somebody's music taste, if they let others; nobody else sees the answer."""
        await self._show(interaction, member, Span.ALL, private=True)

    async def _show(
        self,
        interaction: Interaction,
        listener: discord.User | discord.Member,
        span: Span,
        *,
        private: bool,
    ) -> None:
        """Show the profile of somebody who lets the person who asks see it."""
        own = listener.id == interaction.user.id
        if listener.bot:
            raise UserError(ui.BOTS_HAVE_NONE)
        await interaction.response.defer(ephemeral=private, thinking=True)
        days = self._stories.days(span)
        profile = await self._profiles.of(interaction.user.id, listener.id, days)
        embed = ui.show(profile, days, listener=None if own else listener.display_name)
        if profile.is_empty:
            await interaction.followup.send(embed=embed, ephemeral=private)
            return
        drawn = Story(days, profile)
        picture = await asyncio.to_thread(pages.draw, "profile", drawn, name=listener.display_name)
        share = pages.share_button(
            listener.id, "profile", days, picture, pages=interaction.client.shares_pages
        )
        await interaction.followup.send(
            embed=embed,
            file=picture.file() if picture.tells else MISSING,
            view=share if own and picture.tells else MISSING,
            ephemeral=private,
        )


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Profile(bot, bot.services.profiles, bot.services.stories))
