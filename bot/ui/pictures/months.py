"""The fourth page of a story: who each month belonged to."""

from typing import Final

from bot.core.taste import Month, Story
from bot.ui import periods, text
from bot.ui.pictures.canvas import (
    BRIGHT,
    GOLD,
    LARGE,
    LINE,
    MARGIN,
    QUIET,
    SMALL,
    TOP,
    WIDTH,
    Canvas,
)
from bot.ui.pictures.parts import only_words
from bot.ui.pictures.picture import Picture

_SHOWN: Final = 12
_STEPS: Final = (62.0, 150.0)
"""From one month to the next: less where there are many."""
_ROOM: Final = 744.0
_LEFT: Final = MARGIN + 130
_WIDEST: Final = WIDTH - MARGIN - _LEFT


def draw_months(story: Story, *, name: str) -> Picture:
    """Draw the last months of a period: how much was played or rated, and the artist of each."""
    months = story.months[-_SHOWN:]
    canvas = Canvas("Months", name=name, note=periods.words(story.period), accent=GOLD)
    most = max((_amount(one) for one in months), default=0)
    if not most:
        words = "Nothing was played or rated in this time."
        only_words(canvas, words, "/link or /import brings what you play.")
        return Picture(canvas.png(), "months.png", words, False)
    step = min(max(_ROOM / len(months), _STEPS[0]), _STEPS[1])
    size = min(step * 0.54, LARGE)
    for number, month in enumerate(months):
        top = TOP + 30 + number * step
        base = top + (step - 12) / 2 + size * 0.35
        canvas.text(MARGIN, base, periods.short_month(month.start), size=SMALL, color=QUIET)
        share = _amount(month) / most
        canvas.box(
            _LEFT,
            top,
            max(_WIDEST * share, 8),
            step - 12,
            color=GOLD if share else LINE,
            alpha=0.32,
        )
        artist = _artist(story, month)
        canvas.text(
            _LEFT + 20, base, artist or ("–" if month.is_silent else month.genre or "…"),
            size=size, bold=artist is not None, color=QUIET if artist is None else BRIGHT,
            width=_WIDEST - 40,
        )  # fmt: skip
    return Picture(canvas.png(), "months.png", _alt(story, months))


def _amount(month: Month) -> int:
    return month.plays + month.said


def _artist(story: Story, month: Month) -> str | None:
    return None if month.artist_id is None else story.month_artists.get(month.artist_id)


def _alt(story: Story, months: tuple[Month, ...]) -> str:
    told = []
    for one in months:
        whose = _artist(story, one) or one.genre or "nobody"
        told.append(f"{periods.month(one.start)}: {text.label(whose, 50)}")
    return f"Months and the artist of each. {'; '.join(told)}."
