"""New releases, told by services on the loopback interface."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.releases.release_grounds import Grounds
from bot.core.releases.releases import ReleaseWish
from bot.demo.outside import World
from bot.demo.servers.loopback import says
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.errors import SourceUnavailableError, UserError
from bot.services import build_services
from bot.services.accounts.consents import pasted_answer
from bot.services.catalog.live import LiveCatalog
from bot.services.discover.releases import ReleaseList, Releases
from bot.services.taste.tastes import Tastes
from bot.store import catalog as catalog_store
from bot.store import feedback, listeners
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.linking import KEY, accounts_of
from tests.outside import open_outside

TODAY = date(2026, 11, 20)
ANN = 7
LOVED = "LupusMechanicus"
"""An artist of the starter catalogue, with 26 tracks."""


def mbid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def album(number: int, artist: str, *, days_ago: int = 3, **facts: Any) -> Song:
    on = (TODAY - timedelta(days=days_ago)).isoformat()
    known = {"mbid": mbid(number), "released_on": on, "genres": ()} | facts
    return Song(f"Song {number}", artist, f"Album {number}", **known)


def single(number: int, artist: str, *, days_ago: int = 3) -> Song:
    return album(number, artist, days_ago=days_ago, mbid=None, audius_id=f"a{number}")


SONGS = [
    album(1, LOVED),
    album(2, "Nobody At All"),
    album(3, "A Newcomer", genres=("soundtrack",)),
    album(4, LOVED, days_ago=40),
    single(5, "lupusmechanicus"),
    single(6, "Nobody Else"),
]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def world(starter: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(starter, clock, SONGS, with_keys=True) as world:
        yield world


@pytest.fixture
def releases(starter: Database, clock: FakeClock, world: World) -> Releases:
    theirs = accounts_of(starter, clock, world, ())
    catalog = LiveCatalog(starter)
    return Releases(starter, catalog, Tastes(starter, catalog), clock, world.sources, theirs)


async def love(database: Database, artist_id: int = 14) -> None:
    async with database.write() as conn:
        await listeners.ensure(conn, ANN, now=NOON)
        await feedback.append(
            conn,
            ANN,
            FeedbackKind.RATING,
            Subject(SubjectKind.ARTIST, artist_id),
            5,
            source=FeedbackSource.COMMAND,
            now=NOON,
        )


async def listed(releases: Releases, **wish: Any) -> ReleaseList:
    found = await releases.for_listener(ANN, ReleaseWish(**{"obscurity": 0} | wish))
    assert found is not None
    return found


def titles(found: ReleaseList) -> list[str]:
    return [one.known.release.title for one in found.ranking.shown]


async def test_what_is_new_of_a_loved_artist_comes_from_all_services(
    starter: Database, releases: Releases
) -> None:
    await love(starter)

    found = await listed(releases)

    by_loved = [one for one in found.ranking.shown if one.grounds is Grounds.ARTIST]
    assert {one.known.release.title for one in by_loved} == {"Album 1", "Song 5"}
    assert {one.known.release.services for one in by_loved} == {("ListenBrainz",), ("Audius",)}
    assert {one.known.artist_id for one in by_loved} == {14}
    assert titles(found)[0] in {"Album 1", "Song 5"}
    assert found.ranking.unknown == 2
    assert found.said[14].value == 5


async def test_more_days_bring_older_releases(starter: Database, releases: Releases) -> None:
    await love(starter)

    assert "Album 4" not in titles(await listed(releases, days=14))
    assert "Album 4" in titles(await listed(releases, days=60))


async def test_wishes_for_nearly_as_many_days_ask_once(
    starter: Database, releases: Releases, world: World
) -> None:
    await love(starter)

    for days in (8, 14, 11, 9):
        await listed(releases, days=days)

    (asked,) = world.listenbrainz.calls
    assert asked.query["days"] == "14"
    assert len(world.audius.calls) == 1


async def test_the_next_day_the_services_are_asked_again(
    starter: Database, releases: Releases, world: World, clock: FakeClock
) -> None:
    await love(starter)
    await listed(releases)

    clock.move(days=1, seconds=1)
    await listed(releases)

    assert len(world.listenbrainz.calls) == 2


async def test_somebody_without_a_taste_is_told_apart_and_nobody_is_asked(
    releases: Releases, world: World
) -> None:
    assert await releases.for_listener(ANN, ReleaseWish()) is None
    assert world.calls == 0


async def test_a_service_that_is_down_is_named_and_the_others_answer(
    starter: Database, releases: Releases, world: World
) -> None:
    await love(starter)
    world.audius.failing_share = 1

    found = await listed(releases)

    assert found.silent == ("Audius",)
    assert "Album 1" in titles(found)


async def test_an_answer_of_another_form_is_as_good_as_none(
    starter: Database, releases: Releases, world: World
) -> None:
    await love(starter)
    world.listenbrainz.misbehave(says({"payload": "?"}))

    assert (await listed(releases)).silent == ("ListenBrainz",)


async def test_all_services_down_is_one_sentence(
    starter: Database, releases: Releases, world: World
) -> None:
    await love(starter)
    world.fail()

    with pytest.raises(SourceUnavailableError, match=r"Audius, ListenBrainz.*few minutes"):
        await listed(releases)


async def test_without_any_service_it_says_so(starter: Database, clock: FakeClock) -> None:
    await love(starter)
    alone = build_services(starter, clock).releases

    with pytest.raises(UserError, match="No music service is connected"):
        await alone.for_listener(ANN, ReleaseWish())


async def test_a_page_that_is_not_there_is_the_first(starter: Database, releases: Releases) -> None:
    await love(starter)

    found = await listed(releases, page=9)

    assert found.wish.page == 0
    assert titles(found)


async def with_spotify(
    database: Database, clock: FakeClock, world: World, **facts: bool
) -> Releases:
    """Let Ann link an account that plays much."""
    played = [album(n, f"Artist {n}", spotify_id=f"s{n}") for n in range(100, 130)]
    played.append(album(99, LOVED, spotify_id="s99"))
    world.spotify.songs = played
    theirs = accounts_of(database, clock, world, (KEY,))
    page = await theirs.by_consent.begin(ANN, called="ann")
    address = world.accounts.agree(page.url, user := SpotifyUser("ann", top=played[::-1]))
    await theirs.by_consent.finish(pasted_answer(address), user_id=ANN)
    user.allowed = facts.get("allowed", True)
    catalog = LiveCatalog(database)
    return Releases(database, catalog, Tastes(database, catalog), clock, world.sources, theirs)


async def test_linked_spotify_tells_of_twenty_artists_once_a_day(
    starter: Database, clock: FakeClock, world: World
) -> None:
    await love(starter)
    releases = await with_spotify(starter, clock, world)

    found = await listed(releases)
    await listed(releases, days=30)

    assert "Album 99" in titles(found)
    assert len([path for path in world.spotify.paths if path.startswith("/artists/")]) == 20
    clock.move(days=1)
    await listed(releases)
    assert len([path for path in world.spotify.paths if path.startswith("/artists/")]) == 40


async def test_an_account_whose_consent_ended_is_unlinked_and_left_out(
    starter: Database, clock: FakeClock, world: World
) -> None:
    await love(starter)
    releases = await with_spotify(starter, clock, world)
    world.accounts.refresh_tokens.clear()
    clock.move(hours=2)

    found = await listed(releases)
    later = await listed(releases)

    assert ("Album 1" in titles(found), found.silent) == (True, ("Spotify",))
    assert ("Album 1" in titles(later), later.silent) == (True, ())


async def test_spotify_that_refuses_is_named(
    starter: Database, clock: FakeClock, world: World
) -> None:
    await love(starter)
    releases = await with_spotify(starter, clock, world, allowed=False)

    assert (await listed(releases)).silent == ("Spotify",)


async def test_what_spotify_failed_to_tell_is_asked_again(
    starter: Database, clock: FakeClock, world: World
) -> None:
    await love(starter)
    releases = await with_spotify(starter, clock, world)
    world.spotify.failing_share = 1
    assert (await listed(releases)).silent == ("Spotify",)

    world.spotify.failing_share = 0
    clock.move(minutes=30)

    assert "Album 99" in titles(await listed(releases))


async def test_an_album_of_the_catalogue_is_judged_by_its_own_tracks(
    starter: Database, releases: Releases, world: World
) -> None:
    await love(starter)
    catalog = await LiveCatalog(starter).get()
    own = catalog.track_ids[catalog.rows_of_artists([14])][0]
    async with starter.read() as conn:
        (track,) = await catalog_store.tracks_by_ids(conn, [int(own)])
    world.audius.songs.append(
        Song(track.title, LOVED, released_on=TODAY.isoformat(), audius_id="a9", genres=())
    )

    found = await listed(releases)

    one = next(o for o in found.ranking.shown if o.known.release.title == track.title)
    assert (one.grounds, one.known.track_ids) == (Grounds.TRACKS, (int(own),))
