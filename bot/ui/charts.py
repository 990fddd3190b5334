"""Pictures, drawn without a window and without shared state: call them in a thread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon
from matplotlib.text import Text

SIZE: Final = 600
"""Width and height of a picture, in pixels."""
LEAST_AXES: Final = 3
"""With fewer axes there is no area to draw."""

_DPI: Final = 100
# Its own dark ground: the picture reads the same in Discord's dark and light mode.
_GROUND: Final = "#1b1b26"
_EDGE: Final = "#3a3a4c"
_GRID: Final = "#3d3d52"
_MEDIAN: Final = "#f2c063"
_TASTE: Final = "#9d86ff"
_BRIGHT: Final = "#ffffff"
_QUIET: Final = "#b9b9ca"

_FONT: Final = "DejaVu Sans"  # comes with matplotlib
_LABEL_SIZE: Final = 15.0
_SMALLEST: Final = 10.0
_MARGIN: Final = 12
_DASHES: Final = (0, (4, 3))
_CORE: Final = 0.08  # of the radius: where the lowest track of the catalogue is drawn
_REACH: Final = 1.6  # half the picture's width, in radii of the radar
_LIFT: Final = 0.1  # the radar stands a little higher than the middle, for the key below it
_RINGS: Final = (0.25, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One direction of a radar."""

    label: str
    """The word at the outer end; a line break is allowed."""
    share: float
    """0 (the lowest of the catalogue) … 1 (the highest)."""
    clear: bool = False
    """Clearly away from the middle: its dot is drawn stronger, and its word when it is high."""


def radar(axes: Sequence[RadarAxis]) -> bytes:
    """Draw shares as a radar around the ring of the catalogue's middle; return a PNG.

    The same axes give the same bytes.

    Raises:
        ValueError: fewer than `LEAST_AXES` axes.
    """
    if len(axes) < LEAST_AXES:
        raise ValueError(f"a radar needs {LEAST_AXES} axes, not {len(axes)}")
    figure = Figure(figsize=(SIZE / _DPI, SIZE / _DPI), dpi=_DPI, facecolor="none")
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(-_REACH, _REACH)
    ax.set_ylim(-_REACH - _LIFT, _REACH - _LIFT)
    _draw_ground(ax)
    _draw_grid(ax, len(axes))
    _draw_taste(ax, axes)
    _draw_labels(ax, axes)
    _draw_key(ax)
    png = BytesIO()
    figure.savefig(
        png,
        format="png",
        dpi=_DPI,
        facecolor="none",
        metadata={"Software": None},
        pil_kwargs={"compress_level": 9},
    )
    return png.getvalue()


def _draw_ground(ax: Axes) -> None:
    side = 2 * _REACH - 0.04
    ax.add_patch(
        FancyBboxPatch(
            (-side / 2 + 0.14, -side / 2 + 0.14 - _LIFT),
            side - 0.28,
            side - 0.28,
            boxstyle="round,pad=0.14,rounding_size=0.2",
            facecolor=_GROUND,
            edgecolor=_EDGE,
            linewidth=1.5,
        )
    )


def _draw_grid(ax: Axes, count: int) -> None:
    for share in _RINGS:
        ax.add_patch(Circle((0, 0), _radius(share), fill=False, edgecolor=_GRID, linewidth=1.2))
    for place in range(count):
        (x0, y0), (x1, y1) = _point(place, count, 0), _point(place, count, 1)
        ax.plot([x0, x1], [y0, y1], color=_GRID, linewidth=1.2, zorder=1)


def _draw_taste(ax: Axes, axes: Sequence[RadarAxis]) -> None:
    corners = [_point(place, len(axes), axis.share) for place, axis in enumerate(axes)]
    ax.add_patch(Polygon(corners, facecolor=_TASTE, alpha=0.38, edgecolor="none", zorder=2))
    ax.add_patch(
        Polygon(corners, fill=False, edgecolor=_TASTE, linewidth=3, joinstyle="round", zorder=4)
    )
    # Above the area, below its outline: the two can be told apart wherever they cross.
    ax.add_patch(
        Circle(
            (0, 0), _radius(0.5), fill=False, edgecolor=_MEDIAN, linewidth=2, linestyle=_DASHES,
            zorder=3,
        )
    )  # fmt: skip
    for (x, y), axis in zip(corners, axes, strict=True):
        ax.plot(
            [x], [y], marker="o", markersize=10 if axis.clear else 6, color=_TASTE,
            markeredgecolor=_BRIGHT, markeredgewidth=2 if axis.clear else 0, zorder=5,
        )  # fmt: skip


def _draw_labels(ax: Axes, axes: Sequence[RadarAxis]) -> None:
    for place, axis in enumerate(axes):
        strong = axis.clear and axis.share > 0.5  # a strong "loud" must not stand for "quiet"
        x, y = _point(place, len(axes), 1)
        label = ax.text(
            x * 1.07,
            y * 1.07,
            axis.label,
            family=_FONT,
            fontsize=_LABEL_SIZE,
            fontweight="bold" if strong else "normal",
            color=_BRIGHT if strong else _QUIET,
            ha="center" if abs(x) < 0.2 else ("left" if x > 0 else "right"),
            va="center" if abs(y) < 0.8 else ("bottom" if y > 0 else "top"),
            linespacing=1.0,
        )
        _fit(label)


def _fit(label: Text) -> None:
    """Make a label smaller, and move it inwards at last, until it stays inside the picture."""
    size = _LABEL_SIZE
    overhang = _overhang(label)
    while overhang and size > _SMALLEST:
        size -= 0.5
        label.set_fontsize(size)
        overhang = _overhang(label)
    if overhang:
        x, _ = label.get_position()
        label.set_x(x - overhang * 2 * _REACH / SIZE)


def _overhang(label: Text) -> float:
    """Return how many pixels a label sticks out: below 0 on the left, above on the right."""
    box = label.get_window_extent()
    return float(min(box.x0 - _MARGIN, 0) + max(box.x1 - SIZE + _MARGIN, 0))


def _draw_key(ax: Axes) -> None:
    y = 0.17 - _REACH - _LIFT
    ax.plot([-0.66, -0.5], [y, y], color=_MEDIAN, linewidth=2, linestyle=_DASHES)
    ax.text(
        -0.44, y, "middle of the catalogue", family=_FONT, fontsize=13, color=_QUIET,
        ha="left", va="center_baseline",
    )  # fmt: skip


def _radius(share: float) -> float:
    return _CORE + (1 - _CORE) * min(max(share, 0.0), 1.0)


def _point(place: int, count: int, share: float) -> tuple[float, float]:
    """Return where a share of an axis lies; the first axis points up, the others go clockwise."""
    angle = math.pi / 2 - 2 * math.pi * place / count
    return _radius(share) * math.cos(angle), _radius(share) * math.sin(angle)
