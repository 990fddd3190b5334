"""How picks are posted, and what the buttons under them do."""

import logging
import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.app import Interaction, answering
from bot.core.catalog import main_page
from bot.core.models import FeedbackSource, Subject, SubjectKind, Thumbs
from bot.core.ranking import Discovery, PickCard, StartOffer, Wish
from bot.services import Services
from bot.ui import auditions, picks, theme, why

log = logging.getLogger(__name__)


class PickButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"pick:(?P<action>up|down|why|more):(?P<track>\d+):(?P<recommendation>\d+)",
):
    """A button under a pick; everything it needs is in its id, so it outlives restarts."""

    def __init__(
        self, action: str, track_id: int, recommendation_id: int, *, label: str | None = None
    ) -> None:
        self.action = action
        self.track_id = track_id
        self.recommendation_id = recommendation_id
        emoji = {"up": theme.UP, "down": theme.DOWN}.get(action)
        words = {"why": picks.WHY, "more": picks.MORE}.get(action)
        super().__init__(
            discord.ui.Button(
                emoji=emoji,
                label=label or words,
                style=discord.ButtonStyle.secondary,
                custom_id=f"pick:{action}:{track_id}:{recommendation_id}",
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
        return cls(match["action"], int(match["track"]), int(match["recommendation"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says."""
        async with answering(interaction):
            services = interaction.client.services
            match self.action:
                case "up" | "down":
                    await self._thumb(interaction, services)
                case "why":
                    await interaction.response.defer(ephemeral=True, thinking=True)
                    card, own = await services.recommender.why(
                        interaction.user.id, self.recommendation_id, self.track_id
                    )
                    await interaction.followup.send(embed=why.full(card, own=own), ephemeral=True)
                case _:
                    interaction.client.count_press(interaction)
                    like = Subject(SubjectKind.TRACK, self.track_id)
                    await send_discovery(interaction, Wish(like=like, private=True))

    async def _thumb(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer()
        message = interaction.message
        if message is None:
            return
        done = await services.feedback.thumb(
            interaction.user.id,
            Subject(SubjectKind.TRACK, self.track_id),
            up=self.action == "up",
            source=FeedbackSource.BUTTON,
            message_id=message.id,
        )
        view = pick_view(self.track_id, self.recommendation_id, _open_url(message), done.thumbs)
        try:
            await interaction.edit_original_response(view=view)
        except discord.HTTPException as error:
            log.info("the counts under message %s stay as they were: %s", message.id, error)
        await interaction.followup.send(picks.thumbed(done), ephemeral=True)


class AgainButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"again:(?P<code>[0-9a-z.-]{1,90})",
):
    """Asks again with another wish, which is written in its id."""

    def __init__(self, wish: Wish, label: str = "Again") -> None:
        self.wish = wish
        super().__init__(
            discord.ui.Button(
                label=label, style=discord.ButtonStyle.primary, custom_id=f"again:{wish.to_code()}"
            )
        )

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """Read the wish again."""
        return cls(Wish.from_code(match["code"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the wish for whoever pressed."""
        async with answering(interaction):
            interaction.client.count_press(interaction)
            await send_discovery(interaction, self.wish)


class GenreSelect(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=r"start:genres:(?P<code>[0-9a-z.-]{1,80})",
):
    """Lets a newcomer choose genres to begin with; their wish is answered then."""

    def __init__(self, wish: Wish, options: Sequence[discord.SelectOption]) -> None:
        self.wish = wish
        super().__init__(
            discord.ui.Select(
                custom_id=f"start:genres:{wish.to_code()}",
                placeholder=picks.START_BY_GENRE,
                max_values=min(5, len(options)),
                options=list(options),
            )
        )

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """Take over the options that were sent."""
        options = item.options if isinstance(item, discord.ui.Select) else []
        return cls(Wish.from_code(match["code"]), options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Begin with the chosen genres, and show the first picks."""
        async with answering(interaction):
            interaction.client.count_press(interaction)
            chosen = [int(value) for value in self.item.values]
            await interaction.client.services.feedback.choose_genres(interaction.user.id, chosen)
            await send_discovery(interaction, self.wish)


class StartTracksButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"start:tracks:(?P<private>[01])",
):
    """Gives a newcomer contrasting tracks to judge."""

    def __init__(self, *, private: bool) -> None:
        self.private = private
        super().__init__(
            discord.ui.Button(
                label=picks.START_BY_TRACKS,
                style=discord.ButtonStyle.primary,
                custom_id=f"start:tracks:{private:d}",
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
        return cls(private=match["private"] == "1")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the tracks."""
        async with answering(interaction):
            interaction.client.count_press(interaction)
            await interaction.response.defer(ephemeral=self.private, thinking=True)
            cards = await interaction.client.services.recommender.start_tracks(interaction.user.id)
            await send_picks(interaction, cards, content="", private=self.private)


def pick_view(
    track_id: int, recommendation_id: int, url: str | None, thumbs: Thumbs
) -> discord.ui.View:
    """Return the buttons under a pick."""
    view = discord.ui.View(timeout=None)
    labels = {"up": picks.thumb_label(thumbs.up), "down": picks.thumb_label(thumbs.down)}
    for action in ("up", "down", "why", "more"):
        view.add_item(PickButton(action, track_id, recommendation_id, label=labels.get(action)))
    if url:
        view.add_item(discord.ui.Button(label=picks.OPEN, url=url))
    view.stop()  # what the items do is in their ids: nothing needs to remember the view
    return view


def _open_url(message: discord.Message) -> str | None:
    """Return the address of the Open button of a pick that was posted."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            if isinstance(item, discord.Button) and item.url:
                return item.url
    return None


async def send_discovery(interaction: Interaction, wish: Wish) -> None:
    """Answer a wish with one message per pick, or say why there is none."""
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=wish.private, thinking=True)
    recommender = interaction.client.services.recommender
    found = await recommender.discover(interaction.user.id, wish, guild_id=interaction.guild_id)
    if isinstance(found, StartOffer):
        view = discord.ui.View(timeout=None)
        if found.genres:
            view.add_item(GenreSelect(wish, picks.genre_options(found.genres)))
        view.add_item(StartTracksButton(private=wish.private))
        view.stop()  # what the items do is in their ids: nothing needs to remember the view
        await interaction.followup.send(embed=picks.start(found), view=view, ephemeral=wish.private)
    elif found.picks:
        await send_picks(
            interaction, found.picks, content=picks.summary(found), private=wish.private
        )
    else:
        await send_nothing(interaction, found)


async def send_nothing(interaction: Interaction, found: Discovery) -> None:
    """Say which filter emptied the list, with buttons that ask without it."""
    view = discord.ui.View(timeout=None)
    for one in found.loosenings[:4]:
        view.add_item(AgainButton(one.wish, picks.loosen_label(one.filter, one.tracks)))
    view.stop()
    await interaction.followup.send(
        embed=picks.nothing_found(found), view=view, ephemeral=found.wish.private
    )


async def send_picks(
    interaction: Interaction, cards: Sequence[PickCard], *, content: str, private: bool
) -> None:
    """Post one message per pick; what could not be posted does not count as shown."""
    recommender = interaction.client.services.recommender
    waiting = list(cards)
    listener = None if private or interaction.guild is None else interaction.user.display_name
    try:
        while waiting:
            card = waiting[0]
            embed, view = _message(card, listener=listener, private=private)
            async with interaction.client.posting(interaction.channel_id):
                message = await interaction.followup.send(
                    content,
                    embed=embed,
                    view=view,
                    files=auditions.excerpt(card),
                    ephemeral=private,
                    wait=True,
                )
                waiting.pop(0)
                content = ""
                seen_in = None if private else interaction.guild_id
                await recommender.posted(card, message.id, guild_id=seen_in)
            if interaction.client.options.seed_reactions and not private:
                await _seed_reactions(message)
    finally:
        if waiting:
            await recommender.dropped(waiting)


def _message(
    card: PickCard, *, listener: str | None, private: bool
) -> tuple[discord.Embed, discord.ui.View]:
    """Return what is posted of a pick, or of an audition."""
    if card.blind:
        return auditions.post(card, listener=listener), auditions.verdicts(card)
    url = main_page(card.track)
    view = pick_view(card.track.id, card.recommendation_id, url, card.thumbs)
    return picks.pick(card, listener=listener, private=private), view


async def _seed_reactions(message: discord.Message) -> None:
    """Put the thumbs under a pick; where the bot may not react, the buttons are enough."""
    try:
        await message.add_reaction(theme.UP)
        await message.add_reaction(theme.DOWN)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("no reactions under message %s: %s", message.id, error)


BUTTONS = (PickButton, AgainButton, GenreSelect, StartTracksButton)
"""What must be known to the client so that old messages work."""
