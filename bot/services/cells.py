"""Cells of tables: what stands between them, and those a spreadsheet would take for a formula.

Whoever opens a table must not run what somebody wrote into a title, so such a cell is written with
an apostrophe before it (OWASP, CSV Injection), which our readers take away again.
"""

import re
from typing import Final

SEPARATORS: Final = ",;\t|"
"""What stands between the cells of a line."""
_SEPARATOR_LINE: Final = re.compile(r"\"?sep=([,;\t|])\"?;*,*\s*")
FORMULA_CELL: Final = r"'*[=+\-@\t\r＝＋－＠]"
"""The beginning of a cell that a spreadsheet may take for a formula."""
MARKED_CELL: Final = rf"^'({FORMULA_CELL})"
"""The beginning of a marked cell; its first group is what stood there before."""

_FORMULA_CELL: Final = re.compile(FORMULA_CELL)
_MARKED: Final = re.compile(MARKED_CELL)


def separator_line(line: str) -> str | None:
    """Return the separator that a line names, as Excel writes it first; None for other lines."""
    found = _SEPARATOR_LINE.fullmatch(line)
    return found and found[1]


def separator_of(header: str) -> str:
    """Return what stands between the names of a header: what it holds most of."""
    return max(SEPARATORS, key=header.count)


def marked(cell: str) -> str:
    """Return a cell that every spreadsheet shows as it stands."""
    return f"'{cell}" if _FORMULA_CELL.match(cell) else cell


def unmarked(cell: str) -> str:
    """Return what `marked` was given."""
    return _MARKED.sub(r"\1", cell)
