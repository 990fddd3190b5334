"""`/releases`: what is new and fits the listener."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, on
from bot.core.ranking import DEFAULT_OBSCURITY
from bot.core.releases import DEFAULT_DAYS, LONGEST_DAYS, ReleaseWish
from bot.ui import releases as ui


class Releases(commands.Cog):
    """Shows what is new."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        days="How many days back (1–90)",
        obscurity="0: fame does not matter; 70: no stars; 100: only artists that few know",
        private="Show it to you only",
    )
    @app_commands.checks.cooldown(3, 30)
    async def releases(
        self,
        interaction: Interaction,
        days: app_commands.Range[int, 1, LONGEST_DAYS] = DEFAULT_DAYS,
        obscurity: app_commands.Range[int, 0, 100] = DEFAULT_OBSCURITY,
        private: bool = False,
    ) -> None:
        """Find new releases that fit your taste."""
        await interaction.response.defer(ephemeral=private, thinking=True)
        await _send(interaction, ReleaseWish(days, obscurity, private=private))

    @on(ui.TurnReleases)
    async def turn(self, interaction: Interaction, pressed: ui.TurnReleases) -> None:
        """Show a page to its owner; anybody else gets a list of their own, privately."""
        wish = pressed.wish
        self._bot.count_press(interaction)
        if interaction.user.id != pressed.owner_id:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _send(interaction, ReleaseWish(wish.days, wish.obscurity, private=True))
            return
        await interaction.response.defer()
        embed, view = await _message(interaction, wish)
        await interaction.edit_original_response(embed=embed, view=view)


async def _send(interaction: Interaction, wish: ReleaseWish) -> None:
    """Answer a wish that was deferred."""
    embed, view = await _message(interaction, wish)
    await interaction.followup.send(embed=embed, view=view, ephemeral=wish.private)


async def _message(
    interaction: Interaction, wish: ReleaseWish
) -> tuple[discord.Embed, discord.ui.View]:
    user = interaction.user
    found = await interaction.client.services.releases.for_listener(user.id, wish)
    if found is None:
        return ui.start()
    ranking = found.ranking
    embed = ui.page(
        found.wish,
        ranking,
        today=found.today,
        pages=found.pages,
        silent=found.silent,
        said=found.said,
        listener=None if wish.private or interaction.guild is None else user.display_name,
    )
    return embed, ui.page_buttons(ranking.shown, found.wish, pages=found.pages, owner_id=user.id)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Releases(bot))
