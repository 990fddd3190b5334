"""Says what a file looks like that is no export, and shows a row that cannot be read.

Its owner alone sees that. What is shown is a stranger's text all the same: it is cut short, and
has nothing in it that could be taken for markup.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

LONGEST: Final = 200
_EXAMPLE: Final = 80
_NAMED: Final = 6
_FIELD: Final = re.compile(r'"([^"\\]{1,60})"\s*:')
_SEPARATORS: Final = (",", ";", "\t")
_MARKUP: Final = frozenset("`*_~|<>@[]()#\\")


def plain(text: str, longest: int) -> str:
    """Return the beginning of a text in one line, without markup."""
    shown = "".join(one if one.isprintable() and one not in _MARKUP else " " for one in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def as_example(row: str) -> str:
    """Return a row of a file as it may be shown."""
    return plain(row, _EXAMPLE)


def looks_like(head: str) -> str:
    """Return what a file looks like, given its beginning."""
    if head.lstrip()[:1] in ("{", "["):
        fields = list(dict.fromkeys(_FIELD.findall(head)))
        return f"JSON with the fields {_listing(fields)}" if fields else "JSON"
    first = head.splitlines()[0] if head.strip() else ""
    cells = max((first.split(one) for one in _SEPARATORS), key=len)
    return f"a table with the columns {_listing(cells)}" if len(cells) > 1 else "text"


def looks_like_zip(names: Sequence[str]) -> str:
    """Return what a zip looks like, given the names of its files."""
    return f"a zip with {_listing(names)}" if names else "an empty zip"


def _listing(names: Iterable[str]) -> str:
    shown = [plain(str(name), 30) for name in names]
    shown = [name for name in shown if name]
    more = ", …" if len(shown) > _NAMED else ""
    return (", ".join(shown[:_NAMED]) + more)[:LONGEST]
