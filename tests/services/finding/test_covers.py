"""Covers, told by services on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from bot.core.models import Cover
from bot.demo.outside import World
from bot.demo.servers.loopback import html, status
from bot.demo.servers.pictures import picture
from bot.demo.servers.songs import Song
from bot.services.finding import Covers
from bot.services.finding.covers import BUDGET, MISSED_FOR, MOST_PIXELS, read_cover
from bot.sources import pictures as hosts
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.stored import StoredTrack, add_tracks, remove_track

URL = "https://cdn-images.dzcdn.net/images/cover/abc/250x250.jpg"
PATH = "/images/cover/abc/250x250.jpg"
RED = 0xC03020
RELEASE = "11111111-1111-4111-8111-111111111111"


def song(number: int, **facts: Any) -> Song:
    return Song(f"Song {number}", "Low", **{"cover": URL, **facts})


SONGS = [
    song(1, deezer_id=1),
    song(2, deezer_id=2, isrc="USKR30000002"),
    song(3, deezer_id=3),
    song(4, spotify_id="4" * 22),
    song(5, apple_id=5),
    song(6, audius_id="aud6", cover=URL),
    song(7, mbid="77777777-7777-4777-8777-777777777777", release_mbid=RELEASE, cover=None),
    song(8, deezer_id=8, cover="https://cdn-images.dzcdn.net/images/cover//250x250.jpg"),
    song(9, deezer_id=9, cover="https://evil.example/cover.jpg"),
    song(11, deezer_id=11, cover="https://dzcdn.net.evil.example/cover.jpg"),
    song(12, deezer_id=12, cover="http://cdn-images.dzcdn.net/images/cover/abc/250x250.jpg"),
    song(13, deezer_id=13, cover="https://u:p@cdn-images.dzcdn.net/x.jpg"),
    song(14, deezer_id=14, cover="https://cdn-images.dzcdn.net:8443/x.jpg"),
    song(15, deezer_id=15, cover=None),
]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(database, clock, SONGS) as world:
        world.pictures.pictures[PATH] = picture("#c03020", kind="PNG")
        yield world


@pytest.fixture
def covers(database: Database, clock: FakeClock, world: World) -> Covers:
    return Covers(database, clock, world.sources)


async def add(database: Database, *new: StoredTrack) -> list[int]:
    async with database.write() as conn:
        return await add_tracks(conn, list(new))


def named(number: int, **ids: Any) -> StoredTrack:
    return StoredTrack(f"Song {number}", "Low", **ids)


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (1, {"ids": {"deezer": "1"}}),
        (2, {"ids": {"isrc": "USKR30000002"}}),
        (3, {}),
        (4, {"spotify": "4" * 22}),
        (5, {}),
        (6, {"ids": {"audius_id": "aud6"}}),
    ],
    ids=["Deezer", "ISRC", "by name at Deezer", "Spotify", "by name at iTunes", "Audius"],
)
async def test_a_cover_is_found(
    database: Database, covers: Covers, number: int, ids: dict[str, Any]
) -> None:
    (track_id,) = await add(database, named(number, **ids))

    assert await covers.look_up([track_id]) == {track_id: Cover(URL, RED)}


async def test_a_cover_of_the_cover_art_archive_is_found_where_it_leads_to(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, named(7, ids={"mbid": str(SONGS[6].mbid)}))
    world.pictures.redirects = {
        f"/release/{RELEASE}/front-250": "http://archive.org/download/front.jpg",
        "/download/front.jpg": "https://ia800.us.archive.org/front.jpg",
    }
    world.pictures.pictures["/front.jpg"] = picture("#2040c0")

    (cover,) = (await covers.look_up([track_id])).values()

    assert cover.url == f"https://coverartarchive.org/release/{RELEASE}/front-250"
    assert cover.accent is not None
    assert cover.accent & 255 > 0xB0, "the picture is blue"


async def test_the_archive_of_the_starter_catalogue_is_asked_first(
    shipped: Database, clock: FakeClock
) -> None:
    async with open_outside(shipped, clock, []) as world:
        covers = Covers(shipped, clock, world.sources)
        async with shipped.read() as conn:
            query = "select track_id from external_ids where namespace = 'fma' limit 1"
            track_id = (await conn.exec_driver_sql(query)).scalar_one()
        world.pictures.pictures = _Any(picture())

        found = await covers.look_up([track_id])

    assert found[track_id].url.startswith("https://freemusicarchive.org/file/images/")
    assert world.calls == 1, "nobody else was asked"


class _Any(dict[str, bytes]):
    """Has the same picture everywhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __contains__(self, _path: object) -> bool:
        return True

    def __getitem__(self, _path: str) -> bytes:
        return self._content


