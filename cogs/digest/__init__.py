"""`/digest`: new music that comes by itself, to a listener or to a server."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, DigestPosts, Interaction, on, server_of
from bot.core.server import Every
from bot.services.server import KIND, OWN, Digests
from bot.ui import digest as ui
from bot.ui import own_digest as own_ui
from cogs.digest.sending import Sending

_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(ui.WEEKDAYS)]


class Digest(commands.GroupCog, group_name="digest", group_description="Music that comes to you"):
    """Sends listeners a digest of their own, and lets members decide about their server's."""

    def __init__(self, bot: BSide, posts: DigestPosts, sending: Sending) -> None:
        self._bot = bot
        self._digests: Digests = bot.services.digests
        self._own = bot.services.own_digests
        self._posts = posts
        self._sending = sending

    async def cog_load(self) -> None:
        """Post and send what is due from now on."""
        jobs = self._bot.services.jobs
        jobs.handle(KIND, self._posts.post_due, of_servers=True)
        jobs.handle(OWN, self._sending.send_due)

    @app_commands.command()
    @app_commands.describe(
        how_often="weekly, monthly or off; leave it out to see what you have",
        day="The day of the week (at first the one on which you ask)",
        hour="The hour, in UTC (at first the one in which you ask)",
    )
    @app_commands.choices(day=_DAYS)
    @app_commands.checks.cooldown(10, 60)
    async def me(
        self,
        interaction: Interaction,
        how_often: Literal["weekly", "monthly", "off"] | None = None,
        day: int | None = None,
        hour: app_commands.Range[int, 0, 23] | None = None,
    ) -> None:
        """Get picks and news for your taste as a direct message, or no more of them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if how_often == "off":
            said = await self._end(interaction)
        elif how_often is None and day is None and hour is None:
            said = await self._told(interaction)
        else:
            every = None if how_often is None else Every(how_often)
            said = await self._begin(interaction, every, day, hour)
        await interaction.followup.send(said, ephemeral=True)

    async def _told(self, interaction: Interaction) -> str:
        plan = await self._own.find(interaction.user.id)
        if plan is None:
            return own_ui.NONE
        guild = None if plan.guild_id is None else self._bot.get_guild(plan.guild_id)
        if guild is None:
            return own_ui.show(plan, None, tells=False)
        theirs = await self._digests.find(guild.id)
        return own_ui.show(plan, guild.name, tells=theirs is not None and theirs.active)

    async def _begin(
        self, interaction: Interaction, every: Every | None, day: int | None, hour: int | None
    ) -> str:
        before = await self._own.find(interaction.user.id)
        here = interaction.guild_id
        if here is not None and self._bot.get_guild(here) is None:
            here = None  # the app is only installed for them: the bot is no member
        plan = await self._own.switch_on(
            interaction.user.id, every, weekday=day, hour=hour, guild_id=here
        )
        is_new = before is None or before.due_at is None
        if is_new and not await self._sending.greet(plan):
            return own_ui.OPEN
        return own_ui.switched_on(plan)

    async def _end(self, interaction: Interaction) -> str:
        had = await self._own.switch_off(interaction.user.id)
        return own_ui.ENDED if had else own_ui.NONE

    @on(own_ui.Stop)
    async def stop(self, interaction: Interaction, _: own_ui.Stop) -> None:
        """End the digest of whoever presses."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(await self._end(interaction), ephemeral=True)

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See when and where this server's digest is posted, and how it went."""
        guild_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        state = await self._digests.show(guild_id, interaction.user.id)
        await interaction.followup.send(embed=ui.show(state), ephemeral=True)

    @app_commands.command()
    async def join(self, interaction: Interaction) -> None:
        """Let your taste count for this server's weekly digest."""
        guild_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        new = await self._digests.join(guild_id, interaction.user.id)
        await interaction.followup.send(ui.JOINED if new else ui.JOINED_BEFORE, ephemeral=True)

    @app_commands.command()
    async def leave(self, interaction: Interaction) -> None:
        """Stop counting your taste for this server's weekly digest."""
        guild_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        had = await self._digests.leave(guild_id, interaction.user.id)
        await interaction.followup.send(ui.LEFT if had else ui.NOT_JOINED, ephemeral=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot has left: its digest, and who is told of it."""
        await self._digests.switch_off(guild.id)
        await self._own.forget_guild(guild.id)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    posts = DigestPosts(bot, bot.services.digests)
    await bot.add_cog(Digest(bot, posts, Sending(bot)))
