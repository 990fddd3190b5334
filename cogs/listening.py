"""`/import`: what a listener has played elsewhere."""

import asyncio
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction
from bot.errors import UserError
from bot.services.plays import Listens
from bot.ui import listening as ui

log = logging.getLogger(__name__)

LARGEST = 64 << 20
"""Bytes of an attachment: it is held in memory while it is its turn."""
EDIT_EVERY_S = 2.0


class Listening(commands.Cog):
    """Takes listening from elsewhere."""

    def __init__(self, listens: Listens) -> None:
        self._listens = listens
        self._importing: set[int] = set()

    @app_commands.command(name="import")
    @app_commands.describe(
        file="An export of Spotify, ListenBrainz, Last.fm …, or of /privacy export: zip, JSON, CSV"
    )
    async def import_file(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Import what you played elsewhere: it shapes your taste, and is never picked."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if file.size > LARGEST:
            raise UserError(ui.too_large(LARGEST))
        user = interaction.user.id
        if user in self._importing:
            raise UserError(ui.ONE_AT_A_TIME)
        self._importing.add(user)
        try:
            shown = _Shown(interaction)
            report = await self._listens.import_file(user, file.read, file.filename, shown.progress)
        finally:
            self._importing.discard(user)
        await interaction.edit_original_response(content=None, embed=ui.report(report))


class _Shown:
    """Shows how far an import is, now and then."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()

    async def progress(self, rows: int, share: float) -> None:
        """Edit the message, unless that was done just now."""
        if self._loop.time() - self._last < EDIT_EVERY_S:
            return
        try:
            await self._interaction.edit_original_response(content=ui.progress(rows, share))
        except discord.HTTPException as error:  # it was dismissed, or is older than 15 minutes
            log.info("an import goes on without showing how far it is: %s", error)
        self._last = self._loop.time()


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Listening(bot.services.listens))
