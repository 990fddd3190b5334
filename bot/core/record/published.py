"""A whole log as a file that anybody may have: one line of JSON for each leaf, after a first one.

The first line names the format and the head. Each further one is a leaf, in order, as
`Leaf.to_json` has it, with only what anybody may learn opened; or, where everything about it is
forgotten, `{"hash": …}`: its hash in the tree.
"""

import json
from typing import Any, Final

from bot.core.record.leaf import Leaf, hash_from
from bot.core.record.proof import Head
from bot.errors import RecordError

FORMAT: Final = "b-side-record"
VERSION: Final = 1


def first_line(head: Head) -> str:
    """Return the line that a published log begins with."""
    return json.dumps({"format": FORMAT, "version": VERSION, "head": str(head)}) + "\n"


def leaf_line(leaf: Leaf | None, leaf_hash: bytes) -> str:
    """Return the line of a leaf; of one that is forgotten (None) only the hash is told."""
    found = {"hash": leaf_hash.hex()} if leaf is None else leaf.to_json()
    return json.dumps(found, separators=(",", ":")) + "\n"


def read_first_line(line: bytes) -> Head:
    """Return the head that a published log says it has.

    Raises:
        RecordError: this is no published log.
    """
    found = _object(line, 1)
    if found.get("format") != FORMAT:
        raise RecordError("This file is no published log: `bside log publish FILE` writes one.")
    if found.get("version") != VERSION:
        raise RecordError("This log is of another version. Check it with a newer B-Side.")
    return Head.read(str(found.get("head")))


def read_leaf_line(line: bytes, number: int) -> tuple[Leaf | None, bytes]:
    """Return a leaf, None for one that is forgotten, and its hash.

    Args:
        line: as it stands in the file.
        number: of the line, counted from 1.

    Raises:
        RecordError: it is no leaf.
    """
    found = _object(line, number)
    try:
        if set(found) == {"hash"}:
            return None, hash_from(found["hash"])
        leaf = Leaf.from_json(found)
    except RecordError as error:
        raise RecordError(f"Line {number:,}: {error}") from error
    return leaf, leaf.hash


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RecordError(
            f"Line {number:,} is no JSON object: this is no published log, or it is cut off."
        )
    return found
