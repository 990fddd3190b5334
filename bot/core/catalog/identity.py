"""Say when two written names mean the same artist, the same recording, the same song.

Keys are for comparing and searching, never for showing. They keep letters and digits of every
script, folded: no case, no accents, no punctuation, one space between words.

A title is taken apart into the song and the version: what only says how a recording was sold
(remastered, deluxe, feat., explicit) is dropped, what says that it is another recording (live,
remix, acoustic, demo …) becomes the version. What is neither stays part of the title.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

SEPARATOR: Final = "\x1f"
"""Separates the fields of a recording key; no folded text contains it."""

_LETTERS: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "$": "s", "&": " and ", "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "",
}  # fmt: skip
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff\u00ad")


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


def text_key(text: str) -> str:
    """Fold a text for comparing: no case, accents or punctuation, single spaces.

    A text of punctuation only ("???") keeps it, so the key is empty only for blank text.
    Folding a key again changes nothing.
    """
    composed = text if text.isascii() else unicodedata.normalize("NFKC", text)
    key = " ".join(composed.translate(_FOLDING).split())
    return key or _unlettered_key(text)


def _unlettered_key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = (" " if unicodedata.category(one) in _UNSEEN else one for one in plain)
    return " ".join("".join(visible).split())


def artist_key(name: str) -> str:
    """Fold an artist's name, so that it is the same however it is typed."""
    return text_key(name)


# What follows is looked for in the words between brackets or after a dash, already folded.

_TELLING: Final = re.compile(
    r"\b(?:re ?master|explicit|clean|version|bonus|deluxe|expanded|anniversary|edition|f(?:ea)?t\b"
    r"|featuring|with|from|live|re ?mix|mix|acoustic|demo|instrumental|unplugged|edit|cover|karaoke"
    r"|session|rehearsal|take|alternat|outtake|dub|rework|remake|bootleg|extended|radio|orchestral"
    r"|symphonic|piano|stripped|sped|speed|slowed|reverb|nightcore|a ?cappella|acapella|vip|mono"
    r"|stereo|re ?recorded|commentary|reprise|mashup|medley|bbc|peel)"
)
_SOLD_AS: Final = re.compile(
    r"(?:the |new |original |digital(?:ly)? |full |\d{4} |\d{2}(?:th|st|nd|rd) anniversary )*"
    r"(?:re ?master(?:ed|ing)?|explicit|clean|album version|lp version|bonus(?: track)?"
    r"|deluxe|expanded|anniversary)"
    r"(?: (?:version|edition|album|remaster(?:ed)?|track|content|lyrics|in|for|digital(?:ly)?"
    r"|\d{4}))*"
)
_GUESTS: Final = re.compile(
    r"(?:feat|ft|featuring)\b.*"
    r"|with (?!you|me|my|a|an|the|your|u|him|her|us|them|this|that|it|or|no|all|love|out)\b.+"
)
_SOUNDTRACK: Final = re.compile(r"(?:music )?from .*(?:soundtrack|motion picture).*")
_REMASTERED: Final = re.compile(
    r"\b(?:digital(?:ly)? )?(?:\d{4} )?(?:digital(?:ly)? )?re ?master(?:ed|ing)?"
    r"(?: (?:version|in|\d{4}))*\b"
)
_VERSION: Final = re.compile(
    r"\b(?:live|(?:re)?mix(?:ed|es)?|acoustic|demos?|instrumental|unplugged|version|edit(?:ed)?"
    r"|cover|karaoke|sessions?|rehearsal|take|alternate|alternative|outtake|dub|rework"
    r"|remake|bootleg|extended|radio|orchestral|symphonic|piano|stripped|sped up|speed up|slowed"
    r"|reverb|nightcore|a ?cappella|acapella|vip|mono|stereo|rerecorded|re recorded|commentary"
    r"|reprise|edition|mashup|medley|bbc|peel)\b"
)

_BRACKETS: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_DASH: Final = re.compile(r"\s+[-–—~/]+\s+")
_OPEN_GUESTS: Final = re.compile(r"\s(?:feat\.?|ft\.?|featuring)\s.*?(?=\s[-–—]\s|$)", re.I)
MARKED_TITLE: Final = r"(?i)[(\[{]|\s[-–—~/]+\s|\s(?:feat|ft)"
"""A title that names a version or guests contains one of these; else it is just the song."""
_MARKED: Final = re.compile(MARKED_TITLE)


@lru_cache(maxsize=65_536)
def read_part(part: str) -> str | None:
    """Return the version that the words in brackets or after a dash name.

    "" if they say nothing that makes it another recording; None if they are part of the title.
    """
    words = text_key(part)
    if not words:
        return ""
    if not _TELLING.search(words):
        return None
    if _SOLD_AS.fullmatch(words) or _GUESTS.fullmatch(words) or _SOUNDTRACK.fullmatch(words):
        return ""
    rest = " ".join(_REMASTERED.sub(" ", words).split())
    if not _VERSION.search(rest):
        return None if rest else ""
    return " ".join(word for word in rest.split() if word not in {"version", "the"})


def title_keys(title: str) -> tuple[str, str]:
    """Take a title apart into the keys of its song and its version ("" for the plain recording).

    "Mr. Brightside – Remastered" → ("mr brightside", ""), "Hurt (Live in Rome)" →
    ("hurt", "live in rome"). A title that is nothing but version words is the song itself.
    """
    whole = text_key(title)
    if not _MARKED.search(title):
        return whole, ""
    versions: list[str] = []

    def bracket(match: re.Match[str]) -> str:
        version = read_part(match[1])
        if version is None:
            return match[0]
        versions.append(version)
        return " "

    open_title = _BRACKETS.sub(bracket, title)
    open_title = _OPEN_GUESTS.sub(" ", open_title)
    first, *parts = _DASH.split(open_title.strip())
    if not parts and open_title == title:
        return whole, ""
    kept = [first]
    for part in parts:
        version = read_part(part)
        if version is None:
            kept.append(part)
        else:
            versions.append(version)
    song = text_key(" ".join(kept))
    if not any(character.isalnum() for character in song):
        return whole, ""
    return song, " ".join(sorted(set(filter(None, versions))))


def recording_key(title: str, artist: str) -> str:
    """Return what every copy of one recording shares: song, artist and version, by name.

    Two recordings can share it (a song recorded twice): the duration tells them apart.
    """
    song, version = title_keys(title)
    return SEPARATOR.join((song, artist_key(artist), version))


def song_key(recording: str) -> str:
    """Return the part of a recording key that live, remix and remaster of one song share."""
    return recording.rpartition(SEPARATOR)[0]