async def test_what_was_found_is_never_asked_for_again(
    database: Database, world: World, covers: Covers, clock: FakeClock
) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))
    await covers.look_up([track_id])
    calls = world.calls
    clock.move(days=400)

    assert await Covers(database, clock, world.sources).look_up([track_id]) == {}
    assert world.calls == calls


async def test_what_nobody_has_is_asked_for_again_after_a_week(
    database: Database, world: World, covers: Covers, clock: FakeClock
) -> None:
    (track_id,) = await add(database, StoredTrack("Nobody knows it", "Nobody"))

    assert await covers.look_up([track_id]) == {}
    calls = world.calls
    assert calls == 2
    clock.move(seconds=(MISSED_FOR - timedelta(minutes=1)).total_seconds())
    assert await covers.look_up([track_id]) == {}
    assert world.calls == calls
    clock.move(minutes=2)
    world.deezer.songs.append(Song("Nobody knows it", "Nobody", deezer_id=99, cover=URL))
    assert await covers.look_up([track_id]) == {track_id: Cover(URL, RED)}


async def test_a_service_that_is_down_does_not_count_as_a_miss(
    database: Database, world: World, covers: Covers, clock: FakeClock
) -> None:
    (track_id,) = await add(database, named(3))
    world.pictures.failing_share = 1.0

    assert await covers.look_up([track_id]) == {}
    world.pictures.failing_share = 0.0
    clock.move(minutes=5)
    assert await covers.look_up([track_id]) == {track_id: Cover(URL, RED)}


async def test_another_service_is_asked_while_one_is_down(
    database: Database, world: World, covers: Covers
) -> None:
    world.deezer.failing_share = 1.0
    (track_id,) = await add(database, named(5))

    assert await covers.look_up([track_id]) == {track_id: Cover(URL, RED)}


@pytest.mark.parametrize("number", [8, 9, 11, 12, 13, 14, 15])
async def test_an_address_that_is_none_of_a_cover_is_not_asked_for(
    database: Database, world: World, covers: Covers, number: int
) -> None:
    (track_id,) = await add(database, named(number, ids={"deezer": str(number)}))

    assert await covers.look_up([track_id]) == {}
    assert world.pictures.calls == []


async def test_a_redirect_leads_only_to_hosts_of_covers(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))
    del world.pictures.pictures[PATH]
    world.pictures.redirects = {PATH: "https://evil.example/x.jpg"}
    world.pictures.pictures["/x.jpg"] = picture()

    assert await covers.look_up([track_id]) == {}
    assert world.pictures.paths == [PATH] * 2, "once as Deezer's track, once as iTunes never did"


async def test_a_redirect_that_never_ends_is_no_cover(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, named(4, spotify="4" * 22))
    world.pictures.redirects = {PATH: URL}

    assert await covers.look_up([track_id]) == {}
    assert len(world.pictures.calls) == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"<!doctype html>", b"\xff\xd8\xff", picture(kind="GIF"), picture(kind="JPEG")[:300]],
    ids=["nothing", "a page", "the first bytes", "a GIF", "half of it"],
)
async def test_what_is_no_picture_is_no_cover(
    database: Database, world: World, covers: Covers, content: bytes
) -> None:
    (track_id,) = await add(database, named(4, spotify="4" * 22))
    world.pictures.pictures[PATH] = content

    assert await covers.look_up([track_id]) == {}


