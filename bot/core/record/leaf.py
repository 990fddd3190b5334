"""What one leaf of the record holds: three texts, each sealed apart from the others.

The leaf is the hash of three digests, one for each part, and each digest is the hash of 32 random
bytes (a *salt*) and the part's text. Whoever has the salt can open that part and no other; without
it, no guess at the text can be tried. The three salts of a leaf come from one random *seed*, so
32 bytes are all that has to be forgotten.

Every hash says by its first byte what it is of, so that none can be taken for another:
0 leaf and 1 node (RFC 9162), 2 the three digests, 3 a part, 4 a salt.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.record.tree import HASH_BYTES, leaf_hash
from bot.errors import RecordError

OPEN: Final = "open"
"""What anybody may learn: the kind of what happened, and the day."""
PROMOTION: Final = "promotion"
"""Which promotion it was about, if any."""
PRIVATE: Final = "private"
"""Who, what and when."""
PARTS: Final = (OPEN, PROMOTION, PRIVATE)


def canonical(content: Mapping[str, Any]) -> str:
    """Return content as JSON that is always written in the same way: sorted, ASCII, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def salt_of(seed: bytes, name: str) -> bytes:
    """Return the salt of a part; other parts' salts cannot be told from it."""
    return hashlib.sha256(b"\x04" + seed + name.encode()).digest()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a leaf, opened or closed."""

    digest: bytes
    text: str | None = None
    salt: bytes | None = None

    @classmethod
    def opened(cls, text: str, salt: bytes) -> "Part":
        """Return a part that can be read."""
        return cls(hashlib.sha256(b"\x03" + salt + text.encode()).digest(), text, salt)

    def closed(self) -> "Part":
        """Return it without what is in it."""
        return Part(self.digest)

    def content(self) -> dict[str, Any]:
        """Return what is in it; nothing when it is closed.

        Raises:
            RecordError: it is no JSON object.
        """
        try:
            found = json.loads(self.text or "{}")
        except (ValueError, RecursionError) as error:
            raise RecordError("A part of a leaf is no JSON. The file is damaged.") from error
        if not isinstance(found, dict):
            raise RecordError("A part of a leaf is no JSON object. The file is damaged.")
        return found


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf commits to."""

    parts: tuple[Part, Part, Part]
    """In the order of `PARTS`."""

    @classmethod
    def sealed(cls, seed: bytes, texts: tuple[str, str, str]) -> "Leaf":
        """Return a leaf with these texts, in the order of `PARTS`, all of them opened."""
        one, two, three = (
            Part.opened(text, salt_of(seed, name)) for name, text in zip(PARTS, texts, strict=True)
        )
        return cls((one, two, three))

    @property
    def hash(self) -> bytes:
        """Its hash in the tree."""
        digests = b"".join(part.digest for part in self.parts)
        return leaf_hash(hashlib.sha256(b"\x02" + digests).digest())

    def part(self, name: str) -> Part:
        """Return one of its parts."""
        return self.parts[PARTS.index(name)]

    def showing(self, names: Collection[str]) -> "Leaf":
        """Return it with only these parts opened."""
        one, two, three = (
            part if name in names else part.closed()
            for name, part in zip(PARTS, self.parts, strict=True)
        )
        return Leaf((one, two, three))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it: a closed part is its digest, an opened one text and salt."""
        return {
            name: part.digest.hex()
            if part.text is None or part.salt is None
            else {"text": part.text, "salt": part.salt.hex()}
            for name, part in zip(PARTS, self.parts, strict=True)
        }

    @classmethod
    def from_json(cls, found: Any) -> "Leaf":
        """Read what `to_json` gives.

        Raises:
            RecordError: it is something else.
        """
        if not isinstance(found, dict) or set(found) != set(PARTS):
            raise RecordError(f"A leaf wants the parts {', '.join(PARTS)}. The file is damaged.")
        one, two, three = (_part(found[name]) for name in PARTS)
        return cls((one, two, three))


def _part(found: Any) -> Part:
    if isinstance(found, str):
        return Part(hash_from(found))
    if isinstance(found, dict) and isinstance(found.get("text"), str):
        try:
            return Part.opened(found["text"], hash_from(found.get("salt")))
        except UnicodeEncodeError as error:
            raise RecordError("A part of a leaf is no text. The file is damaged.") from error
    raise RecordError("A part of a leaf is neither closed nor opened. The file is damaged.")


def hash_from(written: Any) -> bytes:
    """Read 32 bytes that are written as 64 hexadecimal digits.

    Raises:
        RecordError: they are not.
    """
    if isinstance(written, str) and len(written) == 2 * HASH_BYTES and written.isascii():
        try:
            return bytes.fromhex(written)
        except ValueError:
            pass
    raise RecordError(f"{str(written)[:80]!r} is no hash: one has 64 hexadecimal digits.")
