"""The client: intents, the list of cogs, command sync."""

import asyncio
import hashlib
import json
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot import log as logs
from bot import meters
from bot.app.answers import Interaction, Result, answer_error
from bot.app.labels import Labels
from bot.app.owner import OwnerNotices
from bot.app.posts import Posts
from bot.app.presses import Presses
from bot.app.steady import Pace, answer_steadily, steady
from bot.core.models import Subject
from bot.core.server import Shards
from bot.errors import TooSoonError
from bot.services import Services
from bot.ui import replies

log = logging.getLogger(__name__)

COGS: tuple[str, ...] = (
    "cogs.discover",
    "cogs.blend",
    "cogs.rate",
    "cogs.mute",
    "cogs.privacy",
    "cogs.profile",
    "cogs.map",
    "cogs.year",
    "cogs.playlist",
    "cogs.path",
    "cogs.listening",
    "cogs.promote",
    "cogs.artist",
    "cogs.audition",
    "cogs.link",
    "cogs.releases",
    "cogs.digest",
    "cogs.moderate",
    "cogs.server",
    "cogs.settings",
    "cogs.about",
    "cogs.ai",
    "cogs.greeting",
)


_COMMANDS: Final = "commands"
"""Under this name the bot remembers which commands it sent, and what Discord made of them."""
_REMEMBERED: Final = 1000
"""Interactions that are known to have been begun."""


_ONE_FOR_ALL: Final = Shards(0, 0, 1)


@dataclass(frozen=True, slots=True)
class Options:
    """How the operator wants the client to behave."""

    seed_reactions: bool = False
    """Put 👍 and 👎 under an answer of one pick as reactions, beside the buttons."""
    covers: bool = True
    """Ask the music services for the covers of what is shown."""
    tell_owner: bool = False
    """Write to the owner of the application when something needs them."""
    shards: Shards | None = _ONE_FOR_ALL
    """Which servers this process looks after; None: all, with as many shards as Discord advises."""
    pace: Pace = field(default_factory=Pace)


# The bot does not speak: it needs no voice libraries, and nobody needs to be warned of that.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

INTENTS = discord.Intents(guilds=True, messages=True, reactions=True)
"""None of them is privileged: no message is read that does not concern the bot."""


class BSide(commands.AutoShardedBot):
    """The bot as Discord sees it; what it knows is in `services`."""

    def __init__(self, services: Services, options: Options = Options()) -> None:
        shards = options.shards
        ours: dict[str, Any] = {}
        if shards is not None:
            ours = {"shard_ids": shards.ids, "shard_count": shards.count}
        super().__init__(
            **ours,
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
        self.labels = Labels(options.pace)
        self.presses = Presses()
        self._begun: OrderedDict[int, float] = OrderedDict()
        self.add_listener(self.presses.dispatch, "on_interaction")
        self.posts = Posts()
        self._later: set[asyncio.Task[None]] = set()
        self._presses: commands.CooldownMapping[discord.Interaction[Any]] = (
            commands.CooldownMapping.from_cooldown(5, 20.0, lambda interaction: interaction.user.id)
        )

    @property
    def shares_pages(self) -> bool:
        """Whether what somebody is shown can be shared as a page on the web."""
        return self.services.shared_pages.is_on

    async def setup_hook(self) -> None:
        """Load the cogs and tell Discord about the commands if they changed."""
        steady(self.http, self.options.pace)
        await self.load_cogs()
        await self.services.recommender.tidy()
        notices = OwnerNotices(self, self.services, self.options.shards or _ONE_FOR_ALL)
        await notices.begin(wanted=self.options.tell_owner)
        await self.sync_if_changed()

    async def load_cogs(self) -> None:
        """Load what knows the commands."""
        for name in COGS:
            await self.load_extension(name)

    async def close(self) -> None:
        """Stop, and write into no message any more."""
        await self.labels.close()
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        await super().close()

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:
        """Add a cog with its commands, and with what it does when a stored button is pressed."""
        await super().add_cog(cog, **options)
        self.presses.add(cog)

    async def sync_if_changed(self) -> bool:
        """Send the commands to Discord unless it has just these already; return whether it did.

        It is asked what it has: somebody may have deleted them there, or sent others.
        """
        kept = await self.services.memory.get(_COMMANDS)
        if kept is not None:
            own, _, there = kept.partition(" ")
            if own == self._own_commands():
                try:
                    if there == await self._commands_there():
                        return False
                except discord.HTTPException as error:
                    log.warning("Discord does not tell which commands it has: %s", error)
                    return False
        await self.send_commands()
        return True

    async def send_commands(self) -> int:
        """Send the commands to Discord, whatever it has; return how many there are."""
        sent = await self.tree.sync()
        kept = f"{self._own_commands()} {await self._commands_there()}"
        await self.services.memory.put(_COMMANDS, kept)
        log.info("sent %s commands to Discord", len(sent))
        return len(self.tree.get_commands())

    def _own_commands(self) -> str:
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        return _digest([self.application_id, payload])

    async def _commands_there(self) -> str:
        """Return what stands for the commands at Discord: each change there is a new version."""
        found = await self.http.get_global_commands(self.application_id or 0)
        return _digest(sorted([one["id"], one.get("version")] for one in found))

    async def shown_in(self, channel_id: int | None, message_id: int) -> tuple[Subject, ...]:
        """Return what a message shows; nothing for one that is not ours.

        What is said to a message may arrive before it is noted what it shows; then it waits.
        """
        shown = await self.services.feedback.shown_in(message_id)
        if not shown and await self.posts.noted(channel_id):
            shown = await self.services.feedback.shown_in(message_id)
        return shown

    def do_later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that nobody waits for; what it raises is logged."""
        task = asyncio.create_task(self._logged(work))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _logged(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except discord.HTTPException as error:
            log.info("a message stays as it is: %s", error)
        except Exception:
            log.exception("something that nobody waits for went wrong")

    def begin(self, interaction: discord.Interaction[Any]) -> bool:
        """Begin to answer an interaction, steadily; return False when that was begun before.

        Discord sends an event again when it is not sure that it arrived.
        """
        if interaction.id in self._begun:
            return False
        logs.request.set(secrets.token_hex(3))
        self._begun[interaction.id] = time.perf_counter()
        if len(self._begun) > _REMEMBERED:
            self._begun.popitem(last=False)
        answer_steadily(interaction, self.options.pace)
        return True

    def note_answer(self, interaction: discord.Interaction[Any], result: Result) -> None:
        """Count what became of a command, a button or a form, and how long that took."""
        command = interaction.command
        what = "button" if command is None else command.qualified_name
        if interaction.type is discord.InteractionType.modal_submit:
            what = "form"
        meters.ANSWERS.labels(what, result).inc()
        began = self._begun.get(interaction.id)
        if began is not None:
            meters.ANSWER_SECONDS.labels(what).observe(time.perf_counter() - began)

    async def on_app_command_completion(
        self, interaction: Interaction, _command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Count a command that was answered."""
        self.note_answer(interaction, "answered")

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

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let each interaction in once."""
        return self.client.begin(interaction)

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer an error of a command."""
        await answer_error(interaction, error)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
