"""What is handed out: the head of the log, and proofs that can be checked with nothing else."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bot.core.record.leaf import Leaf, hash_from
from bot.core.record.tree import HASH_BYTES, is_consistent, is_included
from bot.errors import RecordError

INCLUSION: Final = "b-side-proof"
CONSISTENCY: Final = "b-side-consistency"
VERSION: Final = 1
_HEAD: Final = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")
_LONGEST: Final = 128
"""No proof has more hashes: that would be a tree of 2^64 leaves."""


@dataclass(frozen=True, slots=True)
class Head:
    """All that one has to know of a log to check what is said of it: written SIZE:ROOT."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.size}:{self.root.hex()}"

    @classmethod
    def read(cls, written: str) -> "Head":
        """Read a head.

        Raises:
            RecordError: it is none.
        """
        found = _HEAD.fullmatch(written.strip())
        if found is None:
            raise RecordError(
                f"{written[:80]!r} is no head. A head is written SIZE:ROOT: the number of leaves, "
                "a colon, and 64 hexadecimal digits, as `bside log head` and the weekly post say."
            )
        return cls(int(found[1]), bytes.fromhex(found[2]))


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Shows that a leaf stands in a log."""

    leaf: Leaf
    position: int
    """Counted from 0."""
    head: Head
    path: tuple[bytes, ...]

    def check(self) -> None:
        """Check it against its own head.

        Raises:
            RecordError: the leaf does not stand there.
        """
        size, root = self.head.size, self.head.root
        if not is_included(self.leaf.hash, self.position, size, root, self.path):
            raise RecordError(
                f"This proves nothing: leaf {self.position:,} is not what this file says in the "
                f"log of the head {self.head}. Something in the file, or its head, was changed."
            )

    def to_json(self) -> str:
        """Return it as a file has it."""
        return _document(
            INCLUSION,
            position=self.position,
            leaf=self.leaf.to_json(),
            head=str(self.head),
            path=[one.hex() for one in self.path],
        )


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Shows that a log begins with all that an earlier one held."""

    old: Head
    head: Head
    path: tuple[bytes, ...]

    def check(self) -> None:
        """Check it against its own heads.

        Raises:
            RecordError: the log was rewritten.
        """
        old, new = self.old, self.head
        if not is_consistent(old.size, old.root, new.size, new.root, self.path):
            raise RecordError(
                f"The log of the head {new} does not begin with that of {old}: it was rewritten, "
                "or one of the heads is of another log."
            )

    def to_json(self) -> str:
        """Return it as a file has it."""
        path = [one.hex() for one in self.path]
        return _document(CONSISTENCY, old=str(self.old), head=str(self.head), path=path)


Proof: TypeAlias = InclusionProof | ConsistencyProof


def _document(kind: str, **fields: Any) -> str:
    return json.dumps({"format": kind, "version": VERSION, **fields}, indent=2) + "\n"


def read_proof(content: bytes) -> Proof:
    """Read a proof; whether it proves anything, `check` says.

    Raises:
        RecordError: it is no proof.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            "This file is no JSON, so it is no proof. `bside log prove` writes one."
        ) from error
    kind = found.get("format") if isinstance(found, dict) else None
    if kind not in (INCLUSION, CONSISTENCY):
        raise RecordError(
            "This file is no proof: those of `bside log prove` and `bside log consistency` say "
            "which they are under “format”."
        )
    if found.get("version") != VERSION:
        raise RecordError("This proof is of another version. Check it with a newer B-Side.")
    head, path = _head(found.get("head")), _path(found.get("path"))
    if kind == CONSISTENCY:
        return ConsistencyProof(_head(found.get("old")), head, path)
    position = found.get("position")
    if type(position) is not int:
        raise RecordError("This proof does not say at which position the leaf stands.")
    return InclusionProof(Leaf.from_json(found.get("leaf")), position, head, path)


def _head(written: Any) -> Head:
    return Head.read(written if isinstance(written, str) else repr(written))


def _path(found: Any) -> tuple[bytes, ...]:
    if not isinstance(found, list) or len(found) > _LONGEST:
        raise RecordError(f"A proof wants a list of hashes of {HASH_BYTES} bytes as its path.")
    return tuple(hash_from(one) for one in found)
