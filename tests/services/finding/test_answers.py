import pytest

from bot.services.finding.answers import KeptAnswers
from bot.sources.answers import A_WEEK, FOR_EVER
from bot.store.engine import Database
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def answers(database: Database, clock: FakeClock) -> KeptAnswers:
    return KeptAnswers(database, clock)


async def test_an_answer_is_good_until_it_expires(answers: KeptAnswers, clock: FakeClock) -> None:
    await answers.put({"old": [1, "é"], "ever": {"a": None}}, keep=A_WEEK)
    await answers.put({"ever": {"a": 2}}, keep=FOR_EVER)

    clock.move(days=6, hours=23)
    assert await answers.get(["old", "ever", "never"]) == {"old": [1, "é"], "ever": {"a": 2}}
    clock.move(hours=1)
    assert await answers.get(["old", "ever"]) == {"ever": {"a": 2}}
    assert await answers.remove_expired() == 1
    assert await answers.remove_expired() == 0


async def test_many_keys_are_one_question_to_the_database(answers: KeptAnswers) -> None:
    many = {str(number): number for number in range(3000)}

    await answers.put(many, keep=FOR_EVER)

    assert await answers.get(list(many)) == many


async def test_that_there_is_none_is_kept_for_a_week(
    answers: KeptAnswers, clock: FakeClock
) -> None:
    await answers.put({"none": None, "one": 1}, keep=FOR_EVER)

    assert await answers.get(["none", "one"]) == {"none": None, "one": 1}
    clock.move(days=7)
    assert await answers.get(["none", "one"]) == {"one": 1}
