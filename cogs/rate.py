"""`/rate`, `/undo` and `/history`: what a listener says, takes back and reads again."""

import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering, reply, suggestions
from bot.core.catalog import read_text
from bot.core.models import History, SubjectKind
from bot.services import Services
from bot.ui import ratings

Score = app_commands.Range[int, 1, 5]


class Rate(
    commands.GroupCog, group_name="rate", group_description="Say how much you like something"
):
    """Takes ratings."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command()
    @app_commands.describe(
        track="Artist – title, or a link to a track on any music service",
        score="1: not for me … 5: love it",
    )
    async def track(self, interaction: Interaction, track: str, score: Score) -> None:
        """Rate a track from 1 to 5."""
        await self._rate(interaction, track, score, SubjectKind.TRACK)

    @app_commands.command()
    @app_commands.describe(album="The title of an album", score="1: not for me … 5: love it")
    async def album(self, interaction: Interaction, album: str, score: Score) -> None:
        """Rate an album from 1 to 5; it counts for its tracks, less strongly."""
        await self._rate(interaction, album, score, SubjectKind.ALBUM)

    @app_commands.command()
    @app_commands.describe(artist="The name of an artist", score="1: not for me … 5: love it")
    async def artist(self, interaction: Interaction, artist: str, score: Score) -> None:
        """Rate an artist from 1 to 5; it counts for their tracks, less strongly."""
        await self._rate(interaction, artist, score, SubjectKind.ARTIST)

    async def _rate(
        self, interaction: Interaction, name: str, score: int, kind: SubjectKind
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        hit = await self._services.lookup.resolve(read_text(name), (kind,))
        done = await self._services.feedback.rate(interaction.user.id, hit.subject, score)
        missing = await self._services.lookup.unmeasured(hit.subject)
        await interaction.followup.send(ratings.rated(done, missing), ephemeral=True)

    @track.autocomplete("track")
    async def suggest_track(
        self, _interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest tracks of the catalogue."""
        return await suggestions(self._services, current, (SubjectKind.TRACK,))

    @album.autocomplete("album")
    async def suggest_album(
        self, _interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest albums of the catalogue."""
        return await suggestions(self._services, current, (SubjectKind.ALBUM,))

    @artist.autocomplete("artist")
    async def suggest_artist(
        self, _interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest artists of the catalogue."""
        return await suggestions(self._services, current, (SubjectKind.ARTIST,))


class HistoryButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"history:(?P<user>\d+):(?P<page>\d{1,6}):(?P<label>\w+)",
):
    """Turns to another page of somebody's own ratings."""

    def __init__(self, user_id: int, page: int, label: str, *, disabled: bool = False) -> None:
        self.user_id = user_id
        self.page = page
        super().__init__(
            discord.ui.Button(
                label=label, custom_id=f"history:{user_id}:{page}:{label}", disabled=disabled
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
        return cls(int(match["user"]), int(match["page"]), match["label"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        async with answering(interaction):
            if interaction.user.id != self.user_id:
                await reply(interaction, ratings.NOT_YOURS)
                return
            await interaction.response.defer()
            page = await interaction.client.services.feedback.history(self.user_id, self.page)
            await interaction.edit_original_response(
                embed=ratings.history(page), view=_pages(self.user_id, page)
            )


class Ledger(commands.Cog):
    """Lets listeners take back and read again what they said."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._feedback = bot.services.feedback

    async def cog_load(self) -> None:
        """Make old pages turn."""
        self._bot.add_dynamic_items(HistoryButton)

    async def cog_unload(self) -> None:
        """Stop turning pages."""
        self._bot.remove_dynamic_items(HistoryButton)

    @app_commands.command()
    async def undo(self, interaction: Interaction) -> None:
        """Take back your last rating or thumb."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        done = await self._feedback.undo(interaction.user.id)
        await interaction.followup.send(ratings.undone(done), ephemeral=True)
        if done.entry.message_id is not None:
            self._bot.dispatch("thumbs_changed", interaction, done.entry)

    @app_commands.command()
    async def history(self, interaction: Interaction) -> None:
        """Page through what you rated."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._feedback.history(interaction.user.id, 0)
        await interaction.followup.send(
            embed=ratings.history(page), view=_pages(interaction.user.id, page), ephemeral=True
        )


def _pages(user_id: int, page: History) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if page.pages > 1:
        view.add_item(
            HistoryButton(user_id, max(page.page - 1, 0), ratings.NEWER, disabled=page.page == 0)
        )
        view.add_item(
            HistoryButton(
                user_id, page.page + 1, ratings.OLDER, disabled=page.page + 1 == page.pages
            )
        )
    return view


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Rate(bot.services))
    await bot.add_cog(Ledger(bot))
