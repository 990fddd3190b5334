import asyncio

import pytest

from bot.errors import SourceUnavailableError
from bot.services.finding.answers import KeptAnswers
from bot.sources.answers import FOR_EVER, AskOnce, Found
from tests.fakes import FakeClock


class Asked:
    """Answers each key with itself in capitals; x is unknown; down until told otherwise."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.down_for: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, keys: list[str]) -> Found:
        self.groups.append(keys)
        await self.gate.wait()
        if self.down_for & set(keys):
            raise SourceUnavailableError("down")
        return {key: key.upper() for key in keys if key != "x"}


@pytest.fixture
def ask() -> Asked:
    return Asked()


async def test_each_key_is_asked_once_in_groups(answers: KeptAnswers, ask: Asked) -> None:
    once = AskOnce(answers)

    first = await once.each(["a", "b", "a", "c"], ask, keep=FOR_EVER, size=2)
    second = await once.each(["c", "d"], ask, keep=FOR_EVER, size=2)

    assert first == {"a": "A", "b": "B", "c": "C"}
    assert second == {"c": "C", "d": "D"}
    assert ask.groups == [["a", "b"], ["c"], ["d"]]


async def test_equal_questions_at_the_same_time_share_one_call(
    answers: KeptAnswers, ask: Asked
) -> None:
    once = AskOnce(answers)

    found = await asyncio.gather(
        once.each(["a", "b"], ask, keep=None, size=9),
        once.each(["b", "c"], ask, keep=None, size=9),
        once.each(["c", "a"], ask, keep=None, size=9),
    )

    assert list(found) == [{"a": "A", "b": "B"}, {"b": "B", "c": "C"}, {"c": "C", "a": "A"}]
    assert ask.groups == [["a", "b"], ["c"]]


async def test_an_answer_outlives_the_one_who_asked_for_it(
    answers: KeptAnswers, ask: Asked
) -> None:
    once = AskOnce(answers)
    ask.gate.clear()
    impatient = asyncio.create_task(once.each(["a"], ask, keep=None))
    patient = asyncio.create_task(once.each(["a"], ask, keep=None))
    await asyncio.sleep(0)

    impatient.cancel()
    ask.gate.set()

    assert await patient == {"a": "A"}
    assert ask.groups == [["a"]]


async def test_a_miss_is_kept_for_a_week_and_a_failure_not_at_all(
    answers: KeptAnswers, ask: Asked, clock: FakeClock
) -> None:
    once = AskOnce(answers)
    assert await once.each(["x"], ask, keep=FOR_EVER) == {"x": None}
    assert await once.each(["x"], ask, keep=FOR_EVER) == {"x": None}
    assert len(ask.groups) == 1

    clock.move(days=7)
    ask.down_for = {"x"}
    for _ in range(2):
        with pytest.raises(SourceUnavailableError):
            await once.each(["x"], ask, keep=FOR_EVER)

    assert len(ask.groups) == 3


async def test_what_was_answered_before_a_failure_is_kept(answers: KeptAnswers, ask: Asked) -> None:
    once = AskOnce(answers)
    ask.down_for = {"b"}
    with pytest.raises(SourceUnavailableError):
        await once.each(["a", "b"], ask, keep=FOR_EVER)
    ask.down_for.clear()

    assert await once.each(["a", "b"], ask, keep=FOR_EVER) == {"a": "A", "b": "B"}

    assert ask.groups == [["a"], ["b"], ["b"]]
