"""`/digest`: once a week, what is new and liked in a server, as one message in one channel."""

import logging
from datetime import datetime
from typing import NoReturn

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, ServerGroup, manager_of, server_of
from bot.core.ranking import DEFAULT_OBSCURITY
from bot.core.server import EVENING, FRIDAY
from bot.core.server import Digest as Plan
from bot.errors import UserError
from bot.services.server import KIND, Digests
from bot.ui import digest as ui
from bot.ui import settings as rules_ui

log = logging.getLogger(__name__)

_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(ui.WEEKDAYS)]

_FOR_ALL = ("join", "leave", "show")
"""Commands that all members may use."""


class _CannotPostError(UserError):
    """The digest cannot be posted until somebody changes something."""


class Digest(
    ServerGroup, group_name="digest", group_description="New music for this server, weekly"
):
    """Posts digests, and lets members and managers decide about them."""

    def __init__(self, bot: BSide, digests: Digests) -> None:
        self._bot = bot
        self._digests = digests

    async def cog_load(self) -> None:
        """Post what is due from now on."""
        self._bot.services.jobs.handle(KIND, self.post_due, of_servers=True)

    async def interaction_check(self, interaction: Interaction, /) -> bool:  # type: ignore[override]
        """Let only those who manage the server change and post the digest."""
        free = interaction.command is not None and interaction.command.name in _FOR_ALL
        return bool(server_of(interaction) if free else manager_of(interaction))

    @app_commands.command()
    @app_commands.describe(
        channel="Where it is posted",
        day="The day of the week (default Friday)",
        hour="The hour, in UTC (default 17)",
        obscurity="0: fame does not matter; 70: no stars; 100: only artists that few know",
    )
    @app_commands.choices(day=_DAYS)
    async def on(
        self,
        interaction: Interaction,
        channel: discord.TextChannel,
        day: int = FRIDAY,
        hour: app_commands.Range[int, 0, 23] = EVENING,
        obscurity: app_commands.Range[int, 0, 100] = DEFAULT_OBSCURITY,
    ) -> None:
        """Post a digest in a channel every week (Manage Server)."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        missing = rules_ui.missing_permissions(channel.permissions_for(channel.guild.me))
        if missing:
            raise UserError(rules_ui.channel_refused(channel.mention, missing))
        due = await self._digests.switch_on(
            channel.guild.id, channel.id, weekday=day, hour=hour, obscurity=obscurity
        )
        await interaction.followup.send(ui.switched_on(channel.mention, due), ephemeral=True)

    @app_commands.command()
    async def off(self, interaction: Interaction) -> None:
        """Stop the weekly digest (Manage Server)."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_on = await self._digests.switch_off(server_of(interaction))
        await interaction.followup.send(ui.OFF if was_on else ui.WAS_OFF, ephemeral=True)

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See when and where the digest is posted, and how it went."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        state = await self._digests.show(server_of(interaction), interaction.user.id)
        await interaction.followup.send(embed=ui.show(state), ephemeral=True)

    @app_commands.command()
    @app_commands.checks.cooldown(2, 60, key=lambda interaction: interaction.guild_id)
    async def now(self, interaction: Interaction) -> None:
        """Post a digest at once (Manage Server)."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        plan = await self._digests.get(server_of(interaction))
        if interaction.guild is None:
            raise UserError(ui.NOT_HERE)
        try:
            message = await self._post(interaction.guild, plan)
        except discord.HTTPException as error:
            log.warning("a digest could not be posted: %s", error)
            raise UserError(ui.NOT_POSTED) from error
        if message is None:
            raise UserError(ui.BUSY)
        await interaction.followup.send(ui.posted(message.jump_url), ephemeral=True)

    @app_commands.command()
    async def join(self, interaction: Interaction) -> None:
        """Let your taste count for this server's weekly digest."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        new = await self._digests.join(server_of(interaction), interaction.user.id)
        await interaction.followup.send(ui.JOINED if new else ui.JOINED_BEFORE, ephemeral=True)

    @app_commands.command()
    async def leave(self, interaction: Interaction) -> None:
        """Stop counting your taste for this server's weekly digest."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        had = await self._digests.leave(server_of(interaction), interaction.user.id)
        await interaction.followup.send(ui.LEFT if had else ui.NOT_JOINED, ephemeral=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the digest of a server that the bot has left."""
        await self._digests.switch_off(guild.id)

    async def post_due(self, guild_id: int) -> datetime | None:
        """Post a digest that is due; return when the next one is (None: there is none any more).

        If a crash left it open whether a digest was posted, it is not posted again.
        """
        plan = await self._digests.find(guild_id)
        if plan is None or not plan.active:
            return None
        if plan.sending_since is not None:
            await self._digests.taken_for_sent(plan)
            return self._digests.next_due(plan)
        guild = self._bot.get_guild(guild_id)
        if guild is not None and guild.unavailable:
            return self._digests.soon()
        try:
            if guild is None:
                await self._give_up(plan, ui.NOT_HERE)
            else:
                await self._post(guild, plan)
        except _CannotPostError:
            return None
        except UserError as error:
            await self._digests.note_problem(plan, str(error))
        return self._digests.next_due(plan)

    async def _post(self, guild: discord.Guild, plan: Plan) -> discord.Message | None:
        """Post a digest; None when it is being posted already.

        Raises:
            UserError: there is nothing to say, or it cannot be posted there (any more).
            SourceUnavailableError: no music service answers.
            discord.HTTPException: Discord does not take it at the moment.
        """
        channel = guild.get_channel(plan.channel_id)
        if not isinstance(channel, discord.TextChannel):
            await self._give_up(plan, ui.CHANNEL_GONE)
        missing = rules_ui.missing_permissions(channel.permissions_for(guild.me))
        if missing:
            await self._give_up(plan, ui.closed(channel.mention, missing))
        await self._forget_who_left(guild)
        issue = await self._digests.prepare(plan)
        if not await self._digests.begin_sending(plan):
            return None
        try:
            message = await channel.send(
                embed=ui.post(issue), view=ui.view(issue), nonce=nonce_of(plan)
            )
        except (discord.Forbidden, discord.NotFound):
            await self._digests.not_sent(plan)
            await self._give_up(plan, ui.FORBIDDEN)
        except discord.HTTPException:
            await self._digests.not_sent(plan)
            raise
        await self._digests.sent(plan)
        return message

    async def _give_up(self, plan: Plan, problem: str) -> NoReturn:
        """Switch a digest off that cannot be posted.

        Raises:
            _CannotPostError: always.
        """
        log.info("the digest of server %s is switched off: %s", plan.guild_id, problem)
        await self._digests.give_up(plan, problem)
        raise _CannotPostError(problem)

    async def _forget_who_left(self, guild: discord.Guild) -> None:
        """Take those who left the server out of its digest."""
        for user_id in await self._digests.members(guild.id):
            try:
                if guild.get_member(user_id) is None:
                    await guild.fetch_member(user_id)
            except discord.NotFound:
                await self._digests.leave(guild.id, user_id)


def nonce_of(plan: Plan) -> str:
    """Name a digest, so that Discord posts it once even if it is sent again.

    Discord compares the nonces of all that a bot posts, so the server is part of it; at most 25
    characters.
    """
    last = plan.last_sent_at
    return f"{plan.guild_id:x}-{0 if last is None else int(last.timestamp()):x}"


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Digest(bot, bot.services.digests))
