"""How often one host is asked, how long we wait for it, and when we leave it alone."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias, TypeVar

from aiolimiter import AsyncLimiter

from bot.clock import Clock
from bot.errors import SourceError, SourceUnavailableError

log = logging.getLogger(__name__)

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
T = TypeVar("T")

LONGEST_WAIT: Final = timedelta(seconds=30)
"""If a host wants to be left alone for longer, we do not wait: the question fails at once."""
TRIES: Final = 4
FAILURES_THAT_BREAK: Final = 5
"""After this many failures in a row: the host is left alone, and then tried by one question."""
BREAK: Final = timedelta(seconds=60)
LONGEST_REST: Final = timedelta(days=1)
_FIRST_BACKOFF_S: Final = 0.5
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `calls` calls in any `seconds` seconds."""

    calls: int
    seconds: float

    @property
    def burst(self) -> int:
        """How many calls may come at once: a third, so that those that follow fit too."""
        return max(self.calls // 3, 1)

    @property
    def interval(self) -> float:
        """Seconds between calls once the burst is used up: burst + seconds / interval ≤ calls."""
        return self.seconds / max(self.calls - self.burst, 1)


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, given from outside."""

    clock: Clock
    rng: random.Random
    sleep: Sleep = asyncio.sleep
    share: float = 1.0
    """Which part of the pace of a host is ours, where other processes ask it too; at most 1."""


class PassingError(Exception):
    """A try failed in a way that may go away by itself."""

    def __init__(self, error: SourceError, wait: timedelta | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        """What to raise when no try is left."""
        self.wait = wait
        """How long the host asked to be left alone."""


class Host:
    """Paces the calls to one host, repeats those that may be repeated, and breaks the circuit.

    The host is left alone until the time it asked for (Retry-After, a used-up rate window), and for
    `BREAK` after too many failures in a row. A question waits for that when it is no further away
    than `LONGEST_WAIT`, else it fails at once.
    """

    def __init__(self, name: str, pace: Pace, timing: Timing) -> None:
        self.name = name
        self._timing = timing
        self._pace = Pace(pace.calls, pace.seconds / timing.share)
        self._limiter = self._new_limiter()
        self._latest_turn = 0.0
        self._rest_until = self._broken_until = _LONG_AGO
        self._failures = 0

    async def call(self, attempt: Callable[[], Awaitable[T]], *, idempotent: bool) -> T:
        """Try until there is an answer; a call that is not idempotent is tried once.

        Args:
            attempt: makes one call; raises `PassingError` for a failure that may pass.
            idempotent: asking twice does no more than asking once.

        Raises:
            SourceUnavailableError: the host is to be left alone for longer than `LONGEST_WAIT`.
            SourceError: what the last try raised.
        """
        for number in range(1, TRIES + 1):
            await self._turn()
            try:
                answer = await attempt()
            except PassingError as setback:
                self._note_failure(setback.wait)
                if number == TRIES or not idempotent:
                    raise setback.error from setback
                log.info("%s, try %d: %s", self.name, number, setback)
                if setback.wait is None:
                    await self._timing.sleep(self._backoff(number))
            except SourceError:
                self._note_answer()
                raise
            else:
                self._note_answer()
                return answer
        raise AssertionError("the last try returns or raises")

    def rest(self, wait: timedelta) -> None:
        """Leave the host alone for at least this long from now."""
        until = self._timing.clock.now() + min(wait, LONGEST_REST)
        self._rest_until = max(self._rest_until, until)

    async def _turn(self) -> None:
        """Return when the host may be called.

        When the host asks for a rest while a call waits, the call waits again afterwards; otherwise
        all waiting calls would go at once.
        """
        resting = True
        while resting:
            await self._rested()
            await self._steady_limiter().acquire()
            resting = self._alone_until > self._timing.clock.now()
        if self._failures >= FAILURES_THAT_BREAK:
            self._break()  # the others wait for how this one goes

    def _new_limiter(self) -> AsyncLimiter:
        return AsyncLimiter(self._pace.burst, self._pace.burst * self._pace.interval)

    def _steady_limiter(self) -> AsyncLimiter:
        """Return the limiter; a new one when the loop's time went back, as simulated time does."""
        now = asyncio.get_running_loop().time()
        if now < self._latest_turn:
            self._limiter = self._new_limiter()
        self._latest_turn = now
        return self._limiter

    @property
    def _alone_until(self) -> datetime:
        return max(self._rest_until, self._broken_until)

    async def _rested(self) -> None:
        while (wait := self._alone_until - self._timing.clock.now()) > timedelta(0):
            if wait > LONGEST_WAIT:
                raise self.unavailable()
            await self._timing.sleep(wait.total_seconds())

    def _note_failure(self, wait: timedelta | None) -> None:
        self._failures += 1
        if wait is not None:
            self.rest(wait)
        if self._failures >= FAILURES_THAT_BREAK:
            self._break()
            log.warning("%s failed %d times in a row", self.name, self._failures)

    def _note_answer(self) -> None:
        self._failures, self._broken_until = 0, _LONG_AGO

    def _break(self) -> None:
        self._broken_until = self._timing.clock.now() + BREAK

    def _backoff(self, number: int) -> float:
        """Return the seconds to wait after a try: random, up to a bound that doubles."""
        return self._timing.rng.uniform(0, _FIRST_BACKOFF_S * 2**number)

    def unavailable(self) -> SourceUnavailableError:
        """Return the error for a silent host, with the time of the next attempt if known."""
        now = self._timing.clock.now()
        until = self._alone_until if self._alone_until > now else None
        return SourceUnavailableError(
            f"{self.name} does not answer right now. Try again in a few minutes.", until
        )


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds, or a date; None when there is none that can be read."""
    if value is None:
        return None
    try:
        return timedelta(seconds=max(float(value), 0))
    except (ValueError, OverflowError):
        pass
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(aware - now, timedelta(0))
