"""`/digest`: the weekly digest of a server, for its members."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, DigestPosts, Interaction, ServerGroup, server_of
from bot.services.server import KIND, Digests
from bot.ui import digest as ui


class Digest(ServerGroup, group_name="digest", group_description="New music, by itself"):
    """Lets members decide about their server's digest, and posts it."""

    def __init__(self, bot: BSide, digests: Digests, posts: DigestPosts) -> None:
        self._bot = bot
        self._digests = digests
        self._posts = posts

    async def cog_load(self) -> None:
        """Post what is due from now on."""
        self._bot.services.jobs.handle(KIND, self._posts.post_due, of_servers=True)

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See when and where this server's digest is posted, and how it went."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        state = await self._digests.show(server_of(interaction), interaction.user.id)
        await interaction.followup.send(embed=ui.show(state), ephemeral=True)

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


async def setup(bot: BSide) -> None:
    """Add the cog."""
    digests = bot.services.digests
    await bot.add_cog(Digest(bot, digests, DigestPosts(bot, digests)))
