"""What stands around sound in a file: which kind it is, and where its header misleads a decoder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ID3: Final = re.compile(rb"ID3[\x02-\x04].([\x00-\xff])([\x00-\x7f]{4})", re.S)
_FOOTER: Final = 0x10
_W64: Final = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
_CLAIM: Final = re.compile(rb"Xing|Info|VBRI")
_FIRST_FRAME: Final = 200
_PAGE: Final = 27
_BEGINS: Final = 2
"""The flag of the first page of an Ogg stream."""
_UNKNOWN_SIZES: Final = (0, 0xFFFF_FFFF)


def kind_of(data: bytes) -> str | None:
    """Return what a file begins like: wav, w64, aiff, flac, ogg or mp3; None: like nothing of it.

    Args:
        data: the file, or its first bytes; a tag that stands before everything (ID3) is skipped
            as far as they reach.
    """
    head = data[after_tags(data) :][:16]
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head == _W64:
        return "w64"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return "ogg"
    is_mpeg = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4)
    return "mp3" if is_mpeg or data[:3] == b"ID3" else None


def after_tags(data: bytes) -> int:
    """Return where a file begins behind the ID3 tags that stand before it."""
    place = 0
    while tag := _ID3.match(data, place):
        size = 0
        for seven_bits in tag[2]:
            size = size << 7 | seven_bits
        place += 10 + size + (10 if tag[1][0] & _FOOTER else 0)
    return place


def unclaimed_mp3(data: bytes) -> bytes:
    """Return an MP3 whose first frame does not say how many there are.

    Of joined files that is the number of the first one, and it may be wrong.
    """
    start = after_tags(data)
    found = _CLAIM.search(data, start, start + _FIRST_FRAME)
    if found is None:
        return data
    return data[: found.start()] + bytes(4) + data[found.end() :]


def mended_wav(data: bytes) -> bytes:
    """Return a WAV file whose sizes are those of what is there.

    A program that writes into a pipe cannot come back to fill them in: it leaves 0 or -1.
    """
    if data[:4] != b"RIFF":
        return data
    for kind, start, end in riff_chunks(data, 12):
        if kind == b"data":
            rest = len(data) - start
            if end - start not in _UNKNOWN_SIZES or end == len(data):
                return data
            told = (len(data) - 8).to_bytes(4, "little")
            sized = data[:4] + told + data[8 : start - 4] + rest.to_bytes(4, "little")
            return sized + data[start:]
    return data


def riff_chunks(data: bytes, place: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind of each chunk of a RIFF file, and where its content begins and ends.

    It ends where its header says, which may be behind the end of the file.
    """
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], place + 8, place + 8 + size
        place += 8 + size + size % 2


@dataclass(frozen=True, slots=True)
class OggStreams:
    """What an Ogg file holds."""

    codec: str
    """Of its first stream: vorbis, opus, flac, or "" for all others."""
    links: list[bytes]
    """Each is a file of its own; several were joined one behind the other."""


def ogg_streams(data: bytes) -> OggStreams:
    """Take an Ogg file apart (RFC 3533) where one stream ends and another begins."""
    starts: list[int] = []
    place, codec, was_first = 0, "", False
    while 0 <= (place := data.find(b"OggS", place)) <= len(data) - _PAGE:
        segments = data[place + _PAGE - 1]
        body = place + _PAGE + segments
        is_first = bool(data[place + 5] & _BEGINS)
        if not starts or (is_first and not was_first):
            starts.append(place)
        codec = codec or _codec(data[body : body + 8])
        was_first = is_first
        place = body + sum(data[place + _PAGE : body])
    ends = [*starts[1:], len(data)]
    return OggStreams(codec, [data[a:b] for a, b in zip(starts, ends, strict=bool(starts))])


def _codec(packet: bytes) -> str:
    if packet.startswith(b"\x01vorbis"):
        return "vorbis"
    if packet.startswith(b"OpusHead"):
        return "opus"
    return "flac" if packet.startswith(b"\x7fFLAC") else ""
