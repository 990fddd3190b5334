"""Starts a process that opens one file, listens to it, and ends it with all that it started."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

_PIECE: Final = 65_536
_LENGTH: Final = 4
_DRAINS_S: Final = 2.0
"""So long it takes at most to read what an ended process has said."""
_ENDS_S: Final = 5.0
"""So long a killed process may take to be gone."""
_ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""One thread, and nothing that the bot knows: its token is in the environment."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that opens a file may use before it is ended."""

    memory_bytes: int = 700 << 20
    cpu_s: int = 15
    wall_s: float = 30.0


class Contained:
    """A process that reads one file, and what it says of it."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, deadline: float) -> None:
        self._process = process
        self._reader = reader
        self._deadline = deadline
        self._waiting: asyncio.Timeout | None = None

    async def answer(self, most: int) -> bytes:
        """Return all that it says, once it has ended well; nothing otherwise.

        Args:
            most: bytes; who says more is not listened to.
        """
        said = bytearray()
        with suppress(TimeoutError):
            async with self._in_time():
                while len(said) <= most and (piece := await self._reader.read(_PIECE)):
                    said += piece
                if len(said) <= most and await self._process.wait() == 0:
                    return bytes(said)
        return b""

    async def part(self, most: int) -> bytes:
        """Return the next part that it says, as `framed` wrote it; nothing when there is no more.

        Args:
            most: bytes; of a longer part nothing is read.
        """
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            async with self._in_time():
                length = int.from_bytes(await self._reader.readexactly(_LENGTH), "big")
                if length <= most:
                    return await self._reader.readexactly(length)
                log.warning("a process that reads a file says %d bytes at once", length)
        return b""

    async def watch(self) -> None:
        """Wait for its end; what it started ends with it, and nobody waits for more than it said.

        A process of its that got away may keep the pipe open for ever.
        """
        await self._process.wait()
        _kill_group(self._process)
        if self._waiting is not None:
            self._waiting.reschedule(self._until())

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        async with asyncio.timeout_at(self._until()) as timeout:
            self._waiting = timeout
            try:
                yield
            finally:
                self._waiting = None

    def _until(self) -> float:
        """Return when to wait no longer."""
        if self._process.returncode is None:
            return self._deadline
        return min(self._deadline, asyncio.get_running_loop().time() + _DRAINS_S)


def framed(part: bytes) -> bytes:
    """Return a part of an answer as `Contained.part` reads it."""
    return len(part).to_bytes(_LENGTH, "big") + part


@asynccontextmanager
async def running(
    program: tuple[str, ...], file: int, limits: Limits, *wishes: str
) -> AsyncIterator[Contained]:
    """Run a program of ours over a file; afterwards neither it nor what it started is there.

    Args:
        program: what the interpreter runs: "-m" and a module. It is given the memory and seconds
            that it may use, and the wishes, and calls `confine`.
        file: the descriptor of the file, which becomes its standard input.
        limits: for it; time runs from now.
        wishes: what else it is told.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limits.wall_s
    read_end, write_end = os.pipe()
    try:
        # A pipe of our own: nobody else can keep it open for us. (asyncio's is closed by the last
        # process that holds it, which may be one that we do not know.)
        reader = asyncio.StreamReader(_PIECE)
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", buffering=0)
        )
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", *program,
                str(limits.memory_bytes), str(limits.cpu_s), *wishes,
                stdin=file,
                stdout=write_end,
                stderr=DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )  # fmt: skip
        except BaseException:
            transport.close()
            raise
    finally:
        os.close(write_end)
    child = Contained(process, reader, deadline)
    watching = asyncio.create_task(child.watch())
    try:
        yield child
    finally:
        transport.close()
        watching.cancel()
        await _end(process)


async def _end(process: Process) -> None:
    """Kill a process and its whole group, whether it ended by itself or not."""
    _kill_group(process)
    try:
        async with asyncio.timeout(_ENDS_S):
            status = await process.wait()
    except TimeoutError:  # it hangs in the kernel
        log.warning("a process that read a file cannot be ended")
        return
    if status:
        log.info("a process that read a file ended with status %d", status)


def _kill_group(process: Process) -> None:
    """Kill whoever is left of a process's group, whose number is that of the process."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
