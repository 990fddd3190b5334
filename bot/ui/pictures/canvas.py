"""The sheet that every picture is drawn on: size, ground, type, header, footer, text that fits.

Positions are pixels from the top left. Nothing is shared between two canvases: draw in a thread.
The same calls give the same bytes.
"""

from bisect import bisect_right
from io import BytesIO
from itertools import accumulate
from typing import Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from PIL import Image

from bot.ui.pictures.fonts import fonts

WIDTH: Final = 1080
HEIGHT: Final = 1080
"""Square, because Discord shows an upright picture small."""
MARGIN: Final = 64
TOP: Final = 236
"""Where the picture itself begins, below the header."""
BOTTOM: Final = 1000
"""Where it ends, above the footer."""

# The type scale, in pixels. A phone shows the picture at about a third: 28 is the least to read.
HUGE: Final = 150
TITLE: Final = 60
LARGE: Final = 46
BODY: Final = 36
SMALL: Final = 28

GROUND: Final = "#12121a"
CARD: Final = "#20202e"
LINE: Final = "#3a3a50"
BRIGHT: Final = "#ffffff"
QUIET: Final = "#b4b4c8"
VIOLET: Final = "#a48fff"
GOLD: Final = "#f5c563"
GREEN: Final = "#5fdba7"
PINK: Final = "#ff86bd"
BLUE: Final = "#6cc0ff"
ORANGE: Final = "#ff9d6b"
COLORS: Final = (VIOLET, GOLD, GREEN, PINK, BLUE, ORANGE)
"""Colors that stand beside each other, in this order."""

_DPI: Final = 72.0  # so that a point is a pixel
_GLOW: Final = 0.34  # how strong the accent shines into the ground at its brightest
_GRAIN: Final = 270  # the ground is computed so large, then made larger: it is smooth
_PRESSED: Final = 4  # of 9: more takes longer and saves little
_SIGN: Final = "B-Side"
_SIGN_ROOM: Final = 120
_LOOSE: Final = 0.03  # of the width may be left empty by a text that is cut
_ELLIPSIS: Final = "…"

Align = Literal["left", "center", "right"]


