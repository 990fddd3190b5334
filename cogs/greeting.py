"""Greets a server that the bot has come to: once, with three things to do."""

import logging
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, is_operator, manager_of, on
from bot.core.ranking import DEFAULT_OBSCURITY
from bot.core.server import EVENING, FRIDAY, GuildChanges
from bot.errors import UserError
from bot.ui import digest as digest_ui
from bot.ui import greeting as ui
from bot.ui import replies
from bot.ui import settings as settings_ui

log = logging.getLogger(__name__)

NEW_FOR = timedelta(days=30)
"""So long after the bot came a server may be greeted by a manager's first command."""


class Greeting(commands.Cog):
    """Says hello in the system channel; where that is closed, to the first manager privately."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._services = bot.services

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet in the system channel, if the bot may write there."""
        channel = guild.system_channel
        if channel is None or settings_ui.missing_permissions(channel.permissions_for(guild.me)):
            return
        if not await self._services.greetings.take(guild.id):
            return
        try:
            await channel.send(embed=ui.greeting(), view=ui.under_greeting())
        except discord.HTTPException as error:
            log.info("server %s is greeted another time: %s", guild.id, error)
            await self._services.greetings.give_back(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot has left."""
        await self._services.greetings.give_back(guild.id)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, _command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Greet whoever manages a server that the bot is new in, after their first command."""
        guild = None if interaction.guild_id is None else self._bot.get_guild(interaction.guild_id)
        if guild is None or not interaction.permissions.manage_guild:
            return
        came = guild.me.joined_at
        if came is None or interaction.created_at - came > NEW_FOR:
            return
        if not await self._services.greetings.take(guild.id):
            return
        try:
            await interaction.followup.send(
                embed=ui.greeting(), view=ui.under_greeting(), ephemeral=True
            )
        except discord.HTTPException as error:
            log.info("server %s is greeted another time: %s", guild.id, error)
            await self._services.greetings.give_back(guild.id)

    @on(ui.ChooseChannels)
    async def choose_channels(self, interaction: Interaction, _: ui.ChooseChannels) -> None:
        """Ask where promotions and the digest go; tell the operator of a small catalogue."""
        manager_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = ui.QUESTION
        if is_operator(self._bot, interaction.user.id) and (
            await self._services.greetings.knows_little()
        ):
            told += f"\n\n{ui.SMALL}"
        await interaction.followup.send(told, view=ui.channels(), ephemeral=True)

    @on(ui.PromotionsHere)
    async def promotions_here(self, interaction: Interaction, _: ui.PromotionsHere) -> None:
        """Have promotions in a channel."""
        guild_id = manager_of(interaction)
        channel = _open_channel(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        changes = GuildChanges(promotion_channel_id=channel.id)
        await self._services.rules.change(guild_id, changes)
        await interaction.followup.send(ui.promotions_go_to(channel.mention), ephemeral=True)

    @on(ui.DigestHere)
    async def digest_here(self, interaction: Interaction, _: ui.DigestHere) -> None:
        """Have the weekly digest in a channel, at the usual time."""
        guild_id = manager_of(interaction)
        channel = _open_channel(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        due = await self._services.digests.switch_on(
            guild_id, channel.id, weekday=FRIDAY, hour=EVENING, obscurity=DEFAULT_OBSCURITY
        )
        await interaction.followup.send(digest_ui.switched_on(channel.mention, due), ephemeral=True)


def _open_channel(interaction: Interaction) -> discord.TextChannel:
    """Return the channel that was chosen.

    Raises:
        UserError: it is gone, or the bot may not post there.
    """
    value = chosen_one(interaction)
    guild = interaction.guild
    channel = guild.get_channel(int(value)) if guild is not None and value.isdecimal() else None
    if guild is None or not isinstance(channel, discord.TextChannel):
        raise UserError(replies.NO_LONGER_WORKS)
    missing = settings_ui.missing_permissions(channel.permissions_for(guild.me))
    if missing:
        raise UserError(settings_ui.channel_refused(channel.mention, missing))
    return channel


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Greeting(bot))
