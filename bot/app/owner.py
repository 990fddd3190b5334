"""Tells the owner of the application, at most once a day, what the doctor would say."""

import logging
from datetime import datetime

import discord

from bot.core.server import Shards
from bot.services import Services
from bot.services.upkeep import WATCH
from bot.ui import upkeep

log = logging.getLogger(__name__)


class OwnerNotices:
    """Writes to the owner."""

    def __init__(self, client: discord.Client, services: Services, shards: Shards) -> None:
        """Take the client with its shards; others look after the other servers."""
        self._client = client
        self._services = services
        self._shards = shards

    async def begin(self, *, wanted: bool) -> None:
        """Look once a day from now on, where the operator wants it."""
        self._services.jobs.handle(WATCH, self.look)
        await self._services.watch.begin(wanted=wanted)

    async def look(self, _subject_id: int) -> datetime:
        """Tell the owner what is wrong, if anything is; return when to look again."""
        gone = await self._channels_gone()
        found = await self._services.watch.trouble(channels_gone=gone)
        told = [(f"{one.what.capitalize()}: {one.found}", one.advice) for one in found]
        owner_id = self._owner_id()
        if found and owner_id is not None:
            try:
                owner = self._client.get_user(owner_id) or await self._client.fetch_user(owner_id)
                await owner.send(embed=upkeep.notice(told))
            except (discord.Forbidden, discord.NotFound) as error:
                log.warning("the owner cannot be written to: %s", error)
        for one in found:
            log.warning("%s: %s. %s", one.what, one.found, one.advice)
        return self._services.watch.again()

    async def _channels_gone(self) -> int:
        """Return in how many servers a channel is gone, also in those of other processes."""
        gone = set()
        for guild_id, channel_id in await self._services.watch.channels():
            guild = self._client.get_guild(guild_id)
            if guild is None and not self._shards.hold(guild_id):
                is_there = await self._is_there(channel_id)
            elif guild is None or guild.unavailable:
                continue
            else:
                is_there = guild.get_channel_or_thread(channel_id) is not None
            if not is_there:
                gone.add(guild_id)
        return len(gone)

    async def _is_there(self, channel_id: int) -> bool:
        """Ask Discord for a channel that another process knows."""
        try:
            await self._client.fetch_channel(channel_id)
        except (discord.Forbidden, discord.NotFound):
            return False
        return True

    def _owner_id(self) -> int | None:
        return owner_of(self._client)


def owner_of(client: discord.Client) -> int | None:
    """Return who owns the application; None before that is known."""
    application = client.application
    if application is None:
        return None
    team = application.team
    return application.owner.id if team is None else team.owner_id


def is_operator(client: discord.Client, user_id: int) -> bool:
    """Tell whether somebody owns the application, alone or in a team."""
    application = client.application
    team = None if application is None else application.team
    if team is not None:
        return any(member.id == user_id for member in team.members)
    return owner_of(client) == user_id
