from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.promotion import GuildSettings, Promotion
from bot.store import guild_settings, listeners, promotions
from bot.store.tables import artists, tracks

ANN, BEN = 1, 2
HERE, THERE = 100, 200
URL = "https://low.bandcamp.com"


@pytest.fixture
async def filled(conn: AsyncConnection, noon: datetime) -> AsyncConnection:
    """Two artists and three tracks."""
    for user_id in (ANN, BEN):
        await listeners.ensure(conn, user_id, now=noon)
    await conn.execute(insert(artists).values(id=1, name="Low", key="low"))
    for number in (1, 2, 3):
        await conn.execute(
            insert(tracks).values(
                id=number, title="X", artist_id=1, recording_key=f"x{number}", version=1
            )
        )
    return conn


async def add(
    conn: AsyncConnection,
    now: datetime,
    *,
    user_id: int = ANN,
    guild_id: int | None = HERE,
    url: str = URL,
    track_ids: tuple[int, ...] = (),
    posted: bool = True,
) -> Promotion:
    promotion = await promotions.add(
        conn, user_id, guild_id=guild_id, url=url, text="hi", track_ids=track_ids, now=now
    )
    if posted:
        await promotions.set_posted(conn, promotion.id, 1000 + promotion.id)
    return promotion


async def test_a_promotion_is_kept_with_its_tracks(filled: AsyncConnection, noon: datetime) -> None:
    promotion = await add(filled, noon, track_ids=(3, 1))

    assert await promotions.by_id(filled, promotion.id) == Promotion(
        promotion.id, ANN, HERE, 1000 + promotion.id, URL, "hi", noon
    )
    assert await promotions.track_ids(filled, promotion.id) == [1, 3]
    assert await promotions.by_id(filled, 99) is None


async def test_the_last_times_are_those_of_artist_server_and_link(
    filled: AsyncConnection, noon: datetime
) -> None:
    await add(filled, noon - timedelta(hours=3))
    await add(filled, noon - timedelta(hours=2), user_id=BEN, url="https://a.bandcamp.com")
    await add(filled, noon - timedelta(hours=1), guild_id=THERE)
    await add(filled, noon, guild_id=None)

    assert await promotions.last_by(filled, ANN, guild_id=HERE, now=noon) == noon - timedelta(
        hours=3
    )
    assert await promotions.last_by(filled, ANN, guild_id=None, now=noon) == noon
    assert await promotions.last_by(filled, BEN, guild_id=THERE, now=noon) is None
    assert await promotions.last_in(filled, HERE, now=noon) == noon - timedelta(hours=2)
    assert await promotions.last_of(filled, URL, guild_id=HERE, now=noon) == noon - timedelta(
        hours=3
    )


async def test_a_promotion_that_was_never_posted_soon_costs_nothing(
    filled: AsyncConnection, noon: datetime
) -> None:
    await add(filled, noon, posted=False)

    assert await promotions.last_in(filled, HERE, now=noon + timedelta(minutes=4)) == noon
    assert await promotions.last_in(filled, HERE, now=noon + timedelta(minutes=5)) is None


async def test_remove_unposted_leaves_posted_ones(filled: AsyncConnection, noon: datetime) -> None:
    posted = await add(filled, noon, track_ids=(1,))
    unposted = await add(filled, noon, track_ids=(2,), posted=False)

    for promotion in (posted, unposted):
        await promotions.remove_unposted(filled, promotion.id)

    assert await promotions.by_id(filled, posted.id) is not None
    assert await promotions.track_ids(filled, posted.id) == [1]
    assert await promotions.by_id(filled, unposted.id) is None
    assert await promotions.track_ids(filled, unposted.id) == []


async def test_promoted_tracks_are_those_posted_in_the_server_lately_newest_first(
    filled: AsyncConnection, noon: datetime
) -> None:
    old = await add(filled, noon - timedelta(days=2), track_ids=(2, 1))
    new = await add(filled, noon, user_id=BEN, track_ids=(3,))
    await add(filled, noon - timedelta(days=40), track_ids=(1,))
    await add(filled, noon, guild_id=THERE, track_ids=(1,))
    await add(filled, noon, posted=False, track_ids=(1,))
    await add(filled, noon, guild_id=None, track_ids=(1,))

    since = noon - timedelta(days=30)

    assert await promotions.promoted_track_ids(filled, guild_id=HERE, since=since) == [
        (new.id, 3, BEN),
        (old.id, 1, ANN),
        (old.id, 2, ANN),
    ]
    assert await promotions.promoted_track_ids(filled, guild_id=None, since=since) == []


async def test_rules_of_a_server_are_kept_changed_and_forgotten(conn: AsyncConnection) -> None:
    rules = GuildSettings(5, None, 1, 2)
    assert await guild_settings.get(conn, HERE) == GuildSettings(None, None, 24, 30)

    await guild_settings.put(conn, HERE, GuildSettings(artist_cooldown_hours=0))
    await guild_settings.put(conn, HERE, rules)
    assert await guild_settings.get(conn, HERE) == rules
    assert await guild_settings.get(conn, THERE) == GuildSettings()

    await guild_settings.put(conn, HERE, GuildSettings())
    assert await guild_settings.get(conn, HERE) == GuildSettings()
