"""Reads exports that are tables: Last.fm in its usual forms, and the lists of Exportify."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final, TypeAlias

from bot.core.catalog import parse_artists
from bot.core.taste import HistoryKind, Skip
from bot.exports.refusal import Refusal, RefusedError
from bot.exports.rows import Row, written_play
from bot.sources.reading import said

_LONGEST_LINE: Final = 1 << 17
_BARE: Final = ("artist", "album", "track", "date")
"""What stands in a table without a header."""
_REMOVED: Final = "undefined"
"""Exportify writes this in the place of a track that its service has removed."""
_LOOKED_AT: Final = 20
"""So many rows of a table without a header tell what it is: while something plays, the first has
no date."""
_DATES: Final = ("uts", "date", "utc_time", "timestamp")

_Read: TypeAlias = Callable[[Mapping[str, str]], Row | Skip]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table that was recognised."""

    kind: HistoryKind
    rows: Iterator[Row | Skip]


def read_table(stream: io.TextIOWrapper) -> Table | None:
    """Recognise a table by its header, or by its first rows where it has none; None: no export."""
    lines = iter(lambda: stream.readline(_LONGEST_LINE), "")
    first = next(lines, "")
    separator = ";" if first.count(";") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=separator), [])
    names = [name.partition("#")[0].strip().casefold() for name in header]
    reader = csv.reader(lines, delimiter=separator, strict=True)
    if {"track name", "artist name(s)"} <= set(names):
        return Table(HistoryKind.EXPORTIFY, _rows(reader, names, _listed))
    if {"artist", "track"} <= set(names) and set(names) & set(_DATES):
        return Table(HistoryKind.LASTFM, _rows(reader, names, _played))
    if len(header) == len(_BARE):
        some = [first, *islice(lines, _LOOKED_AT - 1)]
        again = csv.reader(chain(some, lines), strict=True)
        if any(_is_bare_play(next(csv.reader([line]), [])) for line in some):
            return Table(HistoryKind.LASTFM, _rows(again, _BARE, _played))
    return None


def _is_bare_play(cells: Sequence[str]) -> bool:
    """Tell whether a row of a table without a header is a play."""
    return len(cells) == len(_BARE) and not isinstance(_played(_cells(_BARE, cells)), Skip)


def _rows(reader: Iterator[list[str]], names: Sequence[str], read: _Read) -> Iterator[Row | Skip]:
    try:
        for cells in reader:
            if cells:
                yield read(_cells(names, cells)) if len(cells) <= len(names) else Skip.BAD
    except csv.Error as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells by name; those that a short row leaves out are empty."""
    return dict(zip_longest(names, cells, fillvalue=""))


def _played(cells: Mapping[str, str]) -> Row | Skip:
    date = next((cells[name] for name in _DATES if cells.get(name)), "")
    return written_play(said(cells.get("track")), said(cells.get("artist")), date)


def _listed(cells: Mapping[str, str]) -> Row | Skip:
    """Read a track of a list, which has no time: 0 stands for it."""
    title = said(cells["track name"])
    if title == _REMOVED and cells["artist name(s)"] == _REMOVED:
        return Skip.OTHER
    ids = cells.get("artist uri(s)") or cells.get("artist ids") or ""
    artist = parse_artists(cells["artist name(s)"], ids, comma_joined=bool(ids))[0]
    if title is None or said(artist) is None:
        return Skip.OTHER
    uri = cells.get("track uri") or cells.get("spotify id") or ""
    known = uri.rpartition(":")[2].strip()
    namespace = None if ":local:" in uri or not known else "spotify"
    return title, str(artist), namespace, known if namespace else None, 0
