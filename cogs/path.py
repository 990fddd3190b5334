"""`/path`: from one track to another, or to one's own taste, step by step."""

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, completion, on
from bot.core.catalog import read_text
from bot.core.lists import FEWEST_STEPS, MOST_STEPS, PathWish
from bot.services.lists import Paths
from bot.ui import paths as ui


class Path(commands.Cog):
    """Leads from what somebody knows to what they do not."""

    def __init__(self, bot: BSide, paths: Paths) -> None:
        self._bot = bot
        self._paths = paths

    @app_commands.command()
    @app_commands.rename(start="from", goal="to")
    @app_commands.describe(
        start="A track or an artist to begin with, such as a hit",
        goal="Where it ends; leave it out for something that few know and that fits your taste",
        steps=f"How many tracks, both ends counted ({FEWEST_STEPS}–{MOST_STEPS})",
        private="Show it to you only",
    )
    @app_commands.autocomplete(start=completion.ends, goal=completion.ends)
    @app_commands.checks.cooldown(3, 30)
    async def path(
        self,
        interaction: Interaction,
        start: app_commands.Range[str, 1, 300],
        goal: app_commands.Range[str, 1, 300] | None = None,
        steps: app_commands.Range[int, FEWEST_STEPS, MOST_STEPS] = 6,
        private: bool = False,
    ) -> None:
        """Go from a hit to something nobody knows, each step a little nearer."""
        await interaction.response.defer(ephemeral=private, thinking=True)
        user_id = interaction.user.id
        start_id = await self._paths.end(read_text(start))
        if goal is None:
            goal_id = await self._paths.own_end(user_id, start_id)
        else:
            goal_id = await self._paths.end(read_text(goal))
        await self._send(interaction, PathWish(start_id, goal_id, steps, private=private))

    @on(ui.AnotherPath)
    async def another(self, interaction: Interaction, pressed: ui.AnotherPath) -> None:
        """Show another path between the same ends to whoever pressed."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._send(interaction, pressed.wish)

    async def _send(self, interaction: Interaction, wish: PathWish) -> None:
        found = await self._paths.find(interaction.user.id, wish, guild_id=interaction.guild_id)
        await interaction.followup.send(
            embed=ui.path(found),
            view=ui.buttons(found, wish, pages=self._bot.shares_pages),
            ephemeral=wish.private,
        )


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Path(bot, bot.services.paths))
