"""Parts that several pictures share: lists of names, a scale of fame, a page with only words."""

from collections.abc import Sequence
from typing import Final

from bot.core.taste import Favorite
from bot.ui.pictures.canvas import (
    BODY,
    BRIGHT,
    HUGE,
    LARGE,
    LINE,
    MARGIN,
    QUIET,
    SMALL,
    WIDTH,
    Canvas,
)

ROOM: Final = WIDTH - 2 * MARGIN
"""The width between the margins."""


def heading(canvas: Canvas, x: float, y: float, words: str, *, width: float) -> None:
    """Write the small word above a part of the picture."""
    canvas.text(x, y, words, size=SMALL, color=canvas.accent, bold=True, width=width)


def names(
    canvas: Canvas, found: Sequence[Favorite], *, x: float, y: float, width: float, step: float,
    first: int = 1, size: float = BODY,
) -> None:  # fmt: skip
    """Write a numbered list; a track has its artist in a second line.

    Args:
        canvas: where.
        found: the names.
        x: the left end.
        y: the first base line.
        width: of the whole.
        step: from one entry to the next.
        first: the number of the first.
        size: of the names.
    """
    for number, one in enumerate(found, first):
        canvas.text(x, y, str(number), size=size, color=canvas.accent, bold=True)
        canvas.text(x + size * 1.2, y, one.name, size=size, width=width - size * 1.2, least=SMALL)
        if one.by:
            canvas.text(
                x + size * 1.2, y + SMALL * 1.3, one.by, size=SMALL, color=QUIET,
                width=width - size * 1.2,
            )  # fmt: skip
        y += step


def big_number(canvas: Canvas, number: str, words: str, *, y: float, most: int = 3) -> None:
    """Write a large number with what it counts to its right; `y` is its base line."""
    canvas.text(MARGIN, y, number, size=HUGE, color=canvas.accent, bold=True)
    beside = MARGIN + canvas.width_of(number, size=HUGE, bold=True) + 36
    lines = canvas.wrapped(words, width=WIDTH - MARGIN - beside, size=LARGE, most=most)
    top = y - HUGE * 0.36 - (len(lines) - 1) * LARGE * 0.62 + LARGE * 0.36
    for place, line in enumerate(lines):
        canvas.text(
            beside, top + place * LARGE * 1.24, line, size=LARGE, bold=True,
            width=WIDTH - MARGIN - beside,
        )  # fmt: skip


def fame_scale(canvas: Canvas, median: float, *, y: float, width: float = ROOM) -> None:
    """Draw where between the underground and the hits something stands; `y` is the bar's top."""
    canvas.box(MARGIN, y, width, 18, color=LINE, radius=9)
    at = MARGIN + 18 + (width - 36) * min(max(median, 0.0), 1.0)
    canvas.box(at - 18, y - 9, 36, 36, color=canvas.accent, radius=18, edge=BRIGHT)
    canvas.text(MARGIN, y + 62, "underground", size=SMALL, color=QUIET)
    canvas.text(MARGIN + width, y + 62, "the hits", size=SMALL, color=QUIET, align="right")


def only_words(canvas: Canvas, words: str, way_on: str) -> None:
    """Fill a page that has nothing to draw with a sentence, and with what to do."""
    y = canvas.lines(MARGIN, 420, words, width=ROOM, size=LARGE, bold=True, most=4)
    canvas.lines(MARGIN, y + 30, way_on, width=ROOM, size=BODY, color=QUIET, most=4)
