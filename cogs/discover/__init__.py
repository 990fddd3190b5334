"""`/discover`, `/similar` and everything that happens on a pick's message."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, completion
from bot.core.accounts import ListeningBasis
from bot.core.catalog import main_page
from bot.core.models import Feedback, Subject, SubjectKind, Thumbed
from bot.core.ranking import DEFAULT_OBSCURITY, MAX_COUNT, Mood, Wish, parse_years
from bot.errors import NotFoundError, UserError
from bot.ui import pick_buttons, picks, promotions, theme
from bot.ui.measures import not_measured
from cogs.discover.buttons import PickButtons
from cogs.discover.posting import send_discovery, send_nothing, send_picks

log = logging.getLogger(__name__)

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
        obscurity="0: popularity does not matter; 100: only what almost nobody knows",
        genre="Only this genre",
        mood="Only this mood",
        like="Like this track, album or artist instead of your own taste",
        years="1994, 1990-1999, 2010- or 90s",
        basis="Only by this part of what you play, instead of your whole taste",
        private="Show it to you only",
    )
    @app_commands.choices(
        mood=[app_commands.Choice(name=mood.value, value=mood.value) for mood in Mood],
        basis=[app_commands.Choice(name="taste", value=_WHOLE)]
        + [app_commands.Choice(name=one.value, value=one.value) for one in ListeningBasis],
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
        private: bool = False,
    ) -> None:
        """Find under-the-radar tracks that fit your taste."""
        lookup = self._services.lookup
        if like and basis != _WHOLE:
            raise UserError(picks.LIKE_OR_BASIS)
        hit = await lookup.find(like, completion.LIKABLE) if like else None
        genre_id = (await lookup.resolve_genre(genre)).id if genre else None
        if like and hit is None:
            await interaction.response.defer(ephemeral=private, thinking=True)
            hit = await lookup.resolve(like, completion.LIKABLE)
        wish = Wish(
            count=count,
            obscurity=obscurity,
            genre_id=genre_id,
            mood=Mood(mood) if mood else None,
            like=hit.subject if hit else None,
            years=_years(years),
            basis=None if basis == _WHOLE else ListeningBasis(basis),
            private=private,
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
        lookup, kinds = self._services.lookup, (SubjectKind.TRACK,)
        hit = await lookup.find(track, kinds)
        await interaction.response.defer(ephemeral=private, thinking=True)
        hit = hit or await lookup.resolve(track, kinds)
        await self._send_similar(interaction, hit.subject, private=private)

    async def find_similar(self, interaction: Interaction, message: discord.Message) -> None:
        """Find tracks like the one whose link, or pick, a message holds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        subject = await self._services.feedback.subject_of_post(message.id)
        if subject is None or subject.kind is not SubjectKind.TRACK:
            subject = (await self._services.lookup.linked_track(message.content)).subject
        await self._send_similar(interaction, subject, private=True)

    async def _send_similar(
        self, interaction: Interaction, subject: Subject, *, private: bool
    ) -> None:
        found = await self._services.recommender.similar(interaction.user.id, subject.id)
        if found.picks:
            missing = await self._services.lookup.unmeasured(subject)
            lines = [line for line in (picks.summary(found), not_measured(missing)) if line]
            await send_picks(interaction, found.picks, content="\n".join(lines), private=private)
        else:
            await send_nothing(interaction, found)

    @commands.Cog.listener()
    async def on_thumbs_changed(self, interaction: Interaction, entry: Feedback) -> None:
        """Show the new count under a post, if it is in this channel."""
        message_id, channel_id = entry.message_id, interaction.channel_id
        if message_id is None or channel_id is None:
            return
        thumbed = await self._services.feedback.thumbed(entry, message_id)
        await self._show_counts(channel_id, interaction.guild_id, message_id, thumbed)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Count a thumb under one of our posts."""
        await self._reaction(payload, added=True)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a thumb back."""
        await self._reaction(payload, added=False)

    async def _reaction(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        up = _thumb(payload.emoji)
        by_bot = payload.member is not None and payload.member.bot
        own = self._bot.user is not None and payload.user_id == self._bot.user.id
        if up is None or by_bot or own:
            return
        services = self._services
        count = services.feedback.react if added else services.feedback.unreact
        await self._bot.posted(payload.channel_id)
        if added and await services.auditions.react(payload.user_id, payload.message_id, up=up):
            return  # its message stays as it is: others read along
        done = await count(payload.user_id, payload.message_id, up=up)
        if done is not None:
            await self._show_counts(payload.channel_id, payload.guild_id, payload.message_id, done)

    async def _show_counts(
        self, channel_id: int, guild_id: int | None, message_id: int, done: Thumbed
    ) -> None:
        if await self._services.feedback.subject_of_post(message_id) is None:
            return  # a blind audition in public tells nothing, whatever is said to it
        channel = self._bot.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            view = await self._counted(message_id, done)
            await channel.get_partial_message(message_id).edit(view=view)
        except (discord.Forbidden, discord.NotFound, NotFoundError) as error:
            log.info("the counts under message %s stay as they were: %s", message_id, error)

    async def _counted(self, message_id: int, done: Thumbed) -> discord.ui.View:
        """Return the buttons of a post with the counts of now."""
        subject = done.hit.subject
        if subject.kind is SubjectKind.PROMOTION:
            promotion = await self._services.promotions.get(subject.id)
            return promotions.votes(promotion, done.thumbs)
        track, recommendation_id = await self._services.recommender.post(message_id, subject.id)
        return pick_buttons.under_pick(track.id, recommendation_id, main_page(track), done.thumbs)


def _years(given: str | None) -> tuple[int | None, int | None] | None:
    try:
        return parse_years(given or "")
    except ValueError:
        raise UserError(picks.BAD_YEARS) from None


def _thumb(emoji: discord.PartialEmoji) -> bool | None:
    """Return whether an emoji is a thumb up; skin tones count the same, other emoji are None."""
    bare = (emoji.name or "")[:1] if emoji.is_unicode_emoji() else ""
    return {theme.UP: True, theme.DOWN: False}.get(bare)


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Discover(bot))
    await bot.add_cog(PickButtons(bot, bot.services))
