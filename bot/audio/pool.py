"""Analyses sound files in throw-away processes, a few at a time."""

import asyncio
import hashlib
import io
import logging
import os
import tempfile
from collections.abc import Awaitable, Callable
from errno import ENOENT
from pathlib import Path
from typing import Final, TypeAlias, cast

from bot.audio.analysis import Analysis, decode
from bot.audio.refusal import Refusal, magic_refusal, refusal, shown_name
from bot.errors import UserError
from bot.sandbox import Limits, Turns, running

log = logging.getLogger(__name__)

Fetch: TypeAlias = Callable[[], Awaitable[bytes]]
"""Fetches a file, such as an attachment."""
_File: TypeAlias = io.BufferedRandom | io.BufferedReader

MAX_BYTES: Final = 25_000_000
"""Larger files are refused without being opened."""
_ANSWER_BYTES: Final = 2 << 20
_HEAD: Final = 16
_REFUSED: Final = b"refused: "
_CHILD: Final = ("-m", "bot.audio.child")
_BUSY: Final = "I am listening to several files already. Try again in a minute."
DEFAULT_LIMITS: Final = Limits()


class Analyzer:
    """Analyses sound files; use one for the whole bot.

    Args:
        workers: files analysed at once.
        queue: files that may wait for that.
        limits: for each of them.
    """

    def __init__(
        self, workers: int = 1, *, queue: int = 8, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._turns = Turns(workers, queue, busy=_BUSY)
        self._limits = limits

    async def analyze(
        self, content: bytes | Path | Fetch, name: str, *, excerpt: bool = False
    ) -> Analysis:
        """Return what can be heard in a sound file.

        Args:
            content: the file, where it is, or what brings it. That is asked when it is the turn of
                the file, so that those which wait take no memory.
            name: what its owner calls it; only for sentences.
            excerpt: also return some seconds of it to be heard.

        Raises:
            UserError: it is not a sound file that can be read, or too many wait already.
        """
        async with self._turns.turn():
            if not isinstance(content, bytes | Path):
                content = await content()
            with _opened(content, name) as file:
                sha256, why = await asyncio.to_thread(_prepared, file, content)
                if why is not None:
                    raise refusal(why, name)
                wishes = ["excerpt"] * excerpt
                async with running(_CHILD, file.fileno(), self._limits, *wishes) as child:
                    answer = await child.answer(_ANSWER_BYTES)
        return _read(answer, sha256, name)


def _opened(content: bytes | Path, name: str) -> _File:
    """Return an open file; bytes get one without a name, so that nothing is ever left over.

    Raises:
        UserError: there is no such file.
    """
    if isinstance(content, bytes):
        return cast(_File, tempfile.TemporaryFile())
    try:
        if not content.is_file():  # opening a pipe would wait for its writer
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
        return content.open("rb")
    except OSError as error:
        raise UserError(f"{shown_name(name)} cannot be opened: {error.strerror}.") from error


def _prepared(file: _File, content: bytes | Path) -> tuple[str, Refusal | None]:
    """Fill and rewind a file; return its SHA-256, and why it is refused, if it is."""
    size = len(content) if isinstance(content, bytes) else os.fstat(file.fileno()).st_size
    if size > MAX_BYTES:
        return "", Refusal.TOO_LARGE
    if isinstance(content, bytes):
        file.write(content)
    file.seek(0)
    why = magic_refusal(file.read(_HEAD))
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child reads past our buffer
    return sha256, why


def _read(answer: bytes, sha256: str, name: str) -> Analysis:
    """Read what the child said.

    Raises:
        UserError: it refused the file, was ended, or said something else.
    """
    if not answer:
        raise refusal(Refusal.LIMITS, name)
    try:
        if not answer.startswith(_REFUSED):
            return decode(answer, sha256=sha256)
        raise refusal(Refusal(answer.removeprefix(_REFUSED).decode()), name)
    except ValueError as error:
        log.warning("a sound file was not understood: %s", error)
        raise refusal(Refusal.DAMAGED, name) from error
