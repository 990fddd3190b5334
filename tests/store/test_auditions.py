from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.promotion.auditions import Standing
from bot.store import auditions, feedback, listeners, picks, promotions
from bot.store.tables import artists, tracks

ANN, BEN, CARA = 1, 2, 3
HERE, THERE = 100, 200
TRACK = Subject(SubjectKind.TRACK, 1)


@dataclass
class Filled:
    """A server with two promotions of one track: Ann's and Ben's."""

    conn: AsyncConnection
    noon: datetime

    async def promote(self, user_id: int, guild_id: int = HERE) -> int:
        one = await promotions.add(
            self.conn,
            user_id,
            guild_id=guild_id,
            url="https://low.bandcamp.com",
            text="hi",
            track_ids=[1],
            now=self.noon,
        )
        await promotions.set_posted(self.conn, one.id, 1000 + one.id, channel_id=1)
        return one.id

    async def show(self, user_id: int, promotion_id: int, *, days: int = 0) -> int:
        number = await picks.add(
            self.conn,
            user_id,
            1,
            explanation="{}",
            promotion_id=promotion_id,
            now=self.noon + timedelta(days=days),
        )
        await auditions.add(
            self.conn,
            user_id,
            recommendation_id=number,
            promotion_id=promotion_id,
            guild_id=HERE,
            expected=0.4,
        )
        return number

    async def judge(self, user_id: int, audition_id: int, value: float) -> int:
        entry = await feedback.append(
            self.conn,
            user_id,
            FeedbackKind.THUMB,
            TRACK,
            value,
            source=FeedbackSource.BUTTON,
            message_id=audition_id,
            now=self.noon,
        )
        await auditions.judge(self.conn, audition_id, entry)
        return entry

    async def undo(self, user_id: int) -> None:
        entry = await feedback.last_standing(self.conn, user_id)
        assert entry is not None
        await feedback.cancel(
            self.conn, user_id, entry, source=FeedbackSource.COMMAND, now=self.noon
        )

    async def hearings(self, *, days: int = 0) -> dict[int, int]:
        since = self.noon + timedelta(days=days)
        rows = await auditions.standings(self.conn, HERE, pending_since=since)
        return {one.promotion_id: one.hearings for one in rows}


@pytest.fixture
async def filled(conn: AsyncConnection, noon: datetime) -> Filled:
    for user_id in (ANN, BEN, CARA):
        await listeners.ensure(conn, user_id, now=noon)
    await conn.execute(insert(artists).values(id=1, name="Low", key="low"))
    await conn.execute(
        insert(tracks).values(id=1, title="X", artist_id=1, recording_key="x", version=1)
    )
    return Filled(conn, noon)


async def test_every_promotion_of_the_server_stands_there_heard_or_not(filled: Filled) -> None:
    anns, bens = await filled.promote(ANN), await filled.promote(BEN)
    await filled.promote(CARA, THERE)
    await filled.show(CARA, anns)

    found = await auditions.standings(filled.conn, HERE, pending_since=filled.noon)

    assert found == [Standing(anns, ANN, filled.noon, 1), Standing(bens, BEN, filled.noon, 0)]


async def test_what_nobody_judged_counts_only_for_a_while(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    await filled.show(CARA, anns)
    judged = await filled.show(BEN, anns)
    await filled.judge(BEN, judged, -1)

    assert await filled.hearings() == {anns: 2}
    assert await filled.hearings(days=1) == {anns: 1}


async def test_what_is_taken_back_counts_no_more_nor_does_it_wait(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    shown = await filled.show(CARA, anns)
    assert await auditions.waits(filled.conn, CARA, pending_since=filled.noon)
    await filled.judge(CARA, shown, 1)
    assert await auditions.judged_counts(filled.conn, HERE) == {CARA: 1}
    assert await auditions.judged_counts(filled.conn, THERE) == {}
    assert await auditions.judged_counts(filled.conn, None) == {CARA: 1}

    await filled.undo(CARA)

    assert await filled.hearings() == {anns: 0}
    assert await auditions.judged_counts(filled.conn, HERE) == {}
    assert await auditions.judged(filled.conn, [anns]) == []
    assert not await auditions.waits(filled.conn, CARA, pending_since=filled.noon)
    here, _ = await auditions.met(filled.conn, CARA, HERE, pending_since=filled.noon)
    assert here == {anns}


async def test_a_later_word_changes_nothing_of_what_was_said_blind(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    shown = await filled.show(CARA, anns)
    await filled.judge(CARA, shown, 1)
    await feedback.append(
        filled.conn,
        CARA,
        FeedbackKind.THUMB,
        TRACK,
        -1,
        source=FeedbackSource.BUTTON,
        message_id=5,
        now=filled.noon,
    )

    found = await auditions.judged(filled.conn, [anns])

    assert [(one.user_id, one.value, one.expected) for one in found] == [(CARA, 1, 0.4)]


async def test_nobody_hears_a_promotion_twice(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    await filled.show(CARA, anns)

    with pytest.raises(IntegrityError):
        await filled.show(CARA, anns)


async def test_what_was_said_blind_is_not_counted_under_the_message(filled: Filled) -> None:
    shown = await filled.show(CARA, await filled.promote(ANN))
    await filled.judge(CARA, shown, 1)

    assert (await feedback.thumbs(filled.conn, TRACK, shown)).up == 0


async def test_an_audition_that_was_never_posted_leaves_nothing_behind(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    shown = await filled.show(CARA, anns)

    await picks.remove(filled.conn, [shown], now=filled.noon)

    assert await auditions.by_id(filled.conn, shown) is None
    assert await filled.hearings() == {anns: 0}


async def test_a_listener_who_is_forgotten_has_heard_nothing(filled: Filled) -> None:
    anns = await filled.promote(ANN)
    await auditions.join(filled.conn, CARA, now=filled.noon)
    await filled.judge(CARA, await filled.show(CARA, anns), 1)
    before = await listeners.personal_data(filled.conn, CARA)
    assert (before.auditions, before.hears_auditions) == (1, True)

    await listeners.delete_everything(filled.conn, CARA, now=filled.noon)

    after = await listeners.personal_data(filled.conn, CARA)
    assert (after.auditions, after.hears_auditions, after.total) == (0, False, 0)
    assert await filled.hearings() == {anns: 0}


async def test_an_artist_who_is_forgotten_leaves_listeners_what_they_earned(
    filled: Filled,
) -> None:
    anns = await filled.promote(ANN)
    await promotions.keep_excerpt(filled.conn, anns, b"OggS")
    shown = await filled.show(CARA, anns)
    await filled.judge(CARA, shown, 1)
    assert await promotions.excerpt(filled.conn, anns) == b"OggS"
    assert (await listeners.personal_data(filled.conn, ANN)).excerpts == 1

    await listeners.delete_everything(filled.conn, ANN, now=filled.noon)

    assert await filled.hearings() == {}
    assert await promotions.excerpt(filled.conn, anns) is None
    assert await auditions.judged_counts(filled.conn, HERE) == {CARA: 1}
    kept = await auditions.by_id(filled.conn, shown)
    assert kept is not None
    assert kept.promotion_id is None
