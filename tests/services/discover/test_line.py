"""A few wishes at a time, first come, first served, and who waits long is told so."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.errors import TooSoonError
from bot.services.discover.line import LONGEST_S, PATIENCE_S, Line, Place


async def ticks() -> None:
    """Let everybody go on who can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_whoever_waits_is_let_in_in_the_order_of_coming() -> None:
    line, order, gate = Line(slots=2), [], asyncio.Event()

    async def ask(name: str) -> None:
        async with line.turn():
            order.append(name)
            await gate.wait()

    tasks = [asyncio.create_task(ask(name)) for name in "abcde"]
    await ticks()
    at_first = list(order)
    gate.set()
    await asyncio.gather(*tasks)

    assert at_first == ["a", "b"]
    assert order == ["a", "b", "c", "d", "e"]


async def test_who_has_to_wait_long_is_told_at_once_and_the_others_are_not() -> None:
    line, told = Line(slots=1), []
    line.takes_s = PATIENCE_S / 2

    async def tell(place: Place) -> None:
        told.append(place)

    async def ask() -> None:
        async with line.turn(tell):
            await asyncio.sleep(0)

    async with line.turn():
        tasks = [asyncio.create_task(ask()) for _ in range(4)]
        await ticks()
        meanwhile = list(told)
    await asyncio.gather(*tasks)

    assert meanwhile == [Place(3, 3 * PATIENCE_S / 2), Place(4, 4 * PATIENCE_S / 2)]
    assert told == meanwhile


async def test_a_turn_ends_only_when_its_owner_has_been_told() -> None:
    line, gate, ended = Line(slots=1), asyncio.Event(), False
    line.takes_s = 2 * PATIENCE_S

    async def tell(_: Place) -> None:
        await gate.wait()

    async def ask() -> None:
        nonlocal ended
        async with line.turn(tell):
            pass
        ended = True

    async with line.turn():
        task = asyncio.create_task(ask())
        await ticks()
    await ticks()
    early = ended
    gate.set()
    await task

    assert (early, ended) == (False, True)


async def test_nobody_is_let_in_who_would_wait_far_too_long() -> None:
    line = Line(slots=1)
    line.takes_s = LONGEST_S + 1

    async with line.turn():
        with pytest.raises(TooSoonError, match="Too many are asking"):
            async with line.turn():
                pass


async def test_who_gives_up_leaves_the_line_and_takes_no_turn_along() -> None:
    line = Line(slots=1)

    async def ask() -> None:
        async with line.turn():
            pass

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(line.turn())
        early, late = asyncio.create_task(ask()), asyncio.create_task(ask())
        await ticks()
        early.cancel()
        await ticks()
    await late

    async with asyncio.timeout(60), line.turn():
        pass
    assert early.cancelled()
