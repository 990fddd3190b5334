from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.store import claims, feedback, listeners, picks, promotions, votes
from bot.store.tables import albums
from tests.stored import StoredTrack, add_tracks

ANN, BEN, CARA, DAN = 1, 2, 3, 4
HERE = 100
TRACK, ALBUM, ARTIST, PROMOTION = (
    SubjectKind.TRACK,
    SubjectKind.ALBUM,
    SubjectKind.ARTIST,
    SubjectKind.PROMOTION,
)


@pytest.fixture
async def filled(conn: AsyncConnection, noon: datetime) -> AsyncConnection:
    """Four people; tracks 1 and 2 by Low (artist 1), 3 by Can (artist 2), an album of Can."""
    for user_id in (ANN, BEN, CARA, DAN):
        await listeners.ensure(conn, user_id, now=noon)
    await add_tracks(
        conn, [StoredTrack("A", "Low"), StoredTrack("B", "Low"), StoredTrack("C", "Can")]
    )
    await conn.execute(insert(albums).values(id=1, artist_id=2, title="D", key="d"))
    return conn


async def promote(
    conn: AsyncConnection,
    now: datetime,
    *,
    track_ids: tuple[int, ...] = (),
    claim_id: int | None = None,
) -> int:
    one = await promotions.add(
        conn,
        ANN,
        guild_id=HERE,
        url="https://low.bandcamp.com",
        text="hi",
        track_ids=track_ids,
        claim_id=claim_id,
        now=now,
    )
    await promotions.set_posted(conn, one.id, 1000 + one.id, channel_id=7)
    return one.id


async def say(
    conn: AsyncConnection,
    now: datetime,
    user_id: int,
    kind: SubjectKind,
    number: int,
    value: float = 1.0,
) -> None:
    rating = value not in (-1.0, 1.0)
    await feedback.append(
        conn,
        user_id,
        FeedbackKind.RATING if rating else FeedbackKind.THUMB,
        Subject(kind, number),
        value,
        source=FeedbackSource.COMMAND,
        now=now,
    )


async def show(
    conn: AsyncConnection, now: datetime, user_id: int, track_id: int, promotion: int
) -> None:
    number = await picks.add(
        conn, user_id, track_id, explanation="{}", promotion_id=promotion, now=now
    )
    await picks.set_message(conn, [number], 2000 + number)
    await picks.note_post(conn, 2000 + number, Subject(SubjectKind.TRACK, track_id))


async def test_likes_are_counted_by_artist_whatever_is_liked(
    filled: AsyncConnection, noon: datetime
) -> None:
    await say(filled, noon, BEN, TRACK, 1)
    await say(filled, noon, BEN, TRACK, 2, 4.0)
    await say(filled, noon, BEN, ARTIST, 1, 5.0)
    await say(filled, noon, BEN, ALBUM, 1, 5.0)
    await say(filled, noon, BEN, TRACK, 3, 3.0)
    await say(filled, noon, CARA, TRACK, 3, -1.0)
    await say(filled, noon, CARA, TRACK, 1)
    await say(filled, noon + timedelta(1), CARA, TRACK, 1, -1.0)

    assert await votes.likes_by_artist(filled, [BEN, CARA]) == {BEN: (3, 1)}


async def test_the_artist_of_a_promotion_is_that_of_its_name_its_tracks_or_its_poster(
    filled: AsyncConnection, noon: datetime
) -> None:
    low = await claims.add(filled, ANN, guild_id=HERE, name="Low", now=noon)
    unknown = await claims.add(filled, ANN, guild_id=HERE, name="Nobody", now=noon)
    await say(filled, noon, BEN, TRACK, 1)
    same = [
        await promote(filled, noon, claim_id=low.id, track_ids=(3,)),
        await promote(filled, noon, track_ids=(1, 2)),
    ]
    others = [
        await promote(filled, noon, track_ids=(1, 3)),
        await promote(filled, noon, claim_id=unknown.id, track_ids=(1,)),
    ]

    for number in same:
        await say(filled, noon, BEN, PROMOTION, number)
    assert await votes.likes_by_artist(filled, [BEN]) == {BEN: (3,)}
    for number in others:
        await say(filled, noon, BEN, PROMOTION, number)
    assert await votes.likes_by_artist(filled, [BEN]) == {BEN: (3, 1, 1)}


