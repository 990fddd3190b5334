"""Plays of linked accounts, over simulated services that misbehave: none missed, none doubled."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.core.accounts import LinkedAccount, LinkedService, ListeningBasis
from bot.core.catalog.space import Catalog
from bot.demo.outside import World
from bot.demo.servers.lastfm import LastFmUser
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.errors import SourceUnavailableError
from bot.services import Services, build_services
from bot.services.accounts.accounts import Accounts
from bot.services.accounts.rows import SYNC
from bot.services.accounts.tokens import written
from bot.services.accounts.vault import Vault
from bot.services.catalog.live import LiveCatalog
from bot.services.plays.listens import ADMIT
from bot.services.plays.sync import RETRY, Sync
from bot.sources.values import Grant
from bot.store import accounts, jobs, listeners, listening
from bot.store import recordings as recordings_store
from bot.store.engine import Database
from bot.store.tables import listens, recordings
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.linking import KEY, accounts_of
from tests.outside import open_outside

ANN = 1
TOKENS = Vault([KEY]).seal(written(Grant("t", NOON + timedelta(days=100), "r", frozenset())))
SONGS = [
    Song(f"Song {n}", "Low", spotify_id=f"id{n:020d}", reccobeats_id=None, deezer_id=100 + n)
    for n in range(60)
]
MINUTE = timedelta(minutes=1)


class CrashingCatalog(LiveCatalog):
    """Crashes between two pages, when it is needed for the third time."""

    used = 0

    async def at_hand(self) -> Catalog:
        self.used += 1
        if self.used == 3:
            raise ZeroDivisionError
        return await super().at_hand()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def world(starter: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(starter, clock, SONGS, with_keys=True) as world:
        yield world


@pytest.fixture
def services(starter: Database, clock: FakeClock, world: World) -> Services:
    return build_services(starter, clock, world.outside)


@pytest.fixture
def sync(
    starter: Database, clock: FakeClock, world: World, linked: Accounts, services: Services
) -> Sync:
    return Sync(starter, services.catalog, world.sources, linked, services.listens, clock)


@pytest.fixture
def linked(starter: Database, clock: FakeClock, world: World) -> Accounts:
    return accounts_of(starter, clock, world, (KEY,))


async def link(
    database: Database, service: LinkedService, basis: ListeningBasis = ListeningBasis.TOP
) -> int:
    async with database.write() as conn:
        await listeners.ensure(conn, ANN, now=NOON)
        secret = TOKENS if service is LinkedService.SPOTIFY else None
        made = await accounts.add(
            conn, ANN, service, name="ann", display_name=None, secret=secret, basis=basis, now=NOON
        )
    return made.id


async def kept(database: Database) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(listens)) or 0)


async def account(database: Database, account_id: int) -> LinkedAccount:
    async with database.read() as conn:
        found = await accounts.by_id(conn, account_id)
    assert found is not None
    return found


def plays(
    count: int, *, until: datetime = NOON, every: timedelta = 3 * MINUTE
) -> list[tuple[Song, datetime]]:
    """So many plays, the last of them just before a moment."""
    return [(SONGS[n % 60], until - (count - n) * every) for n in range(count)]


def play_on(world: World, service: LinkedService, heard: list[tuple[Song, datetime]]) -> None:
    """Let Ann have played this on a service, all in all."""
    match service:
        case LinkedService.LASTFM:
            world.lastfm.users = [LastFmUser("ann", heard, playing_now=SONGS[0])]
        case LinkedService.LISTENBRAINZ:
            world.listenbrainz.listens["ann"] = heard
        case LinkedService.SPOTIFY:
            world.spotify.tokens["t"] = SpotifyUser("ann", plays=heard)


each_service = pytest.mark.parametrize("service", list(LinkedService))


@each_service
@pytest.mark.parametrize("count", [0, 1, 49, 50])
async def test_all_plays_are_kept_once_however_often_they_are_asked_for(
    sync: Sync, world: World, starter: Database, service: LinkedService, count: int
) -> None:
    account_id = await link(starter, service)
    play_on(world, service, plays(count))

    again_at = [await sync(account_id) for _ in range(3)]

    assert await kept(starter) == count
    assert all(at is not None and at > NOON for at in again_at)
    assert (await account(starter, account_id)).synced_at is not None


@each_service
async def test_of_51_plays_between_two_syncs_none_is_missed(
    sync: Sync, world: World, starter: Database, clock: FakeClock, service: LinkedService
) -> None:
    account_id, heard = await link(starter, service), plays(50)
    play_on(world, service, heard)
    for _ in range(51):
        due = await sync(account_id)
        assert due is not None
        while clock.now() < due:
            clock.move(minutes=3)
            heard.append((SONGS[len(heard) % 60], clock.now()))
        play_on(world, service, heard)
    await sync(account_id)

    assert await kept(starter) == len(heard)
    assert len(heard) > 500


@pytest.mark.parametrize("service", [LinkedService.LASTFM, LinkedService.LISTENBRAINZ])
async def test_a_long_history_comes_in_runs_that_begin_where_the_last_one_ended(
    world: World,
    starter: Database,
    service: LinkedService,
    clock: FakeClock,
    linked: Accounts,
    services: Services,
) -> None:
    sync = Sync(
        starter, services.catalog, world.sources, linked, services.listens, clock, pages_at_once=2
    )
    account_id, heard = await link(starter, service), plays(4500)
    play_on(world, service, heard)

    runs = 0
    while (await account(starter, account_id)).synced_at is None:
        await sync(account_id)
        heard.append((SONGS[0], NOON + runs * MINUTE))  # it moves all others to later pages
        runs += 1
        assert runs < 40

    assert runs > 2
    assert await kept(starter) >= 4500


@each_service
async def test_an_outage_keeps_what_came_before_and_loses_nothing(
    sync: Sync, world: World, starter: Database, clock: FakeClock, service: LinkedService
) -> None:
    account_id = await link(starter, service)
    play_on(world, service, plays(10))
    await sync(account_id)
    clock.move(hours=1)
    play_on(world, service, plays(30, until=clock.now()))
    world.fail()

    with pytest.raises(SourceUnavailableError):
        await sync(account_id)
    world.fail(0)
    clock.move(hours=1)
    await sync(account_id)

    assert await kept(starter) == len(
        {at for _, at in [*plays(10), *plays(30, until=NOON + timedelta(hours=1))]}
    )
    assert (await account(starter, account_id)).problem is None


async def test_a_crash_between_two_pages_repeats_nothing_and_misses_nothing(
    sync: Sync,
    world: World,
    starter: Database,
    clock: FakeClock,
    linked: Accounts,
    services: Services,
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    play_on(world, LinkedService.LASTFM, plays(900))
    catalog = CrashingCatalog(starter)
    crashing = Sync(starter, catalog, world.sources, linked, services.listens, clock)

    with pytest.raises(ZeroDivisionError):
        await crashing(account_id)
    half = await kept(starter)
    cursor = (await account(starter, account_id)).cursor
    await sync(account_id)

    assert 0 < half < 900
    assert cursor is not None
    assert await kept(starter) == 900


@each_service
async def test_plays_of_the_same_second_and_a_clock_that_goes_back(
    sync: Sync, world: World, starter: Database, clock: FakeClock, service: LinkedService
) -> None:
    account_id = await link(starter, service)
    same = [(SONGS[n], NOON - MINUTE) for n in range(5)]
    play_on(world, service, same)
    await sync(account_id)
    clock.move(days=-3)
    await sync(account_id)
    clock.move(days=3, minutes=30)
    late = (SONGS[9], NOON - 2 * MINUTE)
    play_on(world, service, [*same, late, (SONGS[8], NOON + MINUTE)])

    await sync(account_id)

    assert await kept(starter) == 7


async def test_a_play_from_the_future_does_not_hide_those_that_come(
    sync: Sync, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    wrong = (SONGS[0], NOON + timedelta(days=900))
    play_on(world, LinkedService.LASTFM, [wrong])
    await sync(account_id)
    clock.move(hours=5)
    play_on(world, LinkedService.LASTFM, [wrong, (SONGS[1], NOON + timedelta(hours=4))])

    await sync(account_id)

    assert await kept(starter) == 2


async def test_what_a_player_tells_a_week_late_is_kept_the_next_day(
    sync: Sync, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.LISTENBRAINZ)
    play_on(world, LinkedService.LISTENBRAINZ, plays(3))
    await sync(account_id)
    late = (SONGS[9], NOON - timedelta(days=7))
    play_on(world, LinkedService.LISTENBRAINZ, [late, *plays(3)])
    await sync(account_id)
    before = await kept(starter)
    clock.move(days=1)

    await sync(account_id)

    assert (before, await kept(starter)) == (3, 4)


async def test_a_listener_who_is_gone_or_private_is_told_and_asked_again_tomorrow(
    sync: Sync, world: World, starter: Database
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    gone = await sync(account_id)
    told = (await account(starter, account_id)).problem
    world.lastfm.users = [LastFmUser("ann", plays(2), private=True)]
    private = await sync(account_id)
    world.lastfm.users[0].private = False
    await sync(account_id)

    assert gone == private == NOON + RETRY
    assert told is not None
    assert "no user ann" in told
    assert (await account(starter, account_id)).problem is None
    assert await kept(starter) == 2


async def test_the_lists_of_spotify_follow_the_library_once_a_day(
    sync: Sync, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.SPOTIFY, ListeningBasis.SAVED)
    ann = SpotifyUser("ann", top=SONGS[:3], saved=SONGS[:55], playlists={"p": SONGS[5:7]})
    world.spotify.tokens["t"] = ann
    async with starter.write() as conn:
        await accounts.set_basis(conn, account_id, ListeningBasis.PLAYLIST, playlist_id="p")
    await sync(account_id)
    async with starter.read() as conn:
        first = await listening.count_listed(conn, ANN)
    ann.saved = SONGS[:2]
    await sync(account_id)
    clock.move(days=1)
    await sync(account_id)

    async with starter.read() as conn:
        assert (first, await listening.count_listed(conn, ANN)) == (3 + 55 + 2, 3 + 2 + 2)


async def test_a_playlist_that_is_chosen_counts_at_once_and_not_from_tomorrow_on(
    sync: Sync, world: World, starter: Database
) -> None:
    account_id = await link(starter, LinkedService.SPOTIFY)
    playlists = {"p": SONGS[5:7], "q": SONGS[10:15]}
    world.spotify.tokens["t"] = SpotifyUser("ann", playlists=playlists)
    await sync(account_id)
    listed = []

    for playlist in playlists:
        async with starter.write() as conn:
            basis = ListeningBasis.PLAYLIST
            await accounts.set_basis(conn, account_id, basis, playlist_id=playlist)
        await sync(account_id)
        async with starter.read() as conn:
            listed.append(await listening.count_listed(conn, ANN))

    assert listed == [2, 5]


async def test_when_spotify_ends_the_link_the_job_ends_and_the_plays_are_gone(
    sync: Sync, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.SPOTIFY)
    play_on(world, LinkedService.SPOTIFY, plays(3))
    await sync(account_id)
    before = await kept(starter)
    clock.move(days=200)

    assert await sync(account_id) is None
    assert await sync(account_id) is None
    assert (before, await kept(starter)) == (3, 0)


async def test_unlinking_takes_the_plays_and_what_only_they_named_along(
    sync: Sync, linked: Accounts, world: World, starter: Database
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    play_on(world, LinkedService.LASTFM, plays(3))
    await sync(account_id)

    await linked.unlink(ANN, LinkedService.LASTFM)

    assert await sync(account_id) is None
    assert await kept(starter) == 0
    async with starter.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(recordings)) == 0


async def test_the_bot_syncs_by_itself_and_looks_up_what_is_played_most(
    services: Services, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    play_on(world, LinkedService.LASTFM, plays(70))
    async with starter.write() as conn:
        await jobs.plan(conn, SYNC, account_id, NOON)

    await services.jobs.run_due()
    for _ in range(4):
        clock.move(minutes=3)
        await services.jobs.run_due()

    async with starter.read() as conn:
        assert await jobs.planned_for(conn, SYNC, account_id) is not None
        heard = await listening.played(conn, [1])
        assert await recordings_store.count_asked(conn, ANN) == 60
    assert len(heard.track_ids) == 60


async def test_what_no_service_knows_is_asked_for_once(
    services: Services, world: World, starter: Database, clock: FakeClock
) -> None:
    account_id = await link(starter, LinkedService.LASTFM)
    play_on(world, LinkedService.LASTFM, [(Song("Nowhere", "Nobody"), NOON - MINUTE)])
    async with starter.write() as conn:
        await jobs.plan(conn, SYNC, account_id, NOON)
    for _ in range(4):
        await services.jobs.run_due()
        clock.move(minutes=3)
    before = len(world.deezer.calls)

    async with starter.write() as conn:
        await jobs.plan(conn, ADMIT, ANN, clock.now())
    await services.jobs.run_due()

    assert before > 0
    assert len(world.deezer.calls) == before
