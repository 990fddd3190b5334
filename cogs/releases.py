"""`/releases`: what is new and fits the listener."""

import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering
from bot.core.ranking import DEFAULT_OBSCURITY
from bot.core.releases import DEFAULT_DAYS, LONGEST_DAYS, ReleaseWish
from bot.services.discover import ReleaseList
from bot.ui import releases as ui


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.PAGE_TEMPLATE
):
    """Turns the page of a list; whose list it is and what was asked for stands in its id."""

    def __init__(self, wish: ReleaseWish, owner_id: int, label: str = ui.AFTER) -> None:
        self.wish = wish
        self.owner_id = owner_id
        super().__init__(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.primary,
                custom_id=f"releases:{wish.to_code()}:{owner_id}",
                row=4,
            )
        )

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """Read the id again."""
        return cls(ReleaseWish.from_code(match["code"]), int(match["owner"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page to its owner; anybody else gets a list of their own, privately."""
        async with answering(interaction):
            interaction.client.count_press(interaction)
            if interaction.user.id != self.owner_id:
                wish = ReleaseWish(self.wish.days, self.wish.obscurity, private=True)
                await interaction.response.defer(ephemeral=True, thinking=True)
                await send_releases(interaction, wish)
                return
            await interaction.response.defer()
            found = await interaction.client.services.releases.for_listener(
                interaction.user.id, self.wish
            )
            embed, view = _message(interaction, found, self.wish)
            await interaction.edit_original_response(embed=embed, view=view)


class Releases(commands.Cog):
    """Shows what is new."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Make the buttons under old lists work."""
        self._bot.add_dynamic_items(PageButton)

    async def cog_unload(self) -> None:
        """Take them away again."""
        self._bot.remove_dynamic_items(PageButton)

    @app_commands.command()
    @app_commands.describe(
        days="How many days back (1–90)",
        obscurity="0: popularity does not matter; 100: only artists that almost nobody knows",
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
        await send_releases(interaction, ReleaseWish(days, obscurity, private=private))


async def send_releases(interaction: Interaction, wish: ReleaseWish) -> None:
    """Answer a wish that was deferred."""
    found = await interaction.client.services.releases.for_listener(interaction.user.id, wish)
    embed, view = _message(interaction, found, wish)
    await interaction.followup.send(embed=embed, view=view, ephemeral=wish.private)


def _message(
    interaction: Interaction, found: ReleaseList | None, wish: ReleaseWish
) -> tuple[discord.Embed, discord.ui.View]:
    if found is None:
        return ui.start()
    user = interaction.user
    embed = ui.page(
        found.wish,
        found.ranking,
        today=found.today,
        pages=found.pages,
        silent=found.silent,
        said=found.said,
        listener=None if wish.private or interaction.guild is None else user.display_name,
    )
    view = discord.ui.View(timeout=None)
    for button in ui.buttons(found.ranking.shown):
        view.add_item(button)
    for page, label in ((found.wish.page - 1, ui.BEFORE), (found.wish.page + 1, ui.AFTER)):
        if 0 <= page < found.pages:
            turned = ReleaseWish(wish.days, wish.obscurity, page, wish.private)
            view.add_item(PageButton(turned, user.id, label))
    view.stop()  # what the items do is in their ids: nothing needs to remember the view
    return embed, view


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Releases(bot))
