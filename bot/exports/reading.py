"""Reads an export piece by piece; what it is, its content says."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby, islice
from typing import Any, BinaryIO, Final

from bot.core.accounts import ListeningBasis
from bot.core.models import ExternalId
from bot.core.taste import MOST_AWAY, Away, HistoryKind, Recording, Skip
from bot.exports.looks import as_example, looks_like, looks_like_zip
from bot.exports.objects import json_objects
from bot.exports.opening import NamedFile, Unpacked, open_export
from bot.exports.own import (
    LISTS,
    MANIFEST,
    MOST_PARTS,
    NOT_ME,
    PARTS,
    PLAYLISTS,
    PLAYS,
    SAID,
    Entry,
    PartName,
    Said,
    away_rows,
    heard_rows,
    part_rows,
    playlist_rows,
    read_manifest,
    said_rows,
)
from bot.exports.pieces import LONGEST_NAME, MOST_ENTRIES, PIECE, OwnPiece, Piece
from bot.exports.refusal import MOST_ROWS, Refusal, RefusedError
from bot.exports.rows import Form, Row, form_of
from bot.exports.tables import Apple, read_table
from bot.sources.reading import said

_SKIPPED_AT_ONCE: Final = 50
"""So many times as many rows that do not count may stand in a piece."""
_LOOKED_AT: Final = 20
"""So many objects tell what a file is: the first may be of another kind."""
_SAVED: Final = re.compile(
    r"(?:.*[_ -])?(?:liked|saved)(?:[_ -]?(?:songs|tracks))?(?:\.csv)?", re.I
)
"""Exportify calls the list of saved tracks so; the others are playlists."""
_HEAD: Final = 1024
_APPLE_PLAYS: Final = "apple music play activity"


def read_export(
    file: BinaryIO, name: str, *, size: int = PIECE, most_rows: int = MOST_ROWS
) -> Iterator[Piece | OwnPiece]:
    """Yield what stands in an export.

    Args:
        file: it, which can be read anywhere.
        name: how its owner calls it.
        size: rows that count in a piece.
        most_rows: so many are read, and at most a piece more.

    Raises:
        RefusedError: it is damaged, far too big or no export; the pieces before that stay right.
    """
    recognised, unread, rows, looks = False, False, 0, ""
    with open_export(file, name) as export:
        if any(one == MANIFEST for one, _ in export.files):
            yield from _own(export.files, export.unpacked, size, most_rows)
            return
        lists_plays = any(_APPLE_PLAYS in one.lower() for one, _ in export.files)
        apple = Apple(lists_plays)
        for file_name, open_file in sorted(export.files, key=_order):
            with open_file() as stream:
                looks = looks or looks_like(_head(stream))
                try:
                    for piece in _file(file_name, stream, export.unpacked, size, apple):
                        if rows >= most_rows:
                            raise RefusedError(Refusal.ROWS)
                        rows += len(piece.places) + sum(piece.skipped.values())
                        recognised = True
                        yield piece
                except UnicodeDecodeError:
                    if len(export.files) == 1:
                        raise
                    unread = True  # a file of somebody else's; the others may be an export
        if export.packed_names:
            looks = looks_like_zip(export.packed_names)
    if not recognised:
        raise RefusedError(Refusal.ENCODING if unread else Refusal.NOT_AN_EXPORT, looks)


def _own(
    files: Sequence[NamedFile], unpacked: Unpacked, size: int, most_rows: int
) -> Iterator[Piece | OwnPiece]:
    """Yield what stands in exports of this bot, first whose they are: one zip may hold several."""
    for open_file in _called(files, MANIFEST):
        with open_file() as stream:
            yield OwnPiece(owner=read_manifest(stream), share=unpacked.share)
    rows = 0
    for open_file in _called(files, SAID):
        with open_file() as stream:
            said = said_rows(stream)
            while batch := list(islice(said, size)):
                rows += len(batch)
                good = [one for one in batch if isinstance(one, Said)]
                yield OwnPiece(said=good, bad=len(batch) - len(good), share=unpacked.share)
                _refuse_more(rows, most_rows)
    yield from _away(files, unpacked)
    yield from _parts(files, unpacked)
    entries, bad = list[Entry](), 0
    for open_file in _called(files, PLAYLISTS):
        with open_file() as stream:
            for one in islice(playlist_rows(stream), MOST_ENTRIES - len(entries)):
                if isinstance(one, Entry):
                    entries.append(one)
                else:
                    bad += 1
    yield OwnPiece(entries=entries, bad=bad, share=unpacked.share)
    for open_file in _called(files, PLAYS, LISTS):
        with open_file() as stream:
            for (kind, service, basis), group in groupby(
                heard_rows(stream), key=lambda one: one[:3]
            ):
                make = partial(Piece, kind, basis, service=service)
                told = ((row, "") for *_, row in group)
                for piece in _pieces(make, told, unpacked, size):
                    rows += len(piece.places) + sum(piece.skipped.values())
                    yield piece
                    _refuse_more(rows, most_rows)


def _called(files: Sequence[NamedFile], *beginnings: str) -> list[Callable[[], io.TextIOWrapper]]:
    """Return what opens the files whose names begin so, by name; also those of the same name."""
    chosen = [one for one in files if one[0].startswith(beginnings)]
    return [open_file for _, open_file in sorted(chosen, key=lambda one: one[0])]


def _away(files: Sequence[NamedFile], unpacked: Unpacked) -> Iterator[OwnPiece]:
    """Yield what was left out of the listening: it is known before the plays are."""
    for open_file in _called(files, NOT_ME):
        with open_file() as stream:
            found = list(islice(away_rows(stream), MOST_AWAY))
        good = [one for one in found if isinstance(one, Away)]
        yield OwnPiece(away=good, bad=len(found) - len(good), share=unpacked.share)


def _parts(files: Sequence[NamedFile], unpacked: Unpacked) -> Iterator[OwnPiece]:
    """Yield what the parts of a map were called."""
    for open_file in _called(files, PARTS):
        with open_file() as stream:
            found = list(islice(part_rows(stream), MOST_PARTS))
        good = [one for one in found if isinstance(one, PartName)]
        yield OwnPiece(parts=good, bad=len(found) - len(good), share=unpacked.share)


def _refuse_more(rows: int, most_rows: int) -> None:
    if rows >= most_rows:
        raise RefusedError(Refusal.ROWS)


def _order(file: NamedFile) -> tuple[bool, str]:
    """Read what names artists before what only names songs."""
    return _APPLE_PLAYS in file[0].lower(), ""


def _file(
    name: str, stream: io.TextIOWrapper, unpacked: Unpacked, size: int, apple: Apple
) -> Iterator[Piece]:
    if name.lower().endswith((".csv", ".tsv", ".log")) or not _begins_json(stream):
        table = read_table(stream, apple)
        if table is None:
            return
        basis = table.basis
        if table.kind is HistoryKind.EXPORTIFY and _SAVED.fullmatch(name):
            basis = ListeningBasis.SAVED
        yield from _pieces(partial(Piece, table.kind, basis), table.rows, unpacked, size)
        return
    objects, some = json_objects(stream), list[Any]()
    form = None
    try:
        for one in islice(objects, _LOOKED_AT):
            some.append(one)
            form = form_of(one)
            if form is not None:
                break
    except (RefusedError, UnicodeDecodeError) as error:
        if isinstance(error, RefusedError) and error.why is not Refusal.DAMAGED:
            raise
        return  # no object that tells, before it is damaged: it is something else
    if form is not None:
        make = partial(Piece, form.kind, form.basis)
        yield from _pieces(make, _told(form, chain(some, objects), apple), unpacked, size)


def _told(form: Form, objects: Iterable[Any], apple: Apple) -> Iterator[tuple[Row | Skip, str]]:
    """Yield what each object says, and how it is written."""
    for one in objects:
        if not isinstance(one, dict):
            yield Skip.BAD, repr(one)
            continue
        if form.kind is HistoryKind.APPLE:
            apple.learn(said(one.get("Title")), said(one.get("Album")), said(one.get("Artist")))
        for row in form.read(one):
            yield row, json.dumps(one, ensure_ascii=False) if row is Skip.BAD else ""


def _begins_json(stream: io.TextIOWrapper) -> bool:
    """Tell whether a file begins as JSON, without reading on."""
    return _head(stream).lstrip()[:1] in ("{", "[")


def _head(stream: io.TextIOWrapper) -> str:
    """Return how a file begins, without reading on."""
    head: bytes = stream.buffer.peek(_HEAD)[:_HEAD]  # type: ignore[attr-defined]
    return head.decode(stream.encoding, "ignore").removeprefix("\ufeff")


def _pieces(
    make: Callable[[], Piece],
    rows: Iterator[tuple[Row | Skip, str]],
    unpacked: Unpacked,
    size: int,
) -> Iterator[Piece]:
    piece, known, skipped = make(), dict[tuple[str, str], int](), 0
    for told, written in rows:
        row = _stored(told)
        if isinstance(row, Skip):
            piece.skipped[row] += 1
            skipped += 1
            if row is Skip.BAD and not piece.example:
                piece.example = as_example(written)
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
