"""Playlists and albums, as each service tells what is on them."""

from collections.abc import AsyncIterator

import pytest

from bot.core.models import ExternalId, ReleasedBy
from bot.demo.outside import World
from bot.demo.servers.loopback import body, html, says
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.errors import BadAnswerError, SourceUnavailableError
from bot.sources.audius import parse_playlist as parse_audius
from bot.sources.deezer import parse_head
from bot.sources.host import TRIES, Timing
from bot.sources.listenbrainz.parsing import parse_playlist
from bot.sources.musicbrainz import (
    kept_release,
    kept_releases,
    parse_first_release,
    parse_release,
    parse_released,
)
from bot.sources.odesli import parse_album_pages
from bot.sources.spotify import Spotify
from bot.sources.values import Page, SourceTrack, TrackList
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.outside import open_outside

ALBUM = "55555555-5555-4555-8555-555555555555"
FIRST = "66666666-6666-4666-8666-666666666666"
SONGS = [
    Song(
        f"Song {number}",
        "Low",
        isrc=f"USKR3{number:07}",
        mbid=f"11111111-1111-4111-8111-{number:012}",
        artist_mbid="22222222-2222-4222-8222-222222222222",
        spotify_id=f"{number:022}",
        deezer_id=100 + number,
        apple_id=500 + number,
        audius_id=f"a{number}",
    )
    for number in range(120)
]
TITLES = [song.title for song in SONGS]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(database, clock, SONGS, with_keys=True) as world:
        yield world


def titles(tracks: tuple[SourceTrack, ...]) -> list[str]:
    return [track.title for track in tracks]


async def test_deezer_tells_title_and_owner_before_the_pages(world: World) -> None:
    world.deezer.playlists["7"] = world.deezer.albums["8"] = SONGS
    deezer = world.sources.deezer

    assert await deezer.playlist_head("7") == TrackList("Night Songs", "ann", Page((), 120, 0))
    assert await deezer.album_head("8") == TrackList("An Album", "Low", Page((), 120, 0))
    first, second = await deezer.album("8"), await deezer.album("8", offset=100)
    assert first is not None
    assert second is not None
    assert titles(first.tracks + second.tracks) == TITLES
    assert (first.next_offset, second.next_offset) == (100, None)


async def test_deezer_says_of_what_is_private_or_gone_that_there_is_none(world: World) -> None:
    deezer = world.sources.deezer

    assert await deezer.playlist_head("9") is None
    assert await deezer.album_head("9") is None
    assert await deezer.album("9") is None


async def test_an_album_of_apple_comes_with_its_songs_from_the_store_that_has_it(
    world: World,
) -> None:
    world.itunes.albums["de", "77"] = SONGS

    found = await world.sources.itunes.album("77", country="de")

    assert found is not None
    assert (found.title, found.owner, found.page.total) == ("An Album", "Low", 120)
    assert titles(found.page.tracks) == TITLES
    assert found.page.tracks[0].id_in("apple") == "500"
    assert await world.sources.itunes.album("77") is None


async def test_a_release_has_the_recordings_of_all_its_discs(world: World) -> None:
    world.musicbrainz.releases[ALBUM] = SONGS[:3]

    found = await world.sources.musicbrainz.release(ALBUM)

    assert found is not None
    assert (found.title, found.owner) == ("An Album", "Low")
    track = found.page.tracks[0]
    assert (track.title, track.album, track.duration_ms) == ("Song 0", "An Album", 215_000)
    assert ExternalId("isrc", "USKR30000000") in track.ids
    assert len(found.page.tracks) == found.page.total == 3
    assert await world.sources.musicbrainz.release(FIRST) is None
    assert await world.sources.musicbrainz.release("no id") is None


