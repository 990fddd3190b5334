"""The fifth page of a story: the parts of a taste that sound alike."""

from typing import Final

from bot.core.taste import Part, Story
from bot.ui import periods, taste_words, text
from bot.ui.pictures.canvas import CARD, COLORS, LARGE, MARGIN, PINK, QUIET, SMALL, TOP, Canvas
from bot.ui.pictures.parts import ROOM, only_words
from bot.ui.pictures.picture import Picture

_HEIGHT: Final = 164
_STEP: Final = 186


def draw_sounds(story: Story, *, name: str) -> Picture:
    """Draw the parts of a taste, each with its share, its words and some of its music."""
    canvas = Canvas("Sides of a taste", name=name, note=periods.words(story.period), accent=PINK)
    if not story.parts:
        words = "Too little is known to tell the sides of this taste."
        only_words(
            canvas, words, "Four liked tracks that I know are enough: /rate, /link or /import."
        )
        return Picture(canvas.png(), "sides.png", words, False)
    percents = text.percents([one.share for one in story.parts])
    for number, (part, percent) in enumerate(zip(story.parts, percents, strict=True)):
        top, color = TOP + 14 + number * _STEP, COLORS[number % len(COLORS)]
        _draw_part(canvas, part, top, color, percent=percent)
    if len(story.parts) == 1:
        canvas.lines(
            MARGIN, TOP + 14 + _STEP + 70, "One sound, all the way through.", width=ROOM,
            size=LARGE, bold=True,
        )  # fmt: skip
    told = [
        f"{percent} % {_words(one)}" for one, percent in zip(story.parts, percents, strict=True)
    ]
    alt = f"The sides of a taste, {periods.words(story.period)}: {text.listing(told)}."
    return Picture(canvas.png(), "sides.png", alt)


def _draw_part(canvas: Canvas, part: Part, top: float, color: str, *, percent: int) -> None:
    canvas.box(MARGIN, top, ROOM, _HEIGHT, color=CARD, radius=24)
    canvas.box(MARGIN, top, max(ROOM * part.share, 48), _HEIGHT, color=color, radius=24, alpha=0.22)
    canvas.text(
        MARGIN + 30, top + 102, f"{percent} %", size=60, color=color, bold=True,
    )  # fmt: skip
    left, width = MARGIN + 200, ROOM - 230
    canvas.text(left, top + 74, text.capital(_words(part)), size=LARGE - 4, bold=True, width=width)
    artists = " · ".join(dict.fromkeys(one.by or one.name for one in part.tracks))
    canvas.text(left, top + 126, artists, size=SMALL + 2, color=QUIET, width=width)


def _words(part: Part) -> str:
    words = [taste_words.level_word(one) for one in part.levels]
    described = ", ".join(words)
    if part.genre:
        return f"{part.genre}: {described}" if described else part.genre
    return described or "a bit of everything"
