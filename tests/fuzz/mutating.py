"""Breaks files by chance, the same way for the same seed."""

import random
import struct
from collections.abc import Sequence

_TOKENS: Sequence[bytes] = (
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"{", b"}", b"[", b"]", b'"', b",", b"\\u0000",
    b"\\ud800", b"\n", b"\r", b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 400, b"[" * 5000,
    b'{"a":' * 3000, b"\xef\xbb\xbf", b";", b"\t", b"'", b"['\\x00', '\\ud800']", b"PK\x03\x04",
    b"PK\x05\x06", b"\x1f\x8b\x08",
)  # fmt: skip
_FIELDS = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06")
"""Where the parts of a zip begin; their fields are the next bytes."""


def broken(content: bytes, rng: random.Random) -> bytes:
    """Return a file with some faults, one to eight of them."""
    for _ in range(rng.randint(1, rng.choice((1, 2, 8)))):
        content = _broken_once(content, rng)
    return content


def _broken_once(content: bytes, rng: random.Random) -> bytes:
    place, other = (rng.randrange(len(content) + 1) for _ in range(2))
    length = rng.choice((1, 1, 2, 4, 8, 64, 512))
    number = struct.pack("<I", rng.choice((0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)))
    before, token = content[:place], rng.choice(_TOKENS)
    faults = (
        lambda: before + bytes([rng.randrange(256)]) + content[place + 1 :],  # other bits
        lambda: before,  # cut off
        lambda: before + content[place + length :],  # something missing
        lambda: content[: place + length] + content[place:],  # something twice
        lambda: before + token + content[place + rng.choice((0, len(token))) :],  # something else
        lambda: before + number[: rng.choice((1, 2, 4))] + content[place + 4 :],
        lambda: before + content[other : other + length] + content[place:],  # in a wrong place
        lambda: _other_field(content, rng),
    )
    return rng.choice(faults)()


def _other_field(content: bytes, rng: random.Random) -> bytes:
    mark = rng.choice(_FIELDS)
    places = [at for at in range(len(content)) if content.startswith(mark, at)][:50]
    if not places:
        return content
    at = rng.choice(places) + rng.randrange(4, 30)
    value = rng.choice((0, 1, 8, 9, 12, 14, 20, 45, 63, 93, 95, 98, 99, 0xFF, 0xFFFF))
    return content[:at] + struct.pack("<H", value) + content[at + 2 :]
