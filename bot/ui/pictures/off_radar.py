"""The third page of a story: how far off the radar the music was."""

from typing import Final

import numpy as np

from bot.core.taste import Story
from bot.ui import periods, taste_words
from bot.ui.pictures.canvas import BLUE, BODY, LINE, MARGIN, QUIET, SMALL, WIDTH, Canvas
from bot.ui.pictures.parts import ROOM, big_number, heading, only_words
from bot.ui.pictures.picture import Picture

_BINS: Final = 20
_TOP, _FLOOR = 452.0, 690.0


def draw_off_radar(story: Story, *, name: str) -> Picture:
    """Draw how well known the artists are, from the underground to the hits."""
    canvas = Canvas("Off the radar", name=name, note=periods.words(story.period), accent=BLUE)
    median = story.profile.obscurity.median
    if median is None or not story.fames:
        words = "Nobody counts the listeners of these artists."
        only_words(canvas, words, "As soon as a source does, this page tells how known they are.")
        return Picture(canvas.png(), "off-the-radar.png", words, False)
    beyond = 100 - taste_words.percent(median)
    words = "of all artists are better known than the one in the middle of this taste"
    big_number(canvas, f"{beyond} %", words, y=380)
    _draw_fames(canvas, story.fames, median)
    if story.quiet:
        heading(canvas, MARGIN, 806, "Hardly anybody knows", width=ROOM)
        for number, one in enumerate(story.quiet[:3]):
            canvas.text(MARGIN, 858 + 52 * number, taste_words.title(one), size=BODY, width=ROOM)
    alt = (
        f"{beyond} % of all artists are better known than the one in the middle of this taste, "
        f"{periods.words(story.period)}. Hardly anybody knows: "
        f"{taste_words.listing(story.quiet[:3]) or 'nobody'}."
    )
    return Picture(canvas.png(), "off-the-radar.png", alt)


def _draw_fames(canvas: Canvas, fames: tuple[float, ...], median: float) -> None:
    counts, _ = np.histogram(fames, bins=_BINS, range=(0, 1))
    width = ROOM / _BINS
    middle = min(int(median * _BINS), _BINS - 1)
    for place, count in enumerate(counts.tolist()):
        height = max((_FLOOR - _TOP) * count / counts.max(), 6)
        color = canvas.accent if count else LINE
        canvas.box(
            MARGIN + place * width + 4, _FLOOR - height, width - 8, height, color=color, radius=8,
            alpha=1.0 if place == middle or not count else 0.55,
        )  # fmt: skip
    canvas.text(MARGIN, _FLOOR + 42, "underground", size=SMALL, color=QUIET)
    canvas.text(WIDTH - MARGIN, _FLOOR + 42, "the hits", size=SMALL, color=QUIET, align="right")
