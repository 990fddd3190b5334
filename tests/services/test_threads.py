import asyncio
import threading

import pytest

from bot.services.threads import compute


def refuse() -> None:
    raise ValueError("not a number")


async def test_what_is_computed_comes_back_and_the_loop_goes_on() -> None:
    gone_on = threading.Event()
    waiting = asyncio.ensure_future(compute(gone_on.wait, timeout=60))
    await asyncio.sleep(0)

    gone_on.set()

    assert await waiting is True


async def test_an_error_comes_back_too() -> None:
    with pytest.raises(ValueError, match="not a number"):
        await compute(refuse)


async def test_arithmetic_has_threads_of_its_own() -> None:
    names = await asyncio.gather(*(compute(lambda: threading.current_thread().name) for _ in "ab"))

    assert all(name.startswith("arithmetic") for name in names)
