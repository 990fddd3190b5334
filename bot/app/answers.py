"""The one place that answers errors, of commands, buttons and forms alike."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.errors import BSideError, ConsentEndedError, SourceError, SourceUnavailableError
from bot.ui import replies

if TYPE_CHECKING:
    from bot.app.client import BSide

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction["BSide"]

_TOLD_AS_THEY_ARE = (SourceUnavailableError, ConsentEndedError)
"""Errors of the music services whose text is for the user."""


@asynccontextmanager
async def answering(interaction: Interaction) -> AsyncIterator[None]:
    """Answer whatever goes wrong inside: for buttons, menus and forms."""
    try:
        yield
    except Exception as error:
        await answer_error(interaction, error)


async def answer_error(interaction: Interaction, error: Exception) -> None:
    """Tell the user in one sentence what went wrong, and log what was not their doing.

    The sentence is private, unless a public answer was promised already: then it takes its place.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.NotFound) and cause.code in (10062, 10015):
        log.warning("an answer came too late for Discord: %s", cause)
        return
    if isinstance(cause, SourceError) and not isinstance(cause, _TOLD_AS_THEY_ARE):
        text = replies.SOURCE_FAILED
        log.warning("a music service failed: %s", cause)
    elif isinstance(cause, BSideError):
        text = str(cause)
    elif isinstance(cause, app_commands.CommandOnCooldown):
        text = replies.cooldown(cause.retry_after)
    elif isinstance(cause, app_commands.MissingPermissions):
        text = replies.missing_permissions(cause.missing_permissions)
    elif isinstance(cause, app_commands.NoPrivateMessage):
        text = replies.SERVERS_ONLY
    elif isinstance(cause, app_commands.TransformerError):
        text = replies.bad_option(str(cause.value))
    elif isinstance(cause, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        text = replies.COMMANDS_CHANGED
    elif isinstance(cause, discord.Forbidden):
        text = replies.FORBIDDEN
        log.warning("Discord forbids: %s", cause)
    else:
        reference = secrets.token_hex(3)
        log.error("unexpected error, reference %s", reference, exc_info=cause)
        text = replies.unexpected(reference)
    await reply(interaction, text)


async def reply(interaction: Interaction, text: str) -> None:
    """Answer, privately if that is still possible."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("an answer could not be sent: %s", error)
