"""`/discover`, `/similar`, `/start` and everything that happens on a pick's message."""

from collections.abc import Collection
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, completion, on, reply, words_of
from bot.core.accounts import ListeningBasis
from bot.core.catalog import Chosen, read_text
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import (
    DEFAULT_COUNT,
    DEFAULT_OBSCURITY,
    MAX_COUNT,
    DeepCuts,
    Mood,
    Wish,
    parse_years,
)
from bot.errors import UserError
from bot.ui import picks
from bot.ui.measures import not_measured
from bot.ui.which import NOTHING, WHICH, LikeChosen, SimilarChosen, which
from cogs.discover.asking import AskedInWords, answer_words
from cogs.discover.buttons import PickButtons
from cogs.discover.posting import above, send_discovery, send_nothing, send_picks, wants_apart
from cogs.discover.start import Start
from cogs.discover.thumbs import Thumbs

Percent = app_commands.Range[int, 0, 100]
_WHOLE = "taste"


class Discover(commands.Cog):
    """Finds music for the listener who asks."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._services = bot.services
        self._menu = app_commands.ContextMenu(name="Find similar", callback=self.find_similar)

    async def cog_load(self) -> None:
        """Add the message menu."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.describe(
        ask="In words: sad drum and bass from the 90s, no vocals, hardly known",
        count="How many tracks (1–5)",
        obscurity="0: fame does not matter; 70: no stars; 100: only artists that few know",
        genre="Only this genre",
        mood="Only this mood",
        like="Like this track, album or artist instead of your own taste",
        years="1994, 1990-1999, 2010- or 90s",
        deep_cuts="Little-known songs by famous artists: no, also, or only these",
        independent="Only what a source says that the artist released, without a label",
        basis="Only by this part of what you play, instead of your whole taste",
        private="Show it to you only",
        web="Show it to you only, on a page in your browser",
    )
    @app_commands.choices(
        mood=[app_commands.Choice(name=mood.value, value=mood.value) for mood in Mood],
        basis=[app_commands.Choice(name="taste", value=_WHOLE)]
        + [app_commands.Choice(name=one.value, value=one.value) for one in ListeningBasis],
        deep_cuts=[app_commands.Choice(name=one.value, value=one.value) for one in DeepCuts],
    )
    @app_commands.autocomplete(genre=completion.genres, like=completion.likable)
    @app_commands.checks.cooldown(5, 20)
    async def discover(
        self,
        interaction: Interaction,
        ask: str | None = None,
        count: app_commands.Range[int, 1, MAX_COUNT] | None = None,
        obscurity: Percent | None = None,
        genre: str | None = None,
        mood: str | None = None,
        like: str | None = None,
        years: str | None = None,
        basis: str | None = None,
        deep_cuts: str | None = None,
        independent: bool | None = None,
        private: bool = False,
        web: bool = False,
    ) -> None:
        """Find under-the-radar tracks that fit your taste."""
        part = None if basis in (None, _WHOLE) else ListeningBasis(basis)
        if web:
            self._services.visits.check()
        if like and part is not None:
            raise UserError(picks.LIKE_OR_BASIS)
        genre_id = (await self._services.genres.resolve(genre)).id if genre else None
        wish = Wish(
            count=count or DEFAULT_COUNT,
            obscurity=DEFAULT_OBSCURITY if obscurity is None else obscurity,
            genre_id=genre_id,
            mood=Mood(mood) if mood else None,
            years=_years(years),
            basis=part,
            private=private or web,
            web=web,
            deep_cuts=DeepCuts(deep_cuts) if deep_cuts else None,
            independent=bool(independent),
        )
        if ask is not None:
            options = {
                "count": count,
                "obscurity": obscurity,
                "genre": genre,
                "mood": mood,
                "like": like,
                "years": years,
                "basis": part,
                "deep_cuts": deep_cuts,
                "independent": independent,
            }
            said = {name for name, value in options.items() if value is not None}
            await answer_words(interaction, ask, wish, said, like=like)
        elif like:
            await self._like(interaction, like, wish)
        else:
            await send_discovery(interaction, wish)

    async def _like(self, interaction: Interaction, like: str, wish: Wish) -> None:
        """Answer a wish by what is named instead of the taste, once it is sure what that is."""
        lookup, asked = self._services.lookup, read_text(like)
        found = await lookup.at_hand(asked, completion.LIKABLE)
        if found is None:
            await interaction.response.defer(ephemeral=wish.private, thinking=True)
            found = await lookup.ask(asked, completion.LIKABLE)
        if isinstance(found, tuple):
            menu = which(found, LikeChosen(wish), "Choose what it is to be like")
            await interaction.response.send_message(WHICH, view=menu, ephemeral=True)
        else:
            await send_discovery(interaction, replace(wish, like=found.subject))

    @on(LikeChosen)
    async def like_chosen(self, interaction: Interaction, pressed: LikeChosen) -> None:
        """Answer the wish by what was chosen."""
        subject = await self._chosen(interaction, completion.LIKABLE)
        if subject is not None:
            await send_discovery(interaction, replace(pressed.wish, like=subject))

    async def _chosen(
        self, interaction: Interaction, kinds: Collection[SubjectKind]
    ) -> Subject | None:
        """Return what was chosen of what may have been meant; None: nothing, which is told.

        Raises:
            NotFoundError: the catalogue does not hold it any more.
        """
        asked = read_text(chosen_one(interaction))
        if isinstance(asked, Chosen) and asked.subject.kind in kinds:
            return (await self._services.lookup.resolve(asked, kinds)).subject
        await reply(interaction, NOTHING)
        return None

    @app_commands.command()
    @app_commands.describe(
        track="Artist – title, or a link to a track on any music service",
        private="Show it to you only",
    )
    @app_commands.autocomplete(track=completion.tracks)
    @app_commands.checks.cooldown(5, 20)
    async def similar(self, interaction: Interaction, track: str, private: bool = False) -> None:
        """Find tracks that sound like one you name."""
        lookup, kinds, asked = self._services.lookup, (SubjectKind.TRACK,), read_text(track)
        found = await lookup.at_hand(asked, kinds)
        if isinstance(found, tuple):
            menu = which(found, SimilarChosen(private), "Choose what to compare with")
            await interaction.response.send_message(WHICH, view=menu, ephemeral=True)
            return
        await interaction.response.defer(ephemeral=private, thinking=True)
        hit = found or await lookup.ask(asked, kinds)
        await self._send_similar(interaction, hit.subject, private=private)

    @on(SimilarChosen)
    async def similar_chosen(self, interaction: Interaction, pressed: SimilarChosen) -> None:
        """Find tracks that sound like the chosen one."""
        subject = await self._chosen(interaction, (SubjectKind.TRACK,))
        if subject is not None:
            await interaction.response.defer(ephemeral=pressed.private, thinking=True)
            await self._send_similar(interaction, subject, private=pressed.private)

    async def find_similar(self, interaction: Interaction, message: discord.Message) -> None:
        """Find tracks like the one whose link, or pick, a message holds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self._bot.shown_in(interaction.channel_id, message.id)
        if len(shown) > 1:
            raise UserError(picks.SEVERAL_PICKS)
        subject = shown[0] if shown else None
        if subject is None or subject.kind is not SubjectKind.TRACK:
            subject = (await self._services.lookup.linked_track(words_of(message))).subject
        await self._send_similar(interaction, subject, private=True)

    async def _send_similar(
        self, interaction: Interaction, subject: Subject, *, private: bool
    ) -> None:
        found = await self._services.recommender.similar(interaction.user.id, subject.id)
        if found.picks:
            missing = await self._services.lookup.unmeasured(subject)
            apart = await wants_apart(interaction)
            await send_picks(
                interaction,
                found.picks,
                content=above(found, not_measured(missing) or "", private=private, apart=apart),
                private=private,
                apart=apart,
            )
        else:
            await send_nothing(interaction, found)


def _years(given: str | None) -> tuple[int | None, int | None] | None:
    try:
        return parse_years(given or "")
    except ValueError:
        raise UserError(picks.BAD_YEARS) from None


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Discover(bot))
    await bot.add_cog(AskedInWords(bot))
    await bot.add_cog(PickButtons(bot, bot.services))
    await bot.add_cog(Start(bot))
    await bot.add_cog(Thumbs(bot))
