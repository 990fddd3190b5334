"""The last page of a story: what was liked before it rose."""

from typing import Final

from bot.core.taste import EarlyLike, Favorite, Story
from bot.ui import periods, taste_words, text
from bot.ui.pictures.canvas import (
    BODY,
    LARGE,
    LINE,
    MARGIN,
    ORANGE,
    QUIET,
    SMALL,
    WIDTH,
    Canvas,
)
from bot.ui.pictures.parts import ROOM, heading, names, only_words
from bot.ui.pictures.picture import Picture

_SHOWN: Final = 5
_NO_PAST: Final = "How popular music was is kept from now on. There is no past to compare with yet."
_NOBODY: Final = "None of it has become noticeably better known since."


def draw_early(story: Story, *, name: str) -> Picture:
    """Draw the tracks that rose since they were liked; without any, those that still may."""
    canvas = Canvas("Early", name=name, note=periods.words(story.period), accent=ORANGE)
    if story.early:
        heading(canvas, MARGIN, 284, "Liked before they rose", width=ROOM)
        for number, one in enumerate(story.early[:_SHOWN]):
            _draw_rise(canvas, one, 300 + number * 138)
        told = text.listing([_told(one) for one in story.early[:_SHOWN]])
        return Picture(canvas.png(), "early.png", f"Liked before they rose: {told}.")
    why = _NOBODY if story.past else _NO_PAST
    if not story.quiet:
        only_words(canvas, why, "Rate what hardly anybody knows: this page will remember it.")
        return Picture(canvas.png(), "early.png", why, False)
    y = canvas.lines(MARGIN, 300, why, width=ROOM, size=BODY, color=QUIET)
    canvas.text(MARGIN, y + 62, "Remember who knew them first", size=LARGE, bold=True, width=ROOM)
    artists = [Favorite(one.by, one.name) for one in story.quiet]
    names(canvas, artists, x=MARGIN, y=y + 140, width=ROOM, step=98)
    alt = f"{why} Little known so far: {taste_words.listing(story.quiet)}."
    return Picture(canvas.png(), "early.png", alt)


def _draw_rise(canvas: Canvas, one: EarlyLike, top: float) -> None:
    found = one.found
    canvas.text(MARGIN, top + 44, one.track.name, size=BODY, bold=True, width=ROOM - 260)
    line = f"{one.track.by} · liked {periods.day(found.liked)}"
    canvas.text(MARGIN, top + 82, line, size=SMALL, color=QUIET, width=ROOM - 260)
    change = f"{taste_words.percent(found.before)} → {taste_words.percent(found.after)} %"
    canvas.text(
        WIDTH - MARGIN, top + 44, change, size=BODY, color=canvas.accent, bold=True, align="right"
    )
    canvas.box(MARGIN, top + 104, ROOM, 10, color=LINE, radius=5)
    start = MARGIN + ROOM * found.before
    canvas.box(start, top + 104, ROOM * (found.after - found.before), 10, color=ORANGE, radius=5)


def _told(one: EarlyLike) -> str:
    found = one.found
    return (
        f"{text.label(taste_words.title(one.track), 80)}, liked {periods.day(found.liked)}, "
        f"better known than {taste_words.percent(found.before)} % then and "
        f"{taste_words.percent(found.after)} % now"
    )
