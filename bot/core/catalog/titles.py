"""Take a title apart into the song and the version of it."""

import re
from typing import Final

from bot.core.catalog.folding import plain_text, text_key
from bot.core.catalog.versions import CLASSICAL, NO_GUESTS, YEAR, read_part

_INSIDE: Final = r"(?:[^()\[\]{}【】〔〕]|[(\[{][^()\[\]{}]*[)\]}])*"
_BRACKETS: Final = re.compile(rf"[(\[{{【〔]({_INSIDE})(?:[)\]}}】〕]|$)")
_DASH: Final = re.compile(r"\s+[-–—~/]+\s+|\s+[–—]|[–—]\s+")
_PARTED: Final = re.compile(f"({_DASH.pattern})")
_FRAMED: Final = re.compile(r"(?<=\S)\s*[-~～〜](?=\S)([^-~～〜]{2,40})(?<=\S)[-~～〜]\s*$")
"""As in Japan: "Butter -Japanese ver.-"."""
_OPEN_GUESTS: Final = re.compile(
    rf"(?<!\d)\s((?:feat\.|ft\.|(?:feat|ft|featuring)\s){NO_GUESTS}.*?)(?=\s[-–—/]\s|$)", re.I
)
_OPEN_REMIX: Final = re.compile(r"(?<=\S)(?<!\bthe)(?<!\ba)\s+remix\s*$", re.I)
MARKED_TITLE: Final = (
    r"(?i)[(\[{（［｛【〔]|\s[-–—~/～－／]+\s|\s[–—]|[–—]\s|\s(?:feat|ft|remix)|&#?\w+;"
    r"|[-~～〜]\s*$"
)
"""A title that names a version or guests contains one of these; else it is just the song."""
_MARKED: Final = re.compile(MARKED_TITLE)


def title_keys(title: str) -> tuple[str, str]:
    """Take a title apart into the keys of its song and its version ("" for the plain recording).

    "Mr. Brightside – Remastered" → ("mr brightside", ""), "Hurt (Live in Rome)" →
    ("hurt", "live in rome"). A title that is nothing but version words is the song itself.
    """
    whole = song_words(text_key(title))
    if not _MARKED.search(title):
        return whole, ""
    title = " ".join(plain_text(title).split())
    versions: list[str] = []

    def read(match: re.Match[str]) -> str:
        said = read_part(match[1])
        if said == (match[1], ""):
            return match[0]
        versions.append(said.version)
        return f" {said.kept} "

    open_title = _FRAMED.sub(read, _BRACKETS.sub(read, title))
    open_title = _OPEN_GUESTS.sub(read, open_title)
    if _OPEN_REMIX.search(open_title) and not _DASH.search(open_title):
        versions.append("remix")
        open_title = _OPEN_REMIX.sub("", open_title)
    first, *rest = _PARTED.split(open_title.strip())
    marks, parts = rest[::2], rest[1::2]
    if not parts and open_title == title:
        return whole, ""
    said = [read_part(part) for part in parts]
    kept = [first]
    for place, (part, one) in enumerate(zip(parts, said, strict=True)):
        is_year = YEAR.fullmatch(part.strip()) is not None
        if is_year and any(next_one == ("", "") for next_one in said[place + 1 : place + 2]):
            continue  # "– 2010 – Remaster"
        is_place = "/" in marks[place] and one == (part, "") and bool(versions and versions[-1])
        if place and (is_place or (is_year and said[place - 1].version)):
            versions.append(text_key(part))  # "– Live – 1991", "– Live / Brussels / 17/10/73"
            continue
        kept.append(one.kept)
        versions.append(one.version)
    song = song_words(text_key(" ".join(kept)))
    if not any(character.isalnum() for character in song):
        return whole, ""
    return song, " ".join(sorted(set(filter(None, versions))))


# ------------------------------------------------------------------------ numbers within a title

_NUMBERS: Final = (
    (re.compile(r"\bpts? (?=\d|[ivx]+\b|[abc]\b|one\b|two\b|three\b)"), "part "),
    (re.compile(r"\b(?:nr|num|numero|number|no) ?(?=\d)"), "no "),
    (re.compile(r"\b(?:opus|op) ?(?=\d)"), "op "),
    (re.compile(r"\b(bwv|hwv|kv|rv|woo|twv) ?(?=\d)"), r"\1 "),
)
_OF_A_WORK: Final = (
    (re.compile(r"\bkv? ?(?=\d)"), "k "),
    (re.compile(r"\bn (?=\d)"), "no "),
)
_ROMAN: Final = re.compile(r"\b(i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})\b")
_ARABIC: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10", "xi": "11", "xii": "12",
}  # fmt: skip
_COUNTED: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
_PART: Final = re.compile(rf"\bpart ({'|'.join([*_COUNTED, *_ARABIC])})\b")
_NUMBERED: Final = re.compile(r"\b(?:op|no|bwv|kv?) ?\d|\bn \d")
LOOKS_NUMBERED: Final = (
    r"(?i)(?:^|[^a-z0-9])(?:pts?|part|nr|num|numero|number|no?|opus|op|bwv|hwv|kv?|rv|woo|twv)"
    r"(?:[^a-z]|$)"
)
"""A title of ASCII characters without this names no part and no number of a work."""


def song_words(key: str) -> str:
    """Write the numbers in a folded title in one way: "pt 2" and "part 2", "nr 3" and "no 3"."""
    if key.isascii() and key.isalpha():
        return key
    for pattern, name in _NUMBERS:
        key = pattern.sub(name, key)
    key = _PART.sub(lambda match: f"part {_COUNTED.get(match[1]) or _ARABIC[match[1]]}", key)
    if CLASSICAL.search(key) and _NUMBERED.search(key):
        for pattern, name in _OF_A_WORK:
            key = pattern.sub(name, key)
        key = _ROMAN.sub(lambda match: _ARABIC[match[0]], key)
    return key
