"""Reads an export piece by piece; what it is, its content says."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from bot.core.accounts import ListeningBasis
from bot.core.models import ExternalId
from bot.core.taste import HistoryKind, Recording, Skip
from bot.errors import UserError
from bot.services.plays.history.objects import json_objects
from bot.services.plays.history.opening import DAMAGED, NOT_AN_EXPORT, Unpacked, open_export
from bot.services.plays.history.rows import READERS, Row, is_saved, kind_of, saved_track
from bot.services.plays.history.tables import read_table

PIECE: Final = 20_000
"""So many rows are held, and written, at a time."""
_LONGEST_NAME: Final = 500
_SAVED: Final = ("liked", "saved")
"""Exportify calls the list of saved tracks so; the others are playlists."""


@dataclass(slots=True)
class Piece:
    """Some rows of an export."""

    kind: HistoryKind
    basis: ListeningBasis | None = None
    """Which list it is of; None: these are plays."""
    recordings: list[Recording] = field(default_factory=list)
    """Each once."""
    places: list[int] = field(default_factory=list)
    """The recording of each row."""
    times_s: list[int] = field(default_factory=list)
    """When each play began; nothing of lists."""
    skipped: Counter[Skip] = field(default_factory=Counter)
    share: float = 0.0
    """How far the export is read now, 0 … 1."""


def read_export(path: Path, name: str, *, size: int = PIECE) -> Iterator[Piece]:
    """Yield what stands in an export.

    Args:
        name: how its owner calls it.

    Raises:
        UserError: it is damaged, far too big or no export; the pieces before that stay right.
    """
    recognised = False
    with open_export(path, name) as export:
        for file_name, open_file in export.files:
            with open_file() as stream:
                for piece in _file(file_name, stream, export.unpacked, size):
                    recognised = True
                    yield piece
    if not recognised:
        raise UserError(NOT_AN_EXPORT)


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
    objects = json_objects(stream)
    try:
        first = next(objects, None)
    except UserError as error:
        if str(error) != DAMAGED:
            raise
        return  # not one object of a size that an export has: it is something else
    whole = chain([first], objects)
    if is_saved(first):
        saved = (saved_track(one) if isinstance(one, dict) else Skip.BAD for one in whole)
        library = partial(Piece, HistoryKind.SPOTIFY_YEAR, ListeningBasis.SAVED)
        yield from _pieces(library, saved, unpacked, size)
        return
    kind = kind_of(first)
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
    piece, known, count = make(), dict[tuple[str, str], int](), 0
    for row in rows:
        count += 1
        if isinstance(row, Skip):
            piece.skipped[row] += 1
        else:
            title, artist, namespace, value, at = row
            place = known.setdefault((title, artist), len(known))
            if place == len(piece.recordings):
                known_as = ExternalId(namespace, value) if namespace and value else None
                short = Recording(title[:_LONGEST_NAME], artist[:_LONGEST_NAME], known_as)
                piece.recordings.append(short)
            piece.places.append(place)
            if piece.basis is None:
                piece.times_s.append(at)
        if count == size:
            piece.share = unpacked.share
            yield piece
            piece, known, count = make(), {}, 0
    piece.share = unpacked.share
    yield piece
