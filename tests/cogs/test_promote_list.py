"""`/promote album` and `/promote playlist`: what is on a list, how it sounds, whom it suits."""

from collections.abc import AsyncIterator

import pytest
from simcord.results import InteractionResult

from bot.core.promotion.moderation import BlockKind
from bot.core.promotion.promotion import PromotionKind
from bot.demo.outside import World as Services
from bot.demo.servers.songs import Song
from bot.services.finding.lookup import Outside
from bot.store import catalog, promotions
from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_promote import answer, kept, labels, posts
from tests.cogs.test_promote_track import fields
from tests.fakes import FakeClock
from tests.outside import open_outside

FEATURES = {"danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "tempo": 87.5}
PLAYLIST = "https://www.deezer.com/playlist/7"
ALBUM = "https://www.deezer.com/album/8"
KNOWN, NEW = 4, 3


@pytest.fixture
async def songs(database: Database) -> list[Song]:
    """Some of the starter catalogue, and some that it lacks."""
    async with database.read() as conn:
        tracks = await catalog.tracks_by_ids(conn, list(range(1, KNOWN + 1)))
    return [
        Song(
            track.title, track.artist, deezer_id=100 + track.id,
            duration_ms=track.duration_ms or 200_000,
        )
        for track in tracks
    ] + [
        Song(
            f"New {number}", "Newcomers", isrc=f"USKR3{number:07}", deezer_id=200 + number,
            reccobeats_id=f"00000000-0000-4000-8000-{number:012}", features=FEATURES,
        )
        for number in range(NEW)
    ]  # fmt: skip


@pytest.fixture
async def services(
    database: Database, clock: FakeClock, songs: list[Song]
) -> AsyncIterator[Services]:
    async with open_outside(database, clock, songs) as services:
        services.deezer.playlists["7"] = services.deezer.albums["8"] = songs
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


async def promote(world: World, kind: str, url: str, **options: str) -> InteractionResult:
    given = {"url": url, "text": "Quiet songs for rain"} | options
    return await world.ann.slash(world.channel, f"promote {kind}", **given)


@pytest.mark.both
@pytest.mark.parametrize(
    ("kind", "url", "title"),
    [
        ("playlist", f"{PLAYLIST}?utm_source=x", "Night Songs · a playlist on Deezer"),
        ("album", ALBUM, "An Album · an album on Deezer"),
    ],
)
async def test_a_list_is_read_and_what_is_new_on_it_joins_the_catalogue(
    world: World, kind: str, url: str, title: str
) -> None:
    result = await promote(world, kind, url)

    (post,) = posts(world.channel)
    assert (post.embeds[0].title, post.embeds[0].url) == (title, url.partition("?")[0])
    shown = fields(post)
    assert shown["Tracks"] == f"I knew {KNOWN} of its {KNOWN + NEW} tracks"
    assert f"measured on {KNOWN + NEW} of its tracks" in shown["Suits"]
    assert labels(post) == ["0", "0", "Open on Deezer", "⚑ Report"]
    assert f"I look at the other {NEW} now." in answer(result)
    (promotion,) = await kept(world)
    assert promotion.kind is PromotionKind(kind)
    assert promotion.title == title.partition(" ·")[0]
    async with world.database.read() as conn:
        assert len(await promotions.track_ids(conn, promotion.id)) == KNOWN + NEW


async def test_whom_a_list_suits_is_counted_for_all_and_named_for_its_artist(
    world: World, services: Services, songs: list[Song]
) -> None:
    services.deezer.playlists["7"] = songs[:2]
    for track in (1, 2):
        await world.ben.slash(world.channel, "rate track", track=f"track:{track}", score=5)
    private = await promote(world, "playlist", PLAYLIST)
    world.clock.move(days=31)
    await world.ben.slash(world.channel, "privacy profile", visible=True)
    await world.ben.slash(world.channel, "rate track", track="track:6", score=4)

    public = await promote(world, "playlist", PLAYLIST)

    first, second = posts(world.channel)
    assert "Here" not in fields(first)
    assert str(world.ben.id) not in answer(private)
    assert fields(second)["Here"].startswith("It suits 1 listener of this server")
    assert str(world.ben.id) not in str(second.embeds[0].to_dict())
    assert f"<@{world.ben.id}>" in answer(public)


@pytest.mark.parametrize(
    ("kind", "url", "sentence"),
    [
        ("album", PLAYLIST, "leads to a playlist: use `/promote playlist`"),
        ("playlist", ALBUM, "leads to an album: use `/promote album`"),
        ("album", "https://www.deezer.com/track/31", "single track: use `/promote track`"),
        ("playlist", "https://www.deezer.com/playlist/999", "no such playlist"),
    ],
)
async def test_a_link_to_something_else_is_refused_in_a_sentence(
    world: World, kind: str, url: str, sentence: str
) -> None:
    result = await promote(world, kind, url)

    assert sentence in answer(result)
    assert posts(world.channel) == []
    assert await kept(world) == []


async def test_a_list_whose_service_is_down_is_posted_unread(
    world: World, services: Services
) -> None:
    services.fail()

    result = await promote(world, "playlist", PLAYLIST)

    (post,) = posts(world.channel)
    assert post.embeds[0].title == "A playlist on Deezer"
    assert post.embeds[0].fields == []
    assert "could not read the whole list: Deezer did not answer." in answer(result)


async def test_a_list_of_spotify_says_how_it_can_be_read_and_takes_named_tracks(
    world: World, services: Services, songs: list[Song]
) -> None:
    services.oembed.playlists["37i9dQZF1DXcBWIGoYBM5M"] = "Mine"
    url = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"

    result = await promote(world, "playlist", url, tracks=f"{songs[0].artist} – {songs[0].title}")

    assert "/link spotify" in answer(result)
    assert "I know 1 of 1 named track" in answer(result)
    async with world.database.read() as conn:
        assert await promotions.track_ids(conn, 1) == [1]


async def test_a_page_that_lists_cannot_be_read_from_is_posted_as_it_is(world: World) -> None:
    result = await promote(world, "album", "https://music.amazon.com/albums/B000")

    assert posts(world.channel)[0].embeds[0].title == "An album on Amazon Music"
    assert answer(result).count("\n") == 0


async def test_the_title_of_a_list_goes_through_the_blocked_words(world: World) -> None:
    await world.bot().services.moderation.block(
        world.ben.id, guild_id=world.guild.id, kind=BlockKind.WORD, value="night"
    )

    result = await promote(world, "playlist", PLAYLIST)

    assert "have blocked the word “night”" in answer(result)
    assert await kept(world) == []


async def test_a_list_of_tracks_that_were_all_promoted_lately_waits(world: World) -> None:
    await promote(world, "playlist", PLAYLIST)
    world.clock.move(days=2)

    refused = await promote(world, "album", ALBUM)
    world.clock.move(days=29)
    taken = await promote(world, "album", ALBUM)

    assert "All of these tracks were promoted here in the last 30 days" in answer(refused)
    assert "Posted: " in answer(taken)


async def test_a_track_of_a_service_is_found_measured_and_promoted(world: World) -> None:
    url = "https://www.deezer.com/track/200"

    result = await world.ann.slash(world.channel, "promote track", link=url, text="My first one")

    (post,) = posts(world.channel)
    assert post.embeds[0].title == "Newcomers – New 0"
    assert "88 BPM" in fields(post)["Tempo"]
    assert fields(post)["Sounds close to"].count("](http") == 3
    assert "Posted: " in answer(result)
