"""Reads workbooks (.xlsx): each sheet is a table, as text."""

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, Final

import python_calamine

from bot.exports.refusal import Refusal, RefusedError

MARK: Final = "xl/workbook.xml"
"""A zip that holds this is a workbook."""


def sheets(file: BinaryIO) -> list[tuple[str, Callable[[], io.TextIOWrapper]]]:
    """Return the name of each sheet, and what opens it.

    Raises:
        RefusedError: the workbook is damaged.
    """
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.CalamineError as error:
        raise RefusedError(Refusal.DAMAGED) from error
    return [(f"{name}.csv", partial(_text, book, name)) for name in book.sheet_names]


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
