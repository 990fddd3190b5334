"""Reads numbers as people and programs write them, and judges the scale of whole columns.

A value is a number where it can be read as one; else these are tried: a unit behind it (120 BPM,
-6 dB), a percent sign, a decimal comma, separators of thousands, a length as m:ss or h:mm:ss, the
name of a key. What is none of them stays unknown.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from bot.core.models import AUDIO_FEATURES

SHARES: Final = AUDIO_FEATURES[:7]
"""Features from 0 to 1; some tables hold them from 0 to 100."""
_PERCENT_SHARE: Final = 0.5
"""A column holds percentages when so large a part of its values is above 1, and none above 100."""
_FEW_VALUES: Final = 6
_MANY_VALUES: Final = 50
_FRACTIONS: Final = frozenset({*SHARES, "loudness", "tempo", "popularity"})
_UNITS: Final = r"(?i)\s*(?:bpm|db|lufs|ms|sec(?:onds?)?|s)\.?$"
_CLOCK: Final = r"^(?:(\d{1,2}):)?(\d{1,4}):([0-5]\d(?:[.,]\d+)?)$"
_SHARP: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_KEY: Final = (
    r"(?i)^([a-h])\s*(#|♯|b|♭|-?sharp|-?flat)?(?:\s*/.*?)?(?:\s*(maj(?:or)?|min(?:or)?|m))?$"
)
_METER: Final = r"^(\d{1,2})\s*/\s*\d{1,2}$"


def percentages(numbers: Mapping[str, pl.Series]) -> frozenset[str]:
    """Return which of some columns of shares hold percentages.

    Args:
        numbers: values by field; null is unknown.
    """
    told = {field: numbers[field].drop_nulls() for field in SHARES if field in numbers}
    told = {field: values for field, values in told.items() if len(values)}
    whole, found = set(), set()
    for field, values in told.items():
        if not values.is_between(0, 100).all():
            continue
        if (values == values.round()).all():
            whole.add(field)
        if (values > 1).sum() >= _PERCENT_SHARE * len(values):
            found.add(field)
    seen = sum(len(told[field]) for field in found)
    if seen < (_FEW_VALUES if len(found) > 1 else _MANY_VALUES):  # they may as well be mistakes
        return frozenset()
    # Little is instrumental or live: of such a column most percentages are 0 and 1.
    return frozenset(found | whole if 2 * len(found) >= len(told) else found)


def number(text: pl.Expr, field: str, *, is_text: bool) -> pl.Expr:
    """Return the numbers that a column of a field holds.

    Args:
        text: of the column; already numbers when the reader found nothing else.
        is_text: whether it is text.
    """
    plain = text.cast(pl.Float64, strict=False)
    if not is_text:
        return plain
    bare = text.str.replace(_UNITS, "").str.replace_all(r"[\s\u00a0\u202f']", "")
    share = bare.str.ends_with("%")
    bare = bare.str.strip_suffix("%")
    if field in _FRACTIONS:
        comma = bare.str.contains(r"^[-+]?\d*,\d+(?:[eE][-+]?\d+)?$")
        bare = pl.when(comma).then(bare.str.replace(",", ".", literal=True)).otherwise(bare)
    else:
        groups = bare.str.contains(r"^\d{1,3}(?:[.,]\d{3})+$")
        bare = pl.when(groups).then(bare.str.replace_all(r"[.,]", "")).otherwise(bare)
    read = bare.cast(pl.Float64, strict=False)
    if field in SHARES:
        read = pl.when(share).then(read / 100).otherwise(read)
    elif field != "popularity":
        read = pl.when(~share).then(read)
    return pl.coalesce(plain, read)


def length_ms(text: pl.Expr) -> pl.Expr:
    """Return lengths that are written like 3:45 or 1:02:03, in ms."""
    hours, minutes, seconds = (
        text.str.extract(_CLOCK, group).str.replace(",", ".", literal=True).cast(pl.Float64)
        for group in (1, 2, 3)
    )
    return (3600 * hours.fill_null(0) + 60 * minutes + seconds) * 1000


def key_of(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return pitch class and mode of keys that are written by name: C♯/D♭, Db minor, F#m."""
    letter = text.str.extract(_KEY, 1).str.to_lowercase()
    accidental = text.str.extract(_KEY, 2).str.to_lowercase()
    sharp = accidental.is_in(["#", "♯", "sharp", "-sharp"])
    flat = accidental.is_in(["b", "♭", "flat", "-flat"])
    step = pl.when(sharp).then(1).when(flat).then(-1).otherwise(0)
    base = letter.replace_strict(_SHARP, default=None, return_dtype=pl.Int64)
    # In Germany H is B, and B is B flat; tables in that notation are not told apart.
    return ((base + step) % 12).cast(pl.Float64), mode_of(text.str.extract(_KEY, 3))


def mode_of(text: pl.Expr) -> pl.Expr:
    """Return the mode that a word means: major 1, minor 0."""
    word = text.str.to_lowercase().str.strip_chars()
    return (
        pl.when(word.is_in(["major", "maj", "dur"]))
        .then(1.0)
        .when(word.is_in(["minor", "min", "m", "moll"]))
        .then(0.0)
    )


def meter(text: pl.Expr) -> pl.Expr:
    """Return how many beats a bar has that is written like 4/4."""
    return text.str.extract(_METER, 1).cast(pl.Float64)
