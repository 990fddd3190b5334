from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.promotion import Action
from bot.core.record import OPEN, PRIVATE, PROMOTION
from bot.store import feedback, listeners, moderation, promotions, record
from bot.store.record import Opening, opening_of
from bot.store.tables import record_openings

ANN, BEN, CARA = 1, 2, 3
HERE = 123_456_789


async def sealed(conn: AsyncConnection) -> list[Opening]:
    query = select(*record.COLUMNS).order_by(record_openings.c.id)
    return [opening_of(row) for row in await conn.execute(query)]


async def test_a_promotion_is_sealed_when_it_is_posted_and_when_it_is_removed(
    conn: AsyncConnection, noon: datetime
) -> None:
    await listeners.ensure(conn, ANN, now=noon)
    one = await promotions.add(
        conn, ANN, guild_id=HERE, url="https://low.bandcamp.com", text="hi", track_ids=(), now=noon
    )
    assert await sealed(conn) == []

    await promotions.set_posted(conn, one.id, 900, channel_id=9)
    await promotions.set_removed(conn, one.id, now=noon)

    posted, removed = await sealed(conn)
    assert (posted.kind, removed.kind) == ("posted", "removed")
    assert posted.leaf.part(OPEN).content() == {"kind": "posted", "day": "2026-11-20"}
    about = posted.leaf.part(PROMOTION).content()
    assert (about["promotion"], about["hearings"]) == (one.id, 5)
    assert str(HERE) not in posted.promotion + posted.open
    assert "bandcamp" not in posted.private
    assert removed.leaf.part(PROMOTION).content() == {"promotion": one.id}


async def test_a_decision_is_sealed_for_who_decided_and_does_not_name_whom_it_was_about(
    conn: AsyncConnection, noon: datetime
) -> None:
    await moderation.note(
        conn, HERE, Action.BANNED, f"<@{BEN}>", moderator_id=CARA, user_id=BEN, why="rude", now=noon
    )

    (one,) = await sealed(conn)
    content = one.leaf.part(PRIVATE).content()
    assert (one.user_id, one.about_id) == (CARA, BEN)
    assert (content["user"], content["action"], content["server"]) == (CARA, "banned", HERE)
    assert one.leaf.part(OPEN).content() == {"kind": "moderation", "day": "2026-11-20"}
    assert "rude" not in one.private
    assert f"{BEN}>" not in one.private


async def test_a_vote_on_a_promotion_names_it_in_a_part_of_its_own(
    conn: AsyncConnection, noon: datetime
) -> None:
    await listeners.ensure(conn, ANN, now=noon)
    subject, source = Subject(SubjectKind.PROMOTION, 7), FeedbackSource.BUTTON
    await feedback.append(
        conn, ANN, FeedbackKind.THUMB, subject, 1.0, source=source, message_id=5, now=noon
    )
    entry = await feedback.counting_about(conn, ANN, subject)
    assert entry is not None
    await feedback.cancel(conn, ANN, entry, source=source, now=noon)
    await feedback.append(
        conn, ANN, FeedbackKind.THUMB, subject, 1.0, source=source, now=noon, recorded=False
    )

    said, back = await sealed(conn)
    assert said.leaf.part(PROMOTION).content() == {"promotion": 7}
    assert said.leaf.part(PRIVATE).content()["value"] == 1.0
    assert back.leaf.part(PRIVATE).content()["cancels"] == entry.id
    assert said.seed != back.seed


async def test_with_who_promoted_something_all_that_was_sealed_of_it_is_forgotten(
    conn: AsyncConnection, noon: datetime
) -> None:
    for user_id in (ANN, BEN):
        await listeners.ensure(conn, user_id, now=noon)
    one = await promotions.add(
        conn, ANN, guild_id=HERE, url="https://low.bandcamp.com", text="hi", track_ids=(), now=noon
    )
    await promotions.set_posted(conn, one.id, 900, channel_id=9)
    subject, other = Subject(SubjectKind.PROMOTION, one.id), Subject(SubjectKind.ALBUM, 1)
    for about in (subject, other):
        await feedback.append(
            conn, BEN, FeedbackKind.THUMB, about, 1.0, source=FeedbackSource.BUTTON, now=noon
        )

    await listeners.delete_everything(conn, ANN, now=noon)

    (left,) = await sealed(conn)
    assert (left.user_id, left.promotion_id) == (BEN, None)
