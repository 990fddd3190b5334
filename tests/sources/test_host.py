import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionRefusedError, SourceUnavailableError
from bot.sources.host import TRIES, Host, Pace, PassingError, Timing, retry_after
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.sources import virtual_time

DOWN = SourceUnavailableError("down")
FREE = Pace(100_000, 1)


class Script:
    """Fails as often as told, then answers."""

    def __init__(self, *failures: PassingError | QuestionRefusedError) -> None:
        self.failures = list(failures)
        self.tries = 0

    async def __call__(self) -> str:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def passing(wait_s: float | None = None) -> PassingError:
    return PassingError(DOWN, None if wait_s is None else timedelta(seconds=wait_s))


async def test_a_failure_that_passes_is_tried_again_after_a_growing_wait(timing: Timing) -> None:
    script = Script(passing(), passing())

    assert await Host("X", FREE, timing).call(script, idempotent=True) == "answer"

    assert script.tries == 3
    assert NOON < timing.clock.now() < NOON + timedelta(seconds=4)


async def test_a_call_that_is_not_idempotent_is_made_once(timing: Timing) -> None:
    script = Script(passing(1))

    with pytest.raises(SourceUnavailableError):
        await Host("X", FREE, timing).call(script, idempotent=False)

    assert script.tries == 1


async def test_after_the_last_try_its_error_is_raised(timing: Timing) -> None:
    script = Script(*[passing() for _ in range(TRIES)])

    with pytest.raises(SourceUnavailableError, match="down"):
        await Host("X", FREE, timing).call(script, idempotent=True)

    assert script.tries == TRIES


async def test_a_short_rest_that_the_host_asks_for_is_waited_for_by_all(
    timing: Timing, clock: FakeClock
) -> None:
    host = Host("X", FREE, timing)

    assert await host.call(Script(passing(20)), idempotent=True) == "answer"

    assert clock.now() == NOON + timedelta(seconds=20)


async def test_a_long_rest_fails_at_once_and_says_until_when(
    timing: Timing, clock: FakeClock
) -> None:
    host, later = Host("X", FREE, timing), Script()

    with pytest.raises(SourceUnavailableError):
        await host.call(Script(passing(86_400)), idempotent=True)
    with pytest.raises(SourceUnavailableError) as caught:
        await host.call(later, idempotent=True)

    assert caught.value.until == NOON + timedelta(days=1)
    assert later.tries == 0
    clock.move(days=1)
    assert await host.call(later, idempotent=True) == "answer"


async def test_after_many_failures_in_a_row_one_question_tries_whether_the_host_is_back(
    timing: Timing, clock: FakeClock
) -> None:
    host = Host("X", FREE, timing)
    for _ in range(5):
        with pytest.raises(SourceUnavailableError):
            await host.call(Script(passing()), idempotent=False)
    untried = Script()
    with pytest.raises(SourceUnavailableError):
        await host.call(untried, idempotent=True)
    assert untried.tries == 0

    clock.move(seconds=60)
    gate = asyncio.Event()

    async def probe() -> str:
        await gate.wait()
        return "back"

    probing = asyncio.create_task(host.call(probe, idempotent=True))
    await asyncio.sleep(0)
    with pytest.raises(SourceUnavailableError):
        await host.call(untried, idempotent=True)
    gate.set()

    assert await probing == "back"
    assert await host.call(untried, idempotent=True) == "answer"


async def test_a_refused_question_says_that_the_host_is_well(timing: Timing) -> None:
    host = Host("X", FREE, timing)

    for number in range(12):
        failure = QuestionRefusedError("no") if number % 4 == 3 else passing()
        with pytest.raises((QuestionRefusedError, SourceUnavailableError)):
            await host.call(Script(failure), idempotent=False)


@given(st.integers(1, 500), st.floats(0.1, 100))
def test_a_pace_fits_into_the_limit_wherever_the_window_begins(calls: int, seconds: float) -> None:
    pace = Pace(calls, seconds)

    in_any_window = pace.burst + (seconds / pace.interval if calls > 1 else 0)

    assert in_any_window <= calls + 1e-6


@pytest.mark.parametrize("pace", [Pace(1, 1.2), Pace(30, 10), Pace(50, 5)], ids=str)
def test_calls_keep_the_pace(pace: Pace) -> None:
    async def ask_often() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual_time.VirtualLoop)
        host = Host("X", pace, Timing(loop, random.Random(1)))  # noqa: S311
        times: list[float] = []

        async def note() -> None:
            times.append(loop.time())

        await asyncio.gather(*(host.call(note, idempotent=True) for _ in range(4 * pace.calls)))
        return times

    times = virtual_time.run(ask_often())

    ends = zip(times, times[pace.calls :], strict=False)
    assert all(last - first > pace.seconds - 1e-6 for first, last in ends)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("Fri, 20 Nov 2026 12:00:40 GMT", 40),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        (None, None),
        ("soon", None),
        ("nan", None),
        ("1e999", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, wait_s: float | None) -> None:
    found = retry_after(header, now=datetime(2026, 11, 20, 12, tzinfo=UTC))

    assert found == (None if wait_s is None else timedelta(seconds=wait_s))
