"""The client: intents, the list of cogs, command sync and the one place that answers errors."""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.models import SubjectKind
from bot.errors import (
    BSideError,
    ConsentEndedError,
    SourceError,
    SourceUnavailableError,
    TooSoonError,
)
from bot.services import Services
from bot.services.finding import token
from bot.ui import picks, replies
from bot.ui import text as words

log = logging.getLogger(__name__)

COGS: tuple[str, ...] = (
    "cogs.discover",
    "cogs.rate",
    "cogs.privacy",
    "cogs.profile",
    "cogs.playlist",
    "cogs.listening",
    "cogs.promote",
    "cogs.artist",
    "cogs.audition",
    "cogs.link",
    "cogs.releases",
    "cogs.digest",
    "cogs.moderate",
    "cogs.settings",
    "cogs.about",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How the operator wants the client to behave."""

    seed_reactions: bool = False
    """Put 👍 and 👎 under each pick as reactions, beside the buttons."""


# The bot does not speak: it needs no voice libraries, and nobody needs to be warned of that.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

Interaction = discord.Interaction["BSide"]

_TOLD_AS_THEY_ARE = (SourceUnavailableError, ConsentEndedError)
"""Errors of the music services whose text is for the user."""

INTENTS = discord.Intents(guilds=True, messages=True, reactions=True)
"""None of them is privileged: no message is read that does not concern the bot."""


class BSide(commands.Bot):
    """The bot as Discord sees it; what it knows is in `services`."""

    def __init__(self, services: Services, options: Options = Options()) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )
        self.services = services
        self.options = options
        self._posting: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._presses: commands.CooldownMapping[discord.Interaction[Any]] = (
            commands.CooldownMapping.from_cooldown(5, 20.0, lambda interaction: interaction.user.id)
        )

    async def setup_hook(self) -> None:
        """Load the cogs and tell Discord about the commands if they changed."""
        for name in COGS:
            await self.load_extension(name)
        await self.services.recommender.tidy()
        await self.sync_if_changed()

    async def sync_if_changed(self) -> bool:
        """Send the commands to Discord unless it has just these already; return whether it did."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        own = f"{self.application_id}:{json.dumps(payload, sort_keys=True)}"
        fingerprint = hashlib.sha256(own.encode()).hexdigest()
        if await self.services.memory.get("commands") == fingerprint:
            return False
        await self.tree.sync()
        await self.services.memory.put("commands", fingerprint)
        log.info("sent %s commands to Discord", len(payload))
        return True

    def posting(self, channel_id: int | None) -> asyncio.Lock:
        """Return what is held while a pick is posted in a channel, until its message is noted.

        A reaction may arrive in between; it waits for this lock, so that it is not lost.
        """
        return self._posting.setdefault(channel_id or 0, asyncio.Lock())

    def count_press(self, interaction: discord.Interaction[Any]) -> None:
        """Count a press of a button that posts something.

        Raises:
            TooSoonError: the user pressed such buttons too often.
        """
        wait = self._presses.update_rate_limit(interaction, interaction.created_at.timestamp())
        if wait:
            raise TooSoonError(replies.cooldown(wait))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Note in which servers listeners use the bot; its own servers only."""
        guild_id = interaction.guild_id
        if guild_id is not None and self.get_guild(guild_id) is not None:
            await self.services.presence.note(guild_id, interaction.user.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget who used the bot in a server that it was removed from."""
        await self.services.presence.forget_guild(guild.id)

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("logged in as %s, in %s servers", self.user, len(self.guilds))


class Tree(app_commands.CommandTree["BSide"]):
    """The command tree with our answer to errors."""

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer an error of a command."""
        await answer_error(interaction, error)


async def suggestions(
    services: Services, current: str, kinds: Sequence[SubjectKind]
) -> list[app_commands.Choice[str]]:
    """Return what a text that is still being typed may mean."""
    return [
        app_commands.Choice(name=picks.suggestion(hit, among=len(kinds)), value=token(hit.subject))
        for hit in await services.lookup.suggest(current, kinds)
    ]


async def genre_suggestions(services: Services, current: str) -> list[app_commands.Choice[str]]:
    """Return the genres of the catalogue whose name holds what is being typed."""
    return [
        app_commands.Choice(
            name=words.label(f"{one.name} ({one.tracks:,})"), value=words.cut(one.name, 100)
        )
        for one in await services.lookup.suggest_genres(current)
    ]


async def own_artists(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Return the artists that somebody acts for in this server, whose name holds the text."""
    if interaction.guild_id is None:
        return []
    mine = await interaction.client.services.artists.acting_for(
        interaction.user.id, guild_id=interaction.guild_id
    )
    return picks.name_choices([one.name for one in mine], current)


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
