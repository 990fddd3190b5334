"""`/playlist`: a listener's own tracks as a file, and the buttons under every list."""

import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering
from bot.core.lists import Content, Form, Order
from bot.services.lists import Playlists, write_playlist
from bot.ui import playlists as ui


class ListButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.BUTTON_TEMPLATE
):
    """Gives a list in some form, or saves it; all it needs to know is in its custom id."""

    def __init__(self, playlist_id: int, what: str) -> None:
        super().__init__(discord.ui.Button(custom_id=f"playlist:{playlist_id}:{what}"))
        self._playlist_id = playlist_id
        self._what = what

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(int(match["playlist"]), match["what"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Answer whoever pressed, and only them."""
        async with answering(interaction):
            interaction.client.count_press(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            playlists, user_id = interaction.client.services.playlists, interaction.user.id
            if self._what == ui.SAVE:
                done = await playlists.save(user_id, self._playlist_id)
                await interaction.followup.send(ui.saved(done), ephemeral=True)
                return
            kept = await playlists.get(user_id, self._playlist_id)
            file = write_playlist(kept.playlist, Form(self._what))
            await interaction.followup.send(file=ui.attachment(file), ephemeral=True)


class Playlist(commands.Cog):
    """Lets listeners take their tracks with them."""

    def __init__(self, bot: BSide, playlists: Playlists) -> None:
        self._bot = bot
        self._playlists = playlists

    async def cog_load(self) -> None:
        """Make the buttons under old lists work."""
        self._bot.add_dynamic_items(ListButton)

    async def cog_unload(self) -> None:
        """Take that away again."""
        self._bot.remove_dynamic_items(ListButton)

    @app_commands.command()
    @app_commands.describe(
        what="Which tracks; leave it out for all you like",
        days="Only of the last so many days",
        format="How the list is written down; other forms are a button away",
        order="In which order",
    )
    @app_commands.choices(
        what=[app_commands.Choice(name=name, value=one) for one, name in ui.CONTENTS.items()],
        format=[app_commands.Choice(name=name, value=one) for one, name in ui.FORM_CHOICES.items()],
        order=[app_commands.Choice(name=name, value=one) for one, name in ui.ORDERS.items()],
    )
    @app_commands.checks.cooldown(3, 30)
    async def playlist(
        self,
        interaction: Interaction,
        what: str = Content.LIKES,
        days: app_commands.Range[int, 1, 3650] | None = None,
        format: str = Form.M3U8,  # noqa: A002  (what listeners see)
        order: str = Order.DJ,
    ) -> None:
        """Take the tracks you like with you, as a file for players, sheets or people."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        made = await self._playlists.export(
            interaction.user.id, Content(what), days=days, order=Order(order)
        )
        await interaction.followup.send(
            embed=ui.exported(made, Order(order)),
            file=ui.attachment(write_playlist(made.kept.playlist, Form(format))),
            view=ui.buttons(made),
            ephemeral=True,
        )


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Playlist(bot, bot.services.playlists))
