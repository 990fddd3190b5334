"""The picture of `/map`: a night sky of music with one taste shining in it.

What is near sounds alike. Every track of the sample is a faint star; what the listener might like
shines in the colors of their clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray
from PIL import Image

from bot.core.taste import OFF, MapCluster, TasteMap
from bot.ui import text
from bot.ui.clusters import factor_words, name_of
from bot.ui.map_words import Named, alt_text, drawn_clusters, end_word, title
from bot.ui.pictures import labels
from bot.ui.pictures.canvas import (
    BLUE,
    BODY,
    BRIGHT,
    GOLD,
    GREEN,
    GROUND,
    HEIGHT,
    MARGIN,
    PINK,
    QUIET,
    SMALL,
    VIOLET,
    WIDTH,
    Align,
    Canvas,
)
from bot.ui.pictures.picture import Picture

_COLORS: Final = (VIOLET, GOLD, GREEN, PINK)
"""As many as there are clusters at the most, and easily told apart."""
_FAINT: Final = "#8a8aa0"
_MAP: Final = (84.0, 262.0, WIDTH - 84.0, 892.0)
"""Left, top, right, bottom: where places of -1 and 1 are."""
_INSIDE: Final = (36.0, 222.0, WIDTH - 36.0, 938.0)
"""What no label leaves."""
_SKY: Final = (0, 206, WIDTH, 756)
"""Left, top, width, height of the glow."""
_CELL: Final = 12
"""It is computed on squares so wide, then made smooth."""
_BLUR: Final = 2.7
_STRONGEST: Final = 0.62
_KEY: Final = 984
_NAME_ROOM: Final = 420.0
_FRIEND_ROOM: Final = 260.0
_FRIEND_LETTERS: Final = 16


@dataclass(frozen=True, slots=True)
class _Mark:
    """How one kind of thing is drawn."""

    word: str
    how: dict[str, Any]


def draw(
    shown: TasteMap, *, listener: str, friends: Sequence[Named] = (), shared: bool = False
) -> Picture:
    """Draw a map. Call it in a thread.

    Args:
        shown: the map of somebody who has said something about music.
        listener: their name.
        friends: whom to name on it.
        shared: True: for others to see, so only clusters, and whom they are made of.
    """
    note = f"{shown.tracks:,} tracks · what is near sounds alike"
    canvas = Canvas(title(shown, shared=shared), name=listener, note=note)
    drawn = drawn_clusters(shown, shared=shared)
    _draw_glow(canvas, shown, drawn)
    _draw_stars(canvas, shown, drawn)
    taken, marks = _draw_ends(canvas, shown), np.empty((0, 2))
    if not shared:
        marks = _draw_tracks(canvas, shown)
        taken += _draw_friends(canvas, friends)
        _draw_key(canvas, shown, with_friends=bool(friends))
    _draw_names(canvas, shown, taken, marks, shared=shared)
    if not shared:
        _name_friends(canvas, friends, taken, marks)
    alt = alt_text(shown, listener, friends, shared=shared)
    return Picture(canvas.png(), "map.png", alt)


def _pixels(places: NDArray[Any] | Sequence[float]) -> NDArray[np.float64]:
    """Return where places of the map are on the canvas, in the same shape."""
    left, top, right, bottom = _MAP
    share = (np.asarray(places, np.float64) * (1, -1) + 1) / 2
    return np.asarray((left, top) + share * (right - left, bottom - top), np.float64)


def _color(shown: TasteMap, cluster: int) -> str:
    """Return the color of a cluster; one that is off has none."""
    off = shown.clusters[cluster].factor == OFF
    return _FAINT if off else _COLORS[cluster % len(_COLORS)]


def _draw_glow(canvas: Canvas, shown: TasteMap, drawn: Sequence[int]) -> None:
    """Let the sky shine where much is that the listener might like."""
    left, top, width, height = _SKY
    shape = (height // _CELL, width // _CELL)
    lights = np.zeros(shape)
    colors = np.zeros((*shape, 3))
    standing = shown.standing
    for cluster in drawn:
        here = _pixels(standing.likely[standing.likely_clusters == cluster])
        cells = ((here - (left, top)) / _CELL).astype(np.int64)
        light = np.zeros(shape)
        np.add.at(light, (cells[:, 1], cells[:, 0]), 1.0)
        light = _blurred(light)
        lights += light
        colors += light[:, :, None] * np.array(to_rgb(_color(shown, cluster)))
    if not lights.any():
        return
    fade = np.minimum(np.minimum(np.arange(shape[0]), np.arange(shape[0])[::-1]) / 6, 1.0)
    strength = _STRONGEST * (lights / lights.max()) ** 0.8 * fade[:, None]
    pixels = np.dstack([colors / np.maximum(lights, 1e-9)[:, :, None], strength])
    small = Image.fromarray((pixels * 255).round().astype(np.uint8))
    canvas.shine(small.resize((width, height), Image.Resampling.BILINEAR), left, top)


def _blurred(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each cell gets from those around it (Gaussian)."""
    reach = int(3 * _BLUR)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * _BLUR**2))
    for _ in range(2):
        padded = np.pad(light, ((reach, reach), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
        light = (windows @ (kernel / kernel.sum())).T
    return light


def _dots(canvas: Canvas, spots: NDArray[np.float64], **how: Any) -> None:
    """Draw marks at pixels, below all labels; without axes, which would take longer to set up."""
    x, y = spots.T
    marks = Line2D(x, HEIGHT - y, linestyle="", transform=IdentityTransform(), zorder=0, **how)
    canvas.figure.add_artist(marks)


def _draw_stars(canvas: Canvas, shown: TasteMap, drawn: Sequence[int]) -> None:
    stars = _pixels(shown.ground.places)
    _dots(canvas, stars, marker="o", ms=2.6, mew=0, color=BRIGHT, alpha=0.22)
    standing = shown.standing
    for cluster in drawn:
        here = _pixels(standing.likely[standing.likely_clusters == cluster])
        color = _color(shown, cluster)
        _dots(canvas, here, marker="o", ms=5, mew=0, alpha=0.75, color=color)


_NOT_FOR_ME: Final = _Mark("not for me", {"marker": "x", "ms": 13, "mew": 4, "color": _FAINT})
_PICK: Final = _Mark(
    "last picks",
    {"marker": "o", "ms": 19, "mew": 3.5, "color": "none", "markeredgecolor": BRIGHT},
)
_FRIEND: Final = _Mark(
    "friends", {"marker": "D", "ms": 15, "mew": 4, "color": BRIGHT, "markeredgecolor": BLUE}
)


def _liked(color: str) -> _Mark:
    return _Mark(
        "liked", {"marker": "o", "ms": 15, "mew": 2.5, "color": color, "markeredgecolor": GROUND}
    )


def _draw_tracks(canvas: Canvas, shown: TasteMap) -> NDArray[np.float64]:
    """Draw what was judged and picked; return where that is."""
    standing = shown.standing
    dislikes, likes, picks = map(_pixels, (standing.dislikes, standing.likes, shown.picks))
    _dots(canvas, dislikes, **_NOT_FOR_ME.how)
    for cluster in range(len(shown.clusters)):
        here = likes[standing.labels == cluster]
        _dots(canvas, here, **_liked(_color(shown, cluster)).how)
    _dots(canvas, picks, **_PICK.how)
    return np.concatenate([dislikes, likes, picks])


def _draw_friends(canvas: Canvas, friends: Sequence[Named]) -> list[labels.Box]:
    """Draw where friends are; return what no label may cover."""
    spots = [_pixels(friend.place).tolist() for friend in friends]
    for x, y in spots:
        _dots(canvas, np.array([[x, y]]), **_FRIEND.how)
    return [(x - 14, y - 14, x + 14, y + 14) for x, y in spots]


def _name_friends(
    canvas: Canvas, friends: Sequence[Named], taken: list[labels.Box], marks: NDArray[np.float64]
) -> None:
    for friend in friends:
        x, y = _pixels(friend.place).tolist()
        name = text.cut(friend.name, _FRIEND_LETTERS)  # to measure how much fits takes long
        width = min(canvas.width_of(name, size=SMALL, bold=True), _FRIEND_ROOM)
        box = labels.place((x, y + 36), (width + 12, 40), _INSIDE, taken, marks)
        taken.append(box)
        canvas.text(
            (box[0] + box[2]) / 2, box[1] + 30, name, size=SMALL, bold=True,
            align="center", width=width + 2, color=BLUE,
        )  # fmt: skip


def _draw_ends(canvas: Canvas, shown: TasteMap) -> list[labels.Box]:
    """Write what the ends of the axes are; return where that stands."""
    low, high = _INSIDE[3] - 6, _INSIDE[1] + 24
    spots: tuple[tuple[tuple[float, float, Align, str], ...], ...] = (
        ((MARGIN, low, "left", "← {}"), (WIDTH - MARGIN, low, "right", "{} →")),
        ((WIDTH / 2, low, "center", "↓ {}"), (WIDTH / 2, high, "center", "↑ {}")),
    )
    taken = []
    for ends, places in zip(shown.ground.ends, spots, strict=False):
        for end, (x, y, align, arrow) in zip(ends, places, strict=True):
            word = arrow.format(end_word(end))
            width = canvas.width_of(word, size=SMALL)
            left = {"left": x, "right": x - width, "center": x - width / 2}[align]
            canvas.text(x, y, word, size=SMALL, color=QUIET, align=align)
            taken.append((left - 8, y - SMALL, left + width + 8, y + 12))
    return taken


def _draw_names(
    canvas: Canvas,
    shown: TasteMap,
    taken: list[labels.Box],
    marks: NDArray[np.float64],
    *,
    shared: bool,
) -> None:
    """Write the names of the clusters, the largest first; note in `taken` where."""
    drawn = drawn_clusters(shown, shared=shared)
    order = sorted(drawn, key=lambda one: -float(shown.standing.shares[one]))
    for one in order:
        name, artists = _words(canvas, shown.clusters[one], shared=shared)
        wide = max(
            canvas.width_of(name, size=BODY, bold=True), canvas.width_of(artists, size=SMALL)
        )
        width = min(wide, _NAME_ROOM)
        size = (width + 44, 108.0 if artists else 68.0)
        x, y = _pixels(shown.standing.centers[one]).tolist()
        box = labels.place((x, y), size, _INSIDE, taken, marks)
        taken.append((box[0] - 8, box[1] - 8, box[2] + 8, box[3] + 8))
        color = _color(shown, one)
        canvas.box(box[0], box[1], *size, color="#0e0e16", edge=color, radius=22, alpha=0.84)
        middle, room = (box[0] + box[2]) / 2, width + 4
        canvas.text(
            middle, box[1] + 47, name, size=BODY, bold=True, align="center", width=room,
            least=SMALL, color=color,
        )  # fmt: skip
        canvas.text(middle, box[1] + 89, artists, size=SMALL, align="center", width=room)


def _words(canvas: Canvas, cluster: MapCluster, *, shared: bool) -> tuple[str, str]:
    """Return the name of a cluster, and as many of its artists as there is room for."""
    turned = "" if shared else factor_words(cluster.factor)
    name = name_of(cluster)
    artists = ", ".join(cluster.artists[:2])
    if canvas.width_of(artists, size=SMALL) > _NAME_ROOM:
        artists = cluster.artists[0]
    return f"{name} · {turned}" if turned else name, artists


def _draw_key(canvas: Canvas, shown: TasteMap, *, with_friends: bool) -> None:
    """Say what the marks are; only those that are there."""
    there = (
        (len(shown.standing.likes), _liked(VIOLET)),
        (len(shown.standing.dislikes), _NOT_FOR_ME),
        (len(shown.picks), _PICK),
        (with_friends, _FRIEND),
    )
    x = float(MARGIN)
    for number, mark in there:
        if number:
            _dots(canvas, np.array([[x + 10, _KEY - 10]]), **mark.how)
            canvas.text(x + 34, _KEY, mark.word, size=SMALL, color=QUIET)
            x += 34 + canvas.width_of(mark.word, size=SMALL) + 38
