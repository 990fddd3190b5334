"""Buttons, menus and forms that outlive a restart: all they need to know is in their custom ids."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import get_annotations
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    Self,
    dataclass_transform,
    get_args,
    get_origin,
)

import discord

Thumb = Literal["up", "down"]
Page = Annotated[int, 999_999]
"""The number of a page; the largest that is read."""

_NEWER, _OLDER = "Newer", "Older"
_LARGEST: Final = 2**63 - 1
"""No id is larger: it would not fit into the database."""


@dataclass_transform(frozen_default=True)
class Stored:
    """A kind of button, menu or form; a subclass is a frozen dataclass of what it needs to know.

    A field is a number, a bool, one of an enum or of a `Literal`, a thing with `to_code` and
    `from_code`, or any text; only the last may hold a colon.
    """

    _id: ClassVar[str]
    _pattern: ClassVar[re.Pattern[str]]
    _readers: ClassVar[dict[str, Callable[[str], Any]]]

    def __init_subclass__(cls, *, id: str = "", **others: Any) -> None:  # noqa: A002
        """Learn the id: its fields stand in it by name. Posted messages hold it, so it stays."""
        super().__init_subclass__(**others)
        if not id:  # a base of several kinds
            return
        dataclass(frozen=True)(cls)
        ways = {name: _way(hint) for name, hint in get_annotations(cls).items()}
        cls._id = id
        cls._readers = {name: read for name, (_, read) in ways.items()}
        cls._pattern = re.compile(
            re.sub(r"{(\w+)}", lambda field: f"(?P<{field[1]}>{ways[field[1]][0]})", id)
        )

    @property
    def custom_id(self) -> str:
        """Write the id."""
        return self._id.format(**{name: _write(getattr(self, name)) for name in self._readers})

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """Read an id; None when it is of another kind, or says what cannot be."""
        match = cls._pattern.fullmatch(custom_id)
        try:
            return match and cls(**{name: read(match[name]) for name, read in cls._readers.items()})
        except (ValueError, LookupError):
            return None

    def button(
        self,
        label: str | None = None,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        emoji: str | None = None,
        disabled: bool = False,
        row: int | None = None,
    ) -> discord.ui.Button[Any]:
        """Return a button with this id."""
        return discord.ui.Button(
            label=label,
            style=style,
            emoji=emoji,
            disabled=disabled,
            row=row,
            custom_id=self.custom_id,
        )


class StoredForm(Stored, ABC):
    """A kind of form; the button that opens it has the same id."""

    title: ClassVar[str]

    def __init_subclass__(cls, *, title: str = "", **others: Any) -> None:
        """Learn the title."""
        super().__init_subclass__(**others)
        cls.title = title

    @abstractmethod
    def fields(self) -> Sequence[discord.ui.Item[Any]]:
        """Return what is to be filled in, from top to bottom, and what is read with it."""

    def modal(self) -> discord.ui.Modal:
        """Return the form; like a `view`, nothing needs to remember it."""
        modal = discord.ui.Modal(title=self.title, custom_id=self.custom_id)
        for field in self.fields():
            modal.add_item(field)
        modal.stop()
        return modal


def view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Return stored buttons, links and menus as the part of a message.

    What they do is known by their ids, so discord.py is told that nothing needs to remember it.
    """
    shown = discord.ui.View(timeout=None)
    for item in items:
        shown.add_item(item)
    shown.stop()
    return shown


def page_turner(turn: Callable[[int, str], Stored], *, page: int, pages: int) -> discord.ui.View:
    """Return the buttons to the next newer and older page; none where there is one page.

    Args:
        turn: makes what a button says of its page and its label, which keeps two ids apart that
            lead to the same page.
        page: the one that is shown, from 0 on.
    """
    if pages < 2:
        return view()
    newer, older = turn(max(page - 1, 0), _NEWER), turn(page + 1, _OLDER)
    return view(
        newer.button(_NEWER, disabled=page == 0), older.button(_OLDER, disabled=page + 1 >= pages)
    )


def _way(hint: Any) -> tuple[str, Callable[[str], Any]]:
    """Return what a field looks like in an id, and how it is read."""
    if hint is str:
        return ".+", str
    if hint is bool:
        return "[01]", lambda text: text == "1"
    if get_origin(hint) is Annotated:
        _, largest = get_args(hint)
        return "[0-9]+", lambda text: read_number(text, largest)
    if hint is int:
        return "[0-9]+", read_number
    if get_origin(hint) is Literal:
        return "[^:]+", {_write(value): value for value in get_args(hint)}.__getitem__
    return "[^:]+", lambda text: _coded(hint, text)


def read_number(text: str, largest: int = _LARGEST) -> int:
    """Read a number that stands in an id or in a menu.

    Raises:
        ValueError: it is none, or larger than what fits into the database.
    """
    if not re.fullmatch("[0-9]{1,19}", text) or int(text) > largest:
        raise ValueError(f"{text[:40]} is no number up to {largest}")
    return int(text)


def _coded(kind: Any, code: str) -> Any:
    for number in re.findall("[0-9]+", code):
        read_number(number)
    return getattr(kind, "from_code", kind)(code)


def _write(value: Any) -> str:
    if hasattr(value, "to_code"):
        return str(value.to_code())
    return str(int(value)) if isinstance(value, bool) else str(value)
