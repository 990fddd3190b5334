"""A wish as words: folded for comparing, with where each stands in what was typed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.core.catalog import text_key

MARK: Final = ","
"""The key of whatever parts two thoughts: a comma, a stop, a dash."""
_PIECE: Final = re.compile(
    r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[^\W\d_]+(?:[’'ʼ`´][^\W\d_]+)*|w/o?(?![^\W_])|[^\s\w]|_",
    re.UNICODE,
)
_SPOKEN: Final = {
    "&": "and", "/": "or", "<": "under", ">": "over", "~": "around", "≈": "around",
    "w/o": "without", "w/": "with", "≤": "under", "≥": "over",
}  # fmt: skip
_SILENT: Final = frozenset("'’`´ʼ\"“”„«»*_#@")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark."""

    key: str
    """Folded; `MARK` for all marks that part thoughts, "-" between numbers."""
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it parts two thoughts."""
        return self.key == MARK


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers and marks of a text; hyphens within words part them like spaces."""
    found: list[Token] = []
    for match in _PIECE.finditer(text):
        piece, (start, end) = match[0], match.span()
        if piece in _SILENT:
            continue
        lowered = piece.casefold()
        glued = bool(found) and found[-1].end == start
        follows = text[end : end + 1]
        if lowered in _SPOKEN:
            found.append(Token(_SPOKEN[lowered], start, end))
        elif piece in "-–—‐":
            if glued and follows.strip() and _is_range(text, start, end):
                found.append(Token("-", start, end))
            elif not (glued and follows.strip()):
                ends_number = bool(found) and _NUMBER.fullmatch(found[-1].key) is not None
                found.append(Token("-" if ends_number else MARK, start, end))
        elif piece == "+":
            after_number = glued and _NUMBER.fullmatch(found[-1].key) is not None
            found.append(Token("+" if after_number else "and", start, end))
        elif piece == "%":
            continue
        elif piece[0].isalnum():
            found.append(Token(_folded(piece), start, end))
        elif unicodedata.category(piece)[0] == "P":
            found.append(Token(MARK, start, end))
    return [one for one in found if one.key]


def has_words(text: str) -> bool:
    """Tell whether there is any letter or digit in a text."""
    return any(one.isalnum() for one in text)


def _is_range(text: str, start: int, end: int) -> bool:
    """Tell whether a hyphen stands between two numbers, such as years or decades."""
    before = re.search(r"\d+s?$", text[:start])
    return before is not None and text[end : end + 1].isdigit()


def _folded(piece: str) -> str:
    """Fold one word: a key of one word has no space. A number keeps its digits only."""
    return piece.replace(",", "") if piece[0].isdigit() else text_key(piece).replace(" ", "")
