"""`/discover`, `/similar` and everything that happens on a pick's message."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, completion
from bot.core.accounts import ListeningBasis
from bot.core.catalog import read_text
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import DEFAULT_OBSCURITY, MAX_COUNT, DeepCuts, Mood, Wish, parse_years
from bot.errors import UserError
from bot.ui import picks
from bot.ui.measures import not_measured
from cogs.discover.buttons import PickButtons
from cogs.discover.posting import above, send_discovery, send_nothing, send_picks, wants_apart
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
        count="How many tracks (1–5)",
        obscurity="0: fame does not matter; 70: no stars; 100: only artists that few know",
        genre="Only this genre",
        mood="Only this mood",
        like="Like this track, album or artist instead of your own taste",
        years="1994, 1990-1999, 2010- or 90s",
        deep_cuts="Little-known songs by famous artists: no, also, or only these",
        basis="Only by this part of what you play, instead of your whole taste",
        private="Show it to you only",
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
        count: app_commands.Range[int, 1, MAX_COUNT] = 3,
        obscurity: Percent = DEFAULT_OBSCURITY,
        genre: str | None = None,
        mood: str | None = None,
        like: str | None = None,
        years: str | None = None,
        basis: str = _WHOLE,
        deep_cuts: str | None = None,
        private: bool = False,
    ) -> None:
        """Find under-the-radar tracks that fit your taste."""
        lookup = self._services.lookup
        if like and basis != _WHOLE:
            raise UserError(picks.LIKE_OR_BASIS)
        asked = read_text(like) if like else None
        hit = await lookup.find(asked, completion.LIKABLE) if asked else None
        genre_id = (await lookup.resolve_genre(genre)).id if genre else None
        if asked and hit is None:
            await interaction.response.defer(ephemeral=private, thinking=True)
            hit = await lookup.ask(asked, completion.LIKABLE)
        wish = Wish(
            count=count,
            obscurity=obscurity,
            genre_id=genre_id,
            mood=Mood(mood) if mood else None,
            like=hit.subject if hit else None,
            years=_years(years),
            basis=None if basis == _WHOLE else ListeningBasis(basis),
            private=private,
            deep_cuts=DeepCuts(deep_cuts) if deep_cuts else None,
        )
        await send_discovery(interaction, wish)

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
        hit = await lookup.find(asked, kinds)
        await interaction.response.defer(ephemeral=private, thinking=True)
        hit = hit or await lookup.ask(asked, kinds)
        await self._send_similar(interaction, hit.subject, private=private)

    async def find_similar(self, interaction: Interaction, message: discord.Message) -> None:
        """Find tracks like the one whose link, or pick, a message holds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self._bot.shown_in(interaction.channel_id, message.id)
        if len(shown) > 1:
            raise UserError(picks.SEVERAL_PICKS)
        subject = shown[0] if shown else None
        if subject is None or subject.kind is not SubjectKind.TRACK:
            subject = (await self._services.lookup.linked_track(message.content)).subject
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
    await bot.add_cog(PickButtons(bot, bot.services))
    await bot.add_cog(Thumbs(bot))
