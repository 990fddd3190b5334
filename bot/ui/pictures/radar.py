"""A taste as a radar around the ring of the catalogue's middle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.patches import Circle, Polygon

from bot.ui.pictures.canvas import BRIGHT, GOLD, LINE, QUIET, SMALL, Align, Canvas

LEAST_AXES: Final = 3
"""With fewer axes there is no area to draw."""

_DASHES: Final = (0, (4, 3))
_CORE: Final = 0.08  # of the radius: where the lowest track of the catalogue is drawn
_RINGS: Final = (0.25, 0.75, 1.0)
_WORD: Final = 26.0  # the height of the words, in pixels


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One direction of a radar."""

    label: str
    """The word at the outer end; a line break is allowed."""
    share: float
    """0 (the lowest of the catalogue) … 1 (the highest)."""
    clear: bool = False
    """Clearly away from the middle: its dot is drawn stronger, and its word when it is high."""


def draw_radar(
    canvas: Canvas, axes: Sequence[RadarAxis], *, x: float, y: float, radius: float, room: float
) -> None:
    """Draw shares as a radar.

    Args:
        canvas: where.
        axes: the directions: the first points up, the others go clockwise.
        x: the middle, in pixels.
        y: the middle, in pixels.
        radius: of the outer ring, in pixels.
        room: how far from the middle the words may reach to both sides, in pixels.

    Raises:
        ValueError: fewer than `LEAST_AXES` axes.
    """
    if len(axes) < LEAST_AXES:
        raise ValueError(f"a radar needs {LEAST_AXES} axes, not {len(axes)}")
    ax = canvas.axes(x - radius * 1.1, y - radius * 1.1, radius * 2.2, radius * 2.2)
    ax.set_xlim(-1.1, 1.1)
    ax.set_ylim(-1.1, 1.1)
    for share in _RINGS:
        ax.add_patch(Circle((0, 0), _reach(share), fill=False, edgecolor=LINE, linewidth=2))
    for place in range(len(axes)):
        (x0, y0), (x1, y1) = _point(place, len(axes), 0), _point(place, len(axes), 1)
        ax.plot([x0, x1], [y0, y1], color=LINE, linewidth=2, zorder=1)
    corners = [_point(place, len(axes), axis.share) for place, axis in enumerate(axes)]
    color = canvas.accent
    ax.add_patch(Polygon(corners, facecolor=color, alpha=0.38, edgecolor="none", zorder=2))
    ax.add_patch(Polygon(corners, fill=False, edgecolor=color, linewidth=5, zorder=4))
    # Above the area, below its outline: the two can be told apart wherever they cross.
    middle = Circle((0, 0), _reach(0.5), fill=False, edgecolor=GOLD, linewidth=3, zorder=3)
    middle.set_linestyle(_DASHES)
    ax.add_patch(middle)
    for (dot_x, dot_y), axis in zip(corners, axes, strict=True):
        ax.plot(
            [dot_x], [dot_y], marker="o", markersize=17 if axis.clear else 10, color=color,
            markeredgecolor=BRIGHT, markeredgewidth=3 if axis.clear else 0, zorder=5,
        )  # fmt: skip
    _draw_words(canvas, axes, x, y, radius, room)


def _draw_words(
    canvas: Canvas, axes: Sequence[RadarAxis], x: float, y: float, radius: float, room: float
) -> None:
    for place, axis in enumerate(axes):
        strong = axis.clear and axis.share > 0.5  # a strong "loud" must not stand for "quiet"
        side, up = _point(place, len(axes), 1)
        at = x + side * (radius + 16)
        align: Align = "center" if abs(side) < 0.2 else ("left" if side > 0 else "right")
        lines = axis.label.split("\n")
        base = y - up * (radius + 16) + _WORD * (0.35 - 0.5 * up)
        base -= (len(lines) - 1) * _WORD * (0.55 + 0.55 * up)
        width = room if align == "center" else room - abs(at - x)
        for number, line in enumerate(lines):
            canvas.text(
                at, base + number * _WORD * 1.1, line, size=_WORD, align=align, bold=strong,
                color=BRIGHT if strong else QUIET, width=width, least=20,
            )  # fmt: skip


def draw_key(canvas: Canvas, *, x: float, y: float) -> None:
    """Say what the dashed ring is; `x` and `y` are the left end of the base line."""
    line = canvas.axes(x, y - 14, 60, 10)
    line.set_xlim(0, 1)
    line.set_ylim(-1, 1)
    line.plot([0, 1], [0, 0], color=GOLD, linewidth=3, linestyle=_DASHES)
    canvas.text(x + 74, y, "middle of the catalogue", size=SMALL, color=QUIET)


def _reach(share: float) -> float:
    return _CORE + (1 - _CORE) * min(max(share, 0.0), 1.0)


def _point(place: int, count: int, share: float) -> tuple[float, float]:
    """Return where a share of an axis lies."""
    angle = math.pi / 2 - 2 * math.pi * place / count
    return _reach(share) * math.cos(angle), _reach(share) * math.sin(angle)
