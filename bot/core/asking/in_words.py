"""A wish in words that was read, with what of it does not count."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.asking.tokens import tokens_of
from bot.core.asking.words import EXPLICIT
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


def about_explicit(ignored: Iterable[str]) -> bool:
    """Tell whether something that was ignored says that a track may (not) be explicit."""
    return any(" ".join(word.key for word in tokens_of(one)) in EXPLICIT for one in ignored)
