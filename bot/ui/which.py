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
WHICH: Final = "Which one do you mean?"
NOTHING: Final = "Type `artist – title`, choose a suggestion while you type, or paste a link."


class LikeChosen(Stored, id="like:{wish}"):
    """Answers a wish by what was chosen, for whoever chooses."""

    wish: Wish


class SimilarChosen(Stored, id="similar:{private}"):
    """Finds what is similar to the chosen track, for whoever chooses."""

    private: bool


def which(choices: Sequence[Choice], asks: Stored, placeholder: str) -> discord.ui.View:
    """Return a menu of what may be meant.

    Args:
        choices: best first.
        asks: what the menu does with what is chosen.
        placeholder: what it says before.
    """
    options = [
        discord.SelectOption(
            label=text.plain(_line(choice.hit), 100),
            value=f"{choice.hit.subject.kind}:{choice.hit.subject.id}",
            description=_where(choice),
            emoji=KINDS[choice.hit.subject.kind],
        )
        for choice in choices
    ]
    options.append(discord.SelectOption(label="None of these", value=NONE))
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=asks.custom_id, placeholder=placeholder, options=options
    )
    return view(menu)


def _line(hit: SearchHit) -> str:
    return f"{hit.title} – {hit.artist}" if hit.artist else hit.title


def _where(choice: Choice) -> str | None:
    """Return the album and the year, which tell equal titles apart."""
    known = [choice.album, None if choice.year is None else str(choice.year)]
    return text.plain(" · ".join(one for one in known if one), 100) or None
