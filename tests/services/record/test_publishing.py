"""Anybody can check a published log, and learns of nobody from it."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.models import FeedbackKind, Subject, SubjectKind
from bot.core.record import Head
from bot.errors import RecordError
from bot.services.record import RecordLog, publish, read_published
from bot.store import record
from bot.store.engine import Database
from bot.store.record_facts import Terms, new_answer, pick, vote, withdraw
from tests.conftest import NOON
from tests.fakes import FakeClock

LISTENERS = range(900_001, 900_007)
SERVER = "server"
TODAY = NOON.date()
OLD = NOON - timedelta(days=40)
BLIND = Terms(5, 4, blind=True)


async def answers(
    database: Database,
    user_id: int,
    *,
    promotion_id: int | None = None,
    count: int = 5,
    terms: Terms = BLIND,
    at: int = 0,
    crowd: int = 1,
) -> list[int]:
    """Seal an answer whose last picks are promoted; return the numbers of its picks."""
    answer, numbers = new_answer(), list(range(at, at + count))
    facts = []
    for place, number in enumerate(numbers):
        promoted = promotion_id is not None and place >= count - crowd
        facts.append(
            pick(
                user_id,
                number,
                77,
                "{}",
                answer=answer,
                promotion_id=promotion_id if promoted else None,
                terms=terms if promoted else None,
            )
        )
    async with database.write() as conn:
        await record.add(conn, facts, now=OLD)
    return numbers


async def thumbs(database: Database, promotion_id: int, *, count: int) -> None:
    subject = Subject(SubjectKind.PROMOTION, promotion_id)
    said = [
        vote(user_id, user_id, FeedbackKind.THUMB, subject, 1.0, source="button")
        for user_id in LISTENERS[:count]
    ]
    async with database.write() as conn:
        await record.add(conn, said, now=OLD)


async def posted(database: Database, promotion_id: int) -> None:
    about = {"promotion": promotion_id, "server": SERVER, "hearings": 5}
    one = record.Fact("posted", 5, {}, promotion=about, promotion_id=promotion_id)
    async with database.write() as conn:
        await record.add(conn, [one], now=OLD)


async def published(database: Database, folder: Path, *, closed_days: int = 30) -> Path:
    await RecordLog(database, FakeClock()).catch_up()
    lines, file = io.StringIO(), folder / "log.jsonl"
    await publish(database, lines, today=TODAY, closed_days=closed_days)
    file.write_text(lines.getvalue())
    return file


async def test_a_published_log_gives_the_root_and_what_came_of_each_promotion(
    database: Database, tmp_path: Path
) -> None:
    await posted(database, 7)
    for user_id in LISTENERS:
        await answers(database, user_id, promotion_id=7)
    await thumbs(database, 7, count=6)
    earlier = (await RecordLog(database, FakeClock()).head())[0]
    await answers(database, 1)

    told = read_published(await published(database, tmp_path), [earlier])

    assert told.head == (await RecordLog(database, FakeClock()).head())[0]
    found = told.fairness
    assert found.is_kept
    assert (found.picks, found.promoted, found.unnamed) == (35, 6, 0)
    heard = found.promotions[7]
    assert (heard.posted, heard.guaranteed) == (OLD.date().isoformat(), 5)
    assert (heard.blind, heard.named, heard.votes) == (6, 0, 6)


async def test_nobody_and_no_music_is_in_a_published_log(
    database: Database, tmp_path: Path
) -> None:
    await posted(database, 7)
    for user_id in LISTENERS:
        await answers(database, user_id, promotion_id=7)

    content = (await published(database, tmp_path)).read_text()

    for secret in ("90000", "track", "user", "private\\", "value", OLD.isoformat()[:13]):
        assert secret not in content
    for line in content.splitlines()[1:]:
        assert isinstance(json.loads(line)["private"], str)


@pytest.mark.parametrize(("people", "days"), [(4, 30), (6, 60)], ids=["too few", "too lately"])
async def test_a_promotion_is_named_when_five_people_met_it_and_a_month_is_over(
    database: Database, tmp_path: Path, people: int, days: int
) -> None:
    for user_id in LISTENERS[:people]:
        await answers(database, user_id, promotion_id=7)

    told = read_published(await published(database, tmp_path, closed_days=days))

    assert told.fairness.promotions == {}
    assert (told.fairness.promoted, told.fairness.unnamed) == (people, people)
    assert told.fairness.is_kept


@pytest.mark.parametrize(
    ("broken", "count", "crowd", "terms"),
    [
        ("crowded", 11, 2, Terms(5, 4)),
        ("too_short", 2, 1, Terms(5, 4)),
        ("early", 5, 1, Terms(5, 3)),
        ("early", 5, 1, Terms(2, 4)),
    ],
)
async def test_a_promise_that_was_broken_is_found(
    database: Database, tmp_path: Path, broken: str, count: int, crowd: int, terms: Terms
) -> None:
    await answers(database, 1, promotion_id=7, count=count, crowd=crowd, terms=terms)

    found = read_published(await published(database, tmp_path)).fairness

    assert not found.is_kept
    assert getattr(found, broken) == 1


async def test_an_answer_that_could_not_be_posted_does_not_count(
    database: Database, tmp_path: Path
) -> None:
    numbers = await answers(database, 1, promotion_id=7, at=100)
    await answers(database, 1, at=200)
    async with database.write() as conn:
        await withdraw(conn, numbers, now=OLD)

    found = read_published(await published(database, tmp_path)).fairness

    assert (found.picks, found.promoted, found.unnamed) == (5, 0, 0)


async def test_of_an_answer_that_was_posted_in_part_the_rest_counts(
    database: Database, tmp_path: Path
) -> None:
    numbers = [await answers(database, one, promotion_id=7, at=100 * one) for one in range(1, 7)]
    async with database.write() as conn:
        await withdraw(conn, numbers[0][:2], now=OLD)
        await withdraw(conn, [numbers[1][-1]], now=OLD)

    found = read_published(await published(database, tmp_path)).fairness

    assert found.is_kept
    assert (found.picks, found.promoted) == (27, 5)


async def test_who_is_forgotten_counts_as_a_hash(database: Database, tmp_path: Path) -> None:
    await answers(database, 1)
    await answers(database, 2)
    await RecordLog(database, FakeClock()).catch_up()
    async with database.write() as conn:
        await record.forget(conn, 1, [])

    found = read_published(await published(database, tmp_path)).fairness

    assert (found.leaves, found.closed, found.picks) == (10, 5, 5)


@pytest.mark.sqlite
async def test_a_file_that_was_changed_is_told_so(database: Database, tmp_path: Path) -> None:
    for user_id in LISTENERS:
        await answers(database, user_id, promotion_id=7)
    file = await published(database, tmp_path)
    lines = file.read_text().splitlines(keepends=True)
    head = (await RecordLog(database, FakeClock()).head())[0]
    other = Head(head.size, bytes(32))

    changed = {
        "a leaf was changed": [*lines[:3], *lines[4:]],
        "a leaf was changed, added": [*lines, lines[-1]],
        "a leaf was": [*lines[:3], lines[3].replace("pick", "pack"), *lines[4:]],
        "Line 4 is no JSON": [*lines[:3], lines[3][:20] + "\n", *lines[4:]],
        "Line 3: ": [*lines[:2], '{"open": 1}\n'],
        "Line 1 is no JSON": ["\n"],
        "no published log": ["{}\n"],
        "another version": [lines[0].replace('"version": 1', '"version": 9')],
    }
    for says, content in changed.items():
        file.write_text("".join(content))
        with pytest.raises(RecordError, match=says):
            read_published(file)
    file.write_text("".join(lines))
    with pytest.raises(RecordError, match="not the log of the head"):
        read_published(file, [other])
    with pytest.raises(RecordError, match="cannot be read"):
        read_published(tmp_path / "nowhere")
