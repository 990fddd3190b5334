"""A wish in words that was read, with what of it does not count."""

from dataclasses import dataclass

from bot.core.models import Choice
from bot.core.ranking import Wish


@dataclass(frozen=True, slots=True)
class Unsure:
    """A name that may mean several things."""

    choices: tuple[Choice, ...]
    is_like: bool
    """True: what the music is to be like; False: an artist to be left out."""


@dataclass(frozen=True, slots=True)
class InWords:
    """A wish in words that was read."""

    wish: Wish
    """Kept, so that a button can hold it."""
    ignored: tuple[str, ...] = ()
    """What turns no dial and stands in no title, as it was typed."""
    strange: tuple[str, ...] = ()
    """Genres that the catalogue has not."""
    overruled: tuple[str, ...] = ()
    """Options that count more than the words."""
    count: int | None = None
    """How many were asked for, where that is more than an answer holds."""
    unsure: Unsure | None = None
