"""`/discover ask:`: a wish in words."""

from collections.abc import Collection
from dataclasses import replace

from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, close_public, completion, on
from bot.core.asking import Unsure
from bot.core.catalog import Chosen, read_text
from bot.core.models import SubjectKind
from bot.core.ranking import Wish
from bot.ui import asking as ui
from bot.ui.which import WHICH, LikeChosen, which
from cogs.discover.posting import send_discovery


class AskedInWords(commands.Cog):
    """Goes on with a wish in words when it is known who was meant."""

    def __init__(self, bot: BSide) -> None:
        self._services = bot.services

    @on(ui.WithoutChosen)
    async def without_chosen(self, interaction: Interaction, pressed: ui.WithoutChosen) -> None:
        """Answer the wish without the artist who was chosen, or as it is when none was."""
        wish, asked = pressed.wish, read_text(chosen_one(interaction))
        await interaction.response.defer(ephemeral=wish.private, thinking=True)
        if isinstance(asked, Chosen) and asked.subject.kind is SubjectKind.ARTIST:
            user = interaction.user.id
            wish = await self._services.asking.without_too(user, wish, asked.subject.id)
        await send_discovery(interaction, wish)


async def answer_words(
    interaction: Interaction,
    words: str,
    given: Wish,
    said: Collection[str],
    *,
    like: str | None = None,
) -> None:
    """Answer a wish in words, once it is sure who is meant in it.

    Args:
        interaction: not acknowledged yet.
        words: as they were typed.
        given: what the options beside them say.
        said: the names of the options that were given.
        like: the option of that name.
    """
    services, user = interaction.client.services, interaction.user.id
    private = given.private or await services.recommender.is_stranger(user)
    await interaction.response.defer(ephemeral=private, thinking=True)
    given = replace(given, private=private)
    read = await services.asking.read(user, words, given, said, completion.LIKABLE)
    wish, unsure = read.wish, read.unsure
    if like:
        found = await services.lookup.meant(read_text(like), completion.LIKABLE)
        if isinstance(found, tuple):
            unsure = Unsure(found, is_like=True)
        else:
            wish = replace(wish, like=found.subject)
    if unsure is None:
        await send_discovery(interaction, wish, ui.notes(read))
    else:
        await _ask_who(interaction, wish, unsure, ui.notes(read))


async def _ask_who(interaction: Interaction, wish: Wish, unsure: Unsure, notes: str) -> None:
    """Ask who was meant: only whoever asked sees it."""
    if not wish.private:
        await close_public(interaction)
    if unsure.is_like:
        menu = which(unsure.choices, LikeChosen(wish), "Choose what it is to be like")
    else:
        menu = which(unsure.choices, ui.WithoutChosen(wish), "Choose who is to be left out")
    content = "\n".join(one for one in (notes, WHICH) if one)
    await interaction.followup.send(content, view=menu, ephemeral=True)
