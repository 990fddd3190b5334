"""What the buttons under picks and blind auditions do."""

import logging

import discord
from discord.ext import commands

from bot.app import BSide, Interaction, chosen, chosen_numbers, message_of, on
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.ranking import Wish
from bot.core.taste import FOR_EVER, MONTH
from bot.errors import NotFoundError, UserError
from bot.services import Services
from bot.ui import auditions, listen, mutes, picks, record, replies, score, why
from bot.ui import pick_buttons as ui
from cogs.discover.posting import revealed, send_discovery

log = logging.getLogger(__name__)


class PickButtons(commands.Cog):
    """Answers whoever presses, each for their own taste."""

    def __init__(self, bot: BSide, services: Services) -> None:
        self._bot = bot
        self._services = services

    @on(ui.Like)
    async def thumb(self, interaction: Interaction, pressed: ui.Like) -> None:
        """Count a thumb, and show it."""
        await interaction.response.defer()
        message = await self._checked(interaction, pressed.track_id)
        feedback = self._services.feedback
        done = await feedback.thumb(
            interaction.user.id,
            Subject(SubjectKind.TRACK, pressed.track_id),
            up=pressed.thumb == "up",
            source=FeedbackSource.BUTTON,
            message_id=message.id,
        )

        async def write() -> None:
            counted = await feedback.counted(message.id)
            view = ui.under_picks(counted, below=ui.below(message, len(counted)))
            await interaction.edit_original_response(view=view)

        self._bot.labels.follow(message.id, write)
        await interaction.followup.send(picks.thumbed(done), ephemeral=True)

    @on(ui.Why)
    async def why(self, interaction: Interaction, pressed: ui.Why) -> None:
        """Take the score apart, for the taste of whoever asks."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        card, own = await self._services.recommender.why(
            interaction.user.id,
            pressed.recommendation_id,
            pressed.track_id,
            guild_id=interaction.guild_id,
        )
        await self._send_menu(
            interaction,
            card.track.id,
            "",
            ui.under_why(card, own=own, in_server=interaction.guild is not None),
            embed=why.full(card, own=own),
        )

    @on(ui.Numbers)
    async def numbers(self, interaction: Interaction, pressed: ui.Numbers) -> None:
        """Show the score as numbers."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        card, _ = await self._services.recommender.why(
            interaction.user.id, pressed.recommendation_id, pressed.track_id
        )
        await interaction.followup.send(embed=score.numbers(card), ephemeral=True)

    @on(ui.Elsewhere)
    async def elsewhere(self, interaction: Interaction, pressed: ui.Elsewhere) -> None:
        """Work out what another position of the dial would have made of a pick."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        found = await self._services.recommender.elsewhere(
            interaction.user.id, pressed.recommendation_id, pressed.track_id
        )
        await interaction.followup.send(score.elsewhere(found), ephemeral=True)

    @on(ui.Proof)
    async def proof(self, interaction: Interaction, pressed: ui.Proof) -> None:
        """Prove to whom a pick was made for that it stands in the record."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        found = await self._services.record.proof_of_pick(
            interaction.user.id, pressed.recommendation_id
        )
        if found is None:
            raise NotFoundError(record.NOT_SEALED)
        said, file = record.proof(found)
        await interaction.followup.send(said, file=file, ephemeral=True)

    @on(ui.More)
    async def more(self, interaction: Interaction, pressed: ui.More) -> None:
        """Find more like it."""
        self._bot.count_press(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        like = Subject(SubjectKind.TRACK, pressed.track_id)
        await send_discovery(interaction, Wish(like=like, private=True))

    @on(ui.Play)
    async def play(self, interaction: Interaction, pressed: ui.Play) -> None:
        """Let them hear it: Discord unfolds a bare link to a player."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        track = await self._services.recommender.card(pressed.track_id)
        service = await self._services.menus.service_of(interaction.user.id)
        await self._send_menu(
            interaction,
            track.id,
            listen.player(track, service),
            ui.under_player(track, pressed.recommendation_id, service),
        )

    @on(ui.ListenOn)
    async def listen_on(self, interaction: Interaction, pressed: ui.ListenOn) -> None:
        """Remember the service, and show the track there."""
        await interaction.response.defer()
        await self._checked(interaction, pressed.track_id)
        track = await self._services.recommender.card(pressed.track_id)
        (service,) = chosen(interaction)
        if service not in listen.places(track):
            raise UserError(replies.NO_LONGER_WORKS)
        await self._services.menus.choose_service(interaction.user.id, service)
        await interaction.edit_original_response(
            content=listen.player(track, service),
            view=ui.under_player(track, pressed.recommendation_id, service),
        )

    @on(ui.Menu)
    async def menu(self, interaction: Interaction, pressed: ui.Menu) -> None:
        """Show what else can be done with a pick."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        track = await self._services.recommender.card(pressed.track_id)
        promotion_id = await self._services.menus.promotion_of(pressed.recommendation_id, track.id)
        await self._send_menu(
            interaction,
            track.id,
            picks.menu(track),
            ui.menu(track, pressed.recommendation_id, promotion_id),
            promotion_id,
        )

    async def _send_menu(
        self,
        interaction: Interaction,
        track_id: int,
        content: str,
        view: discord.ui.View,
        promotion_id: int | None = None,
        *,
        embed: discord.Embed | None = None,
    ) -> None:
        """Post a private message about a pick; what is pressed there at once waits for its note."""
        with self._bot.posts.under_way(interaction.channel_id):
            message = await interaction.followup.send(
                content,
                embed=discord.utils.MISSING if embed is None else embed,
                view=view,
                ephemeral=True,
                wait=True,
            )
            await self._services.menus.note(message.id, track_id, promotion_id)

    @on(ui.Never)
    async def never(self, interaction: Interaction, pressed: ui.Never) -> None:
        """Show them nothing by this artist any more."""
        await self._mute_artist(interaction, pressed.track_id, FOR_EVER)

    @on(ui.Rest)
    async def rest(self, interaction: Interaction, pressed: ui.Rest) -> None:
        """Show them nothing by this artist for a month."""
        await self._mute_artist(interaction, pressed.track_id, MONTH)

    @on(ui.NeverVersion)
    async def never_version(self, interaction: Interaction, pressed: ui.NeverVersion) -> None:
        """Show them this version of the song no more."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, pressed.track_id)
        await self._mute(interaction, Subject(SubjectKind.TRACK, pressed.track_id), FOR_EVER)

    async def _mute_artist(self, interaction: Interaction, track_id: int, days: int) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._checked(interaction, track_id)
        track = await self._services.recommender.card(track_id)
        await self._mute(interaction, Subject(SubjectKind.ARTIST, track.artist_id), days)

    async def _mute(self, interaction: Interaction, subject: Subject, days: int) -> None:
        user_id = interaction.user.id
        done = await self._services.muting.mute(user_id, subject, days)
        under = mutes.under_muted(user_id, done.mute.hit)
        await interaction.followup.send(mutes.muted(done), view=under, ephemeral=True)

    @on(ui.Again)
    async def again(self, interaction: Interaction, pressed: ui.Again) -> None:
        """Answer the wish for whoever pressed."""
        self._bot.count_press(interaction)
        await send_discovery(interaction, pressed.wish)

    @on(ui.StartGenres)
    async def start_by_genres(self, interaction: Interaction, pressed: ui.StartGenres) -> None:
        """Begin with the chosen genres, and show the first picks."""
        self._bot.count_press(interaction)
        genres = chosen_numbers(interaction)
        await interaction.response.defer(ephemeral=pressed.wish.private, thinking=True)
        await self._services.feedback.choose_genres(interaction.user.id, genres)
        await send_discovery(interaction, pressed.wish)

    @on(auditions.Judge)
    async def judge(self, interaction: Interaction, pressed: auditions.Judge) -> None:
        """Take the listener's answer to an audition, and show them alone whose track it is."""
        await interaction.response.defer()
        message = message_of(interaction)
        await self._bot.posts.noted(interaction.channel_id)
        private = message.flags.ephemeral
        found = await self._services.auditions.judge(
            interaction.user.id,
            pressed.audition_id,
            up=pressed.thumb == "up",
            source=FeedbackSource.BUTTON,
            message_id=message.id,
            private=private,
        )
        embed, view = revealed(found, private=True)
        if private:
            try:
                await interaction.edit_original_response(embed=embed, view=view)
            except discord.HTTPException as error:
                log.info("the audition in message %s stays as it was: %s", message.id, error)
        else:  # others read along: they do not learn who judged when
            shown = await interaction.followup.send(
                embed=embed, view=view, ephemeral=True, wait=True
            )
            await self._services.auditions.note_reveal(found, shown.id)
        await interaction.followup.send(picks.thumbed(found.thumbed), ephemeral=True)

    async def _checked(self, interaction: Interaction, track_id: int) -> discord.Message:
        """Return the message of a pick's button, which shows the track that the button names.

        Raises:
            NotFoundError: it shows another one.
        """
        message = message_of(interaction)
        shown = await self._bot.shown_in(interaction.channel_id, message.id)
        if Subject(SubjectKind.TRACK, track_id) not in shown:
            raise NotFoundError(picks.GONE)
        return message