async def test_what_is_too_large_is_no_cover(
    database: Database, world: World, covers: Covers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "MAX_BYTES", 100)
    (track_id,) = await add(database, named(4, spotify="4" * 22))

    assert await covers.look_up([track_id]) == {}


def test_a_picture_that_unpacks_to_far_more_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side = int(MOST_PIXELS**0.5) + 1

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was unpacked")

    content = picture(side=side, kind="PNG")
    monkeypatch.setattr(Image.Image, "convert", never)

    assert len(content) < 200_000
    assert read_cover(URL, content) is None


async def test_a_cover_without_colours_is_shown_without_one(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))
    world.pictures.pictures[PATH] = picture("#777777")

    assert await covers.look_up([track_id]) == {track_id: Cover(URL, None)}


async def test_another_song_of_the_same_words_is_not_taken(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, StoredTrack("Song 3 (Live)", "Low"))

    assert await covers.look_up([track_id]) == {}


async def test_two_who_ask_at_once_ask_once(
    database: Database, world: World, covers: Covers
) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))

    first, second = await asyncio.gather(covers.look_up([track_id]), covers.look_up([track_id]))

    assert [first, second].count({}) == 1
    assert len(world.pictures.calls) == 1


async def test_the_budget_of_a_minute_holds_whoever_asks(
    database: Database, world: World, covers: Covers, clock: FakeClock
) -> None:
    new = [StoredTrack(f"Nobody {n}", "Nobody") for n in range(BUDGET + 5)]
    ids = await add(database, *new)

    await covers.look_up(ids[:40])
    await covers.look_up(ids[40:])
    assert len(world.deezer.calls) == BUDGET
    await covers.look_up(ids)
    assert len(world.deezer.calls) == BUDGET
    clock.move(minutes=1)
    await covers.look_up(ids)
    assert len(world.deezer.calls) == BUDGET + 5


async def test_a_track_that_is_gone_meanwhile_keeps_nothing(
    database: Database, world: World, covers: Covers
) -> None:
    gone, stays = await add(
        database, named(1, ids={"deezer": "1"}), named(2, ids={"isrc": "USKR30000002"})
    )

    async def remove() -> None:
        async with database.write() as conn:
            await remove_track(conn, gone)

    found, _ = await asyncio.gather(covers.look_up([gone, stays]), remove())

    assert stays in found
    async with database.read() as conn:
        kept = (await conn.exec_driver_sql("select track_id from covers")).scalars().all()
    assert kept == [stays]


async def test_a_track_that_is_removed_takes_its_cover_along(
    database: Database, covers: Covers
) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))
    await covers.look_up([track_id])

    async with database.write() as conn:
        await remove_track(conn, track_id)
        left = (await conn.exec_driver_sql("select count(*) from covers")).scalar_one()

    assert left == 0


async def test_without_services_nobody_is_asked(database: Database, clock: FakeClock) -> None:
    (track_id,) = await add(database, named(1, ids={"deezer": "1"}))

    assert await Covers(database, clock, None).look_up([track_id]) == {}
    async with database.read() as conn:
        kept = (await conn.exec_driver_sql("select count(*) from covers")).scalar_one()
    assert kept == 0, "a missing service is no miss"


async def test_a_host_that_answers_with_a_page_or_too_fast_is_asked_later(
    database: Database, world: World, covers: Covers, clock: FakeClock
) -> None:
    (track_id,) = await add(database, named(4, spotify="4" * 22))
    world.pictures.misbehave(status(429), html(503))

    assert await covers.look_up([track_id]) == {}
    clock.move(minutes=1)
    await covers.look_up([track_id])
    clock.move(minutes=1)
    assert await covers.look_up([track_id]) == {track_id: Cover(URL, RED)}