SELF_RELEASED = ReleasedBy("musicbrainz", independent=True)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["[no label]"], SELF_RELEASED),
        (["[no label]", "Sub Pop"], ReleasedBy("musicbrainz", independent=False, label="Sub Pop")),
        (["Low"], None),
        (["[unknown]"], None),
        ([""], None),
        ([], None),
    ],
    ids=["none", "one after all", "called like the artist", "not known", "no name", "not said"],
)
async def test_the_labels_of_a_release_tell_who_released_its_recordings(
    world: World, labels: list[str], told: ReleasedBy | None
) -> None:
    world.musicbrainz.releases[ALBUM] = SONGS[:2]
    world.musicbrainz.labels[ALBUM] = labels

    found = await world.sources.musicbrainz.release(ALBUM)

    assert found is not None
    assert [one.released_by for one in found.page.tracks] == [told, told]
    assert world.musicbrainz.calls[-1].query["inc"].split("+")[-1] == "labels"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, SELF_RELEASED),
        ({"status": None}, SELF_RELEASED),
        ({"status": "Bootleg"}, None),
        ({"artist-credit": [{"name": "Various Artists"}]}, None),
        ({"artist-credit": None}, None),
        ({"label-info": "[no label]"}, None),
        ({"label-info": [None, {"label": None}, {"label": {"name": ["Low"]}}]}, None),
    ],
    ids=["own", "no status", "a bootleg", "of others", "of nobody", "no list", "no names"],
)
def test_a_release_without_a_label_tells_of_its_own_artist_alone(
    changes: dict[str, object], told: ReleasedBy | None
) -> None:
    credit = [{"name": "Low"}]
    answer = {
        "id": ALBUM,
        "status": "Official",
        "artist-credit": credit,
        "label-info": [{"label": {"name": "[no label]"}}],
        "media": [{"tracks": [{"recording": {"title": "Song", "artist-credit": credit}}]}],
    }

    found = parse_release(kept_release({**answer, **changes}))

    assert [one.released_by for one in found.page.tracks] == [told]


@pytest.mark.parametrize("count", [None, "two", 2, -1])
def test_a_page_of_releases_that_may_not_be_all_tells_of_labels_alone(count: object) -> None:
    credit = [{"name": "Low"}]

    def edition(title: str, label: str) -> dict[str, object]:
        return {
            "id": ALBUM,
            "artist-credit": credit,
            "label-info": [{"label": {"name": label}}],
            "media": [{"tracks": [{"recording": {"title": title, "artist-credit": credit}}]}],
        }

    rows = [edition("Own", "[no label]"), edition("Signed", "Kranky"), edition("What", "")]
    whole = parse_released(kept_releases({"releases": rows, "release-count": 3}))
    page = parse_released(kept_releases({"releases": rows, "release-count": count}))

    assert [one.title for one in whole] == ["Own", "Signed"]
    assert [one.title for one in page] == ["Signed"]


@pytest.mark.parametrize(
    ("editions", "first"),
    [
        ([("Official", "2001-02", ALBUM), ("Official", "1994", FIRST)], FIRST),
        ([("Bootleg", "1990", ALBUM), ("Official", "1994", FIRST)], FIRST),
        ([("Official", None, ALBUM), ("Official", "2020", FIRST)], FIRST),
        ([("Bootleg", None, ALBUM)], ALBUM),
        ([], None),
    ],
    ids=["the oldest", "an official one", "a dated one", "whatever there is", "none"],
)
async def test_an_album_in_all_its_editions_stands_for_the_first_official_one(
    world: World, editions: list[tuple[str, str | None, str]], first: str | None
) -> None:
    world.musicbrainz.groups[ALBUM] = [
        {"status": status, "date": date, "id": mbid} for status, date, mbid in editions
    ]

    assert await world.sources.musicbrainz.first_release(ALBUM) == first


async def test_a_playlist_of_listenbrainz_has_names_and_mbids(world: World) -> None:
    world.listenbrainz.playlists[ALBUM] = SONGS[:2]

    found = await world.sources.listenbrainz.playlist(ALBUM)

    assert found is not None
    assert (found.title, found.owner, found.page.total) == ("Night Songs", "ann", 2)
    assert found.page.tracks[1] == SourceTrack(
        title="Song 1",
        artist="Low",
        ids=(ExternalId("mbid", str(SONGS[1].mbid)),),
        artist_ids=(ExternalId("mbid", str(SONGS[1].artist_mbid)),),
        album="An Album",
        duration_ms=215_000,
    )
    assert await world.sources.listenbrainz.playlist(FIRST) is None
    assert await world.sources.listenbrainz.playlist("../user/ann") is None


@pytest.mark.parametrize(
    "identifier", [f"https://musicbrainz.org/recording/{FIRST}", [f"x/{FIRST}"], None, 7, ["x"]]
)
def test_a_track_of_a_playlist_may_name_its_recording_in_several_ways_or_not_at_all(
    identifier: object,
) -> None:
    row = {"title": "Song", "creator": "Low", "identifier": identifier}

    (track,) = parse_playlist({"playlist": {"track": [row, {"title": "Orphan"}]}}).page.tracks

    assert track.id_in("mbid") == (FIRST if identifier and FIRST in str(identifier) else None)


