"""Decoders of sound, behind one face: what the samples are, and how many there really are.

libsndfile reads most. MP3 is read by miniaudio, which counts the frames where libsndfile believes
the bit rate of the first one; and so is FLAC in Ogg, which libsndfile refuses.
"""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final, Protocol

import miniaudio
import numpy as np
import soundfile
from numpy.typing import NDArray

from bot.audio.containers import after_tags, kind_of, mended_wav, ogg_streams, unclaimed_mp3
from bot.audio.refusal import MAX_S, Refusal, RefusedError

Samples = NDArray[np.float32]
"""Frame × channel."""
_BLOCK: Final = 65_536
_MOST_LINKS: Final = 100


class Stream(Protocol):
    """Sound that can be decoded."""

    format: str
    """wav, w64, aiff, flac, ogg, opus or mp3."""
    rate: int
    channels: int

    def length(self) -> int:
        """Return how many frames can be decoded; counting ends a little beyond `MAX_S`."""

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield what follows a frame."""


class _Counted(ABC):
    """A stream whose header is not believed: its frames are counted by decoding them."""

    format: str
    rate: int
    channels: int

    @abstractmethod
    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield what follows a frame."""

    def length(self) -> int:
        """Return how many frames can be decoded."""
        count = 0
        for block in self.blocks(0):
            count += len(block)
            if count > (MAX_S + 1) * self.rate:
                break
        return count


class _Sndfile(_Counted):
    """What libsndfile reads. Where it finds sound at the end that it claims, it is believed."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._data = data
        opened = self._open()
        self.format = kind
        self.rate: int = opened.samplerate
        self.channels: int = opened.channels
        self._claimed: int = opened.frames
        self._honest: bool | None = None

    def _open(self) -> soundfile.SoundFile:
        return soundfile.SoundFile(io.BytesIO(self._data))

    def blocks(self, start: int) -> Iterator[Samples]:
        opened = self._open()
        skipped = 0
        if start and self._is_honest():
            opened.seek(start)
            skipped = start
        while len(block := opened.read(_BLOCK, dtype="float32", always_2d=True)):
            behind = max(start - skipped, 0)
            skipped += len(block)
            if behind < len(block):
                yield block[behind:]

    def length(self) -> int:
        return self._claimed if self._is_honest() else super().length()

    def is_endless(self) -> bool:
        """Return whether a FLAC file does not say how long it is."""
        return self._claimed > 1 << 60

    def _is_honest(self) -> bool:
        if self._honest is None:
            self._honest = self._ends_where_it_says()
        return self._honest

    def _ends_where_it_says(self) -> bool:
        if not 0 < self._claimed <= MAX_S * self.rate:
            return False
        last = min(self._claimed, _BLOCK)
        opened = self._open()
        try:
            opened.seek(self._claimed - last)
            return len(opened.read(last)) == last
        except soundfile.LibsndfileError:
            return False


class _Miniaudio(_Counted):
    """What miniaudio reads."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._data = data
        read = miniaudio.mp3_get_info if kind == "mp3" else miniaudio.flac_get_info
        info = read(data)
        self.format = kind
        self.rate = info.sample_rate
        self.channels = info.nchannels

    def blocks(self, start: int) -> Iterator[Samples]:
        decoded = miniaudio.stream_memory(
            self._data, miniaudio.SampleFormat.FLOAT32, self.channels, self.rate, _BLOCK
        )
        skipped = 0
        for values in decoded:
            block = np.frombuffer(values, np.float32).reshape(-1, self.channels)
            behind = max(start - skipped, 0)
            skipped += len(block)
            if behind < len(block):
                yield block[behind:].copy()


class _Joined(_Counted):
    """Streams of the same shape, one behind the other."""

    def __init__(self, links: list[Stream]) -> None:
        first = self._first = links[0]
        self._links = links
        self.format, self.rate, self.channels = first.format, first.rate, first.channels
        if any((one.rate, one.channels) != (first.rate, first.channels) for one in links):
            raise RefusedError(Refusal.JOINED)

    def blocks(self, start: int) -> Iterator[Samples]:
        for link in self._links:
            length = link.length()
            if start < length:
                yield from link.blocks(start)
            start = max(start - length, 0)

    def length(self) -> int:
        return sum(link.length() for link in self._links)


def open_stream(data: bytes) -> Stream:
    """Open a sound file.

    Raises:
        RefusedError: it is of a kind that is not read, or damaged.
    """
    kind = kind_of(data)
    if kind != "mp3":
        data = data[after_tags(data) :]
    try:
        match kind:
            case "mp3":
                return _Miniaudio(unclaimed_mp3(data), "mp3")
            case "ogg":
                return _ogg(data)
            case "wav":
                return _Sndfile(mended_wav(data), "wav")
            case "flac" | "aiff" | "w64":
                opened = _Sndfile(data, kind)
                return _Miniaudio(data, kind) if opened.is_endless() else opened
    except (soundfile.LibsndfileError, miniaudio.MiniaudioError, OSError) as error:
        raise RefusedError(Refusal.DAMAGED) from error
    raise RefusedError(Refusal.FORMAT)


def _ogg(data: bytes) -> Stream:
    found = ogg_streams(data)
    kind = {"vorbis": "ogg", "opus": "opus", "flac": "flac"}.get(found.codec)
    if kind is None:
        raise RefusedError(Refusal.FORMAT)
    if len(found.links) > _MOST_LINKS:
        raise RefusedError(Refusal.JOINED)
    opened: list[Stream] = [
        _Miniaudio(link, kind) if kind == "flac" else _Sndfile(link, kind) for link in found.links
    ]
    return opened[0] if len(opened) == 1 else _Joined(opened)
