"""Who is in a server, and whom of them a list suits."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.promotion.suiting import SMALLEST_CROWD, Suitability
from bot.services import build_services
from bot.services.server.audience import Audience
from bot.services.server.presence import Presence
from bot.store import feedback, listeners
from bot.store import presence as store
from bot.store.engine import Database
from bot.store.presence import COUNTS_FOR
from bot.store.tables import guild_listeners
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks

GUILD, ELSEWHERE = 100, 200
ASKER = 1
CALM, LOUD = range(1, 21), range(21, 41)
"""Track ids; those from 41 to 100 are neither, 101 is unmeasured."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def filled(database: Database) -> Database:
    sounds = [
        {
            "energy": level + number / 200,
            "danceability": level + number / 300,
            "acousticness": 1 - level - number / 200,
            "instrumentalness": 0.5,
            "valence": (number * 7 % 20) / 20,
        }
        for level in (0.0, 0.8, 0.3, 0.4, 0.5)
        for number in range(20)
    ]
    async with database.write() as conn:
        await add_tracks(
            conn,
            [StoredTrack(f"Song {n}", f"Artist {n}", sound) for n, sound in enumerate(sounds)]
            + [StoredTrack("Unmeasured", "Nobody", {})],
        )
    return database


@pytest.fixture
def presence(filled: Database, clock: FakeClock) -> Presence:
    return Presence(filled, clock)


@pytest.fixture
def people(filled: Database, clock: FakeClock) -> Audience:
    return build_services(filled, clock).audience


async def arrive(
    database: Database,
    clock: FakeClock,
    user_id: int,
    likes: Collection[int],
    *,
    public: bool = False,
    guild_id: int = GUILD,
) -> None:
    """Let somebody rate tracks and use the bot in a server."""
    async with database.write() as conn:
        await listeners.ensure(conn, user_id, now=clock.now())
        await listeners.set_profile_public(conn, user_id, public)
        for track_id in likes:
            await feedback.append(
                conn,
                user_id,
                FeedbackKind.RATING,
                Subject(SubjectKind.TRACK, track_id),
                5,
                source=FeedbackSource.COMMAND,
                now=clock.now(),
            )
    await Presence(database, clock).note(guild_id, user_id)


async def noted(database: Database) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(guild_listeners)) or 0)


async def suited(
    people: Audience, *, tracks: Collection[int] = CALM, opted_in: Collection[int] = ()
) -> Suitability:
    return await people.suits(list(tracks), guild_id=GUILD, asker_id=ASKER, opted_in=opted_in)


async def test_a_list_suits_those_here_who_like_such_music_and_opened_their_profile(
    filled: Database, people: Audience, clock: FakeClock
) -> None:
    await arrive(filled, clock, 2, (1, 3, 5, 7), public=True)
    await arrive(filled, clock, 3, (21, 23, 25, 27), public=True)
    await arrive(filled, clock, 4, (2, 4, 6), public=True, guild_id=ELSEWHERE)
    await arrive(filled, clock, 5, (2, 4, 6), public=False)
    await arrive(filled, clock, ASKER, (2, 4, 6), public=True)
    await arrive(filled, clock, 6, (), public=True)

    assert await suited(people, tracks=(2, 4, 6, 8)) == Suitability(named=(2,))
    assert await suited(people, tracks=(22, 24, 26, 28)) == Suitability(named=(3,))
    assert await suited(people, tracks=range(1, 101)) == Suitability()


async def test_those_who_agreed_to_be_compared_are_counted_but_never_a_few_of_them(
    filled: Database, people: Audience, clock: FakeClock
) -> None:
    crowd = range(10, 10 + SMALLEST_CROWD)
    for user_id in crowd:
        await arrive(filled, clock, user_id, (1, 3, 5))

    assert await suited(people, tracks=(2, 4, 6)) == Suitability()
    assert await suited(people, tracks=(2, 4, 6), opted_in=crowd[1:]) == Suitability()
    assert await suited(people, tracks=(2, 4, 6), opted_in=crowd) == Suitability(
        others=SMALLEST_CROWD
    )


