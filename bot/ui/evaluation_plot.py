"""An evaluation as a picture: what is found against how well known it is."""

import math
from io import BytesIO
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from bot.core.bench import PERCENTILE, POPULARITY, Estimate, Evaluation

_RECALL: Final = "recall@100"
_OURS: Final = "B-Side"
_COLORS: Final = {True: "#6a4fd8", False: "#5c6470"}
_LINEAR: Final = 0.001
"""Below it the scale of recall is linear, so that 0 has a place."""
_SIZE: Final = (9.0, 6.0)
_DPI: Final = 120
_LABEL: Final = 9
_DISTANCES: Final = (14, 24, 40, 60, 84)
_TURNS: Final = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))
"""Where a label may stand, seen from its point, the best first: right, left, then askew."""


def recall_against_popularity(evaluation: Evaluation) -> bytes:
    """Draw recall@100 against the median popularity of the lists, with error bars; return a PNG.

    Popularity is the raw one where it is known, else the percentile. A method without one of the
    two has no point; when none has, the picture says so. The same evaluation gives the same bytes.
    """
    raw = any(line[POPULARITY].count for line in evaluation.lines)
    measure, scale = (POPULARITY, 1) if raw else (PERCENTILE, 100)
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    points = [
        (line.name, line[measure], line[_RECALL])
        for line in evaluation.lines
        if line[measure].count and line[_RECALL].count
    ]
    _draw_frame(ax, raw=raw, lists=evaluation.judged)
    for name, popularity, recall in points:
        _draw_point(ax, name, popularity, recall, scale)
    if points:
        _fit_axes(ax, points, scale)
        figure.draw_without_rendering()  # only then the axes are where they stay
        _draw_labels(ax, points, scale)
    else:
        ax.text(
            0.5, 0.5, "Nothing to draw: no popularity is known.", ha="center",
            transform=ax.transAxes,
        )  # fmt: skip
    png = BytesIO()
    figure.savefig(png, format="png", dpi=_DPI, metadata={"Software": None})
    return png.getvalue()


def _draw_frame(ax: Axes, *, raw: bool, lists: int) -> None:
    ax.set_title(f"Held-out tracks of {lists:,} lists among the first 100 recommended")
    ax.set_xlabel(
        "median popularity of the first 100 (0 … 100, as the source gives it)"
        if raw
        else "median popularity of the first 100 (percentile of the catalogue)"
    )
    ax.set_ylabel("recall@100 (bars: one standard error)")
    ax.set_yscale("symlog", linthresh=_LINEAR)
    ax.grid(color="#dcdce4", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def _draw_point(ax: Axes, name: str, popularity: Estimate, recall: Estimate, scale: float) -> None:
    ours = name.startswith(_OURS)
    ax.errorbar(
        popularity.mean * scale,
        recall.mean,
        xerr=_bar(popularity) * scale,
        yerr=_bar(recall),
        fmt="o" if ours else "s",
        color=_COLORS[ours],
        capsize=3,
        markersize=7,
    )


def _bar(one: Estimate) -> float:
    return 0.0 if math.isnan(one.error) else one.error


def _fit_axes(ax: Axes, points: list[tuple[str, Estimate, Estimate]], scale: float) -> None:
    xs = [popularity.mean * scale for _, popularity, _ in points]
    highest = max(recall.mean + _bar(recall) for _, _, recall in points)
    room = max(max(xs) - min(xs), 10.0)
    ax.set_xlim(min(xs) - 0.08 * room, max(xs) + 0.3 * room)  # room for labels on the right
    ax.set_ylim(-0.0002, max(highest * 1.6, 2 * _LINEAR))
    ticks = [0, *(base * 10.0**power for power in (-3, -2, -1) for base in (1, 2, 5)), 1]
    shown = [tick for tick in ticks if tick <= max(highest * 1.6, 2 * _LINEAR)]
    ax.set_yticks(shown, [f"{tick:g}" for tick in shown])
    ax.minorticks_off()


def _draw_labels(ax: Axes, points: list[tuple[str, Estimate, Estimate]], scale: float) -> None:
    """Write the names beside their points, clear of each other, of all points and of their bars."""
    places: list[tuple[float, float]] = []
    taken: list[Bbox] = []
    for _, popularity, recall in points:
        x, y = popularity.mean * scale, recall.mean
        corners = [(x - _bar(popularity) * scale, y - _bar(recall))]
        corners += [(x, y), (x + _bar(popularity) * scale, y + _bar(recall))]
        low, middle, high = ax.transData.transform(corners).tolist()
        places.append((middle[0], middle[1]))
        taken.append(Bbox.from_extents(low[0] - 5, middle[1] - 4, high[0] + 5, middle[1] + 4))
        taken.append(Bbox.from_extents(middle[0] - 6, low[1], middle[0] + 6, high[1]))
        taken.append(Bbox.from_bounds(middle[0] - 9, middle[1] - 9, 18, 18))
    frame = ax.get_window_extent()
    for (name, _, _), (x, y) in zip(points, places, strict=True):
        label = ax.annotate(
            name,
            (x, y),
            xycoords="figure pixels",
            xytext=(x, y),
            textcoords="figure pixels",
            fontsize=_LABEL,
            ha="left",
            va="bottom",
            color=_COLORS[name.startswith(_OURS)],
            arrowprops={"arrowstyle": "-", "color": "#a0a0ae", "linewidth": 0.8},
        )
        size = Text.get_window_extent(label)
        box = _free_place(x, y, size.width, size.height, taken, frame)
        label.set_position((box.x0, box.y0))
        taken.append(box)


def _free_place(
    x: float, y: float, width: float, height: float, taken: list[Bbox], frame: Bbox
) -> Bbox:
    """Return a box near a point that covers the least of what is there; the nearest such box."""
    boxes = [
        Bbox.from_bounds(
            x + width * (turn[0] - 1) / 2 + away * turn[0],
            y + height * (turn[1] - 1) / 2 + away * turn[1],
            width,
            height,
        )
        for away in _DISTANCES
        for turn in _TURNS
    ]
    return min(boxes, key=lambda box: _covered(box, taken, frame))


def _covered(box: Bbox, taken: list[Bbox], frame: Bbox) -> float:
    """Return how many pixels of others a box covers, with those that stick out of the frame."""
    shared = [Bbox.intersection(box, one) for one in taken]
    inside = Bbox.intersection(box, frame)
    out = box.width * box.height - (inside.width * inside.height if inside else 0)
    return float(round(out + sum(one.width * one.height for one in shared if one)))
