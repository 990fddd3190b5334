import asyncio

import pytest

from bot.core.promotion.promotion import (
    PreparedPromotion,
    PromotionKind,
    read_tracklist,
)
from bot.core.server import GuildChanges
from bot.errors import NotAllowedError, NotFoundError, TooSoonError, UserError
from bot.services import Services, build_services
from bot.services.finding.mentions import find_mentions
from bot.services.promotion.permission import Asker
from bot.services.server.guild_settings import GuildRules
from bot.store import promotions as store
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks

SPOTIFY_ID = "6f807x0ima9a1j3VPbc7VN"
URL = "https://low.bandcamp.com"
SOUND = {"energy": 0.1, "acousticness": 0.9, "danceability": 0.4}
LOUD = {"energy": 0.9, "acousticness": 0.1, "danceability": 0.6}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def track_ids(database: Database) -> list[int]:
    async with database.write() as conn:
        return await add_tracks(
            conn,
            [
                StoredTrack("Lullaby", "Low", SOUND, spotify=SPOTIFY_ID),
                StoredTrack("Lullaby (Live)", "Low", LOUD),
                StoredTrack("Lullaby", "Shawn Mullins", LOUD),
                StoredTrack("Halleluhwah", "Can", LOUD),
                StoredTrack("99 Problems", "JAY-Z", {}),
            ],
        )


@pytest.fixture
def services(database: Database, clock: FakeClock) -> Services:
    return build_services(database, clock)


async def prepare(
    services: Services,
    *,
    user_id: int = 1,
    guild_id: int | None = 100,
    url: str = URL,
    text: str = "hi",
    tracks: str = "",
    role_ids: tuple[int, ...] = (),
) -> PreparedPromotion:
    asker = Asker(user_id, guild_id, role_ids)
    return await services.promoted_lists.prepare(
        asker, PromotionKind.PLAYLIST, url=url, text=text, tracks=tracks
    )


@pytest.mark.parametrize(
    ("written", "place"),
    [
        (f"https://open.spotify.com/intl-fr/track/{SPOTIFY_ID}?si=1", 0),
        (f"my best one: spotify:track:{SPOTIFY_ID}", 0),
        ("Low – Lullaby", 0),
        ("low - LULLABY (2014 Remaster)", 0),
        ("Lullaby — Low", 0),
        ("Low – Lullaby (Live)", 1),
        ("Low – Lullaby - Live", 1),
        ("Shawn Mullins - Lullaby", 2),
        ("Jay-Z – 99 Problems", 4),
        ("Low – Lullaby (Demo)", None),
        ("Lullaby", None),
        ("Low", None),
        ("Slow – Lullaby", None),
        ("Can – Hallelu", None),
        ("https://open.spotify.com/track/0000000000000000000000", None),
        ("???", None),
        ("' OR 1=1 -- \"", None),
    ],
)
async def test_a_mention_finds_its_track_or_none_never_a_lookalike(
    database: Database, track_ids: list[int], written: str, place: int | None
) -> None:
    (mention,) = read_tracklist(written)

    async with database.read() as conn:
        found = await find_mentions(conn, [mention])

    assert found == [None if place is None else track_ids[place]]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("urban warfare marine baklund", True),
        ("Marine Baklund Urban Warfare", True),
        ("urban warfare", False),
        ("urban warfare marine", False),
    ],
)
async def test_a_mention_without_a_dash_must_hold_title_and_artist(
    starter: Database, written: str, found: bool
) -> None:
    async with starter.read() as conn:
        (number,) = await find_mentions(conn, read_tracklist(written))

    assert (number is not None) == found


async def test_no_mentions_find_nothing(database: Database) -> None:
    async with database.read() as conn:
        assert await find_mentions(conn, []) == []


async def test_the_sound_is_that_of_the_measured_tracks(
    services: Services, track_ids: list[int]
) -> None:
    prepared = await prepare(
        services, tracks="Low – Lullaby; Jay-Z – 99 Problems; Nobody – Nothing"
    )

    assert prepared.recognized == 2
    assert prepared.unknown == ("Nobody – Nothing",)
    assert prepared.sound is not None
    assert prepared.sound.track_count == 1
    levels = {level.feature: level.percentile for level in prepared.sound.levels}
    assert levels["energy"] < 0.3
    assert levels["acousticness"] > 0.7


async def test_unmeasured_tracks_have_no_sound(services: Services, track_ids: list[int]) -> None:
    prepared = await prepare(services, tracks="Jay-Z – 99 Problems")

    assert (prepared.recognized, prepared.sound) == (1, None)