async def test_a_playlist_of_audius_is_resolved_from_its_link(world: World) -> None:
    path = "ann/playlist/night"
    world.audius.playlists[path] = SONGS[:2]

    found = await world.sources.audius.playlist(f"https://audius.co/{path}")

    assert found is not None
    assert (found.title, found.owner, found.page.total) == ("Night Songs", "Ann", 2)
    assert titles(found.page.tracks) == TITLES[:2]
    world.audius.hidden.add(path)
    assert await world.sources.audius.playlist(f"https://audius.co/{path}") is None
    assert await world.sources.audius.playlist("https://audius.co/ann/playlist/other") is None


async def test_spotify_tells_an_album_in_pages_of_tracks_without_isrc(
    world: World, clock: FakeClock
) -> None:
    world.spotify.albums["x" * 22] = SONGS
    app = world.sources.spotify
    assert app is not None

    found = await app.album("x" * 22)
    more = await app.album_tracks("x" * 22, offset=50)

    assert found is not None
    assert more is not None
    assert (found.title, found.owner, found.page.total) == ("An Album", "Low", 120)
    assert titles(found.page.tracks + more.tracks) == TITLES[:100]
    assert (found.page.next_offset, more.next_offset) == (50, 100)
    assert found.page.tracks[0].ids == (ExternalId("spotify", "0" * 22),)
    assert await app.album("y" * 22) is None


async def test_spotify_tells_the_title_of_a_playlist_to_everybody_and_its_tracks_to_the_owner(
    world: World,
) -> None:
    users = world.sources.spotify_users
    assert users is not None
    world.spotify.tokens["hers"] = SpotifyUser("ann", playlists={"p": SONGS})
    world.spotify.tokens["his"] = SpotifyUser("ben")

    for token in ("hers", "his"):
        assert await users.api.playlist_head(token, "p") == TrackList(
            "Mine", "Ann", Page((), 120, 0)
        )
    page = await users.api.playlist("hers", "p", offset=100)
    assert page is not None
    assert titles(page.tracks) == TITLES[100:]
    assert await users.api.playlist("his", "p", offset=0) is None
    assert await users.api.playlist_head("his", "q") is None


async def test_odesli_tells_where_else_an_album_is(world: World) -> None:
    pages = {"tidal": "https://tidal.com/album/5", "deezer": "https://www.deezer.com/album/8"}
    world.odesli.albums.append(pages)

    assert set(await world.sources.odesli.album_pages(pages["tidal"])) == set(pages.values())
    assert await world.sources.odesli.album_pages("https://tidal.com/album/6") == ()
    assert parse_album_pages({"entitiesByUniqueId": {"A": {"type": "song"}}}) == ()


async def test_a_service_that_fails_for_long_gives_no_answer_and_no_miss(world: World) -> None:
    world.deezer.playlists["7"] = SONGS
    world.deezer.misbehave(*[html()] * TRIES)

    with pytest.raises(BadAnswerError):
        await world.sources.deezer.playlist_head("7")

    assert await world.sources.deezer.playlist_head("7") is not None
    world.fail()
    with pytest.raises(SourceUnavailableError):
        await world.sources.listenbrainz.playlist(ALBUM)


async def test_an_answer_of_another_form_is_no_list(world: World, timing: Timing) -> None:
    odd = says({"error": None, "surprise": []})
    sources = world.sources
    world.deezer.misbehave(odd)
    world.itunes.misbehave(odd)
    world.musicbrainz.misbehave(odd, odd)
    world.listenbrainz.misbehave(odd, body(b"[]"))
    world.spotify.tokens["hers"] = SpotifyUser("ann")
    world.spotify.misbehave(odd, odd)
    spotify = Spotify(timing, world.spotify.base)

    for asked in (
        sources.deezer.album_head("7"),
        sources.itunes.album("7"),
        sources.musicbrainz.release(ALBUM),
        sources.musicbrainz.first_release(ALBUM),
        sources.listenbrainz.playlist(ALBUM),
        sources.listenbrainz.playlist(ALBUM),
        spotify.album("hers", "x" * 22),
        spotify.playlist_head("hers", "x" * 22),
    ):
        with pytest.raises(BadAnswerError):
            await asked


def test_a_list_that_tells_next_to_nothing_is_read_all_the_same() -> None:
    nothing = TrackList(None, None, Page((), 0, None))

    assert parse_audius({}, []) == nothing
    assert parse_release(kept_release({"id": ALBUM})) == nothing
    assert parse_playlist({"playlist": {"track": None}}) == nothing
    assert parse_head({"id": 1}) == TrackList(None, None, Page((), None, 0))
    assert parse_first_release({"releases": "none"}) is None