class Canvas:
    """One picture while it is drawn."""

    def __init__(self, title: str, *, name: str = "", note: str = "", accent: str = VIOLET) -> None:
        """Begin a picture with its header and footer.

        Args:
            title: the few words in large type; they shrink and are cut to fit.
            name: whose picture it is, above the title. Any text from outside will do.
            note: a few small words at the bottom: the period, how it was counted.
            accent: the color that shines into the ground and colors the name.
        """
        self.accent = accent
        self.figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor="none")
        self._canvas = FigureCanvasAgg(self.figure)
        self._fonts = fonts()
        self._lights: list[tuple[Image.Image, tuple[int, int]]] = []
        room = WIDTH - 2 * MARGIN
        if name:
            self.text(MARGIN, 104, name, size=BODY, color=accent, bold=True, width=room)
        self.text(MARGIN, 176 if name else 140, title, size=TITLE, bold=True, width=room, least=40)
        self.text(WIDTH - MARGIN, 1042, _SIGN, size=SMALL, color=accent, bold=True, align="right")
        self.text(MARGIN, 1042, note, size=SMALL, color=QUIET, width=room - _SIGN_ROOM)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = BODY,
        color: str = BRIGHT,
        bold: bool = False,
        align: Align = "left",
        width: float | None = None,
        least: float | None = None,
    ) -> None:
        """Write one line; nothing when there are no words.

        Args:
            x: its left end, middle or right end, as `align` says.
            y: its base line.
            words: any text: signs that no font has are left out.
            size: height of the type in pixels.
            color: any color of matplotlib.
            bold: in bold letters.
            align: where `x` is.
            width: how wide it may be: a longer text shrinks down to `least`, then it is cut.
            least: the smallest size; 4/5 of `size` when None, never below `SMALL` unless asked.
        """
        written = self._fonts.writable(words)
        if not written:
            return
        smallest = min(size, max(SMALL, size * 0.8) if least is None else least)
        if width is not None:
            written, size = self._fitted(written, size, width, smallest, bold)
        drawn = self.figure.text(
            x / WIDTH, 1 - y / HEIGHT, written, color=color, ha=align, va="baseline",
            fontproperties=self._fonts.properties(bold=bold), parse_math=False,
        )  # fmt: skip
        drawn.set_fontsize(size)

    def lines(
        self,
        x: float,
        y: float,
        words: str,
        *,
        width: float,
        size: float = BODY,
        color: str = BRIGHT,
        bold: bool = False,
        align: Align = "left",
        most: int = 3,
    ) -> float:
        """Write words over several lines; return the base line below the last one.

        What does not fit into `most` lines is cut.
        """
        for line in self.wrapped(words, width=width, size=size, bold=bold, most=most):
            self.text(
                x, y, line, size=size, color=color, bold=bold, align=align, width=width, least=size
            )
            y += size * 1.3
        return y

    def wrapped(
        self, words: str, *, width: float, size: float = BODY, bold: bool = False, most: int = 3
    ) -> list[str]:
        """Return words as lines of a width, at most `most`; the last may be too long."""
        left = self._fonts.writable(words).split()
        lines: list[str] = []
        while left:
            last = len(lines) == most - 1
            taken = len(left) if last else self._words_that_fit(left, size, bold, width)
            lines.append(" ".join(left[:taken]))
            left = left[taken:]
        return lines

    def box(
        self, left: float, top: float, width: float, height: float, *,
        color: str = CARD, radius: float = 18, edge: str | None = None, alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a rectangle with round corners; too small a side makes the corners smaller."""
        if width <= 0 or height <= 0:
            return
        rounding = min(radius, width / 2, height / 2)
        self.figure.add_artist(
            FancyBboxPatch(
                (left, HEIGHT - top - height),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={rounding}",
                facecolor=color,
                edgecolor=edge or "none",
                linewidth=2 if edge else 0,
                alpha=alpha,
                transform=None,
            )
        )

    def bar(
        self, left: float, top: float, width: float, height: float, share: float, *,
        color: str | None = None,
    ) -> None:  # fmt: skip
        """Draw a share 0 … 1 as a filled track."""
        self.box(left, top, width, height, color=LINE, radius=height / 2)
        filled = max(min(max(share, 0.0), 1.0) * width, height)
        self.box(left, top, filled, height, color=color or self.accent, radius=height / 2)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes without a frame in this rectangle, for whatever is not text or boxes."""
        place = (left / WIDTH, 1 - (top + height) / HEIGHT, width / WIDTH, height / HEIGHT)
        ax = self.figure.add_axes(place)
        ax.set_axis_off()
        ax.patch.set_visible(False)
        return ax

    def shine(self, light: Image.Image, left: int, top: int) -> None:
        """Lay an RGBA image on the ground, below all that is drawn; it must not stick out."""
        self._lights.append((light, (left, top)))

    def png(self) -> bytes:
        """Return the picture."""
        self._canvas.draw()  # type: ignore[no-untyped-call]
        pixels = bytes(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        drawn = Image.frombuffer("RGBA", (WIDTH, HEIGHT), pixels)
        whole = _ground(self.accent)
        for light, corner in self._lights:
            whole.paste(light, corner, mask=light)
        whole.paste(drawn, mask=drawn)
        out = BytesIO()
        whole.save(out, "PNG", compress_level=_PRESSED)
        return out.getvalue()

    def width_of(self, words: str, *, size: float = BODY, bold: bool = False) -> float:
        """Return how wide a line would be."""
        written = self._fonts.writable(words)
        known = self._fonts.width_of(written, bold=bold)
        return self._measured(written, size, bold) if known is None else known * size

    def _measured(self, written: str, size: float, bold: bool) -> float:
        drawn = Text(
            0, 0, written, fontproperties=self._fonts.properties(bold=bold), parse_math=False
        )
        drawn.set_fontsize(size)
        drawn.set_figure(self.figure)
        renderer = self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        return float(drawn.get_window_extent(renderer).width)

    def _fitted(
        self, words: str, size: float, width: float, least: float, bold: bool
    ) -> tuple[str, float]:
        """Return words and a size that fit: smaller down to `least`, then cut."""
        found = self.width_of(words, size=size, bold=bold)
        if found <= width:
            return words, size
        size = max(least, size * width / found * 0.99)
        found = self.width_of(words, size=size, bold=bold)
        return (words if found <= width else self._cut(words, size, width, found, bold)), size

    def _cut(self, words: str, size: float, width: float, found: float, bold: bool) -> str:
        """Cut words that are `found` wide; where to cut is guessed from the widths so far."""
        fits, fits_width, fails, fails_width = 0, 0.0, len(words), found
        while fails - fits > 1 and width - fits_width > _LOOSE * width:
            guess = fits + int((fails - fits) * (width - fits_width) / (fails_width - fits_width))
            middle = min(max(guess, fits + 1), fails - 1)
            found = self.width_of(_cut(words, middle), size=size, bold=bold)
            if found <= width:
                fits, fits_width = middle, found
            else:
                fails, fails_width = middle, max(found, width + 1)
        return _cut(words, fits)

    def _words_that_fit(self, words: list[str], size: float, bold: bool, width: float) -> int:
        """Return how many words one line holds: at least one."""
        letters = list(accumulate(len(word) + 1 for word in words))
        whole = self.width_of(" ".join(words), size=size, bold=bold)
        if whole <= width:
            return len(words)
        taken = max(bisect_right(letters, letters[-1] * width / whole), 1)
        while taken < len(words) and self._line_fits(words[: taken + 1], size, bold, width):
            taken += 1
        while taken > 1 and not self._line_fits(words[:taken], size, bold, width):
            taken -= 1
        return taken

    def _line_fits(self, words: list[str], size: float, bold: bool, width: float) -> bool:
        return self.width_of(" ".join(words), size=size, bold=bold) <= width


def _cut(words: str, length: int) -> str:
    return words[:length].rstrip() + _ELLIPSIS


def _ground(accent: str) -> Image.Image:
    """Return the dark ground with a glow of the accent in the upper right corner."""
    dark, bright = (np.array(to_rgb(color)) for color in (GROUND, accent))
    steps = np.linspace(0, 1, _GRAIN)
    strength = _GLOW * np.outer(steps[::-1] ** 3, 0.25 + 0.75 * steps**2)
    pixels = (dark + strength[:, :, None] * (bright - dark)) * 255
    small = Image.fromarray(pixels.round().astype(np.uint8))
    return small.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
