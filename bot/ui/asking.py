"""What was understood of a wish in words, in a line."""

from collections.abc import Mapping
from typing import Final

from bot.core.asking import InWords, about_explicit
from bot.core.ranking import (
    DEFAULT_COUNT,
    DEFAULT_OBSCURITY,
    Bound,
    DeepCuts,
    Understood,
    Wish,
    Years,
)
from bot.core.taste import BOUNDS
from bot.ui import text
from bot.ui.stored import Stored

_LONGEST: Final = 1000
"""So much is said of a wish, so that the rest of the answer has room beside it."""
_DIAL: Final = {
    0: "fame does not matter",
    30: "not too obscure",
    70: "no stars",
    90: "hardly known",
    100: "as unknown as can be",
}
_CUTS: Final = {
    DeepCuts.NO: "no deep cuts",
    DeepCuts.ALSO: "deep cuts, too",
    DeepCuts.ONLY: "deep cuts only",
}
_LOW_HIGH: Final[Mapping[str, tuple[str, str]]] = {
    "instrumentalness": ("with vocals", "instrumental"),
    "acousticness": ("not acoustic", "acoustic"),
    "loudness": ("quiet", "loud"),
    "liveness": ("not live", "live"),
    "speechiness": ("little speech", "spoken"),
}
"""What is said of a feature that is to be low, and of one that is to be high."""


class WithoutChosen(Stored, id="without:{wish}"):
    """Leaves out the artist who was meant, and answers the wish."""

    wish: Wish


def understood(wish: Wish, found: Understood) -> str:
    """Say what was understood of a wish, as far as it counts."""
    asked = found.asked
    moods = [wish.mood] if wish.mood is not None else []
    parts = [
        text.count(wish.count, "track") if wish.count != DEFAULT_COUNT else "",
        *(str(one) for one in (*moods, *asked.moods)),
        *(f"not {one}" for one in asked.not_moods),
        *(bound_words(one) for one in asked.bounds if one.feature != "tempo"),
        text.listing([text.plain(one, 40) for one in found.genres], "or"),
        *(f"no {text.plain(one, 40)}" for one in found.not_genres),
        *(bound_words(one) for one in asked.bounds if one.feature == "tempo"),
        "" if wish.years is None else years_words(wish.years),
        "independent artists" if wish.independent else "",
        _dial(wish.obscurity),
        "" if wish.deep_cuts is None else _CUTS[wish.deep_cuts],
        *(f"without {text.plain(one, 60)}" for one in found.without),
    ]
    named = " · ".join(one for one in parts if one)
    lines = [f"Understood: {named}." if named else ""]
    if asked.words:
        lines.append(f"Titles and genres with {_quoted(asked.words)} count more.")
    return text.cut(" ".join(one for one in lines if one), _LONGEST)


def notes(read: InWords) -> str:
    """Say what of a wish does not count, and why."""
    lines = []
    if read.strange:
        names = [f"“{text.plain(one, 40)}”" for one in read.strange[:4]]
        lines.append(f"My catalogue has no genre {text.listing(names, 'or')}.")
    if read.ignored:
        lines.append(f"Ignored: {_quoted(read.ignored)}.")
    if about_explicit(read.ignored):
        lines.append("`/settings me` leaves out what is explicit, wherever you ask.")
    if read.overruled:
        options = [f"`{one}`" for one in read.overruled]
        verb = "counts" if len(options) == 1 else "count"
        lines.append(f"Your {text.listing(options)} {verb} more than the words.")
    if read.count is not None:
        lines.append(f"{read.count:,} tracks are more than an answer holds.")
    return " ".join(lines)


def bound_words(bound: Bound) -> str:
    """Say between which values a feature is to stand."""
    low, high = bound.lowest, bound.highest
    if bound.feature != "tempo":
        return _sound_words(bound)
    if low is None:
        return f"up to {high:.0f} BPM"
    return f"{low:.0f} BPM or more" if high is None else f"{low:.0f}–{high:.0f} BPM"


def _sound_words(bound: Bound) -> str:
    """Say whether a feature is to be low or high; in numbers where no word is for it."""
    usual, words = BOUNDS[bound.feature], _LOW_HIGH.get(bound.feature)
    is_high = bound.highest is None
    value = (bound.lowest if is_high else bound.highest) or 0.0
    if words is not None and value in (usual.low, usual.high):
        return words[is_high]
    return f"{bound.feature} {round(100 * value)} % or {'more' if is_high else 'less'}"


def years_words(years: Years) -> str:
    """Say between which years."""
    first, last = years
    if first is None:
        return f"until {last}"
    if last is None:
        return f"since {first}"
    return str(first) if first == last else f"{first}–{last}"


def _dial(obscurity: int) -> str:
    if obscurity == DEFAULT_OBSCURITY:
        return ""
    return _DIAL.get(obscurity, f"obscurity {obscurity}")


def _quoted(words: tuple[str, ...]) -> str:
    return text.listing([f"“{text.plain(one, 40)}”" for one in words[:6]])
