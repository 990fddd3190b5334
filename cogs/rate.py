"""`/rate`, *Rate this*, `/undo` and `/history`: what listeners say, take back and read again."""

import logging
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, completion, message_of, on, reply, words_of
from bot.core.catalog import Chosen, read_text
from bot.core.models import Acquainted, SearchHit, Subject, SubjectKind
from bot.errors import SourceUnavailableError, UserError
from bot.services import Services
from bot.services.growth import Unfulfilled
from bot.ui import ratings, replies
from bot.ui.which import named_anew, which

log = logging.getLogger(__name__)

Score = app_commands.Range[int, 1, 5]
_UNFULFILLED: Final = {
    Unfulfilled.UNKNOWN: ratings.nobody_knows,
    Unfulfilled.UNHEARD: ratings.nothing_by,
    Unfulfilled.GONE: ratings.rated_elsewhere,
}


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
    @app_commands.autocomplete(track=completion.tracks)
    async def track(self, interaction: Interaction, track: str, score: Score) -> None:
        """Rate a track from 1 to 5."""
        await self._rate(interaction, track, score, SubjectKind.TRACK)

    @app_commands.command()
    @app_commands.describe(album="The title of an album", score="1: not for me … 5: love it")
    @app_commands.autocomplete(album=completion.albums)
    async def album(self, interaction: Interaction, album: str, score: Score) -> None:
        """Rate an album from 1 to 5; it counts for its tracks, less strongly."""
        await self._rate(interaction, album, score, SubjectKind.ALBUM)

    @app_commands.command()
    @app_commands.describe(artist="The name of an artist", score="1: not for me … 5: love it")
    @app_commands.autocomplete(artist=completion.artists)
    async def artist(self, interaction: Interaction, artist: str, score: Score) -> None:
        """Rate an artist from 1 to 5; it counts for their tracks, less strongly."""
        await self._rate(interaction, artist, score, SubjectKind.ARTIST)

    async def _rate(
        self, interaction: Interaction, name: str, score: int, kind: SubjectKind
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked, new = read_text(name), None
        if kind is SubjectKind.ARTIST:
            found = await self._services.wishes.meant(asked)
            new = name if self._services.wishes.is_possible else None
        else:
            found = await self._services.lookup.meant(asked, (kind,))
        if found is None:
            await self._get_to_know(interaction, name, score)
            return
        if isinstance(found, tuple):
            asks = ratings.RateChosen(interaction.user.id, score)
            menu = which(found, asks, "Choose what to rate", new=new)
            await interaction.followup.send(ratings.WHICH, view=menu, ephemeral=True)
            return
        said = await self._keep(interaction, found.subject, score)
        await interaction.followup.send(said, ephemeral=True)

    async def _get_to_know(self, interaction: Interaction, name: str, score: int) -> None:
        """Say that it takes a moment, and afterwards, in the same message, what came of it."""
        wish = await self._services.wishes.wish(interaction.user.id, name, score)
        await interaction.edit_original_response(content=ratings.getting_to_know(name), view=None)
        try:
            done = await self._services.wishes.fulfil(wish.id)
        except SourceUnavailableError as error:
            log.info("getting to know an artist goes on later: %s", error)
            said = ratings.known_later(name)
        else:
            said = (
                ratings.known_now(done)
                if isinstance(done, Acquainted)
                else _UNFULFILLED[done](name)
            )
        await interaction.edit_original_response(content=said)

    async def _keep(self, interaction: Interaction, subject: Subject, score: int) -> str:
        done = await self._services.feedback.rate(interaction.user.id, subject, score)
        return ratings.rated(done, await self._services.lookup.unmeasured(subject))

    @on(ratings.RateChosen)
    async def rate_chosen(self, interaction: Interaction, pressed: ratings.RateChosen) -> None:
        """Rate what was chosen, or nothing."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, ratings.NOT_YOURS)
            return
        chosen = chosen_one(interaction)
        asked, new = read_text(chosen), named_anew(chosen)
        await interaction.response.defer()
        if new is not None:
            await self._get_to_know(interaction, new, pressed.score)
            return
        said = ratings.NOTHING_RATED
        if isinstance(asked, Chosen):
            hit = await self._services.lookup.resolve(asked, (asked.subject.kind,))
            said = await self._keep(interaction, hit.subject, pressed.score)
        await interaction.edit_original_response(content=said, view=None)


class RateMenu(commands.Cog):
    """Rates the track of a message, from the menu of that message."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._services = bot.services
        self._menu = app_commands.ContextMenu(name="Rate this", callback=self.rate_this)

    async def cog_load(self) -> None:
        """Add the message menu."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def rate_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Rate the track whose link, or pick, a message holds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self._bot.shown_in(interaction.channel_id, message.id)
        found = await self._services.lookup.tracks_in(shown, words_of(message))
        if len(found) == 1:
            await self._ask(interaction, found[0].hit)
        else:
            menu = which(found, ratings.RateWhich(), "Choose what to rate")
            await interaction.followup.send(ratings.WHICH, view=menu, ephemeral=True)

    @on(ratings.RateWhich)
    async def which_chosen(self, interaction: Interaction, _: ratings.RateWhich) -> None:
        """Ask for the score of what was chosen, or rate nothing."""
        asked = read_text(chosen_one(interaction))
        await interaction.response.defer()
        if isinstance(asked, Chosen) and asked.subject.kind is SubjectKind.TRACK:
            hit = await self._services.lookup.resolve(asked, (SubjectKind.TRACK,))
            await self._ask(interaction, hit)
        else:
            await interaction.edit_original_response(content=ratings.NOTHING_RATED, view=None)

    async def _ask(self, interaction: Interaction, hit: SearchHit) -> None:
        """Ask for a score in the private message; a press at once waits for its note."""
        with self._bot.posts.under_way(interaction.channel_id):
            message = await interaction.edit_original_response(
                content=ratings.how_much(hit), view=ratings.scores(hit.subject.id)
            )
            await self._services.menus.note(message.id, hit.subject.id)

    @on(ratings.RateThis)
    async def scored(self, interaction: Interaction, pressed: ratings.RateThis) -> None:
        """Rate what the message asks about."""
        await interaction.response.defer()
        subject = Subject(SubjectKind.TRACK, pressed.track_id)
        shown = await self._bot.shown_in(interaction.channel_id, message_of(interaction).id)
        if subject not in shown or not pressed.score:
            raise UserError(replies.NO_LONGER_WORKS)
        done = await self._services.feedback.rate(interaction.user.id, subject, pressed.score)
        missing = await self._services.lookup.unmeasured(subject)
        await interaction.edit_original_response(
            content=ratings.rated_here(done, missing),
            view=ratings.scores(pressed.track_id, pressed.score),
        )


class Ledger(commands.Cog):
    """Lets listeners take back and read again what they said."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._feedback = bot.services.feedback

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
            embed=ratings.history(page),
            view=ratings.pages(interaction.user.id, page),
            ephemeral=True,
        )

    @on(ratings.TurnHistory)
    async def turn(self, interaction: Interaction, pressed: ratings.TurnHistory) -> None:
        """Show another page to the person whose ratings these are."""
        if interaction.user.id != pressed.user_id:
            await reply(interaction, ratings.NOT_YOURS)
            return
        await interaction.response.defer()
        page = await self._feedback.history(pressed.user_id, pressed.page)
        await interaction.edit_original_response(
            embed=ratings.history(page), view=ratings.pages(pressed.user_id, page)
        )


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Rate(bot.services))
    await bot.add_cog(RateMenu(bot))
    await bot.add_cog(Ledger(bot))
