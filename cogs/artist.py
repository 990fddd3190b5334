"""`/artist`: what the bot does for those who make music."""

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, genre_suggestions, suggestions
from bot.core.models import SubjectKind
from bot.services import Services
from bot.services.companions import ANY_GENRE, CompanionWish
from bot.ui import playlists as ui

_TRACKS = (SubjectKind.TRACK,)
_LONGEST_CHOICE = 100


class Artist(commands.GroupCog, group_name="artist", group_description="For artists"):
    """Helps artists to be heard."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command()
    @app_commands.describe(
        tracks="Tracks of yours: links or “artist – title”, separated by ;",
        size="How long the list is, your tracks included",
        known_from="Companions are better known than so many % of artists; left out: than you are",
        known_to="… and no better than so many %; left out: half of the way to the top",
        genre="Their genre; left out: yours; “any” for all",
        public="Show the list to everybody here",
    )
    @app_commands.checks.cooldown(3, 30)
    async def playlist(
        self,
        interaction: Interaction,
        tracks: app_commands.Range[str, 1, 2000],
        size: app_commands.Range[int, 3, 50] = 20,
        known_from: app_commands.Range[int, 0, 100] | None = None,
        known_to: app_commands.Range[int, 0, 100] | None = None,
        genre: str | None = None,
        public: bool = False,
    ) -> None:
        """Set tracks of yours among similar ones of better known artists, as a list to share."""
        await interaction.response.defer(ephemeral=not public, thinking=True)
        wish = CompanionWish(tracks, size, genre, known_from, known_to, public)
        found = await self._services.companions.make(interaction.user.id, wish)
        if found.made is None:
            await interaction.followup.send(embed=ui.no_companions(found), ephemeral=not public)
            return
        await interaction.followup.send(
            embed=ui.companions(found, found.made),
            view=ui.buttons(found.made),
            ephemeral=not public,
        )

    @playlist.autocomplete("tracks")
    async def suggest_tracks(
        self, _interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest tracks for what stands behind the last `;`, with all that stands before it."""
        before, several, last = current.rpartition(";")
        if not several:
            return await suggestions(self._services, current, _TRACKS)
        hits = await self._services.lookup.suggest(last, _TRACKS)
        whole = [f"{before.strip()}; {hit.artist} – {hit.title}" for hit in hits]
        return [
            app_commands.Choice(name=one, value=one)
            for one in dict.fromkeys(whole)
            if len(one) <= _LONGEST_CHOICE
        ]

    @playlist.autocomplete("genre")
    async def suggest_genre(
        self, _interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest genres of the catalogue, or that it does not matter."""
        found = await genre_suggestions(self._services, current)
        if ANY_GENRE.startswith(current.strip().lower()):
            found.insert(0, app_commands.Choice(name=ANY_GENRE, value=ANY_GENRE))
        return found[:25]


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Artist(bot.services))
