"""The letters of the pictures: which fonts there are, and what they can write.

FiraGO (Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Georgian, Devanagari) comes with a package,
DejaVu Sans with matplotlib. Chinese, Japanese and Korean come from a font of the machine, where it
has one. What no font can write is left out or becomes a box, so matplotlib never has to warn.
"""

import atexit
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
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
_ATTACHED: Final = "MC"  # marks and joiners
_JOINERS: Final = "\u200c\u200d"  # Persian and the scripts of India write with them
_LOOSE: Final = re.compile(rf"(?<!\S)[{_JOINERS}]+|[{_JOINERS}]+(?!\S)")
"""Joiners that join nothing: what stood beside them is left out."""

_lock = threading.Lock()
# It tells of every font of the machine that has no bold letters, and takes the others.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts in the order in which a letter is looked for."""

    families: tuple[str, ...]
    signs: tuple[frozenset[int], ...]
    """The code points that each of them has in both kinds of type."""
    widths: tuple[Mapping[str, float], Mapping[str, float]]
    """How wide plain letters are in regular and in bold type, as shares of its height."""

    @property
    def known(self) -> frozenset[int]:
        """Return the code points that can be written."""
        return frozenset().union(*self.signs)

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

        A letter or digit becomes the plain one that it is a fancy form of, else a box; emoji and
        other signs are left out. Of a text that is nothing but such signs one box is left.
        """
        kept, able = list[str](), tuple[frozenset[int], ...]()
        for sign in self._signs(words):
            within = tuple(one for one in able if ord(sign) in one)
            if unicodedata.category(sign)[0] in _ATTACHED:  # one font draws it with its letter
                kept += [sign] if within else []
                able = within or able
                continue
            joined = bool(kept) and kept[-1] in _JOINERS
            if joined and not within:
                kept.pop()
            able = within if joined and within else self._having(sign)
            kept.append(sign)
        return " ".join(_LOOSE.sub("", "".join(kept)).split()) or BOX * bool(words.strip())

    def _signs(self, words: str) -> Iterator[str]:
        for sign in unicodedata.normalize("NFC", words):
            yield from self._written(sign)

    def _written(self, sign: str) -> str:
        category = unicodedata.category(sign)
        if sign.isspace() or category == "Cc":
            return " "
        if sign in "\ufe0e\ufe0f" or (category[0] == "C" and sign not in _JOINERS):
            return ""
        for written in (sign, unicodedata.normalize("NFKC", sign)):
            if all(self._having(one) for one in written):
                return written
        return BOX if category[0] in _LETTERS else ""

    def _having(self, sign: str) -> tuple[frozenset[int], ...]:
        return tuple(one for one in self.signs if ord(sign) in one)


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
    signs = tuple(_signs_of(one, "normal") & _signs_of(one, "bold") for one in families)
    widths = tuple(_widths(Path(folder.name, filename)) for filename in _PACKED)
    return Fonts(families, signs, (widths[0], widths[1]))


def _signs_of(family: str, weight: str) -> frozenset[int]:
    """Return the code points of a family in one kind of type: bold type often has fewer."""
    wanted = FontProperties(family=[family], weight=weight)
    path = Path(fontManager.findfont(wanted, fallback_to_default=False))
    return frozenset(FT2Font(path).get_charmap())


def _widths(path: Path) -> dict[str, float]:
    font = FT2Font(path)
    there = font.get_charmap()
    return {
        chr(code): font.load_char(code, LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM
        for code in _PLAIN
        if code in there
    }
