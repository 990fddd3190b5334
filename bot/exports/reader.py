"""Reads exports in throw-away processes, one at a time; what they say is checked."""

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

from bot.exports.pieces import End, OwnPiece, Piece, decode
from bot.exports.refusal import MOST_ROWS, Refusal, RefusedError
from bot.sandbox import Contained, Limits, Turns, running

log = logging.getLogger(__name__)

Fetch: TypeAlias = Callable[[], Awaitable[bytes]]
"""Brings a file from elsewhere."""

LIMITS: Final = Limits(memory_bytes=512 << 20, cpu_s=60, wall_s=240.0)
"""Half a million plays take a fifth of the processor time."""
_PART_BYTES: Final = 16 << 20
_NAME: Final = 100
_CHILD: Final = ("-m", "bot.exports.child")
_BUSY: Final = "I am reading several exports already. Send yours again in a few minutes."


class ExportReader:
    """Reads exports; use one for the whole bot.

    Args:
        workers: files read at once.
        queue: files that may wait for that.
        limits: for each of them.
        most_rows: read of each.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        queue: int = 2,
        limits: Limits = LIMITS,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._turns = Turns(workers, queue, busy=_BUSY)
        self._limits = limits
        self._most_rows = most_rows

    async def pieces(
        self, content: bytes | Path | Fetch, name: str
    ) -> AsyncGenerator[Piece | OwnPiece, None]:
        """Yield what stands in an export.

        Args:
            content: the file, where it is, or what brings it. That is asked when it is the turn of
                the file, so that those which wait take no memory.
            name: how its owner calls it.

        Raises:
            UserError: too many wait already.
            RefusedError: it is no export, damaged or too much; the pieces before that stay right.
        """
        async with self._turns.turn():
            if not isinstance(content, bytes | Path):
                content = await content()
            with await asyncio.to_thread(_opened, content) as file:
                shown = "".join(one for one in name if one.isprintable())[-_NAME:]
                wishes = (str(self._most_rows), shown)
                async with running(_CHILD, file.fileno(), self._limits, *wishes) as child:
                    while not isinstance(told := await _next(child), End):
                        yield told
        if told.why is not None:
            log.info("an export was not read to its end: %s %s", told.why, told.fault)
            raise RefusedError(told.why, told.looks)


async def _next(child: Contained) -> Piece | OwnPiece | End:
    part = await child.part(_PART_BYTES)
    if not part:
        return End(Refusal.LIMITS)
    try:
        return await asyncio.to_thread(decode, part)
    except ValueError as error:
        return End(Refusal.DAMAGED, str(error))


def _opened(content: bytes | Path) -> BinaryIO:
    """Return an open file; that for bytes has no name, so that nothing is ever left over."""
    if isinstance(content, Path):
        return content.open("rb")
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (it is handed on)
    file.write(content)
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return file
