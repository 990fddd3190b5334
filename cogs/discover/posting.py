"""How picks are posted."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.app import Interaction, close_public, in_line
from bot.core.models import Counted, Subject, SubjectKind
from bot.core.ranking import Discovery, PickCard, Revealed, StartOffer, Wish
from bot.ui import auditions, mutes, pick_buttons, picks, start, theme
from cogs.discover.web import send_address

log = logging.getLogger(__name__)


async def send_discovery(interaction: Interaction, wish: Wish, *notes: str) -> None:
    """Answer a wish with picks, or say why there is none; a newcomer gets a start, privately.

    Args:
        interaction: acknowledged or not.
        wish: what is asked for.
        notes: what stands above the picks, too.
    """
    recommender = interaction.client.services.recommender
    if not interaction.response.is_done():
        if not wish.private and wish.is_by_taste:
            stranger = await recommender.is_stranger(interaction.user.id)
            wish = replace(wish, private=stranger)
        await interaction.response.defer(ephemeral=wish.private, thinking=True)
    found = await recommender.discover(
        interaction.user.id, wish, guild_id=interaction.guild_id, tell=in_line(interaction)
    )
    if isinstance(found, StartOffer):
        await _send_start(interaction, found, wish)
    else:
        await send_found(interaction, found, *notes)


async def _send_start(interaction: Interaction, found: StartOffer, wish: Wish) -> None:
    """Ask a newcomer what they love: nobody else is to see that."""
    if not wish.private:
        await close_public(interaction)
    private = replace(wish, private=True)
    await interaction.followup.send(
        embed=start.offer(found), view=start.under_offer(found, private), ephemeral=True
    )


async def send_found(
    interaction: Interaction, found: Discovery, *notes: str, in_place: bool = False
) -> None:
    """Post what was found for a wish, or say why that is nothing.

    Args:
        interaction: was acknowledged.
        found: the answer.
        notes: what stands above the picks, too.
        in_place: put it in the place of the private message that was pressed.
    """
    private = found.wish.private
    if found.picks and found.wish.web:
        await _send_on_web(interaction, found, *notes, in_place=in_place)
    elif found.picks:
        await send_picks(
            interaction,
            found.picks,
            content=above(found, *notes, private=private, apart=found.apart),
            private=private,
            apart=found.apart,
            in_place=in_place,
        )
    else:
        await send_nothing(interaction, found, *notes, in_place=in_place)


async def _send_on_web(
    interaction: Interaction, found: Discovery, *notes: str, in_place: bool
) -> None:
    """Give the address of a page with the picks; a blind audition stays in a message of its own."""
    named = [one for one in found.picks if not one.blind]
    blind = [one for one in found.picks if one.blind]
    if named:
        try:
            await send_address(
                interaction, named, asked(found, *notes, private=True), in_place=in_place
            )
        except BaseException:
            await interaction.client.services.recommender.dropped(found.picks)
            raise
        if interaction.client.options.covers and (uncovered := _uncovered(named)):
            covers = interaction.client.services.covers
            interaction.client.do_later(covers.look_up(uncovered))  # the page reads what is kept
    if blind:
        content = "" if named else asked(found, *notes, private=True)
        await send_picks(
            interaction, blind, content=content, private=True, in_place=in_place and not named
        )


def above(found: Discovery, *notes: str, private: bool, apart: bool) -> str:
    """Return what stands above picks: what they are, and how to answer them."""
    how = picks.how_to_answer(len(found.picks), private=private, apart=apart)
    return "\n".join(line for line in (asked(found, *notes, private=private), how) if line)


def asked(found: Discovery, *notes: str, private: bool) -> str:
    """Say what was asked for, and what was found for it."""
    left_out = mutes.left_out(found.left_out, found.left_out_by, private=private)
    first = " ".join(one for one in (picks.understood(found), *notes[:1]) if one)
    lines = (first, *notes[1:], picks.summary(found), left_out)
    return "\n".join(line for line in lines if line)


async def wants_apart(interaction: Interaction) -> bool:
    """Tell whether the server wants each pick in a message of its own."""
    guild_id = interaction.guild_id
    if guild_id is None:
        return False
    return (await interaction.client.services.rules.get(guild_id)).picks_apart


async def send_nothing(
    interaction: Interaction, found: Discovery, *notes: str, in_place: bool = False
) -> None:
    """Say which filter emptied the list, with buttons that ask without it."""
    embed, view = picks.nothing_found(found), pick_buttons.under_nothing(found)
    content = "\n".join(note for note in notes if note)
    if in_place:
        await interaction.edit_original_response(content=content or None, embed=embed, view=view)
        return
    await interaction.followup.send(content, embed=embed, view=view, ephemeral=found.wish.private)


async def send_picks(
    interaction: Interaction,
    cards: Sequence[PickCard],
    *,
    content: str,
    private: bool,
    apart: bool = False,
    in_place: bool = False,
) -> None:
    """Post picks in one message; what could not be posted does not count as shown.

    Args:
        cards: in order. A blind audition has a message of its own.
        content: above the first.
        private: only the listener sees them.
        apart: each in a message of its own, as the server wants it.
        in_place: the first message takes the place of the one that was pressed.
    """
    recommender, posts = interaction.client.services.recommender, interaction.client.posts
    waiting = list(cards)
    listener = listener_in(interaction, private=private)
    try:
        for group in _messages(cards, apart=apart and not private):
            with posts.under_way(interaction.channel_id):
                parts = _post(group, listener=listener, private=private)
                message: discord.InteractionMessage | discord.WebhookMessage
                if in_place:
                    parts["attachments"] = parts.pop("files", [])
                    message = await interaction.edit_original_response(content=content, **parts)
                else:
                    message = await interaction.followup.send(
                        content, **parts, ephemeral=private, wait=True
                    )
                waiting = waiting[len(group) :]
                content = ""
                seen_in = None if private else interaction.guild_id
                await recommender.posted(group, message.id, guild_id=seen_in, in_place=in_place)
                in_place = False
            if len(group) == 1 and interaction.client.options.seed_reactions and not private:
                await _seed_reactions(message)
            if interaction.client.options.covers and _uncovered(group):
                interaction.client.do_later(_add_covers(interaction, message, group, private))
    finally:
        if waiting:
            await recommender.dropped(waiting)


def _messages(cards: Sequence[PickCard], *, apart: bool) -> list[list[PickCard]]:
    """Return the picks of each message, in order."""
    if apart:
        return [[card] for card in cards]
    named = [card for card in cards if not card.blind]
    return [one for one in (named, *([card] for card in cards if card.blind)) if one]


def _post(cards: Sequence[PickCard], *, listener: str | None, private: bool) -> dict[str, Any]:
    """Return the parts of a message that shows picks, or one audition."""
    if cards[0].blind:
        return {
            "embed": auditions.post(cards[0], listener=listener),
            "view": auditions.verdicts(cards[0]),
            "files": auditions.excerpt(cards[0]),
        }
    return {
        "embeds": picks.answer(cards, private=private),
        "view": pick_buttons.under_picks(pick_buttons.of_cards(cards)),
    }


async def _add_covers(
    interaction: Interaction,
    message: discord.InteractionMessage | discord.WebhookMessage,
    cards: Sequence[PickCard],
    private: bool,
) -> None:
    """Look for the covers that are not known yet, and show those that are found."""
    found = await interaction.client.services.covers.look_up(_uncovered(cards))
    if found:
        shown = [replace(card, cover=found.get(card.track.id, card.cover)) for card in cards]
        await message.edit(embeds=picks.answer(shown, private=private))


def _uncovered(cards: Sequence[PickCard]) -> list[int]:
    """Return the tracks whose cover is not known; that of a blind audition would tell its name."""
    return [card.track.id for card in cards if card.cover is None and not card.blind]


def revealed(found: Revealed, *, private: bool) -> tuple[discord.Embed, discord.ui.View]:
    """Return what an audition's message becomes when its listener has judged it."""
    card = found.card
    subject = Subject(SubjectKind.TRACK, card.track.id)
    counted = Counted(subject, card.recommendation_id, found.thumbed.thumbs)
    return picks.pick(card, private=private), pick_buttons.under_picks([counted])


def listener_in(interaction: Interaction, *, private: bool) -> str | None:
    """Return the name of whom an audition is for, where others read along; None elsewhere."""
    return None if private or interaction.guild is None else interaction.user.display_name


async def _seed_reactions(message: discord.Message) -> None:
    """Put the thumbs under a pick; where the bot may not react, the buttons are enough."""
    try:
        await message.add_reaction(theme.UP)
        await message.add_reaction(theme.DOWN)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("no reactions under message %s: %s", message.id, error)
