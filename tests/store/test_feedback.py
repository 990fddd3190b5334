"""The ledger against a model of it: what counts after any story of saying and taking back."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind, Thumbs
from bot.store import feedback, listeners
from bot.store.engine import Database
from bot.store.tables import feedback as table
from tests.conftest import NOON
from tests.templates import put_database

TRACK = SubjectKind.TRACK
ANN, BEN = 1, 2


async def say(
    conn: AsyncConnection,
    subject: int,
    value: float,
    *,
    user: int = ANN,
    source: FeedbackSource = FeedbackSource.COMMAND,
    message: int | None = None,
) -> int:
    await listeners.ensure(conn, user, now=NOON)
    kind = FeedbackKind.RATING if source is FeedbackSource.COMMAND else FeedbackKind.THUMB
    return await feedback.append(
        conn,
        user,
        kind,
        Subject(TRACK, subject),
        value,
        source=source,
        message_id=message,
        now=NOON,
    )


async def undo(conn: AsyncConnection) -> None:
    entry = await feedback.last_standing(conn, ANN)
    if entry is not None:
        await feedback.cancel(conn, ANN, entry, source=FeedbackSource.COMMAND, now=NOON)


async def values(conn: AsyncConnection) -> dict[int, float]:
    return {entry.subject.id: entry.value for entry in await feedback.counting(conn, ANN)}


async def test_the_last_word_about_a_subject_counts(conn: AsyncConnection) -> None:
    for subject, value in ((7, 5), (8, 4), (7, 1)):
        await say(conn, subject, value)

    assert await values(conn) == {7: 1, 8: 4}


async def test_undo_lets_the_earlier_word_count_again(conn: AsyncConnection) -> None:
    await say(conn, 7, 5)
    await say(conn, 7, 1)

    await undo(conn)

    assert await values(conn) == {7: 5}


async def test_nothing_is_ever_removed_from_the_ledger(conn: AsyncConnection) -> None:
    await say(conn, 7, 5)
    await undo(conn)

    rows = (await conn.execute(select(table.c.kind).order_by(table.c.id))).scalars().all()
    assert rows == ["rating", "cancel"]


async def test_an_entry_can_be_taken_back_only_once(conn: AsyncConnection) -> None:
    await say(conn, 7, 5)
    entry = await feedback.last_standing(conn, ANN)
    assert entry is not None
    await feedback.cancel(conn, ANN, entry, source=FeedbackSource.COMMAND, now=NOON)

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        await feedback.cancel(conn, ANN, entry, source=FeedbackSource.COMMAND, now=NOON)


async def test_thumbs_count_each_listener_once_by_their_last_word(conn: AsyncConnection) -> None:
    button, reaction = FeedbackSource.BUTTON, FeedbackSource.REACTION
    await say(conn, 7, 1, source=reaction, message=50)
    await say(conn, 7, -1, source=button, message=50)
    await say(conn, 7, 1, user=BEN, source=reaction, message=50)
    await say(conn, 7, 1, user=BEN, source=reaction, message=51)

    assert await feedback.thumbs(conn, Subject(TRACK, 7), 50) == Thumbs(up=0, down=1)
    assert await feedback.thumbs(conn, Subject(TRACK, 7), 51) == Thumbs(up=1, down=0)


async def test_pages_are_newest_first_and_hold_only_what_counts(conn: AsyncConnection) -> None:
    for subject in (1, 2, 3, 1):
        await say(conn, subject, 5)

    page = await feedback.page(conn, ANN, offset=0, limit=2)

    assert [entry.subject.id for entry in page] == [1, 3]
    assert await feedback.count_counting(conn, ANN) == 3


@dataclass(frozen=True)
class Step:
    do: Literal["say", "undo"]
    subject: int = 0
    value: float = 0


STEPS = st.lists(
    st.one_of(
        st.builds(Step, st.just("say"), st.integers(1, 3), st.integers(1, 5).map(float)),
        st.just(Step("undo")),
    ),
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_story_counts_as_a_stack_of_last_words(tmp_path: Path, steps: list[Step]) -> None:
    stack: list[Step] = []
    for step in steps:
        if step.do == "say":
            stack.append(step)
        elif stack:
            stack.pop()
    expected = {step.subject: step.value for step in stack}

    file = tmp_path / "story.db"
    put_database(file)

    async def story() -> dict[int, float]:
        async with (
            Database(f"sqlite+aiosqlite:///{file}") as database,
            database.write() as conn,
        ):
            for step in steps:
                if step.do == "say":
                    await say(conn, step.subject, step.value)
                else:
                    await undo(conn)
            return await values(conn)

    assert asyncio.run(story()) == expected


async def test_a_mute_replaces_mutes_and_what_was_said_counts_beside_it(
    conn: AsyncConnection,
) -> None:
    subject = Subject(SubjectKind.ARTIST, 7)

    async def add(kind: FeedbackKind, value: float) -> None:
        await feedback.append(
            conn, ANN, kind, subject, value, source=FeedbackSource.COMMAND, now=NOON
        )

    await listeners.ensure(conn, ANN, now=NOON)
    for kind, value in (
        (FeedbackKind.RATING, 5),
        (FeedbackKind.MUTE, 0),
        (FeedbackKind.RATING, 2),
        (FeedbackKind.MUTE, 30),
    ):
        await add(kind, value)

    assert [one.value for one in await feedback.counting(conn, ANN)] == [2]
    assert [one.value for one in await feedback.mutes(conn, ANN)] == [30]
    assert [one.value for one in await feedback.all_counting(conn, ANN)] == [2, 30]
    about = [await feedback.counting_about(conn, ANN, subject, mute=mute) for mute in (False, True)]
    assert [one.value for one in about if one] == [2, 30]
    await undo(conn)
    assert [one.value for one in await feedback.mutes(conn, ANN)] == [0]
