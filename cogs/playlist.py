"""`/playlist`: a listener's own tracks as a file, and the buttons under every list."""

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, begin_page, covered, on, share_page
from bot.app import Content as PageContent
from bot.core.lists import Content, Form, Order, Telling
from bot.services.lists import Playlists, write_playlist
from bot.services.sharing import PageContents, list_files
from bot.ui import playlists as ui
from bot.ui import shared_pages
from bot.ui.page_buttons import ListPage


class Playlist(commands.Cog):
    """Lets listeners take their tracks with them."""

    def __init__(self, bot: BSide, playlists: Playlists, contents: PageContents) -> None:
        self._bot = bot
        self._playlists = playlists
        self._contents = contents

    @app_commands.command()
    @app_commands.describe(
        what="Which tracks; leave it out for all you like",
        days="Only tracks from the last days: how many days",
        format="The file format; the buttons offer the others",
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
        """Export the tracks you like, as a file for players, spreadsheets or people."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        made = await self._playlists.export(
            interaction.user.id, Content(what), days=days, order=Order(order)
        )
        await interaction.followup.send(
            embed=ui.exported(made, Order(order)),
            file=ui.attachment(write_playlist(made.kept.playlist, Form(format))),
            view=ui.buttons(made, page=Telling.SOUND if self._bot.shares_pages else None),
            ephemeral=True,
        )

    @on(ui.WriteDown)
    async def write_down(self, interaction: Interaction, pressed: ui.WriteDown) -> None:
        """Give a list to whoever pressed, and only to them."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await self._playlists.get(interaction.user.id, pressed.playlist_id)
        file = write_playlist(kept.playlist, pressed.written)
        await interaction.followup.send(file=ui.attachment(file), ephemeral=True)

    @on(ui.Save)
    async def save(self, interaction: Interaction, pressed: ui.Save) -> None:
        """Save it for whoever pressed."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        done = await self._playlists.save(interaction.user.id, pressed.playlist_id)
        await interaction.followup.send(ui.saved(done), ephemeral=True)

    @on(ListPage)
    async def share(self, interaction: Interaction, pressed: ListPage) -> None:
        """Share a list of theirs as a page."""
        await begin_page(interaction, pressed)
        kept, told = await self._contents.of_list(
            interaction.user.id, pressed.playlist_id, pressed.telling
        )

        async def content() -> PageContent:
            shown = await covered(interaction, told)
            page = shared_pages.of_list(kept.playlist, shown, pressed.telling)
            return page, list_files(kept.playlist)

        await share_page(interaction, pressed, content)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Playlist(bot, bot.services.playlists, bot.services.page_contents))
