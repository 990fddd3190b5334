"""The catalogue grows around what listeners love, by services on the loopback interface."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import distinct, func, select, update

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.demo.outside import World
from bot.demo.servers.loopback import html, says
from bot.demo.servers.songs import Song
from bot.errors import NotFoundError, SourceUnavailableError
from bot.services import Services, build_services
from bot.services.growth import GROW, Around, AroundKind, Growth, GrowthPlan
from bot.services.growth.growing import ARTISTS_AT_ONCE, EMPTY_PAUSE, PAUSE
from bot.services.growth.meeting import SONGS, SONGS_OF_LOVED
from bot.sources import audius, deezer, musicbrainz, reccobeats
from bot.sources.host import Pace
from bot.sources.listenbrainz import labs
from bot.store import acquaintances, feedback, jobs, listeners, measures
from bot.store.engine import Database
from bot.store.measures import Gap
from bot.store.tables import artists, external_ids, genres, popularity, track_labels, tracks
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.growth.scenes import (
    family_songs,
    make_families_related,
    make_related,
    mbid,
    name_of,
    songs_by,
)
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2
LOW, IDA, RED = "Low", "Ida", "Red House Painters"
SMALL = [*songs_by(LOW, 1, 30), *songs_by(IDA, 2, 20), *songs_by(RED, 3, 5)]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    """Low is played with Ida, and Ida with Red House Painters."""
    async with open_outside(database, clock, SMALL) as world:
        world.deezer.related |= {LOW: [IDA], IDA: [RED], RED: [IDA]}
        yield world


@pytest.fixture
def services(database: Database, clock: FakeClock, world: World) -> Services:
    return build_services(database, clock, world.outside, growth_plan=GrowthPlan())


@pytest.fixture
def growth(services: Services) -> Growth:
    assert services.growth is not None
    return services.growth


async def love(database: Database, user_id: int, *names: str, score: int = 5) -> None:
    """Let somebody rate artists, each of whom has one track in the catalogue."""
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("The one we have", name) for name in names])
        await listeners.ensure(conn, user_id, now=NOON)
        for name in names:
            number = await conn.scalar(select(artists.c.id).where(artists.c.name == name))
            await feedback.append(
                conn, user_id, FeedbackKind.RATING, Subject(SubjectKind.ARTIST, number or 0),
                score, source=FeedbackSource.COMMAND, now=NOON,
            )  # fmt: skip


async def sizes(database: Database) -> dict[str, int]:
    """Return how many tracks each artist has."""
    query = (
        select(artists.c.name, func.count())
        .join(tracks, tracks.c.artist_id == artists.c.id)
        .group_by(artists.c.name)
    )
    async with database.read() as conn:
        return {row[0]: row[1] for row in await conn.execute(query)}


async def test_it_grows_around_who_is_loved_and_then_around_those(
    database: Database, growth: Growth
) -> None:
    await love(database, ANN, LOW)

    await growth(0)

    assert await sizes(database) == {LOW: 1 + SONGS_OF_LOVED, IDA: SONGS, RED: 5}


async def test_what_is_disliked_is_not_grown_around(database: Database, growth: Growth) -> None:
    await love(database, ANN, LOW, score=1)

    assert await growth(0) == NOON + EMPTY_PAUSE
    assert await sizes(database) == {LOW: 1}


async def test_songs_come_with_ids_popularity_genres_and_are_measured(
    database: Database, growth: Growth, world: World
) -> None:
    world.deezer.lists_isrcs = False
    await love(database, ANN, IDA)

    await growth(0)

    async with database.read() as conn:
        found = select(func.count(distinct(external_ids.c.track_id)))
        known = {
            name: await conn.scalar(found.where(external_ids.c.namespace == name))
            for name in ("isrc", "deezer")
        }
        counted = await conn.scalar(select(func.count()).select_from(popularity))
        lacking = await measures.count_lacking(conn, Gap.FEATURES)
        called = set((await conn.scalars(select(genres.c.name))).all())
    size = sum((await sizes(database)).values())
    assert known == {"isrc": size - 1, "deezer": size - 1}
    assert counted == size - 1
    assert lacking == 1 + sum(not song.features for song in [*SMALL[30:50], *SMALL[50:55]])
    assert called == {"slowcore"}


async def test_who_released_the_songs_of_an_artist_comes_with_them(
    database: Database, growth: Growth, world: World
) -> None:
    demo, album, more = (f"7777777{number}-7777-4777-8777-777777777777" for number in range(3))
    world.musicbrainz.releases |= {demo: SMALL[20:24], album: SMALL[22:23], more: SMALL[48:50]}
    world.musicbrainz.labels |= {demo: ["[no label]"], album: ["Kranky"], more: ["[no label]"]}
    await love(database, ANN, LOW)
    query = select(
        tracks.c.title, track_labels.c.source, track_labels.c.independent, track_labels.c.label
    ).join(track_labels, track_labels.c.track_id == tracks.c.id)

    await growth(0)

    async with database.read() as conn:
        found = {row.title: tuple(row)[1:] for row in await conn.execute(query)}
    own = ("musicbrainz", True, None)
    assert found == {
        **{one.title: own for one in (*SMALL[20:24], *SMALL[48:50])},
        SMALL[22].title: ("musicbrainz", False, "Kranky"),
    }
    assert sum((await sizes(database)).values()) == 1 + SONGS_OF_LOVED + SONGS + 5


async def test_where_an_artist_has_more_releases_than_come_at_once_one_may_be_on_a_label(
    database: Database, growth: Growth, world: World
) -> None:
    demo, album, more = (f"7777777{number}-7777-4777-8777-777777777777" for number in range(3))
    world.musicbrainz.releases |= {demo: SMALL[20:22], album: SMALL[22:23], more: SMALL[20:22]}
    world.musicbrainz.labels |= {demo: ["[no label]"], album: ["Kranky"], more: ["Sub Pop"]}
    world.musicbrainz.page = 2
    await love(database, ANN, LOW)

    await growth(0)

    async with database.read() as conn:
        found = [tuple(row)[1:] for row in await conn.execute(select(track_labels))]
    assert found == [("musicbrainz", False, "Kranky")]


async def test_only_names_and_ids_leave_the_machine(
    database: Database, growth: Growth, world: World
) -> None:
    await love(database, 4711_4711_4711, LOW)

    await growth(0)

    said = [
        f"{call.path} {call.query} {call.headers}" for one in world.servers for call in one.calls
    ]
    assert said
    assert not any("471147114711" in one for one in said)


async def test_nobody_is_met_twice(database: Database, growth: Growth, world: World) -> None:
    await love(database, ANN, LOW)
    await growth(0)
    calls, before = world.calls, await sizes(database)

    assert await growth(0) == NOON + EMPTY_PAUSE

    assert await sizes(database) == before
    assert world.calls == calls


async def test_a_crash_in_between_loses_and_doubles_nothing(
    database: Database, services: Services, clock: FakeClock, world: World
) -> None:
    """The second artist cannot be met; another bot goes on from there."""
    await love(database, ANN, LOW)
    assert services.growth is not None
    world.deezer.related[LOW] = [IDA]

    asked = services.growth._meetings._introductions.introduce

    async def once(*args: object, **rest: object) -> object:
        if (await sizes(database))[LOW] > 1:
            raise ZeroDivisionError
        return await asked(*args, **rest)  # type: ignore[arg-type]

    services.growth._meetings._introductions.introduce = once  # type: ignore[method-assign, assignment]
    with pytest.raises(ZeroDivisionError):
        await services.growth(0)
    assert await sizes(database) == {LOW: 1 + SONGS_OF_LOVED}

    restarted = build_services(database, clock, world.outside, growth_plan=GrowthPlan())
    assert restarted.growth is not None
    await restarted.growth(0)

    assert await sizes(database) == {LOW: 1 + SONGS_OF_LOVED, IDA: SONGS, RED: 5}


async def test_the_budget_of_a_day_is_kept_and_the_next_day_it_goes_on(
    database: Database, clock: FakeClock, world: World
) -> None:
    await love(database, ANN, LOW)
    plan = GrowthPlan(a_day=10)
    growth = build_services(database, clock, world.outside, growth_plan=plan).growth
    assert growth is not None

    await growth(0)
    after = await growth(0)

    assert await sizes(database) == {LOW: 1 + SONGS_OF_LOVED}  # one artist is met whole
    assert after == NOON.replace(hour=0) + timedelta(days=1)
    clock.move(days=1)
    await growth(0)
    assert (await sizes(database))[IDA] == SONGS


async def test_it_stops_at_a_size(database: Database, clock: FakeClock, world: World) -> None:
    await love(database, ANN, LOW)
    plan = GrowthPlan(up_to=1)
    growth = build_services(database, clock, world.outside, growth_plan=plan).growth
    assert growth is not None

    await growth(0)

    assert await sizes(database) == {LOW: 1}
    assert not world.calls


async def test_switched_off_nothing_is_planned_and_nobody_asked(
    database: Database, clock: FakeClock, world: World
) -> None:
    await love(database, ANN, LOW)
    on = build_services(database, clock, world.outside, growth_plan=GrowthPlan()).growth
    off = build_services(database, clock, world.outside).growth
    assert on is not None
    assert off is not None
    await on.begin()
    async with database.read() as conn:
        assert await jobs.planned_for(conn, GROW, 0) is not None

    await off.begin()

    async with database.read() as conn:
        assert await jobs.planned_for(conn, GROW, 0) is None
    assert await off(0) is None
    assert not world.calls


async def test_a_silent_service_does_not_stop_the_others(
    database: Database, growth: Growth, world: World
) -> None:
    """MusicBrainz has songs, too; the labs say who is near."""
    world.deezer.failing_share = 1.0
    world.labs.related[LOW] = [IDA]
    await love(database, ANN, LOW)

    await growth(0)

    assert (await sizes(database))[IDA] == SONGS


async def test_when_nobody_answers_the_job_is_tried_again(
    database: Database, growth: Growth, world: World
) -> None:
    world.fail()
    await love(database, ANN, LOW)

    with pytest.raises(SourceUnavailableError):
        await growth(0)

    async with database.read() as conn:
        assert (await acquaintances.growth(conn)).met == 0


async def test_an_answer_of_nonsense_is_passed_over(
    database: Database, growth: Growth, world: World
) -> None:
    world.labs.misbehave(html(400), *[says({"nonsense": [1, "a"]})] * 3)
    world.labs.related[LOW] = [IDA]
    await love(database, ANN, LOW)

    await growth(0)

    assert (await sizes(database))[LOW] == 1 + SONGS_OF_LOVED


async def test_a_name_that_several_bear_gets_no_genre_of_either(
    database: Database, clock: FakeClock
) -> None:
    """Of two artists called Ida it is not known which one is meant."""
    other = [Song("Elsewhere", IDA, mbid=mbid("x"), artist_mbid=mbid("y"), genres=("polka",))]
    async with open_outside(database, clock, [*songs_by(IDA, 2, 3), *other]) as world:
        growth = build_services(database, clock, world.outside, growth_plan=GrowthPlan()).growth
        assert growth is not None
        await growth.grow(Around(AroundKind.ARTIST, IDA), limit=10)

    async with database.read() as conn:
        assert (await conn.scalars(select(genres.c.name))).all() == []


async def test_artists_played_with_a_recording_are_met_too(
    database: Database, growth: Growth, world: World
) -> None:
    world.deezer.related.clear()
    world.labs.together[mbid("x")] = [song for song in SMALL if song.artist == RED]
    await love(database, ANN, LOW)
    async with database.write() as conn:
        (number,) = await add_tracks(conn, [StoredTrack("Words", LOW, ids={"mbid": mbid("x")})])
        await conn.execute(update(tracks).where(tracks.c.id == number).values(search_rank=0))

    await growth(0)

    assert (await sizes(database))[RED] == 5


async def test_around_an_artist_only_those_near_them_come(
    database: Database, growth: Growth, world: World
) -> None:
    await love(database, ANN, RED)
    world.deezer.related |= {IDA: [], RED: []}

    grown = await growth.grow(Around(AroundKind.ARTIST, LOW), limit=1000)

    assert await sizes(database) == {RED: 1, LOW: SONGS_OF_LOVED, IDA: SONGS}
    assert (grown.artists, len(grown.tracks)) == (2, SONGS_OF_LOVED + SONGS)
    async with database.read() as conn:
        assert (await acquaintances.growth(conn)).waiting == 0


async def test_around_a_genre_the_artists_whom_people_call_so_come(
    database: Database, growth: Growth
) -> None:
    grown = await growth.grow(Around(AroundKind.GENRE, "Slowcore"), limit=1000)

    assert set(await sizes(database)) == {LOW, IDA, RED}
    assert grown.artists == 3


@pytest.mark.parametrize(
    ("around", "says_so"),
    [
        (Around(), "No listener"),
        (Around(AroundKind.ARTIST, "Nobody At All"), "No music service knows"),
        (Around(AroundKind.GENRE, "no such genre"), "Nobody knows artists"),
    ],
    ids=["nobody has said anything", "unknown artist", "unknown genre"],
)
async def test_what_cannot_be_grown_around_is_said(
    growth: Growth, around: Around, says_so: str
) -> None:
    with pytest.raises(NotFoundError, match=says_so):
        await growth.grow(around, limit=10)


async def test_growing_ends_at_its_limit(database: Database, growth: Growth) -> None:
    grown = await growth.grow(Around(AroundKind.ARTIST, LOW), limit=10)

    assert len(grown.tracks) == SONGS_OF_LOVED
    assert set(await sizes(database)) == {LOW}


async def test_what_rises_in_the_underground_comes_once_a_day_if_it_fits(
    database: Database, clock: FakeClock
) -> None:
    songs = [*songs_by(LOW, 1, 3), Song("Up", "Zoe", audius_id="a1", genres=("slowcore",)),
             Song("Down", "Yan", audius_id="a2", genres=("trap",))]  # fmt: skip
    async with open_outside(database, clock, songs) as world:
        growth = build_services(database, clock, world.outside, growth_plan=GrowthPlan()).growth
        assert growth is not None
        await love(database, ANN, LOW)
        await growth(0)
        await growth(0)

        assert set(await sizes(database)) == {LOW, "Zoe"}
        underground = [path for path in world.audius.paths if "underground" in path]
        assert len(underground) == 1


@pytest.mark.sqlite
async def test_after_an_hour_thirty_loved_artists_have_become_two_thousand_tracks(
    database: Database, clock: FakeClock
) -> None:
    """From an empty catalogue: ten listeners name three artists each, whom nobody has."""
    families, size = 10, 30
    async with open_outside(database, clock, family_songs(families, size, 15)) as world:
        make_families_related(world, families, size)
        services = build_services(database, clock, world.outside, growth_plan=GrowthPlan())
        growth, wishes = services.growth, services.wishes
        assert growth is not None
        await growth.begin()
        for listener in range(10):
            for place in range(3):
                wish = await wishes.wish(listener + 1, name_of(listener, place * 9), 5)
                assert await wishes.fulfil(wish.id) is not None
        until, count = clock.now() + timedelta(hours=1), 0
        while clock.now() < until and count < 2000:
            clock.move(seconds=PAUSE.total_seconds())
            await services.jobs.run_due()
            count = sum((await sizes(database)).values())

        async with database.read() as conn:
            lacking = await measures.count_lacking(conn, Gap.FEATURES)
        assert count >= 2000
        assert 1 - lacking / count >= 0.7
        for server, pace in (
            (world.deezer, deezer.PACE),
            (world.musicbrainz, musicbrainz.PACE),
            (world.reccobeats, reccobeats.PACE),
            (world.labs, labs.PACE),
            (world.audius, audius.PACE),
        ):
            assert len(server.calls) * _interval(pace) <= 3600, type(server).__name__


def _interval(pace: Pace) -> float:
    return pace.interval


def test_a_step_is_small_enough_for_a_listener_to_wait_behind_it() -> None:
    assert ARTISTS_AT_ONCE * SONGS <= 100


async def test_related_artists_of_two_listeners_count_twice(
    database: Database, growth: Growth, world: World
) -> None:
    make_related(world, [])
    world.deezer.related |= {LOW: [RED], IDA: [RED]}
    await love(database, ANN, LOW)
    await love(database, BEN, IDA)
    async with database.read() as conn:
        told = await acquaintances.loved(conn, limit=5)

    assert [(one.name, one.listeners) for one in told] == [(IDA, 1), (LOW, 1)]
    await growth(0)
    assert (await sizes(database))[RED] == 5


@pytest.mark.both
async def test_a_name_longer_than_any_is_left_out_and_the_others_wait(
    database: Database, clock: FakeClock
) -> None:
    endless = "".join(map(chr, range(0x4E00, 0x4E00 + 1500)))
    songs = [*songs_by(LOW, 1, 2), *songs_by(IDA, 2, 2), *songs_by(endless, 3, 1)]
    async with open_outside(database, clock, songs) as world:
        world.deezer.related[LOW] = [endless, IDA]
        services = build_services(database, clock, world.outside, growth_plan=GrowthPlan())
        assert services.growth is not None
        await love(database, ANN, LOW)

        await services.growth(0)

    async with database.read() as conn:
        assert LOW.lower() in await acquaintances.met(conn, since=NOON)
        assert endless not in {one.name for one in await acquaintances.waiting(conn, limit=99)}


async def test_whoever_comes_without_an_id_is_nobody_we_asked_for(
    database: Database, world: World, services: Services, growth: Growth
) -> None:
    stranger = {"id": None, "name": "Somebody Else", "tags": [{"name": "polka", "count": 3}]}
    world.musicbrainz.misbehave(says({"artists": [stranger]}))

    await growth.grow(Around(AroundKind.ARTIST, LOW), limit=1)

    async with database.read() as conn:
        assert "polka" not in (await conn.scalars(select(genres.c.name))).all()
