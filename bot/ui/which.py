"""Asks which of several things was meant: a menu that only the person who asked sees."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.core.models import Choice, SearchHit
from bot.core.ranking import Wish
from bot.ui import text
from bot.ui.ratings import KINDS
from bot.ui.stored import Stored, view

NONE: Final = "none"
"""The value of the answer that nothing of it was meant."""
NEW: Final = "new:"
_LONGEST_VALUE: Final = 100
WHICH: Final = "Which one do you mean?"
NOTHING: Final = "Type `artist – title`, choose a suggestion while you type, or paste a link."


class LikeChosen(Stored, id="like:{wish}"):
    """Answers a wish by what was chosen, for whoever chooses."""

    wish: Wish


class SimilarChosen(Stored, id="similar:{private}"):
    """Finds what is similar to the chosen track, for whoever chooses."""

    private: bool


def which(
    choices: Sequence[Choice], asks: Stored, placeholder: str, *, new: str | None = None
) -> discord.ui.View:
    """Return a menu of what may be meant.

    Args:
        choices: best first.
        asks: what the menu does with what is chosen.
        placeholder: what it says before.
        new: a name whose bearer we may get to know in place of these; see `named_anew`.
    """
    options = choice_options(choices)
    if new is None or len(NEW + new) > _LONGEST_VALUE:
        options.append(discord.SelectOption(label="None of these", value=NONE))
    else:
        label = text.label(f"None of these: get to know “{new}”")
        options.append(discord.SelectOption(label=label, value=NEW + new, emoji="🔎"))
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=asks.custom_id, placeholder=placeholder, options=options
    )
    return view(menu)


def choice_options(choices: Sequence[Choice]) -> list[discord.SelectOption]:
    """Return what may be meant as options of a menu; their values are those of suggestions."""
    return [
        discord.SelectOption(
            label=text.label(_line(choice.hit)),
            value=f"{choice.hit.subject.kind}:{choice.hit.subject.id}",
            description=_where(choice),
            emoji=KINDS[choice.hit.subject.kind],
        )
        for choice in choices
    ]


def named_anew(value: str) -> str | None:
    """Return the name that was chosen in place of everything known; None: something else was."""
    return value.removeprefix(NEW) if value.startswith(NEW) else None


def _line(hit: SearchHit) -> str:
    return f"{hit.title} – {hit.artist}" if hit.artist else hit.title


def _where(choice: Choice) -> str | None:
    """Return the album and the year, which tell equal titles apart."""
    known = [choice.album, None if choice.year is None else str(choice.year)]
    line = " · ".join(one for one in known if one)
    return text.label(line) if line else None
