"""Posts the weekly digests of servers: those that are due, and those that are asked for."""

import logging
from datetime import datetime
from typing import NoReturn

import discord

from bot.core.server import Digest
from bot.errors import UserError
from bot.services.server import Digests
from bot.ui import digest as ui
from bot.ui import settings as rules_ui

log = logging.getLogger(__name__)


class _CannotPostError(UserError):
    """The digest cannot be posted until somebody changes something."""


class DigestPosts:
    """Posts digests, each once."""

    def __init__(self, client: discord.Client, digests: Digests) -> None:
        self._bot = client
        self._digests = digests

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
                await self.post(guild, plan)
        except _CannotPostError:
            return None
        except UserError as error:
            await self._digests.note_problem(plan, str(error))
        return self._digests.next_due(plan)

    async def post(self, guild: discord.Guild, plan: Digest) -> discord.Message | None:
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

    async def _give_up(self, plan: Digest, problem: str) -> NoReturn:
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


def nonce_of(plan: Digest) -> str:
    """Name a digest, so that Discord posts it once even if it is sent again.

    Discord compares the nonces of all that a bot posts, so the server is part of it; at most 25
    characters.
    """
    last = plan.last_sent_at
    return f"{plan.guild_id:x}-{0 if last is None else int(last.timestamp()):x}"
