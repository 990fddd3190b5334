"""Reads lists that players and services write: M3U, XSPF and JSPF.

M3U is lines; what a track is called stands in `#EXTINF:seconds,artist - title` above its address,
or in the name of its file. XSPF ("spiff", XML) and JSPF (the same in JSON) are as xspf.org and
ListenBrainz describe them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from bot.errors import SeedsError
from bot.sources.reading import said

_EXTINF: Final = re.compile(r'#EXTINF:[^,"]*(?:"[^"]*"[^,"]*)*,(.*)')
_NUMBER: Final = re.compile(
    r"^(?:\d{1,3}\s*-\s+(?=\S.*\s[-–—]\s)|0\d\s+|\d{1,3}[.)_]\s*|\d{1,2}-\d{2}\s+)(?=\S)"
)
_BETWEEN: Final = re.compile(r"\s+[-–—]\s+")
_SOUND: Final = re.compile(r"\.(?:mp3|flac|ogg|oga|opus|m4a|aac|wma|wav|aiff?|ape|wv|mpc)$", re.I)
_SPIFF: Final = "{http://xspf.org/ns/0/}"
_BY: Final = ("spotify", "musicbrainz.org/recording", "")
"""Which address of a track says best what it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A track of a list: by an address, by name, or both."""

    address: str | None
    artist: str | None
    title: str | None


def is_playlist(text: str) -> bool:
    """Tell by the beginning of a text whether it is M3U, XSPF or JSPF."""
    begin = text.lstrip("\ufeff \r\n\t")[:4096]
    if begin.startswith("#EXTM3U"):
        return True
    if begin.startswith("<"):
        return "xspf.org/ns/0" in begin
    return begin.startswith("{") and re.match(r'\{\s*"playlist"\s*:\s*\{', begin) is not None


def read_playlist(text: str, called: str) -> tuple[str, list[Entry]]:
    """Return the title of a list ("" where it has none) and its tracks.

    Args:
        text: the whole file, one that `is_playlist`.
        called: its name, for sentences.

    Raises:
        SeedsError: it is damaged.
    """
    begin = text.lstrip("\ufeff \r\n\t")
    if begin.startswith("<"):
        return _xspf(begin, called)
    return _jspf(begin, called) if begin.startswith("{") else _m3u(begin)


def _m3u(text: str) -> tuple[str, list[Entry]]:
    title, told_of, entries = "", "", []
    for line in map(str.strip, text.splitlines()):
        told = _EXTINF.match(line)
        if told:
            told_of = told[1].strip()
        elif line.upper().startswith("#PLAYLIST:"):
            title = line.partition(":")[2].strip()
        elif line and not line.startswith("#"):
            artist, name = _names(told_of or _of_file(line))
            address = line if "://" in line or line.startswith("spotify:") else None
            entries.append(Entry(address, artist, name))
            told_of = ""
    return title, entries


def _of_file(address: str) -> str:
    """Return what the name of a file says: "03 - Artist - Title.mp3"."""
    if address.startswith(("http", "spotify:")):
        return ""
    name = PurePosixPath(unquote(address).replace("\\", "/")).name
    return _NUMBER.sub("", _SOUND.sub("", name)).replace("_", " ")


def _names(words: str) -> tuple[str | None, str | None]:
    artist, *rest = _BETWEEN.split(words, maxsplit=1)
    if not rest:
        return None, words or None
    return artist.strip() or None, rest[0].strip() or None


def _xspf(text: str, called: str) -> tuple[str, list[Entry]]:
    if "<!DOCTYPE" in text:  # which could define what unfolds without end
        raise SeedsError(f"{called} has a DOCTYPE, which no XSPF has. Export the list again.")
    try:
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError as error:
        raise SeedsError(f"{called} is cut off or no XSPF: {error}.") from error
    tracks = root.iterfind(f"{_SPIFF}trackList/{_SPIFF}track")
    return (root.findtext(f"{_SPIFF}title") or "").strip(), [_spiff(_fields(one)) for one in tracks]


def _fields(track: ET.Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in track:
        found.setdefault(element.tag.removeprefix(_SPIFF), []).append(element.text or "")
    return found


def _jspf(text: str, called: str) -> tuple[str, list[Entry]]:
    try:
        playlist = json.loads(text)["playlist"]
        tracks = playlist.get("track") or []
        fields = [{name: list(_texts(value)) for name, value in one.items()} for one in tracks]
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise SeedsError(f"{called} is cut off or no JSPF: {error}.") from error
    return next(_texts(playlist.get("title")), ""), [_spiff(one) for one in fields]


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one


def _spiff(fields: dict[str, list[str]]) -> Entry:
    addresses = [one.strip() for name in ("identifier", "location") for one in fields.get(name, ())]
    best = [one for mark in _BY for one in addresses if one and mark in one]
    artist, title = (
        next((one.strip() for one in fields.get(name, ()) if one.strip()), None)
        for name in ("creator", "title")
    )
    return Entry(next(iter(best), None), said(artist), said(title))
