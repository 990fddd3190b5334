"""An operator's list of artists whose music AI makes: JSON or CSV, by name or id."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.ai.labels import AiShare

MOST_ENTRIES: Final = 200_000
MOST_BYTES: Final = 50_000_000
_NAMES: Final = ("name", "artist", "artist_name")
_IDS: Final = ("mbid", "musicbrainz", "artist_mbid", "id")
_WHYS: Final = ("why", "reason", "note", "source", "url")
_SHARES: Final = ("share", "ai", "how_much")
_LISTS: Final = ("artists", "entries", "items", "data")
_LONGEST: Final = 300


class BadListError(ValueError):
    """What was read is no list; the message says why, without its full stop."""


@dataclass(frozen=True, slots=True)
class ListedArtist:
    """One entry."""

    name: str | None
    mbid: str | None
    """Of MusicBrainz, in lower case."""
    share: AiShare = AiShare.WHOLLY
    why: str = ""


def read_list(content: bytes) -> tuple[ListedArtist, ...]:
    """Read a list.

    JSON is a list of names or of objects, or an object that holds one such list as "artists". CSV
    has a first line that names its columns. Each entry has a name or a MusicBrainz id of an artist;
    "share" says partly or wholly (which it is unless the list says otherwise), "why" a reason.

    Raises:
        BadListError: it is no list, or an entry has neither name nor id.
    """
    if len(content) > MOST_BYTES:
        raise BadListError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadListError("it is not written in UTF-8") from error
    if not text.strip():
        raise BadListError("it is empty")
    rows = _json_rows(text) if text.lstrip()[0] in "[{" else _csv_rows(text)
    found = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ENTRIES:
            raise BadListError(f"it has more than {MOST_ENTRIES:,} entries")
        found.append(_entry(row, number))
    if not found:
        raise BadListError("it names nobody")
    return tuple(found)


def _json_rows(text: str) -> Iterable[Mapping[str, Any]]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadListError("it begins like JSON and is none") from error
    if isinstance(read, dict):
        lists = [read[name] for name in _LISTS if isinstance(read.get(name), list)]
        if len(lists) != 1:
            raise BadListError('its JSON holds no list named "artists"')
        (read,) = lists
    for one in read:
        if isinstance(one, str):
            yield {"name": one}
        elif isinstance(one, dict):
            yield {str(key).strip().casefold(): value for key, value in one.items()}
        else:
            raise BadListError("its JSON holds an entry that is neither a name nor an object")


def _csv_rows(text: str) -> Iterable[Mapping[str, Any]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True))
    except csv.Error as error:
        raise BadListError(f"its CSV cannot be read ({error})") from error
    head = [one.strip().casefold() for one in lines[0]]
    if not {*head} & {*_NAMES, *_IDS}:
        raise BadListError('its first line names no column "name" or "mbid"')
    for line in lines[1:]:
        if any(cell.strip() for cell in line):
            yield dict(zip(head, line, strict=False))


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.lstrip().partition("\n")[0]
    delimiters = max(",;\t", key=first.count)

    class Dialect(csv.excel):
        delimiter = delimiters

    return Dialect


def _entry(row: Mapping[str, Any], number: int) -> ListedArtist:
    name, mbid = _first(row, _NAMES), _first(row, _IDS)
    if mbid is not None and not _is_mbid(mbid):
        if name is None:
            raise BadListError(f"the id of entry {number:,} is none of MusicBrainz")
        mbid = None
    if name is None and mbid is None:
        raise BadListError(f"entry {number:,} has neither a name nor an id")
    said = (_first(row, _SHARES) or AiShare.WHOLLY).casefold()
    if said not in (AiShare.PARTLY, AiShare.WHOLLY):
        raise BadListError(f'entry {number:,} says "{said[:20]}" where partly or wholly should be')
    why = " ".join((_first(row, _WHYS) or "").split())[:_LONGEST]
    return ListedArtist(name, None if mbid is None else mbid.lower(), AiShare(said), why)


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return what the first of some columns holds, as text; None: nothing."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()[:_LONGEST]
    return None


def _is_mbid(text: str) -> bool:
    parts = text.split("-")
    hexadecimal = all(set(one.lower()) <= set("0123456789abcdef") for one in parts)
    return [len(one) for one in parts] == [8, 4, 4, 4, 12] and hexadecimal
