"""Fold texts for comparing and searching, never for showing.

A key keeps letters and digits of every script, folded: no case, no accents, no punctuation, one
space between words. Signs that stand for a word or a letter become that (& and + between words,
P!nk, Ke$ha), and initials are one word however they are dotted (R.E.M., J. J. Cale).
"""

import html
import re
import unicodedata
from typing import Final

_LETTERS: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "$": "s", "&": " and ", "+": " + ", "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "",
}  # fmt: skip
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0e\ufe0f")
"""Letters, marks and signs that show nothing."""
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff\u00ad")
ENTITY: Final = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_ENTITY: Final = re.compile(ENTITY)
_MONEY: Final = re.compile(r"\$(?=\d)")
_CALLED_I: Final = re.compile(r"\b([b-df-hj-np-tv-xz]+)!(?=[a-z])", re.I)
"""An exclamation mark for an i: only where no vowel came yet, for "Hey!" is called out."""
_PLUS: Final = re.compile(r" *\+[ +]*")
_DOTTED: Final = re.compile(r"(?<![^\W_])([^\W\d_](?:\. ?[^\W\d_])+)(?![^\W_])\.?")
_INITIALS: Final = re.compile(r"(?:^|(?<= and ))[a-z](?: [a-z])+(?!\S)")
_CONSONANT: Final = re.compile(r"[^aeiouy ]")
LOOKS_ODD: Final = r"(?i)[!+;]|\$[0-9]|(?:^|[^a-z0-9$])[a-z$][^a-z0-9$]+[a-z$](?:[^a-z0-9$]|$)"
"""A text of ASCII characters without this is folded letter by letter."""
_ODD: Final = re.compile(LOOKS_ODD)


class _Folding(dict[int, str]):
    """Folds one code point, and remembers the result."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    known = _LETTERS.get(character)
    if known is not None:
        return known
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    # Latin, Greek and Cyrillic accents, which people leave out; kana voicing and Indic vowels stay.
    bare = (one for one in decomposed if not "\u0300" <= one <= "\u036f" and one not in _INVISIBLE)
    return "".join(
        _LETTERS.get(one, one if one.isalnum() or unicodedata.category(one)[0] == "M" else " ")
        for one in unicodedata.normalize("NFC", "".join(bare))
    )


_FOLDING: Final = _Folding()
_FOLDING.update({code: _fold(chr(code)) for code in range(128)})


def unescaped(text: str) -> str:
    """Return a text without what was escaped for a page of the web, also twice: `&amp;amp;`."""
    while "&" in text and ";" in text:
        shorter = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if shorter == text:
            break
        text = shorter
    return text


def seen(text: str) -> str:
    """Return what can be seen of a text, in one line; texts that look alike may give the same."""
    shown = (
        one
        for one in text
        if one.isspace() or not (one in _BLANK or unicodedata.category(one) in _UNSEEN)
    )
    return " ".join("".join(shown).split())


def plain_text(text: str) -> str:
    """Return a text without what only its way of being stored put in: `&amp;`, full-width signs."""
    text = unescaped(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def text_key(text: str) -> str:
    """Fold a text for comparing: no case, accents or punctuation, single spaces.

    A text of punctuation only ("???") keeps it, so the key is empty only for blank text.
    Folding a key again changes nothing.
    """
    plain = plain_text(text)
    if not plain.isascii() or _ODD.search(plain):
        plain = _DOTTED.sub(_together, _CALLED_I.sub(r"\1i", _MONEY.sub(" ", plain)))
    key = " ".join(plain.translate(_FOLDING).split())
    if "+" in key:
        key = _PLUS.sub(" and ", key.strip("+ "))
    key = _INITIALS.sub(lambda match: _initials(match, key), key)
    return key or _unlettered_key(plain)


def _together(match: re.Match[str]) -> str:
    return match[1].replace(".", "").replace(" ", "")


def _initials(match: re.Match[str], key: str) -> str:
    """Join lone letters before a word: "j j cale"; within a title they may be a key and a number.

    Those that are all vowels are words in many languages ("é o amor"), and whoever writes only
    letters ("L E O") means to be another than Leo.
    """
    letters = match[0]
    return letters.replace(" ", "") if _CONSONANT.search(letters) and letters != key else letters


def _unlettered_key(text: str) -> str:
    visible = (" " if unicodedata.category(one) in _UNSEEN else one for one in text.casefold())
    return " ".join("".join(visible).split())
