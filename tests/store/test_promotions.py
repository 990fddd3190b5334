from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.promotion.moderation import ReportState
from bot.core.promotion.promotion import Promotion, PromotionAudio
from bot.core.server.rules import GuildSettings
from bot.store import claims, guild_settings, listeners, moderation, promotions, reports
from bot.store.tables import artists, external_ids, tracks

ANN, BEN, CARA = 1, 2, 3
HERE, THERE = 100, 200
URL = "https://low.bandcamp.com"


@pytest.fixture
async def filled(conn: AsyncConnection, noon: datetime) -> AsyncConnection:
    """Three people and three tracks."""
    for user_id in (ANN, BEN, CARA):
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
    claim_id: int | None = None,
    posted: bool = True,
) -> Promotion:
    promotion = await promotions.add(
        conn,
        user_id,
        guild_id=guild_id,
        url=url,
        text="hi",
        track_ids=track_ids,
        claim_id=claim_id,
        now=now,
    )
    if posted:
        await promotions.set_posted(conn, promotion.id, 1000 + promotion.id, channel_id=7)
    return promotion


async def promoted_to(
    conn: AsyncConnection,
    user_id: int,
    now: datetime,
    *,
    guild_id: int | None = HERE,
    hidden_after: int = 3,
) -> list[tuple[int, int]]:
    return await promotions.promoted_track_ids(
        conn,
        user_id,
        guild_id=guild_id,
        since=now - timedelta(days=30),
        hidden_after=hidden_after,
        now=now,
    )


async def test_a_promotion_is_kept_with_its_tracks(filled: AsyncConnection, noon: datetime) -> None:
    promotion = await add(filled, noon, track_ids=(3, 1))

    assert await promotions.by_id(filled, promotion.id) == Promotion(
        promotion.id, ANN, HERE, 1000 + promotion.id, URL, "hi", noon, channel_id=7
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

    assert await promoted_to(filled, CARA, noon) == [(new.id, 3), (old.id, 1), (old.id, 2)]
    assert await promoted_to(filled, ANN, noon) == [(new.id, 3)]
    assert await promoted_to(filled, CARA, noon, guild_id=None) == []


async def test_promoted_tracks_leave_out_what_is_theirs_muted_banned_removed_or_reported(
    filled: AsyncConnection, noon: datetime
) -> None:
    claim = await claims.add(filled, BEN, guild_id=HERE, name="Low", now=noon)
    named = await add(filled, noon, user_id=ANN, track_ids=(1,), claim_id=claim.id)
    plain = await add(filled, noon, user_id=ANN, track_ids=(2,))
    both = [(plain.id, 2), (named.id, 1)]
    assert await promoted_to(filled, CARA, noon) == both
    assert await promoted_to(filled, BEN, noon) == [(plain.id, 2)]

    await claims.add_hand(filled, claim.id, CARA, now=noon)
    assert await promoted_to(filled, CARA, noon) == [(plain.id, 2)]
    await claims.remove_hand(filled, claim.id, CARA)

    await claims.set_muted(filled, claim.id, True)
    assert await promoted_to(filled, CARA, noon) == [(plain.id, 2)]
    await claims.set_muted(filled, claim.id, False)

    tomorrow = noon + timedelta(days=1)
    await moderation.ban(filled, HERE, name="LOW", until=tomorrow)
    assert await promoted_to(filled, CARA, noon) == [(plain.id, 2)]
    assert await promoted_to(filled, CARA, tomorrow) == both
    await moderation.ban(filled, HERE, user_id=ANN, until=None)
    assert await promoted_to(filled, CARA, noon) == []
    await moderation.unban(filled, HERE, user_id=ANN)
    await moderation.unban(filled, HERE, name="low")

    await reports.add(filled, plain.id, CARA, "spam", now=noon)
    assert await promoted_to(filled, CARA, noon, hidden_after=2) == both
    assert await promoted_to(filled, CARA, noon, hidden_after=1) == [(named.id, 1)]
    await reports.decide(filled, plain.id, ReportState.KEPT, by=BEN, now=noon)
    assert await promoted_to(filled, CARA, noon, hidden_after=1) == both

    await promotions.set_removed(filled, plain.id, now=noon)
    assert await promoted_to(filled, CARA, noon) == [(named.id, 1)]


async def test_the_same_recording_is_the_track_its_key_or_its_isrc(
    filled: AsyncConnection, noon: datetime
) -> None:
    await filled.execute(
        insert(tracks).values(id=4, title="X", artist_id=1, recording_key="x1", version=1)
    )
    await filled.execute(
        insert(external_ids),
        [
            {"namespace": "isrc", "value": "DE1", "track_id": 1},
            {"namespace": "spotify", "value": "DE1", "track_id": 3},
        ],
    )
    await add(filled, noon, track_ids=(1,))

    async def again(guild_id: int = HERE, since: datetime = noon - timedelta(days=30)) -> set[int]:
        return await promotions.repeated(
            filled, [1, 2, 3, 4], guild_id=guild_id, since=since, now=noon
        )

    assert await again() == {1, 4}
    await filled.execute(insert(external_ids).values(namespace="isrc", value="DE2", track_id=1))
    await filled.execute(insert(external_ids).values(namespace="isrc2", value="DE2", track_id=2))
    assert await again() == {1, 4}
    assert await again(guild_id=THERE) == set()
    assert await again(since=noon) == set()


async def test_the_audio_of_promotions_is_kept_for_comparing(
    filled: AsyncConnection, noon: datetime
) -> None:
    old, new = await add(filled, noon - timedelta(days=31)), await add(filled, noon)
    for one in (old, new):
        await promotions.keep_audio(filled, PromotionAudio(one.id, "ab" * 32, b"sound"))

    since = noon - timedelta(days=30)
    assert await promotions.audio_since(filled, HERE, since, now=noon) == [
        PromotionAudio(new.id, "ab" * 32, b"sound")
    ]
    assert await promotions.audio_since(filled, THERE, since, now=noon) == []


async def test_rules_of_a_server_are_kept_changed_and_forgotten(conn: AsyncConnection) -> None:
    rules = GuildSettings(5, None, 1, 2)
    assert await guild_settings.get(conn, HERE) == GuildSettings(None, None, 24, 30)

    await guild_settings.put(conn, HERE, GuildSettings(artist_cooldown_hours=0))
    await guild_settings.put(conn, HERE, rules)
    assert await guild_settings.get(conn, HERE) == rules
    assert await guild_settings.get(conn, THERE) == GuildSettings()

    await guild_settings.put(conn, HERE, GuildSettings())
    assert await guild_settings.get(conn, HERE) == GuildSettings()
