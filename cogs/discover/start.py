"""The first minutes: `/start`, and what its private message does."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen, in_line, message_of, on, written
from bot.core.catalog import Chosen, Names, holds_link, read_text
from bot.core.models import FeedbackSource, SearchHit, Subject, SubjectKind
from bot.core.ranking import StartOffer, Wish
from bot.errors import NotFoundError, SourceUnavailableError
from bot.services.growth import Named
from bot.ui import pick_buttons, picks
from bot.ui import start as ui
from bot.ui.stored import view
from bot.ui.which import named_anew
from cogs.discover.posting import send_found


class Start(commands.Cog):
    """Begins a taste. Its messages are private, so only their listener can press there."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._services = bot.services
        self._answering: set[int] = set()
        """Messages in whose place picks are about to come."""

    @app_commands.command()
    async def start(self, interaction: Interaction) -> None:
        """Name three artists you love, and get music like theirs at once."""
        await self._begin(interaction)

    @on(ui.Begin)
    async def begin(self, interaction: Interaction, _pressed: ui.Begin) -> None:
        """Show the start to whoever pressed."""
        await self._begin(interaction)

    async def _begin(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._services.recommender.start(interaction.user.id)
        under = ui.under_offer(found, Wish(private=True))
        await interaction.followup.send(embed=ui.offer(found), view=under, ephemeral=True)

    @on(ui.StartAgain)
    async def again(self, interaction: Interaction, pressed: ui.StartAgain) -> None:
        """Go back to the artists."""
        await _acknowledge(interaction)
        await self._show_offer(interaction, pressed.wish)

    @on(ui.StartArtist)
    async def artist(self, interaction: Interaction, pressed: ui.StartArtist) -> None:
        """Choose an artist; the third one brings the picks."""
        await _acknowledge(interaction)
        user = interaction.user.id
        await self._services.feedback.choose_artists(user, [pressed.artist_id])
        found = await self._services.recommender.start(user, _offered(interaction))
        if len(found.chosen) >= ui.ENOUGH:
            self._bot.count_press(interaction)
            await self._answer(interaction, pressed.wish)
        else:
            await self._edit(interaction, found, pressed.wish)

    @on(ui.StartPicks)
    async def picks(self, interaction: Interaction, pressed: ui.StartPicks) -> None:
        """Answer the wish by what was said so far."""
        self._bot.count_press(interaction)
        await _acknowledge(interaction)
        await self._answer(interaction, pressed.wish)

    @on(ui.NameArtists)
    async def named(self, interaction: Interaction, form: ui.NameArtists) -> None:
        """Choose the artists whose names were typed; ask once about those that are not sure."""
        self._bot.count_press(interaction)
        await _acknowledge(interaction)
        typed = [text for _, text in sorted(written(interaction).items())]
        named = await self._services.favorites.name(interaction.user.id, typed)
        if named.unsure:
            self._meet_later(named)
            notes = (ui.meeting([one.name for one in named.wished]), *_notes(named))
            asked = "\n".join(one for one in (*notes, ui.question(named.unsure)) if one)
            menu = ui.who(
                named.unsure,
                form.wish,
                may_meet=self._services.favorites.may_meet,
                go_on=bool(named.chosen),
            )
            await interaction.edit_original_response(content=asked, embed=None, view=menu)
        else:
            await self._go_on(interaction, form.wish, named)

    @on(ui.Meant)
    async def meant(self, interaction: Interaction, pressed: ui.Meant) -> None:
        """Choose who was meant."""
        self._bot.count_press(interaction)
        await _acknowledge(interaction)
        named, ids = Named(), list[int]()
        for value in chosen(interaction):
            asked, new = read_text(value), named_anew(value)
            if new is not None:
                await self._services.favorites.get_to_know(named, interaction.user.id, new)
            elif isinstance(asked, Chosen) and asked.subject.kind is SubjectKind.ARTIST:
                ids.append(asked.subject.id)
        if ids:
            user = interaction.user.id
            named.chosen = await self._services.feedback.choose_artists(user, ids)
        await self._go_on(interaction, pressed.wish, named)

    async def _go_on(self, interaction: Interaction, wish: Wish, named: Named) -> None:
        """Show picks by those who are known; where all are new, once they are got to know."""
        found = await self._services.recommender.start(interaction.user.id)
        if found.chosen:
            self._meet_later(named)
            waiting = ui.meeting([one.name for one in named.wished])
            await self._answer(interaction, wish, waiting, *_notes(named))
        elif named.wished:
            await self._answer_when_met(interaction, wish, named)
        else:
            notes = _notes(named) or [ui.nothing_measured(())]
            await self._show_offer(interaction, wish, *notes)

    def _meet_later(self, named: Named) -> None:
        for wish in named.wished:
            self._bot.do_later(self._services.favorites.meet_quietly(wish))

    async def _answer_when_met(self, interaction: Interaction, wish: Wish, named: Named) -> None:
        """Get to know those who were named while their listener waits."""
        told = ui.meeting([one.name for one in named.wished])
        back = view(ui.StartAgain(wish).button(ui.BACK_LABEL))
        await interaction.edit_original_response(content=told, embed=None, view=back)
        known, strangers, silent = list[SearchHit](), list[str](), list[str]()
        for one in named.wished:
            try:
                met = await self._services.favorites.meet(one)
            except SourceUnavailableError:
                silent.append(one.name)
            else:
                known += [met.hit] if met else []
                strangers += [] if met else [one.name]
        notes = (ui.strangers(strangers), ui.silent(silent), *_notes(named))
        if known:
            await self._answer(interaction, wish, *notes)
        else:
            await self._show_offer(interaction, wish, *notes)

    @on(ui.PasteLink)
    async def linked(self, interaction: Interaction, form: ui.PasteLink) -> None:
        """Rate the track that somebody brought, and show picks."""
        self._bot.count_press(interaction)
        await _acknowledge(interaction)
        text, lookup = written(interaction)["link"], self._services.lookup
        asked = read_text(text)
        if isinstance(asked, Names) and not holds_link(text):
            hit = await lookup.certain(asked, (SubjectKind.TRACK,))
        else:
            hit = await lookup.linked_track(text)
        await self._services.feedback.rate(interaction.user.id, hit.subject, 5)
        await self._answer(interaction, form.wish, ui.rated(hit))

    @on(ui.StartCards)
    async def cards(self, interaction: Interaction, pressed: ui.StartCards) -> None:
        """Show a first track to judge."""
        self._bot.count_press(interaction)
        await _acknowledge(interaction)
        await self._show_card(interaction, pressed.wish)

    @on(pick_buttons.StartTracks)
    async def former_cards(self, interaction: Interaction, _: pick_buttons.StartTracks) -> None:
        """Show a first track to judge, beside a message of a former version."""
        await self.cards(interaction, ui.StartCards(Wish(private=True)))

    @on(ui.Judged)
    async def judged(self, interaction: Interaction, pressed: ui.Judged) -> None:
        """Take what was said to a track, and show the next one."""
        await _acknowledge(interaction)
        message, user = message_of(interaction), interaction.user.id
        subject = Subject(SubjectKind.TRACK, pressed.track_id)
        if subject not in await self._bot.shown_in(interaction.channel_id, message.id):
            raise NotFoundError(picks.GONE)
        if pressed.answer != "skip":
            await self._services.feedback.thumb(
                user,
                subject,
                up=pressed.answer == "up",
                source=FeedbackSource.BUTTON,
                message_id=message.id,
            )
        track = await self._services.recommender.card(pressed.track_id)
        await self._show_card(interaction, pressed.wish, ui.answered(pressed.answer, track))

    async def _show_card(self, interaction: Interaction, wish: Wish, before: str = "") -> None:
        """Put a track to judge in the place of what the message shows."""
        recommender = self._services.recommender
        try:
            card = await recommender.start_card(interaction.user.id, guild_id=interaction.guild_id)
        except NotFoundError as error:
            await self._show_offer(interaction, wish, str(error))
            return
        shown = False
        try:
            under = ui.under_card(
                card, wish, liked=await recommender.has_taste(interaction.user.id)
            )
            with self._bot.posts.under_way(interaction.channel_id):
                message = await interaction.edit_original_response(
                    content=None, embed=ui.card(card, before), view=under
                )
                shown = True
                await recommender.posted([card], message.id, in_place=True)
        finally:
            if not shown:
                await recommender.dropped([card])

    async def _answer(self, interaction: Interaction, wish: Wish, *notes: str) -> None:
        """Put picks in the place of the message, once, however often that is asked for."""
        message_id, user = message_of(interaction).id, interaction.user.id
        if message_id in self._answering:
            return
        self._answering.add(message_id)
        try:
            found = await self._services.recommender.discover(
                user,
                replace(wish, private=True),
                guild_id=interaction.guild_id,
                tell=in_line(interaction),
            )
            start = await self._services.recommender.start(user)
            if isinstance(found, StartOffer):
                await self._edit(
                    interaction, start, wish, *notes, ui.nothing_measured(start.chosen)
                )
            else:
                by = ui.by_artists(start.chosen)
                await send_found(interaction, found, *notes, by, in_place=True)
        finally:
            self._answering.discard(message_id)

    async def _show_offer(self, interaction: Interaction, wish: Wish, *notes: str) -> None:
        found = await self._services.recommender.start(interaction.user.id)
        await self._edit(interaction, found, wish, *notes)

    async def _edit(
        self, interaction: Interaction, found: StartOffer, wish: Wish, *notes: str
    ) -> None:
        await interaction.edit_original_response(
            content=None, embed=ui.offer(found, *notes), view=ui.under_offer(found, wish)
        )


async def _acknowledge(interaction: Interaction) -> None:
    """Have the answer take the place of the private message; beside a public one it is new."""
    if message_of(interaction).flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def _notes(named: Named) -> list[str]:
    """Return what is to be said of names that led nowhere."""
    return [one for one in (ui.unknown(named.unknown), *named.refused[:1]) if one]


def _offered(interaction: Interaction) -> Sequence[int]:
    """Return the artists that the message offers, so that they stay where they are."""
    shown = discord.ui.View.from_message(message_of(interaction), timeout=None)
    buttons = shown.walk_children()
    ids = (ui.StartArtist.read(getattr(one, "custom_id", None) or "") for one in buttons)
    return [one.artist_id for one in ids if one is not None]
