"""Reads an export piece by piece; what it is, its content says."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO, Final

from bot.core.accounts import ListeningBasis
from bot.core.models import ExternalId
from bot.core.taste import HistoryKind, Recording, Skip
from bot.exports.objects import json_objects
from bot.exports.opening import Unpacked, open_export
from bot.exports.pieces import LONGEST_NAME, PIECE, Piece
from bot.exports.refusal import MOST_ROWS, Refusal, RefusedError
from bot.exports.rows import READERS, Row, is_saved, kind_of, saved_track
from bot.exports.tables import read_table
from bot.sources.reading import said

_SKIPPED_AT_ONCE: Final = 50
"""So many times as many rows that do not count may stand in a piece."""
_LOOKED_AT: Final = 20
"""So many objects tell what a file is: the first may be of another kind."""
_SAVED: Final = ("liked", "saved")
"""Exportify calls the list of saved tracks so; the others are playlists."""


def read_export(
    file: BinaryIO, name: str, *, size: int = PIECE, most_rows: int = MOST_ROWS
) -> Iterator[Piece]:
    """Yield what stands in an export.

    Args:
        file: it, which can be read anywhere.
        name: how its owner calls it.
        size: rows that count in a piece.
        most_rows: so many are read, and at most a piece more.

    Raises:
        RefusedError: it is damaged, far too big or no export; the pieces before that stay right.
    """
    recognised, rows = False, 0
    with open_export(file, name) as export:
        for file_name, open_file in export.files:
            with open_file() as stream:
                for piece in _file(file_name, stream, export.unpacked, size):
                    if rows >= most_rows:
                        raise RefusedError(Refusal.ROWS)
                    rows += len(piece.places) + sum(piece.skipped.values())
                    recognised = True
                    yield piece
    if not recognised:
        raise RefusedError(Refusal.NOT_AN_EXPORT)


def _file(name: str, stream: io.TextIOWrapper, unpacked: Unpacked, size: int) -> Iterator[Piece]:
    if name.lower().endswith(".csv") or not _begins_json(stream):
        table = read_table(stream)
        if table is None:
            return
        basis = None
        if table.kind is HistoryKind.EXPORTIFY:
            says_saved = any(word in name.lower() for word in _SAVED)
            basis = ListeningBasis.SAVED if says_saved else ListeningBasis.PLAYLIST
        yield from _pieces(partial(Piece, table.kind, basis), table.rows, unpacked, size)
        return
    objects, some = json_objects(stream), list[Any]()
    try:
        for one in islice(objects, _LOOKED_AT):
            some.append(one)
            if is_saved(one) or kind_of(one) is not None:
                break
    except RefusedError as error:
        if error.why is not Refusal.DAMAGED:
            raise
        return  # no object that tells, before it is damaged: it is something else
    whole = chain(some, objects)
    if some and is_saved(some[-1]):
        saved = (saved_track(one) if isinstance(one, dict) else Skip.BAD for one in whole)
        library = partial(Piece, HistoryKind.SPOTIFY_YEAR, ListeningBasis.SAVED)
        yield from _pieces(library, saved, unpacked, size)
        return
    kind = kind_of(some[-1]) if some else None
    if kind is None:
        return
    read = READERS[kind]
    rows = (
        one for each in whole for one in (read(each) if isinstance(each, dict) else (Skip.BAD,))
    )
    yield from _pieces(partial(Piece, kind), rows, unpacked, size)


def _begins_json(stream: io.TextIOWrapper) -> bool:
    """Tell whether a file begins as JSON, without reading on."""
    head = stream.buffer.peek(1024)[:1024]  # type: ignore[attr-defined]
    return bool(head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["))


def _pieces(
    make: Callable[[], Piece], rows: Iterator[Row | Skip], unpacked: Unpacked, size: int
) -> Iterator[Piece]:
    piece, known, skipped = make(), dict[tuple[str, str], int](), 0
    for row in map(_stored, rows):
        if isinstance(row, Skip):
            piece.skipped[row] += 1
            skipped += 1
        else:
            title, artist, namespace, value, at = row
            place = known.setdefault((title, artist), len(known))
            if place == len(piece.recordings):
                known_as = ExternalId(namespace, value) if namespace and value else None
                piece.recordings.append(Recording(title, artist, known_as))
            piece.places.append(place)
            if piece.basis is None:
                piece.times_s.append(at)
        if len(piece.places) == size or skipped == _SKIPPED_AT_ONCE * size:
            piece.share = unpacked.share
            yield piece
            piece, known, skipped = make(), {}, 0
    piece.share = unpacked.share
    yield piece


def _stored(row: Row | Skip) -> Row | Skip:
    """Return a row as it can be stored, however its names were written."""
    if isinstance(row, Skip):
        return row
    title, artist, namespace, value, at = row
    clean_title, clean_artist, clean_value = said(title), said(artist), said(value)
    if clean_title is None or clean_artist is None:
        return Skip.OTHER
    if clean_value is None or len(clean_value) > LONGEST_NAME:
        namespace = clean_value = None
    return clean_title[:LONGEST_NAME], clean_artist[:LONGEST_NAME], namespace, clean_value, at
