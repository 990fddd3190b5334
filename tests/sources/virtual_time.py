"""An event loop whose time moves only when nothing else is left to do: hours pass in no time.

For code that waits for timers and loopback sockets; what runs in threads would be overtaken.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tests.conftest import NOON

T = TypeVar("T")

_TURN = 1e-6
"""Seconds that a turn of the loop takes; without it, rounded waits could come round for ever."""


class _Selector(selectors.DefaultSelector):
    """Skips the wait for the next timer when no socket is ready."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout is not None:
            self.skipped += max(timeout, _TURN)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop, and the clock that goes with it."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.skipped

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.time())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
