"""Reads workbooks (.xlsx): each sheet is a table, as text."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, Final

import python_calamine

from bot.exports.refusal import Refusal, RefusedError

_PIECE: Final = 1 << 20
_FAR: Final = re.compile(rb'\br="(?:[A-Z]{3,}\d+|[A-Z]+(?:[2-9]\d{6}|\d{8,}))"')
"""A place beyond 702 columns or two million rows."""
MARK: Final = "xl/workbook.xml"
"""A zip that holds this is a workbook."""


def sheets(file: BinaryIO) -> list[tuple[str, Callable[[], io.TextIOWrapper]]]:
    """Return the name of each sheet, and what opens it.

    Raises:
        RefusedError: the workbook is damaged.
    """
    _check_places(file)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.CalamineError as error:
        raise RefusedError(Refusal.DAMAGED) from error
    return [(f"{name}.csv", partial(_text, book, name)) for name in book.sheet_names]


def _check_places(file: BinaryIO) -> None:
    """Refuse cells that are far from all others: what lies between would be held, too."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as sheet:
                before = b""
                while piece := sheet.read(_PIECE):
                    if _FAR.search(before + piece):
                        raise RefusedError(Refusal.UNPACKED)
                    before = piece[-40:]


def _text(book: python_calamine.CalamineWorkbook, name: str) -> io.TextIOWrapper:
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    except python_calamine.CalamineError as error:
        raise RefusedError(Refusal.DAMAGED) from error
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8", newline="", write_through=True)
    csv.writer(text).writerows(rows)
    text.detach()
    content.seek(0)
    return io.TextIOWrapper(io.BufferedReader(content), encoding="utf-8", newline="")
