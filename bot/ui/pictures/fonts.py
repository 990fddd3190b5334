"""The letters of the pictures: which fonts there are, and what they can write.

FiraGO (Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Georgian, Devanagari) comes with a package,
DejaVu Sans with matplotlib. Chinese, Japanese and Korean come from a font of the machine, where it
has one. What no font can write is left out or becomes a box, so matplotlib never has to warn.
"""

import atexit
import logging
import threading
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pymupdf_fonts
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

BOX: Final = "▯"
"""Stands for a letter that no font has."""

_FIRST: Final = "FiraGO"
_SECOND: Final = "DejaVu Sans"
_OF_THE_MACHINE: Final = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Droid Sans Fallback",
    "NanumGothic",
    "WenQuanYi Zen Hei",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
)
_PACKED: Final = {"FiraGO-Regular.ttf": "figo", "FiraGO-Bold.ttf": "figbo"}
_PLAIN: Final = range(0x20, 0x250)  # Latin: each letter stands alone
_KERNED: Final = 1.015  # a little more than the sum of the letters, to be sure
_LETTERS: Final = "LN"  # the categories of Unicode that a name cannot do without

_lock = threading.Lock()
# It tells of every font of the machine that has no bold letters, and takes the others.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts in the order in which a letter is looked for."""

    families: tuple[str, ...]
    known: frozenset[int]
    """The code points that one of them has."""
    widths: tuple[Mapping[str, float], Mapping[str, float]]
    """How wide plain letters are in regular and in bold type, as shares of its height."""

    def properties(self, *, bold: bool) -> FontProperties:
        """Return what matplotlib writes with."""
        return FontProperties(family=list(self.families), weight="bold" if bold else "normal")

    def width_of(self, words: str, *, bold: bool) -> float | None:
        """Return about how wide words are, as a share of the type's height.

        None: not all of them are plain letters, so the width has to be measured.
        """
        widths = self.widths[bold]
        try:
            return sum(widths[sign] for sign in words) * _KERNED
        except KeyError:
            return None

    def writable(self, words: str) -> str:
        """Return the words as they can be written: one line, no sign that no font has.

        A letter or digit becomes a box; emoji and other signs are left out. Of a text that is
        nothing but such signs one box is left.
        """
        kept = "".join(self._written(sign) for sign in unicodedata.normalize("NFC", words))
        return " ".join(kept.split()) or BOX * bool(words.strip())

    def _written(self, sign: str) -> str:
        category = unicodedata.category(sign)
        if sign.isspace() or category == "Cc":
            return " "
        if category[0] == "C" or sign in "\ufe0e\ufe0f":
            return ""
        if ord(sign) in self.known:
            return sign
        return BOX if category[0] in _LETTERS else ""


def fonts() -> Fonts:
    """Return the fonts; the first call reads them."""
    with _lock:
        return _read()


@cache
def _read() -> Fonts:
    folder = TemporaryDirectory(prefix="bside-fonts-")  # matplotlib reads fonts as files
    atexit.register(folder.cleanup)
    for filename, code in _PACKED.items():
        load: Callable[[], bytes] = pymupdf_fonts.fontbuffers[code]
        path = Path(folder.name, filename)
        path.write_bytes(load())
        fontManager.addfont(path)
    there = {entry.name for entry in fontManager.ttflist}
    families = (_FIRST, _SECOND, *(one for one in _OF_THE_MACHINE if one in there))
    known: set[int] = set()
    for family in families:
        path = Path(fontManager.findfont(family, fallback_to_default=False))
        known |= FT2Font(path).get_charmap().keys()
    widths = tuple(_widths(Path(folder.name, filename)) for filename in _PACKED)
    return Fonts(families, frozenset(known), (widths[0], widths[1]))


def _widths(path: Path) -> dict[str, float]:
    font = FT2Font(path)
    there = font.get_charmap()
    return {
        chr(code): font.load_char(code, LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM
        for code in _PLAIN
        if code in there
    }
