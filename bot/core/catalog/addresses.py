"""Finds and reads addresses in a text that somebody typed or pasted. Nothing is ever fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

_PIECES: Final = re.compile(r"[\s<>()\[\]{}\"|`]+")
_BEFORE: Final = "*_~'“‘,;.:!"
_AFTER: Final = ".,;:!?*~'”’"
_SHORTEST: Final = 12
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the web, as it was written."""

    host: str
    """Lower case."""
    path: str
    query: dict[str, str]


def pieces_in(text: str) -> Iterator[str]:
    """Return the words of a text that may be addresses, without what is wrapped around them."""
    for piece in _PIECES.split(text):
        bare = piece.lstrip(_BEFORE).rstrip(_AFTER)
        if _SHORTEST <= len(bare) <= _LONGEST:
            yield bare


def address_of(piece: str) -> Address | None:
    """Read a word as an address, also without "https://"; None when it is not one."""
    scheme, mark, rest = piece.partition("://")
    if mark and scheme.lower() not in ("http", "https"):
        return None
    try:
        parts = urlsplit("https://" + (rest if mark else piece))
    except ValueError:
        return None
    return Address(parts.netloc.lower(), parts.path, dict(parse_qsl(parts.query)))
