"""A taste by month: how it sounds, how well known it is, and its genres."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from bot.core.taste import LEAST_MONTHS, Month, Story, level_in
from bot.ui import periods, taste_words, text
from bot.ui.pictures.canvas import (
    BLUE,
    GOLD,
    GREEN,
    LINE,
    MARGIN,
    ORANGE,
    PINK,
    QUIET,
    SMALL,
    VIOLET,
    Canvas,
)
from bot.ui.pictures.parts import ROOM, heading, only_words
from bot.ui.pictures.picture import Picture

_SHOWN: Final = (
    ("energy", "energy", ORANGE),
    ("valence", "cheerful", GOLD),
    ("acousticness", "acoustic", GREEN),
    ("danceability", "dance", PINK),
)
_PLOT: Final = ROOM - 150
_GENRES: Final = (VIOLET, GREEN, ORANGE, BLUE, PINK, GOLD)


def draw_timeline(story: Story, *, name: str) -> Picture:
    """Draw how a taste changed by month."""
    months = story.months
    canvas = Canvas("Timeline", name=name, note=periods.words(story.period), accent=VIOLET)
    if sum(not one.is_silent for one in months) < LEAST_MONTHS:
        words = "A change needs two months, and less is known of this time."
        only_words(canvas, words, "Come back next month, or bring the past with /link or /import.")
        return Picture(canvas.png(), "timeline.png", words, False)
    heading(canvas, MARGIN, 270, "How it sounds", width=ROOM)
    _draw_features(canvas, months)
    heading(canvas, MARGIN, 618, "How well known it is", width=ROOM)
    _draw_fame(canvas, months)
    _draw_genres(canvas, months)
    return Picture(canvas.png(), "timeline.png", _alt(months))


def _draw_features(canvas: Canvas, months: Sequence[Month]) -> None:
    ax = _plot(canvas, 290, 270, len(months))
    ax.axhline(0.5, color=LINE, linewidth=3)
    ends: list[tuple[float, str, str]] = []
    for feature, word, color in _SHOWN:
        values = np.array([_number(level_in(one.levels, feature)) for one in months])
        if np.isnan(values).all():
            continue
        _line(ax, values, color)
        ends.append((float(values[~np.isnan(values)][-1]), word, color))
    for y, word, color in _apart(ends, 290, 270):
        canvas.text(MARGIN + _PLOT + 18, y, word, size=SMALL, color=color, bold=True, width=140)
    if not ends:
        canvas.text(MARGIN, 430, "Nothing of it is measured.", size=SMALL, color=QUIET)


def _draw_fame(canvas: Canvas, months: Sequence[Month]) -> None:
    values = np.array([_number(one.obscurity) for one in months])
    if np.isnan(values).all():
        canvas.text(MARGIN, 700, "Nobody counts these artists.", size=SMALL, color=QUIET)
        return
    ax = _plot(canvas, 636, 130, len(months))
    _line(ax, values, BLUE)
    canvas.text(MARGIN + _PLOT + 18, 664, "the hits", size=SMALL, color=QUIET)
    canvas.text(MARGIN + _PLOT + 18, 764, "unknown", size=SMALL, color=QUIET)


def _draw_genres(canvas: Canvas, months: Sequence[Month]) -> None:
    """Draw how much each month holds, in the color of its genre, and the months below."""
    amounts = [one.plays + one.said for one in months]
    step = _PLOT / len(months)
    common = _common_genres(months)
    floor = 936.0
    for place, (one, amount) in enumerate(zip(months, amounts, strict=True)):
        height = max(110 * amount / max(amounts), 6)
        color = common.get(one.genre or "", LINE)
        canvas.box(
            MARGIN + place * step + 3, floor - height, max(step - 6, 4), height, color=color,
            radius=8,
        )  # fmt: skip
        if place % _stride(len(months)) == 0:
            canvas.text(
                MARGIN + (place + 0.5) * step, floor + 36, periods.short_month(one.start),
                size=SMALL - 2, color=QUIET, align="center",
            )  # fmt: skip
    y = floor - 110 + 22 if len(common) > 3 else floor - 90
    for genre, color in common.items():
        canvas.text(MARGIN + _PLOT + 18, y, genre, size=SMALL, color=color, bold=True, width=140)
        y += 36


def _stride(months: int) -> int:
    return -(-months // 8)


def _common_genres(months: Sequence[Month]) -> dict[str, str]:
    """Return the genres of most months with their colors; at most four have one."""
    found = [one.genre for one in months if one.genre is not None]
    counts = {genre: found.count(genre) for genre in dict.fromkeys(found)}
    best = sorted(counts, key=lambda genre: (-counts[genre], genre))[:4]
    return dict(zip(best, _GENRES, strict=False))


def _plot(canvas: Canvas, top: float, height: float, months: int) -> Axes:
    ax = canvas.axes(MARGIN, top, _PLOT, height)
    ax.set_xlim(-0.5, months - 0.5)
    ax.set_ylim(-0.04, 1.04)
    for share in (0.0, 1.0):
        ax.axhline(share, color=LINE, linewidth=2)
    return ax


def _line(ax: Axes, values: np.ndarray[tuple[int], np.dtype[np.float64]], color: str) -> None:
    """Draw a line over the months that are known."""
    known = np.flatnonzero(~np.isnan(values))
    ax.plot(known, values[known], color=color, linewidth=6, solid_capstyle="round")
    ax.plot(known[-1:], values[known[-1:]], marker="o", markersize=15, color=color)


def _apart(
    ends: Sequence[tuple[float, str, str]], top: float, height: float
) -> list[tuple[float, str, str]]:
    """Return the base lines of the words beside the ends of lines, so that none covers another."""
    wanted = sorted((top + height * (1 - level) + 10, word, color) for level, word, color in ends)
    placed: list[tuple[float, str, str]] = []
    for y, word, color in wanted:
        placed.append((max(y, placed[-1][0] + 36) if placed else y, word, color))
    over = placed[-1][0] - (top + height + 10) if placed else 0.0
    return [(y - max(over, 0.0), word, color) for y, word, color in placed]


def _number(share: float | None) -> float:
    return np.nan if share is None else share


def _alt(months: Sequence[Month]) -> str:
    told = [
        f"Taste by month, {periods.month(months[0].start)} to {periods.month(months[-1].start)}."
    ]
    for feature, word, _ in _SHOWN:
        known = [level for one in months if (level := level_in(one.levels, feature)) is not None]
        if known:
            told.append(f"{text.capital(word)} {_change(known)}.")
    fame = [one.obscurity for one in months if one.obscurity is not None]
    if fame:
        told.append(f"How well known: {_change(fame)}.")
    genres = list(_common_genres(months))
    if genres:
        told.append(f"Most months: {text.listing(genres)}.")
    return " ".join(told)


def _change(known: Sequence[float]) -> str:
    return f"from {taste_words.percent(known[0])} to {taste_words.percent(known[-1])} of 100"
