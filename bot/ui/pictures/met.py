"""The second page of a story: artists met for the first time."""

from typing import Final

from bot.core.taste import Story
from bot.ui import periods, text
from bot.ui.pictures.canvas import BODY, GREEN, LINE, MARGIN, QUIET, SMALL, WIDTH, Canvas
from bot.ui.pictures.parts import ROOM, big_number, only_words
from bot.ui.pictures.picture import Picture

_SHOWN: Final = 6


def draw_met(story: Story, *, name: str) -> Picture:
    """Draw how many artists were new, and who they were."""
    canvas = Canvas("New names", name=name, note=periods.words(story.period), accent=GREEN)
    if not story.met:
        words = "Nobody new is known of this time."
        only_words(canvas, words, "/discover finds artists that nobody told you of.")
        return Picture(canvas.png(), "new-names.png", words, False)
    count = len(story.met)
    what = "artist" if count == 1 else "artists"
    words = f"{what} met for the first time"
    if story.met_since_began:
        words = f"{what} since your record began"
    big_number(canvas, f"{count:,}", words, y=380)
    y = 496.0
    for one in story.met[:_SHOWN]:
        canvas.text(MARGIN, y, one.name, size=BODY + 4, bold=True, width=ROOM - 220)
        canvas.text(
            WIDTH - MARGIN, y, periods.month(one.met), size=SMALL, color=QUIET, align="right"
        )
        canvas.box(MARGIN, y + 24, ROOM, 2, color=LINE, radius=1)
        y += 82
    found = text.listing(
        [f"{text.label(one.name, 80)} ({periods.month(one.met)})" for one in story.met[:_SHOWN]]
    )
    alt = f"{count:,} {words}, {periods.words(story.period)}: {found}."
    return Picture(canvas.png(), "new-names.png", alt)