async def test_who_closes_their_profile_or_deletes_their_data_is_gone_at_once(
    filled: Database, people: Audience, clock: FakeClock
) -> None:
    privacy = build_services(filled, clock).privacy
    for user_id in (2, 3):
        await arrive(filled, clock, user_id, (1, 3, 5), public=True)

    await privacy.set_profile_public(2, False)
    await privacy.delete(3)

    assert await suited(people, tracks=(2, 4, 6)) == Suitability()
    assert await noted(filled) == 1


async def test_who_was_not_here_for_long_counts_as_gone_and_is_forgotten(
    filled: Database, people: Audience, presence: Presence, clock: FakeClock
) -> None:
    await arrive(filled, clock, 2, (1, 3, 5), public=True)
    clock.move(days=COUNTS_FOR.days)
    assert (await suited(people, tracks=(2, 4, 6))).named == (2,)

    clock.move(days=1)

    assert (await suited(people, tracks=(2, 4, 6))).named == ()
    await arrive(filled, clock, 3, (21,), public=True)
    assert await noted(filled) == 1


async def test_only_those_seen_last_are_compared(filled: Database, clock: FakeClock) -> None:
    for user_id in (2, 3, 4):
        await arrive(filled, clock, user_id, (1, 3, 5), public=True)
        clock.move(days=1)

    async with filled.read() as conn:
        found = await store.comparable(
            conn, GUILD, opted_in=(), without=ASKER, on=clock.now().date(), limit=2
        )
    assert found == [(4, True), (3, True)]


@pytest.mark.parametrize("tracks", [(), (101,), (4711,)], ids=["none", "unmeasured", "unknown"])
async def test_a_list_of_which_nothing_is_known_suits_nobody(
    filled: Database, people: Audience, clock: FakeClock, tracks: tuple[int, ...]
) -> None:
    await arrive(filled, clock, 2, (1, 3, 5), public=True)

    assert await suited(people, tracks=tracks) == Suitability()
    assert await people.sound(tracks) is None


async def test_the_sound_of_a_list_stands_against_the_catalogue(people: Audience) -> None:
    sound = await people.sound([*CALM, 101])

    assert sound is not None
    assert sound.track_count == len(CALM)
    levels = {level.feature: level.percentile for level in sound.levels}
    assert levels["energy"] < 0.4
    assert levels["acousticness"] > 0.6


# ----------------------------------------------------------------------------- who is here


async def test_only_listeners_are_noted_once_a_day_with_the_day(
    filled: Database, presence: Presence, clock: FakeClock
) -> None:
    await presence.note(GUILD, 7)
    assert await noted(filled) == 0
    await arrive(filled, clock, 7, (1,))
    clock.move(hours=3)
    await presence.note(GUILD, 7)
    await presence.note(ELSEWHERE, 7)
    clock.move(days=2)
    await presence.note(GUILD, 7)

    async with filled.read() as conn:
        rows = [tuple(row) for row in await conn.execute(select(guild_listeners))]
    today = clock.now().date()
    assert sorted(rows) == [(GUILD, 7, today), (ELSEWHERE, 7, today - timedelta(days=2))]


async def test_a_server_that_is_left_is_forgotten(
    filled: Database, presence: Presence, clock: FakeClock
) -> None:
    await arrive(filled, clock, 2, (1,))
    await presence.note(ELSEWHERE, 2)

    await presence.forget_guild(GUILD)

    assert (await build_services(filled, clock).privacy.show(2)).servers == 1


async def test_what_is_kept_about_servers_is_shown_and_deleted(
    filled: Database, clock: FakeClock
) -> None:
    privacy = build_services(filled, clock).privacy
    await arrive(filled, clock, 2, (1,))
    await arrive(filled, clock, 3, (1,))

    assert (await privacy.show(2)).servers == 1
    assert (await privacy.delete(2))[0].servers == 1
    assert (await privacy.show(2)).total == 0
    assert (await privacy.show(3)).servers == 1
