"""Sends listeners the digests they asked for, as direct messages."""

import logging
from datetime import datetime, timedelta

import discord

from bot.app import BSide
from bot.core.server import Hitch, OwnDigest, OwnIssue
from bot.ui import own_digest as ui

log = logging.getLogger(__name__)

_LOOKED_AT = 50
"""So many messages after the time at which a digest was being sent it is looked for among."""
_CLOCKS_DIFFER = timedelta(hours=1)
"""By no more than that, Discord's and ours; the digest before was days earlier."""
_GONE = (discord.Forbidden, discord.NotFound)
"""What Discord says of a server, a channel or a person that is out of the bot's reach."""


class Sending:
    """Sends digests, each once."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._digests = bot.services.own_digests

    async def greet(self, digest: OwnDigest) -> bool:
        """Tell somebody where their digest will arrive; False when they take no messages."""
        try:
            channel = await self._bot.create_dm(discord.Object(digest.user_id))
            await channel.send(ui.hello(digest), view=ui.ending())
        except _GONE:
            await self._digests.closed(digest)
            return False
        except discord.HTTPException as error:
            log.info("the first word of a digest is left out: %s", error)
        return True

    async def send_due(self, user_id: int) -> datetime | None:
        """Send a digest that is due; return when the next one is (None: there is none any more).

        If a crash or a lost answer left it open whether it was sent, that is looked up before.

        Raises:
            discord.HTTPException: Discord does not take it at the moment.
        """
        plan = await self._digests.find(user_id)
        if plan is None or plan.due_at is None:
            return None
        if not self._digests.is_due(plan):  # it was sent, and the job was not told
            return plan.due_at
        if plan.sending_since is not None and plan.sending_since >= plan.due_at:
            settled = await self._settled(plan)
            if settled is not None:
                return settled
        if self._digests.is_late(plan):
            return await self._digests.left_out(plan, Hitch.LATE)
        issue = await self._digests.prepare(
            plan, server=await self._server(plan), covers=self._bot.options.covers
        )
        if issue is None:
            return await self._digests.left_out(plan, Hitch.EMPTY)
        return await self._send(plan, issue)

    async def _settled(self, plan: OwnDigest) -> datetime | None:
        """Look whether a digest that was being sent arrived; return when the next one is due then.

        None: it did not arrive. When Discord does not tell, it is not sent again.
        """
        try:
            arrived = await self._look_for(plan)
        except discord.HTTPException as error:
            log.info("a digest that may have been sent is not sent again: %s", error)
            return await self._digests.taken_for_sent(plan)
        if arrived is not None:
            return await self._digests.found(plan, arrived.id, ui.picks_in(arrived))
        await self._digests.not_sent(plan)
        return None

    async def _send(self, plan: OwnDigest, issue: OwnIssue) -> datetime | None:
        if not await self._digests.begin_sending(plan):
            await self._digests.dropped(issue)
            return plan.due_at
        try:
            channel = await self._bot.create_dm(discord.Object(plan.user_id))
            with self._bot.posts.under_way(channel.id):
                message = await channel.send(
                    ui.above(issue),
                    embeds=ui.embeds(issue),
                    view=ui.under(issue),
                    nonce=nonce_of(plan),
                )
                return await self._digests.sent(plan, issue, message.id)
        except _GONE as error:
            log.info("a digest cannot be sent any more: %s", error)
            await self._digests.closed(plan)
            await self._digests.dropped(issue)
            return None
        except discord.HTTPException as error:
            if 400 <= error.status < 500:  # else it may have arrived: that is looked up before long
                await self._digests.not_sent(plan)
                await self._digests.dropped(issue)
            raise

    async def _look_for(self, plan: OwnDigest) -> discord.Message | None:
        """Return the message of a digest that was being sent; None: it did not arrive.

        Raises:
            discord.HTTPException: Discord does not tell.
        """
        if plan.sending_since is None:
            return None
        channel = await self._bot.create_dm(discord.Object(plan.user_id))
        since = plan.sending_since - _CLOCKS_DIFFER
        async for message in channel.history(limit=_LOOKED_AT, after=since):
            if message.author == self._bot.user and ui.is_digest(message):
                return message
        return None

    async def _server(self, plan: OwnDigest) -> str | None:
        """Return the name of the server of which a digest may tell; None: of none.

        What it likes is told to those who could read it there: members who may see the channel in
        which the server's own digest is posted, as long as it is.
        """
        if plan.guild_id is None:
            return None
        theirs = await self._bot.services.digests.find(plan.guild_id)
        if theirs is None or not theirs.active:
            return None
        try:
            guild = self._bot.get_guild(plan.guild_id)
            guild = guild or await self._bot.fetch_guild(plan.guild_id)
            member = await guild.fetch_member(plan.user_id)
        except _GONE:
            await self._digests.leave_server(plan)
            return None
        except discord.HTTPException as error:
            log.info("a digest tells nothing of a server: %s", error)
            return None
        return guild.name if await _may_read(member, theirs.channel_id) else None


async def _may_read(member: discord.Member, channel_id: int) -> bool:
    """Tell whether somebody may see a channel of their server; False when that is not known."""
    guild = member.guild
    try:
        channel = guild.get_channel(channel_id) or await guild.fetch_channel(channel_id)
    except discord.HTTPException as error:
        log.info("a digest tells nothing of a server: %s", error)
        return False
    return channel.permissions_for(member).view_channel


def nonce_of(plan: OwnDigest) -> str:
    """Name a digest, so that Discord takes it once even if it is sent again; 25 characters."""
    due = 0 if plan.due_at is None else int(plan.due_at.timestamp())
    return f"{plan.user_id:x}-{due:x}"
