"""How picks are posted."""

import logging
from collections.abc import Sequence

import discord

from bot.app import Interaction, in_line
from bot.core.catalog import main_page
from bot.core.ranking import Discovery, PickCard, Revealed, StartOffer, Wish
from bot.ui import auditions, pick_buttons, picks, theme

log = logging.getLogger(__name__)


def open_url(message: discord.Message) -> str | None:
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
    found = await recommender.discover(
        interaction.user.id, wish, guild_id=interaction.guild_id, tell=in_line(interaction)
    )
    if isinstance(found, StartOffer):
        view = pick_buttons.under_start(found, wish)
        await interaction.followup.send(embed=picks.start(found), view=view, ephemeral=wish.private)
    elif found.picks:
        await send_picks(
            interaction, found.picks, content=picks.summary(found), private=wish.private
        )
    else:
        await send_nothing(interaction, found)


async def send_nothing(interaction: Interaction, found: Discovery) -> None:
    """Say which filter emptied the list, with buttons that ask without it."""
    await interaction.followup.send(
        embed=picks.nothing_found(found),
        view=pick_buttons.under_nothing(found),
        ephemeral=found.wish.private,
    )


async def send_picks(
    interaction: Interaction, cards: Sequence[PickCard], *, content: str, private: bool
) -> None:
    """Post one message per pick; what could not be posted does not count as shown."""
    recommender = interaction.client.services.recommender
    waiting = list(cards)
    listener = listener_in(interaction, private=private)
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
    view = pick_buttons.under_pick(card.track.id, card.recommendation_id, url, card.thumbs)
    return picks.pick(card, listener=listener, private=private), view


def revealed(
    found: Revealed, *, listener: str | None, private: bool
) -> tuple[discord.Embed, discord.ui.View]:
    """Return what an audition's message becomes when its listener has judged it."""
    track = found.card.track
    view = pick_buttons.under_pick(
        track.id, found.card.recommendation_id, main_page(track), found.thumbed.thumbs
    )
    return picks.pick(found.card, listener=listener, private=private), view


def listener_in(interaction: Interaction, *, private: bool) -> str | None:
    """Return the name of whom a pick is for, where others read along; None elsewhere."""
    return None if private or interaction.guild is None else interaction.user.display_name


async def _seed_reactions(message: discord.Message) -> None:
    """Put the thumbs under a pick; where the bot may not react, the buttons are enough."""
    try:
        await message.add_reaction(theme.UP)
        await message.add_reaction(theme.DOWN)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("no reactions under message %s: %s", message.id, error)