async def test_a_reception_counts_votes_and_what_came_of_promoted_picks_once_a_listener(
    filled: AsyncConnection, noon: datetime
) -> None:
    number = await promote(filled, noon, track_ids=(1,))
    await say(filled, noon - timedelta(1), DAN, TRACK, 1, 5.0)
    for user_id in (BEN, CARA, DAN):
        await show(filled, noon, user_id, 1, number)
    await say(filled, noon, BEN, TRACK, 1, 5.0)
    await say(filled, noon, BEN, PROMOTION, number, -1.0)
    await say(filled, noon, CARA, TRACK, 1, 2.0)

    total = await votes.reception_of(filled, [number])

    assert (total.listeners, total.up, total.down) == (3, 0, 2)
    assert (await votes.receptions(filled, [number]))[number] == total


async def test_who_stands_behind_a_promotion_is_no_listener_of_it(
    filled: AsyncConnection, noon: datetime
) -> None:
    claim = await claims.add(filled, BEN, guild_id=HERE, name="Low", now=noon)
    await claims.add_hand(filled, claim.id, CARA, now=noon)
    number = await promote(filled, noon, claim_id=claim.id, track_ids=(1,))
    for user_id in (ANN, BEN, CARA, DAN):
        await say(filled, noon, user_id, PROMOTION, number)
        await show(filled, noon, user_id, 1, number)

    total = await votes.reception_of(filled, [number])

    assert (total.listeners, total.up) == (1, 1)
    assert await claims.people_behind(filled, number) == {ANN, BEN, CARA}


async def test_each_promotion_has_its_own_reception_and_all_together_count_people_once(
    filled: AsyncConnection, noon: datetime
) -> None:
    first, second = await promote(filled, noon), await promote(filled, noon)
    for number in (first, second):
        await say(filled, noon, BEN, PROMOTION, number)
    await say(filled, noon, CARA, PROMOTION, second, -1.0)

    each = await votes.receptions(filled, [first, second])
    together = await votes.reception_of(filled, [first, second])

    assert [(each[n].listeners, each[n].up, each[n].down) for n in (first, second)] == [
        (1, 1, 0),
        (2, 1, 1),
    ]
    assert (together.listeners, together.up, together.down) == (2, 2, 1)


async def test_only_promotions_that_stand_are_counted(
    filled: AsyncConnection, noon: datetime
) -> None:
    claim = await claims.add(filled, ANN, guild_id=HERE, name="Low", now=noon)
    old = await promote(filled, noon - timedelta(days=91), claim_id=claim.id)
    removed = await promote(filled, noon, claim_id=claim.id)
    await promotions.set_removed(filled, removed, now=noon)
    new = await promote(filled, noon)

    assert await votes.of_claim(filled, claim.id) == [old]
    since = noon - timedelta(days=90)
    assert await votes.in_guild(filled, HERE, since=since) == [new]


async def test_nothing_said_is_no_reception(filled: AsyncConnection) -> None:
    total = await votes.reception_of(filled, [])

    assert (total.listeners, total.up, total.down, total.share) == (0, 0, 0, None)
    assert await votes.receptions(filled, []) == {}


async def test_a_claim_is_linked_to_its_artist_of_the_catalogue(
    filled: AsyncConnection, noon: datetime
) -> None:
    known = await claims.add(filled, ANN, guild_id=HERE, name="LOW", now=noon)
    unknown = await claims.add(filled, ANN, guild_id=HERE, name="Neu!", now=noon)
    assert (known.artist_id, unknown.artist_id) == (1, None)

    await add_tracks(filled, [StoredTrack("E", "Neu!")])
    artist_id = await claims.catalog_artist(filled, unknown.key)
    assert artist_id is not None
    await claims.link(filled, unknown.id, artist_id)

    linked = await claims.by_id(filled, unknown.id)
    assert linked is not None
    assert linked.artist_id == artist_id
