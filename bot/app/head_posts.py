"""Posts the head of the log in servers that wish it, once a week."""

import logging
from datetime import datetime

import discord

from bot.core.record import HeadPlan
from bot.services.record import HeadPlans
from bot.ui import record as ui
from bot.ui import settings as rules_ui

log = logging.getLogger(__name__)


class HeadPosts:
    """Posts heads, each once."""

    def __init__(self, client: discord.Client, plans: HeadPlans) -> None:
        self._bot = client
        self._plans = plans

    async def post_due(self, guild_id: int) -> datetime | None:
        """Post the head in a server; return when it is due next (None: no more).

        If a crash left it open whether it was posted, it is not posted again.

        Raises:
            discord.HTTPException: Discord does not take it at the moment.
        """
        plan = await self._plans.find(guild_id)
        if plan is None or not plan.active:
            return None
        if plan.sending_since is not None:
            return await self._plans.sent(plan)
        guild = self._bot.get_guild(guild_id)
        if guild is not None and guild.unavailable:
            return self._plans.soon()
        channel = None if guild is None else guild.get_channel(plan.channel_id)
        if guild is None or not isinstance(channel, discord.TextChannel):
            await self._give_up(plan, ui.CHANNEL_GONE)
            return None
        missing = rules_ui.missing_permissions(channel.permissions_for(guild.me))
        if missing:
            await self._give_up(plan, ui.closed(channel.mention, missing))
            return None
        return await self._post(channel, plan)

    async def _post(self, channel: discord.TextChannel, plan: HeadPlan) -> datetime | None:
        head, at = await self._plans.head()
        if not await self._plans.begin_sending(plan):
            return self._plans.soon()
        try:
            await channel.send(embed=ui.posted(head, at), nonce=nonce_of(plan))
        except (discord.Forbidden, discord.NotFound):
            await self._give_up(plan, ui.FORBIDDEN)
            return None
        except discord.HTTPException:
            await self._plans.not_sent(plan)
            raise
        return await self._plans.sent(plan)

    async def _give_up(self, plan: HeadPlan, problem: str) -> None:
        log.info("the head is no more posted in server %s: %s", plan.guild_id, problem)
        await self._plans.give_up(plan, problem)


def nonce_of(plan: HeadPlan) -> str:
    """Name a post, so that Discord takes it once even if it is sent again; 25 letters at most."""
    last = plan.last_sent_at
    return f"h{plan.guild_id:x}-{0 if last is None else int(last.timestamp()):x}"