async def test_a_track_named_twice_is_kept_once(
    services: Services, database: Database, track_ids: list[int]
) -> None:
    prepared = await prepare(services, tracks=f"Low – Lullaby; spotify:track:{SPOTIFY_ID}")

    async with database.read() as conn:
        assert await store.track_ids(conn, prepared.promotion.id) == [track_ids[0]]


async def test_of_two_promotions_at_once_one_is_taken(services: Services) -> None:
    done = await asyncio.gather(
        *(prepare(services, url=f"https://a{n}.bandcamp.com") for n in range(4)),
        return_exceptions=True,
    )

    assert (
        sorted(type(one).__name__ for one in done) == ["PreparedPromotion"] + ["TooSoonError"] * 3
    )


async def test_an_abandoned_promotion_costs_no_turn(services: Services) -> None:
    prepared = await prepare(services)
    await services.promotions.abandon(prepared.promotion)

    again = await prepare(services)

    with pytest.raises(NotFoundError):
        await services.promotions.get(10 * again.promotion.id)


async def test_abandoning_a_posted_promotion_changes_nothing(services: Services) -> None:
    posted = await services.promotions.posted((await prepare(services)).promotion, 5, channel_id=9)

    await services.promotions.abandon(posted)

    assert await services.promotions.get(posted.id) == posted


async def test_a_vote_before_the_post_is_known_is_refused(services: Services) -> None:
    prepared = await prepare(services)

    with pytest.raises(NotFoundError, match="just being posted"):
        await services.promotions.vote(2, prepared.promotion.id, up=True)


async def test_outside_servers_the_artist_waits_too(services: Services, clock: FakeClock) -> None:
    await prepare(services, guild_id=None)
    await prepare(services, user_id=2, guild_id=None)

    with pytest.raises(TooSoonError, match="once in 24 hours"):
        await prepare(services, guild_id=None)


async def test_each_server_counts_for_itself(services: Services) -> None:
    await prepare(services, guild_id=100)
    await prepare(services, guild_id=200)


async def test_a_cooldown_of_zero_never_runs(services: Services, database: Database) -> None:
    rules = GuildRules(database)
    await rules.change(100, GuildChanges(user_cooldown_hours=0, guild_cooldown_minutes=0))

    for number in range(3):
        prepared = await prepare(services, url=f"https://a{number}.bandcamp.com")
        await services.promotions.posted(prepared.promotion, number + 1, channel_id=9)

    with pytest.raises(TooSoonError, match="less than 30 days"):
        await prepare(services, url="https://a0.bandcamp.com/?utm_source=x")


async def test_the_role_of_everybody_lets_everybody_promote(
    services: Services, database: Database
) -> None:
    await GuildRules(database).change(100, GuildChanges(promoter_role_id=100))
    await prepare(services)

    await GuildRules(database).change(200, GuildChanges(promoter_role_id=7))
    with pytest.raises(NotAllowedError):
        await prepare(services, guild_id=200, role_ids=(6,))
    await prepare(services, guild_id=200, role_ids=(6, 7))


@pytest.mark.parametrize("text", ["x" * 4000, ""], ids=["4,000 characters", "nothing"])
async def test_a_bad_text_leaves_nothing_behind(
    services: Services, database: Database, text: str
) -> None:
    with pytest.raises(UserError):
        await prepare(services, text=text)

    async with database.read() as conn:
        assert await store.by_id(conn, 1) is None


async def test_tracks_that_were_promoted_here_lately_are_not_promoted_again(
    services: Services, database: Database, track_ids: list[int], clock: FakeClock
) -> None:
    await GuildRules(database).change(
        100, GuildChanges(user_cooldown_hours=0, guild_cooldown_minutes=0)
    )
    await prepare(services, url="https://a.bandcamp.com", tracks="Low – Lullaby")

    with pytest.raises(TooSoonError, match="All of these tracks"):
        await prepare(services, url="https://b.bandcamp.com", tracks=f"spotify:track:{SPOTIFY_ID}")
    mixed = await prepare(
        services, url="https://c.bandcamp.com", tracks="Low – Lullaby; Can – Halleluhwah"
    )
    elsewhere = await prepare(services, guild_id=200, tracks="Low – Lullaby")
    clock.move(days=30)
    later = await prepare(services, url="https://d.bandcamp.com", tracks="Low – Lullaby")

    assert (mixed.recognized, mixed.repeated) == (2, 1)
    assert (elsewhere.repeated, later.repeated) == (0, 0)
    async with database.read() as conn:
        assert await store.track_ids(conn, mixed.promotion.id) == [track_ids[3]]
