"""What happens when somebody presses a stored button, chooses from a menu or submits a form.

A cog says it with a method: `@on(ui.Vote) async def vote(self, interaction, vote): …`. Here is the
one place where ids are read (`bot.ui.stored`) and checked against the message they stand on.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from inspect import getmembers, isfunction
from typing import Any, TypeAlias, TypeVar

import discord
from discord.ext import commands

from bot.app.answers import Interaction, answering
from bot.errors import UserError
from bot.ui import replies
from bot.ui.stored import Stored, StoredForm, read_number

S = TypeVar("S", bound=Stored)
Method: TypeAlias = Callable[[Any, Interaction, S], Awaitable[None]]


def on(kind: type[S]) -> Callable[[Method[S]], Method[S]]:
    """Let a method of a cog do what the stored buttons, menus or forms of a kind say.

    Whatever it raises is answered. For a `StoredForm` it takes the form that was filled in; the
    button that opens it needs no method.
    """

    def mark(method: Method[S]) -> Method[S]:
        method.stored_kind = kind  # type: ignore[attr-defined]
        return method

    return mark


class Presses:
    """Knows what to do for each kind of stored button, menu and form."""

    def __init__(self) -> None:
        self._methods: dict[type[Stored], Callable[[Interaction, Any], Awaitable[None]]] = {}

    @property
    def kinds(self) -> tuple[type[Stored], ...]:
        """Return the kinds that something is done for."""
        return tuple(self._methods)

    def add(self, cog: commands.Cog) -> None:
        """Take over what a cog does."""
        for name, method in getmembers(type(cog), isfunction):
            kind = getattr(method, "stored_kind", None)
            if kind is not None:
                self._methods[kind] = getattr(cog, name)

    async def dispatch(self, interaction: Interaction) -> None:
        """Do what a button, a menu or a form says, and answer whatever goes wrong.

        All that the bot posts is stored, so what cannot be read comes from another version of it.
        """
        kind = interaction.type
        if kind not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            return
        if not interaction.client.begin(interaction):
            return
        async with answering(interaction):
            custom_id = str(_data(interaction)["custom_id"])
            stored = self._read(custom_id)
            if kind is discord.InteractionType.component:
                _check_stands(custom_id, message_of(interaction))
                if isinstance(stored, StoredForm):
                    await interaction.response.send_modal(stored.modal())
                    interaction.client.note_answer(interaction, "answered")
                    return
            await self._methods[type(stored)](interaction, stored)
            interaction.client.note_answer(interaction, "answered")

    def _read(self, custom_id: str) -> Stored:
        found = (kind.read(custom_id) for kind in self._methods)
        stored = next((one for one in found if one is not None), None)
        if stored is None:
            raise UserError(replies.NO_LONGER_WORKS)
        return stored


def message_of(interaction: Interaction) -> discord.Message:
    """Return the message that the pressed button stands on.

    Raises:
        UserError: Discord names none.
    """
    if interaction.message is None:
        raise UserError(replies.NO_LONGER_WORKS)
    return interaction.message


def words_of(message: discord.Message) -> str:
    """Return what is written in a message, and where its embeds lead."""
    return "\n".join([message.content, *(one.url for one in message.embeds if one.url)])


def chosen(interaction: Interaction) -> list[str]:
    """Return what was chosen from a menu."""
    return list(_data(interaction).get("values", ()))


def chosen_one(interaction: Interaction) -> str:
    """Return the one thing that was chosen from a menu.

    Raises:
        UserError: it is none, or the menu of another version.
    """
    values = chosen(interaction)
    if len(values) != 1:
        raise UserError(replies.NO_LONGER_WORKS)
    return values[0]


def chosen_numbers(interaction: Interaction) -> list[int]:
    """Return the numbers that were chosen from a menu.

    Raises:
        UserError: the menu is of another version, and its values are none.
    """
    try:
        return [read_number(value) for value in chosen(interaction)]
    except ValueError:
        raise UserError(replies.NO_LONGER_WORKS) from None


def written(interaction: Interaction) -> dict[str, str]:
    """Return what was written into a form, by the ids of its fields, as it can be stored."""
    parts = _parts(_data(interaction).get("components", ()))
    return {part["custom_id"]: _storable(part["value"]) for part in parts if "value" in part}


def _storable(typed: str) -> str:
    """Return a text without what no database takes: zeros, and halves of characters."""
    return typed.replace("\0", "").encode("utf-8", "ignore").decode()


def _check_stands(custom_id: str, message: discord.Message) -> None:
    """Refuse what does not stand on a message (any more).

    Raises:
        UserError: it does not.
    """
    view = discord.ui.View.from_message(message, timeout=None)
    if custom_id not in {getattr(item, "custom_id", None) for item in view.walk_children()}:
        raise UserError(replies.NO_LONGER_WORKS)


def _data(interaction: Interaction) -> dict[str, Any]:
    return dict(interaction.data or {})


def _parts(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from _parts(one.get("components", ()))
        if "component" in one:
            yield from _parts((one["component"],))
