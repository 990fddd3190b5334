"""Playlists and albums behind a link, asked of services on the loopback interface."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import event, func, insert, select

from bot.core.catalog import LinkKind, read_text
from bot.demo.outside import World
from bot.demo.servers.deezer import error
from bot.demo.servers.loopback import Fault, html, redirect, says
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.errors import ConsentEndedError, NotFoundError, SourceUnavailableError, UserError
from bot.services.finding.collections import MOST_ADMITTED, Collections
from bot.services.finding.track_lists import MOST_TRACKS, SPOTIFY_NEEDS_OWNER, TrackLists
from bot.store import measures
from bot.store.engine import Database
from bot.store.measures import Gap
from bot.store.tables import external_ids, tracks
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2
MBID = "55555555-5555-4555-8555-555555555555"
SPOTIFY = "x" * 22
DEEZER = "https://www.deezer.com/en/playlist/7?utm_source=x"
FEATURES = {"danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "tempo": 87.5}


def song(number: int) -> Song:
    return Song(
        f"Song {number}",
        f"Artist {number % 50}",
        isrc=f"USKR3{number:07}",
        mbid=f"11111111-1111-4111-8111-{number:012}",
        spotify_id=f"{number:022}",
        reccobeats_id=f"00000000-0000-4000-8000-{number:012}",
        deezer_id=1000 + number,
        apple_id=5000 + number,
        audius_id=f"a{number}",
        features=FEATURES,
    )


SONGS = [song(number) for number in range(260)]


class Tokens:
    """Linked accounts; a token that is an error is raised."""

    def __init__(self, tokens: dict[int, str | Exception]) -> None:
        self._tokens = tokens

    async def spotify_token(self, user_id: int) -> str | None:
        found = self._tokens.get(user_id)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(database, clock, SONGS) as world:
        world.deezer.playlists["7"] = SONGS[:5]
        yield world


@pytest.fixture
def service(database: Database, clock: FakeClock, world: World) -> Collections:
    return Collections(database, clock, world.outside)


LINKS = {
    "deezer playlist": (DEEZER, LinkKind.PLAYLIST, "Night Songs", "ann"),
    "deezer album": ("https://deezer.com/album/8", LinkKind.ALBUM, "An Album", "Artist 0"),
    "apple": ("https://music.apple.com/de/album/x/77", LinkKind.ALBUM, "An Album", "Artist 0"),
    "release": (f"musicbrainz.org/release/{MBID}", LinkKind.ALBUM, "An Album", "Artist 0"),
    "release group": (
        f"https://musicbrainz.org/release-group/{MBID}", LinkKind.ALBUM, "An Album", "Artist 0",
    ),
    "listenbrainz": (
        f"<https://listenbrainz.org/playlist/{MBID}/>", LinkKind.PLAYLIST, "Night Songs", "ann",
    ),
    "audius": ("https://audius.co/Ann/album/first", LinkKind.ALBUM, "Night Songs", "Ann"),
    "tidal": ("https://tidal.com/browse/album/5?u", LinkKind.ALBUM, "An Album", "Artist 0"),
    "spotify album": (
        f"https://open.spotify.com/intl-de/album/{SPOTIFY}?si=1",
        LinkKind.ALBUM, "An Album", "Artist 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
async def test_a_list_is_read_in_its_order_without_any_key(
    service: Collections, world: World, name: str
) -> None:
    five = SONGS[:5]
    world.deezer.albums["8"] = world.itunes.albums["de", "77"] = five
    world.musicbrainz.releases[MBID] = world.listenbrainz.playlists[MBID] = five
    world.musicbrainz.groups[MBID] = [{"id": MBID, "status": "Official", "date": "1994"}]
    world.audius.playlists["ann/album/first"] = five
    for page in ("https://tidal.com/album/5", f"https://open.spotify.com/album/{SPOTIFY}"):
        world.odesli.albums.append({"asked": page, "deezer": "https://www.deezer.com/album/8"})
    url, kind, title, owner = LINKS[name]

    found = await service.read(read_text(url), user_id=ANN)

    assert (found.kind, found.title, found.owner, found.total) == (kind, title, owner, 5)
    assert [one.told.title for one in found.tracks] == [one.title for one in five]
    assert found.unread is None
    assert found.track_ids == ()
    if kind is LinkKind.ALBUM and name != "audius":
        assert {one.told.album for one in found.tracks} == {"An Album"}
    assert world.calls <= 3


async def test_what_the_catalogue_has_is_found_by_id_and_by_name_but_never_a_lookalike(
    service: Collections, database: Database
) -> None:
    async with database.write() as conn:
        added = await add_tracks(
            conn,
            [
                StoredTrack("Other title", "Other artist", {}, spotify="x"),
                StoredTrack("Song 1 - Remastered", "ARTIST 1", {"duration_ms": 216_000}),
                StoredTrack("Song 2 (Live)", "Artist 2", {}),
                StoredTrack("Song 3", "Artist 3", {"duration_ms": 400_000}),
            ],
        )
        isrc = {"namespace": "isrc", "value": SONGS[4].isrc, "track_id": added[0]}
        await conn.execute(insert(external_ids).values(isrc))

    found = await service.read(read_text(DEEZER), user_id=ANN)

    assert [one.track_id for one in found.tracks] == [None, added[1], None, None, added[0]]
    assert found.track_ids == (added[1], added[0])


async def test_a_long_list_is_cut_with_a_handful_of_calls_and_queries(
    service: Collections, database: Database, world: World
) -> None:
    world.deezer.playlists["7"] = SONGS * 40
    queries: list[str] = []
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: queries.append(str(args[2])))

    found = await service.read(read_text(DEEZER), user_id=ANN)

    assert len(found.tracks) == MOST_TRACKS
    assert (found.total, found.unread) == (10_400, "I read the first 200 of 10,400 tracks")
    assert len(world.deezer.calls) == 3
    assert len([query for query in queries if query.lower().startswith("select")]) <= 5


async def test_tracks_that_a_list_hides_are_counted(service: Collections, world: World) -> None:
    world.deezer.playlists["7"] = [SONGS[0], replace(SONGS[1], title=""), SONGS[2]]

    found = await service.read(read_text(DEEZER), user_id=ANN)

    assert len(found.tracks) == 2
    assert found.unread == "1 of 3 tracks are left out: they are hidden, local files, or not music"


async def test_a_list_in_a_private_or_deleted_state_is_said_to_be_so(
    service: Collections, world: World
) -> None:
    gone = [
        "https://deezer.com/playlist/9",
        "https://deezer.com/album/9",
        "https://music.apple.com/us/album/9",
        f"https://musicbrainz.org/release-group/{MBID}",
        f"https://listenbrainz.org/playlist/{MBID}",
        "https://audius.co/ann/playlist/9",
        f"https://open.spotify.com/playlist/{SPOTIFY}",
    ]
    for url in gone:
        with pytest.raises(NotFoundError, match=r"shows me no such (playlist|album): .*\.$"):
            await service.read(read_text(url), user_id=ANN)
    world.deezer.misbehave(says(error(300, "You must provide an access token")))
    with pytest.raises(NotFoundError, match="Deezer shows me no such playlist"):
        await service.read(read_text(DEEZER), user_id=ANN)


@pytest.mark.parametrize(
    "url",
    [
        "https://music.apple.com/us/playlist/x/pl.u-oZylD5MuqYEqz",
        "https://music.youtube.com/playlist?list=PL0123456789",
        "https://soundcloud.com/ann/sets/night",
        "https://low.bandcamp.com/album/hope",
        f"https://tidal.com/playlist/{MBID}",
        "https://tidal.com/album/6",
    ],
)
async def test_a_service_that_tells_nobody_is_said_to_and_nothing_else_fails(
    service: Collections, url: str
) -> None:
    found = await service.read(read_text(url), user_id=ANN)

    assert found.tracks == ()
    assert found.unread is not None
    assert found.unread.startswith(f"{found.service} does not tell me anything about its ")
    assert found.unread.endswith("name some of its tracks with tracks:")


async def test_an_album_that_cannot_be_read_elsewhere_right_now_is_a_link_only(
    service: Collections, world: World
) -> None:
    world.odesli.failing_share = 1.0

    found = await service.read(read_text("https://tidal.com/album/5"), user_id=ANN)

    assert found.unread is not None
    assert found.tracks == ()


# ----------------------------------------------------------------------------- Spotify


@pytest.mark.parametrize(
    ("user_id", "read"), [(ANN, True), (BEN, False), (3, False), (4, False), (5, False)],
    ids=["the owner", "somebody else", "nobody linked", "an ended link", "an old token"],
)  # fmt: skip
async def test_a_playlist_of_spotify_is_read_for_its_owner_only(
    database: Database, clock: FakeClock, user_id: int, read: bool
) -> None:
    tokens = Tokens({ANN: "hers", BEN: "his", 4: ConsentEndedError("over"), 5: "stale"})
    async with open_outside(database, clock, SONGS, with_keys=True) as world:
        world.spotify.tokens["hers"] = SpotifyUser("ann", playlists={SPOTIFY: SONGS[:120]})
        world.spotify.tokens["his"] = SpotifyUser("ben")
        world.oembed.playlists[SPOTIFY] = "Mine"
        service = Collections(database, clock, world.outside, tokens)

        found = await service.read(read_text(f"spotify:playlist:{SPOTIFY}"), user_id=user_id)

    assert found.title == "Mine"
    assert found.url == f"https://open.spotify.com/playlist/{SPOTIFY}"
    assert len(found.tracks) == (120 if read else 0)
    assert found.unread == (None if read else SPOTIFY_NEEDS_OWNER)


async def test_a_playlist_of_spotify_is_read_without_a_secret_of_the_app(
    database: Database, clock: FakeClock
) -> None:
    async with open_outside(database, clock, SONGS, with_keys=True) as world:
        world.spotify.tokens["hers"] = SpotifyUser("ann", playlists={SPOTIFY: SONGS[:3]})
        lists = TrackLists(replace(world.sources, spotify=None))
        outside = replace(world.outside, lists=lists)
        service = Collections(database, clock, outside, Tokens({ANN: "hers"}))

        found = await service.read(read_text(f"spotify:playlist:{SPOTIFY}"), user_id=ANN)

    assert len(found.tracks) == 3


async def test_a_playlist_of_spotify_keeps_its_link_when_not_even_its_title_is_told(
    service: Collections, world: World
) -> None:
    world.oembed.failing_share = 1.0

    found = await service.read(read_text(f"spotify:playlist:{SPOTIFY}"), user_id=ANN)

    assert (found.title, found.unread) == (None, SPOTIFY_NEEDS_OWNER)


async def test_an_album_of_spotify_is_read_in_the_name_of_the_app(
    database: Database, clock: FakeClock
) -> None:
    async with open_outside(database, clock, SONGS, with_keys=True) as world:
        world.spotify.albums[SPOTIFY] = SONGS[:120]
        service = Collections(database, clock, world.outside)

        found = await service.read(
            read_text(f"https://open.spotify.com/album/{SPOTIFY}"), user_id=ANN
        )

        assert [one.told.title for one in found.tracks] == [one.title for one in SONGS[:120]]
        assert {one.told.album for one in found.tracks} == {"An Album"}
        assert len(world.spotify.calls) == 3
        with pytest.raises(NotFoundError, match="Spotify shows me no such album"):
            await service.read(read_text(f"https://open.spotify.com/album/{'y' * 22}"), user_id=ANN)


# ----------------------------------------------------------------------------- what is no list


@pytest.mark.parametrize(
    "text", ["", "my playlist", "https://evil.example/playlist/7", "https://deezer.com/track/1"]
)
async def test_what_is_no_link_to_a_list_is_refused_without_asking_anybody(
    service: Collections, world: World, text: str
) -> None:
    with pytest.raises(UserError, match=r"^I see no link to a playlist or an album"):
        await service.read(read_text(text), user_id=ANN)

    assert world.calls == 0


async def test_a_short_link_is_followed_to_the_list(service: Collections, world: World) -> None:
    world.deezer.misbehave(redirect("https://www.deezer.com/fr/playlist/7?utm_campaign=x"))

    found = await service.read(read_text("hear https://link.deezer.com/s/abc !"), user_id=ANN)

    assert found.title == "Night Songs"


@pytest.mark.parametrize(
    "answer",
    [
        redirect("https://evil.example/playlist/7"),
        redirect("http://169.254.169.254/latest"),
        redirect("https://www.deezer.com/track/7"),
        html(404),
    ],
    ids=["elsewhere", "inside", "a track", "nowhere"],
)
async def test_a_short_link_that_leads_elsewhere_is_not_followed(
    service: Collections, world: World, answer: Fault
) -> None:
    world.deezer.misbehave(answer)

    with pytest.raises(UserError, match="leads to no playlist or album"):
        await service.read(read_text("https://link.deezer.com/s/abc"), user_id=ANN)

    assert world.calls == 1


async def test_a_service_that_is_down_is_named_with_what_to_do(
    service: Collections, world: World
) -> None:
    world.fail()

    with pytest.raises(SourceUnavailableError, match=r"^Deezer does not tell .* tracks:\.$"):
        await service.read(read_text(DEEZER), user_id=ANN)
    with pytest.raises(SourceUnavailableError, match="short link"):
        await service.read(read_text("https://link.deezer.com/s/abc"), user_id=ANN)


async def test_a_bot_without_services_keeps_the_link(database: Database, clock: FakeClock) -> None:
    service = Collections(database, clock)

    found = await service.read(read_text(DEEZER), user_id=ANN)

    assert found.url == "https://www.deezer.com/playlist/7"
    assert found.unread is not None
    assert await service.admit(found) == found
    with pytest.raises(UserError):
        await service.read(read_text("https://spotify.link/abc"), user_id=ANN)


# ----------------------------------------------------------------------------- unknown tracks


async def test_unknown_tracks_are_taken_in_and_measured_many_in_one_call(
    service: Collections, database: Database, world: World
) -> None:
    world.deezer.playlists["7"] = SONGS[:80]
    known = await service.admit(await service.read(read_text(DEEZER), user_id=ANN))
    again = await service.read(read_text(DEEZER), user_id=ANN)

    assert len(known.track_ids) == 80
    assert again.track_ids == known.track_ids
    async with database.read() as conn:
        assert await measures.count_lacking(conn, Gap.FEATURES) == 0
    asked = [call for call in world.reccobeats.calls if "audio-features" in call.path]
    assert len(asked) == 2
    assert await service.admit(again) == again


async def test_no_list_fills_the_catalogue(
    service: Collections, database: Database, world: World
) -> None:
    world.deezer.playlists["7"] = SONGS

    found = await service.admit(await service.read(read_text(DEEZER), user_id=ANN))

    assert [one.track_id is not None for one in found.tracks] == [True] * MOST_ADMITTED + [
        False
    ] * (MOST_TRACKS - MOST_ADMITTED)
    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(tracks)) == MOST_ADMITTED


async def test_a_track_that_stands_twice_on_a_list_becomes_one(
    service: Collections, world: World
) -> None:
    world.deezer.playlists["7"] = [SONGS[0], SONGS[1], SONGS[0]]

    found = await service.admit(await service.read(read_text(DEEZER), user_id=ANN))

    first, second, third = (one.track_id for one in found.tracks)
    assert first == third != second
    assert len(found.track_ids) == 2
