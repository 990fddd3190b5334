"""Finds room for labels on a picture, so that none covers another."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""

_COVERED: Final = 1.0
"""What a pixel of another label costs, in pixels of distance."""
_HIDDEN: Final = 45.0
"""What a hidden mark costs."""
_STEPS: Final = np.stack(np.meshgrid(np.arange(-7, 8), np.arange(-9, 10)), axis=-1).reshape(-1, 2)


def place(
    anchor: tuple[float, float],
    size: tuple[float, float],
    inside: Box,
    taken: Sequence[Box],
    marks: NDArray[np.float64] | None = None,
) -> Box:
    """Return where a label goes: near its anchor, free of other labels, hiding few marks.

    It always lies inside, as far as it is not larger; where there is no free room at all, it
    covers as little as it can.

    Args:
        anchor: the pixel it belongs to.
        size: its width and height.
        inside: what it must not leave.
        taken: where other labels are.
        marks: n × 2 pixels that should stay visible.
    """
    moves = _STEPS * np.maximum(np.array(size) / (6, 3), 12.0)
    corners = np.array(anchor) + moves - np.array(size) / 2
    least = np.array(inside[:2])
    most = np.maximum(np.array(inside[2:]) - size, least)
    corners = np.clip(corners, least, most)
    ends = corners + size
    middles = corners + np.array(size) / 2
    cost = np.abs(middles - anchor) @ np.array([0.6, 1.0])
    for left, top, right, bottom in taken:
        width = np.minimum(ends[:, 0], right) - np.maximum(corners[:, 0], left)
        height = np.minimum(ends[:, 1], bottom) - np.maximum(corners[:, 1], top)
        cost += _COVERED * np.maximum(width, 0) * np.maximum(height, 0)
    if marks is not None and len(marks):
        x, y = marks[:, 0], marks[:, 1]
        beside = (x >= corners[:, :1]) & (x <= ends[:, :1])
        within = beside & (y >= corners[:, 1:]) & (y <= ends[:, 1:])
        cost += _HIDDEN * np.count_nonzero(within, axis=1)
    best = int(cost.argmin())
    left, top = corners[best].tolist()
    return left, top, left + size[0], top + size[1]
