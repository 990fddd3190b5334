"""Reads what tables and exports write into one field: several artists, several genres."""

import ast
import csv
import json
import re
from functools import lru_cache
from typing import Final

from bot.core.catalog.identity import SEPARATOR

LIST_MARK: Final = "\x1f"
"""Stands between the items of a list that came as one."""
MAX_GENRES: Final = 12

_NAME_KEYS: Final = ("name", "artist_name", "artist", "title")
_NUMPY: Final = re.compile(r"""\[\s*(?:'[^']*'|"[^"]*")(?:\s+(?:'[^']*'|"[^"]*"))+\s*\]""")
_QUOTED: Final = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_GUESTS: Final = re.compile(r"\s(?:feat\.?|ft\.|featuring)\s", re.I)
_COMMA: Final = re.compile(r"(?<!\\),\s*")
_GENRE_BREAK: Final = re.compile(rf"[;,|{LIST_MARK}]")
# Tags of listeners that say something else than the genre.
_NO_GENRES: Final = frozenset(
    {"female vocalists", "male vocalists", "love", "beautiful", "awesome", "cover"}
)
_DECADE: Final = re.compile(r"(?:19|20)?\d0s?")


def parse_list(text: str) -> list[str] | None:
    """Read a list as tables hold it: of Python, JSON, numpy or PostgreSQL; None if it is none."""
    if text.startswith("{") and text.endswith("}") and ":" not in text:
        return _postgres_array(text[1:-1])
    if not (text.startswith("[") and text.endswith("]")):
        return None
    value = _literal(text)
    if value is None and _NUMPY.fullmatch(text):  # no commas: ['A' 'B']
        value = [found[1] or found[2] for found in _QUOTED.finditer(text)]
    if not isinstance(value, list):
        return None
    names = [_name_in(item) for item in value]
    return [name for name in names if name]


def _literal(text: str) -> object:
    """Read a list of Python or of JSON; None when it is neither."""
    for read in (ast.literal_eval, json.loads):
        try:
            value: object = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        # Python puts strings that stand side by side together.
        return None if read is ast.literal_eval and _NUMPY.fullmatch(text) else value
    return None


def _name_in(item: object) -> str:
    """Return the name that an item of a list holds, which may be a record of an artist."""
    if isinstance(item, dict):
        found = next((item[key] for key in _NAME_KEYS if item.get(key)), "")
        return str(found).strip()
    return str(item).strip()


def _postgres_array(inside: str) -> list[str]:
    """Read what stands between the braces of an array of PostgreSQL."""
    line = " ".join(inside.splitlines())
    names = next(csv.reader([line], escapechar="\\", skipinitialspace=True), [])
    return [name.strip() for name in names if name.strip()]


def parse_artists(text: str, ids: str, *, comma_joined: bool) -> tuple[str | None, str | None]:
    """Return the first artist, and all of them as printed (None when there is only the one).

    Args:
        text: the field as it stands: a name, a list repr, names joined by ";" or, with
            `comma_joined`, by "," (a backslash before a comma makes it part of the name).
        ids: the artists' ids, joined the same way; their number tells "Tyler, The Creator"
            from two artists. "" if the table has none.
        comma_joined: whether "," can stand between artists.
    """
    names = parse_list(text)
    if names is None and LIST_MARK in text:
        names = [name.strip() for name in text.split(LIST_MARK) if name.strip()]
    if names is None:
        names = _split_names(text, ids, comma_joined=comma_joined)
    if not names:
        return None, None
    first = _GUESTS.split(names[0], maxsplit=1)[0].strip() or names[0]
    credit = ", ".join(names)
    return first, None if credit == first else credit


def _split_names(text: str, ids: str, *, comma_joined: bool) -> list[str]:
    if ";" in text:
        names = text.split(";")
    elif "|" in text:
        names = text.split("|")
    elif comma_joined and "," in text:
        names = _COMMA.split(text)
        if ids and len(re.split(r"[,;]", ids)) == 1:
            names = [text]
    else:
        names = [text]
    return [name.replace("\\,", ",").strip() for name in names if name.strip()]


@lru_cache(maxsize=65_536)
def parse_genres(text: str | None) -> str | None:
    """Return the genres that a field names, folded and joined; None when it names none."""
    if not text:
        return None
    genres: dict[str, None] = {}
    for part in _GENRE_BREAK.split(text.strip("[]")):
        genre = " ".join(part.strip(" '\"").replace("_", " ").lower().split())[:60]
        if genre and genre not in _NO_GENRES and not _DECADE.fullmatch(genre):
            genres[genre] = None
    return SEPARATOR.join(list(genres)[:MAX_GENRES]) or None
