"""Why a sound file is not analysed, and the sentence that says it."""

import re
from enum import StrEnum
from typing import Final

from bot.audio.containers import kind_of
from bot.errors import UserError

_READABLE: Final = "WAV, AIFF, FLAC, Ogg Vorbis, Opus or MP3"
MIN_S: Final = 10
MAX_S: Final = 1200
MIN_RATE: Final = 8_000
MAX_RATE: Final = 192_000
MAX_CHANNELS: Final = 8
SILENCE_LUFS: Final = -60.0
_NAME: Final = 60
_ITALIC: Final = re.compile(r"(?<!\w)_(.+?)_(?!\w)")
"""Underlines are left where they do not make a word italic: names of files are full of them."""


class Refusal(StrEnum):
    """What is wrong with a file."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    NO_SOUND_FILE = "no sound file"
    MP4 = "mp4"
    FORMAT = "format"
    DAMAGED = "damaged"
    RATE = "rate"
    CHANNELS = "channels"
    SHORT = "short"
    LONG = "long"
    SILENT = "silent"
    NUMBERS = "numbers"
    JOINED = "joined"
    LIMITS = "limits"


_SENTENCES: Final = {
    Refusal.EMPTY: "{name} is empty. Choose the sound file itself.",
    Refusal.TOO_LARGE: "{name} is larger than 25 MB. Send it as an MP3 or Opus file.",
    Refusal.NO_SOUND_FILE: f"{{name}} is not a sound file that I can read. Send {_READABLE}.",
    Refusal.MP4: (
        "{name} is an MP4 file (M4A, AAC, ALAC, protected or not), which I cannot read. "
        f"Send it as {_READABLE}."
    ),
    Refusal.FORMAT: f"{{name}} is of a kind that I cannot read. Send it as {_READABLE}.",
    Refusal.DAMAGED: (
        "{name} cannot be read: it is damaged or cut off. Export it again, best as WAV or FLAC."
    ),
    Refusal.RATE: ("{name} has a sample rate outside 8 to 192 kHz. Export it with 44.1 or 48 kHz."),
    Refusal.CHANNELS: f"{{name}} has more than {MAX_CHANNELS} channels. Export it in stereo.",
    Refusal.SHORT: f"{{name}} is shorter than {MIN_S} seconds. Send the whole track.",
    Refusal.LONG: f"{{name}} is longer than {MAX_S // 60} minutes. Send one track, not a mix.",
    Refusal.SILENT: "{name} is silent, or nearly so. Send a track that can be heard.",
    Refusal.NUMBERS: (
        "{name} holds values that are not sound (infinite, or far beyond full scale). "
        "Export it again as WAV or FLAC."
    ),
    Refusal.JOINED: (
        "{name} is joined from several streams that do not fit together. Export it again as one."
    ),
    Refusal.LIMITS: (
        "{name} takes too long or too much memory to read; it may be damaged. "
        "Export it again as WAV or FLAC."
    ),
}


class RefusedError(Exception):
    """A file that is not analysed, in the process that opened it."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


def refusal(why: Refusal, name: str) -> UserError:
    """Return the sentence for a file.

    Args:
        why: what is wrong.
        name: what its owner calls it; only its last part is shown, and no more than a line of it.
    """
    return UserError(_SENTENCES[why].format(name=shown_name(name)))


def shown_name(name: str) -> str:
    """Return the last part of a path, without what could be taken for markup."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in "*~`|<>@[]")
    plain = _ITALIC.sub(r"\1", re.sub("__+", "_", plain)).lstrip("# ")
    plain = " ".join(plain.split())
    if len(plain) > _NAME:
        plain = f"{plain[: _NAME - 1]}…"
    return plain or "That file"


def magic_refusal(head: bytes) -> Refusal | None:
    """Return why a file that begins like this is refused; None: it may be one of `FORMATS`.

    Args:
        head: its first bytes, at least 16 where there are as many.
    """
    if not head:
        return Refusal.EMPTY
    if head[4:8] == b"ftyp":
        return Refusal.MP4
    return Refusal.NO_SOUND_FILE if kind_of(head) is None else None
