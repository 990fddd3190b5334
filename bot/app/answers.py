"""The one place that answers errors, of commands, buttons and forms alike."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

import discord
from discord import app_commands

from bot import log as logs
from bot.app.steady import ACKNOWLEDGED, is_trouble, tell_meanwhile, waiting
from bot.errors import BSideError, ConsentEndedError, SourceError, SourceUnavailableError
from bot.services.discover import Place, Tell
from bot.ui import replies

if TYPE_CHECKING:
    from bot.app.client import BSide

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction["BSide"]
Result: TypeAlias = Literal["answered", "refused", "failed"]
"""What became of a command, a button or a form."""

_TOO_LATE = (10062, 10015, 50027)
"""Discord's codes for an interaction that it no longer takes an answer to."""
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

    The sentence is private, also where a public answer was promised already.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    interaction.client.note_answer(interaction, _result(cause))
    if isinstance(cause, discord.HTTPException) and cause.code in _TOO_LATE:
        log.warning("an answer came too late for Discord: %s", cause)
        await _wait_no_longer(interaction)
        return
    if isinstance(cause, discord.HTTPException) and cause.code == ACKNOWLEDGED:
        log.warning("this is answered elsewhere, by another bot with the same token: %s", cause)
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
    elif isinstance(cause, discord.HTTPException) and is_trouble(cause):
        text = replies.ANSWER_LOST
        log.warning("Discord did not take an answer: %s", cause)
    else:
        reference = logs.request.get() or secrets.token_hex(3)
        log.error("unexpected error, reference %s", reference, exc_info=cause)
        text = replies.unexpected(reference)
    await reply(interaction, text)


def _result(error: Exception) -> Result:
    """Return what became of an interaction that ended with an error."""
    ours = isinstance(error, BSideError | app_commands.AppCommandError)
    outside = isinstance(error, SourceError) and not isinstance(error, _TOLD_AS_THEY_ARE)
    return "refused" if ours and not outside else "failed"


async def reply(interaction: Interaction, text: str) -> None:
    """Answer privately, as far as that is possible.

    The first post after a public "thinking…" would be public: that is closed and taken away before.
    """
    try:
        if waiting() is not None:
            await close_public(interaction)
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("an answer could not be sent: %s", error)


async def close_public(interaction: Interaction) -> None:
    """Take away a public "thinking…", so that the answer can be private."""
    await interaction.edit_original_response(content=replies.TOLD_PRIVATELY)
    await interaction.delete_original_response()


def in_line(interaction: Interaction) -> Tell:
    """Return what tells a user who has to wait for their answer where they stand."""

    async def tell(place: Place) -> None:
        await tell_meanwhile(interaction, replies.in_line(place.number, place.seconds))

    return tell


async def _wait_no_longer(interaction: Interaction) -> None:
    """Take away a "thinking…" that can no longer be answered, where the bot is a member."""
    message_id, channel_id = waiting(), interaction.channel_id
    if not message_id or channel_id is None:
        return
    channel = interaction.client.get_partial_messageable(channel_id)
    try:
        await channel.get_partial_message(message_id).delete()
    except discord.HTTPException as error:
        log.info("message %s waits for an answer that cannot come: %s", message_id, error)
