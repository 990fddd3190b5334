import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import (
    Fault,
    LoopbackService,
    RateWindow,
    cut,
    html,
    redirect,
    says,
    status,
)
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyServer, SpotifyUser
from bot.errors import (
    AccessError,
    BadAnswerError,
    QuestionRefusedError,
    SourceError,
    SourceUnavailableError,
    TokenExpiredError,
)
from bot.sources.answers import Json
from bot.sources.host import TRIES, Timing
from bot.sources.spotify import Spotify
from bot.sources.spotify.parsing import (
    parse_account,
    parse_album,
    parse_list,
    parse_page,
    parse_playlist,
    parse_track,
)
from bot.sources.values import Account, Playlist, Release, SourceTrack
from tests.conftest import NOON
from tests.fakes import FakeClock

TOKEN = "access"  # noqa: S105


def spotify_id(number: int) -> str:
    return f"{number:022d}"


SONGS = [
    Song(f"Song {n}", "Low", spotify_id=spotify_id(n), isrc=f"USKR3{n:07d}") for n in range(250)
]
FIRST = SourceTrack(
    title="Song 0",
    artist="Low",
    ids=(ExternalId("spotify", spotify_id(0)), ExternalId("isrc", "USKR30000000")),
    artist_ids=(ExternalId("spotify", "artistLow"),),
    album="An Album",
    year=1994,
    duration_ms=215_000,
    explicit=False,
    url=f"https://open.spotify.com/track/{spotify_id(0)}",
)


@pytest.fixture
def user() -> SpotifyUser:
    plays = [(SONGS[n], NOON - timedelta(minutes=n)) for n in range(80)]
    return SpotifyUser("ann", plays, SONGS[:60], SONGS[:120], {"mine": SONGS[:55]})


@pytest.fixture
async def server(user: SpotifyUser) -> AsyncIterator[SpotifyServer]:
    async with SpotifyServer(songs=SONGS, tokens={TOKEN: user}) as server:
        yield server


@pytest.fixture
def client(timing: Timing, server: SpotifyServer) -> Spotify:
    return Spotify(timing, server.base, UNPACED)


async def test_an_account_is_known_by_the_id_that_never_changes(client: Spotify) -> None:
    assert await client.account(TOKEN) == Account("ann", "Ann")


async def test_a_track_has_no_popularity_and_an_unknown_one_is_none(client: Spotify) -> None:
    assert await client.track(TOKEN, spotify_id(0)) == FIRST
    assert await client.track(TOKEN, spotify_id(999)) is None
    with pytest.raises(QuestionRefusedError):
        await client.track(TOKEN, "../me")


async def test_albums_of_an_artist_have_full_dates(client: Spotify) -> None:
    albums = await client.albums_of(TOKEN, "artistLow")

    assert len(albums) == 10
    assert albums[0] == Release(
        title="An Album",
        artist="Low",
        released_on=date(1994, 5, 6),
        kind="album",
        ids=(ExternalId("spotify", f"album{spotify_id(0)}"),),
        artist_ids=(ExternalId("spotify", "artistLow"),),
        url=f"https://open.spotify.com/album/album{spotify_id(0)}",
    )


async def test_what_is_on_top_comes_in_order(client: Spotify, server: SpotifyServer) -> None:
    tracks = await client.top_tracks(TOKEN, span="short_term")
    more = await client.top_tracks(TOKEN, offset=50)
    artists = await client.top_artists(TOKEN)

    assert [tracks[0], len(tracks), len(more)] == [FIRST, 50, 10]
    assert artists[0].name == "Low"
    assert server.calls[0].query["time_range"] == "short_term"


async def test_the_last_fifty_plays_are_told_newest_first(client: Spotify) -> None:
    plays = await client.recent_plays(TOKEN)
    since = await client.recent_plays(TOKEN, after=NOON - timedelta(minutes=3))

    assert len(plays) == 50
    assert plays[0].track == FIRST
    assert [NOON - timedelta(minutes=n) <= play.at for n, play in enumerate(plays)] == [True] * 50
    assert len(since) == 3


async def test_saved_tracks_and_playlists_come_in_pages(client: Spotify) -> None:
    saved = await client.saved_tracks(TOKEN)
    last = await client.saved_tracks(TOKEN, offset=100)
    mine = await client.playlist(TOKEN, "mine", offset=50)

    assert [saved.total, saved.next_offset, len(saved.tracks)] == [120, 50, 50]
    assert [last.next_offset, len(last.tracks)] == [None, 20]
    assert mine is not None
    assert [track.title for track in mine.tracks] == [f"Song {n}" for n in range(50, 55)]
    assert await client.playlist(TOKEN, "other") is None
    assert await client.playlists(TOKEN) == [
        Playlist("mine", "Mine", 55, "https://open.spotify.com/playlist/mine")
    ]


async def test_a_playlist_is_made_and_filled_a_hundred_at_a_time(
    client: Spotify, server: SpotifyServer, user: SpotifyUser
) -> None:
    made = await client.create_playlist(TOKEN, "B-Sides", description="found for you")
    for first in (0, 100, 200):
        some = [spotify_id(n) for n in range(first, min(first + 100, 250))]
        await client.add_to_playlist(TOKEN, made.id, some)

    assert made.name == "B-Sides"
    assert user.playlists[made.id] == SONGS
    assert server.paths.count(f"/playlists/{made.id}/items") == 3


async def test_what_adds_is_not_repeated(
    client: Spotify, server: SpotifyServer, user: SpotifyUser
) -> None:
    server.misbehave(status(503))

    with pytest.raises(SourceUnavailableError):
        await client.add_to_playlist(TOKEN, "mine", [spotify_id(1)])

    assert len(server.calls) == 1
    assert len(user.playlists["mine"]) == 55


async def test_a_token_that_expired_or_was_revoked_is_said_so(
    client: Spotify, server: SpotifyServer, user: SpotifyUser
) -> None:
    server.tokens.clear()
    with pytest.raises(TokenExpiredError):
        await client.top_tracks(TOKEN)

    server.tokens["fresh"] = user
    assert len(await client.top_tracks("fresh")) == 50


async def test_who_is_not_among_the_five_users_is_told_why(
    client: Spotify, user: SpotifyUser
) -> None:
    user.allowed = False

    with pytest.raises(AccessError, match=r"five seats.*dashboard → the app → User Management"):
        await client.account(TOKEN)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("Active premium subscription required for the owner of the app", "its owner has Premium"),
        ("Insufficient client scope", "Use `/link spotify` again"),
    ],
)
async def test_what_spotify_forbids_is_told_with_who_can_change_it(
    client: Spotify, server: SpotifyServer, user: SpotifyUser, message: str, advice: str
) -> None:
    server.misbehave(says({"error": {"status": 403, "message": message}}, status=403))

    with pytest.raises(AccessError, match=advice):
        await client.account(TOKEN)


@pytest.mark.parametrize(
    "fault",
    [status(503), status(429), status(429, Retry_After="9"), html(), html(502), cut],
    ids=["503", "429", "429 9s", "html", "html 502", "cut"],
)
async def test_what_may_pass_is_tried_again(
    client: Spotify, server: SpotifyServer, fault: Fault
) -> None:
    server.misbehave(fault)
    assert len(await client.top_tracks(TOKEN)) == 50

    server.misbehave(*[fault] * TRIES)
    with pytest.raises(SourceError):
        await client.track(TOKEN, spotify_id(0))


async def test_an_error_that_is_no_object_is_no_answer(
    client: Spotify, server: SpotifyServer
) -> None:
    server.misbehave(*[says({"error": "upstream"}, status=500)] * TRIES)

    with pytest.raises(BadAnswerError):
        await client.account(TOKEN)


async def test_the_window_is_waited_out_and_a_day_is_not(
    timing: Timing, clock: FakeClock, user: SpotifyUser
) -> None:
    window = RateWindow(2, timedelta(seconds=20), clock.now)
    async with SpotifyServer(tokens={TOKEN: user}, window=window) as server:
        client = Spotify(timing, server.base, UNPACED)
        for _ in range(4):
            await client.account(TOKEN)
        assert clock.now() == NOON + timedelta(seconds=20)

        server.window = None
        server.misbehave(status(429, Retry_After="86400"))
        for _ in range(2):
            with pytest.raises(SourceUnavailableError) as caught:
                await client.account(TOKEN)
        assert caught.value.until == clock.now() + timedelta(days=1)


async def test_a_used_up_quota_is_left_alone_for_an_hour(
    client: Spotify, server: SpotifyServer, clock: FakeClock
) -> None:
    body = {"error": {"status": 403, "message": "…", "reason": "QUOTA_EXCEEDED"}}
    server.misbehave(says(body, status=403))

    with pytest.raises(SourceUnavailableError):
        await client.account(TOKEN)
    calls = len(server.calls)
    with pytest.raises(SourceUnavailableError):
        await client.account(TOKEN)
    assert len(server.calls) == calls

    clock.move(hours=1)
    assert await client.account(TOKEN) == Account("ann", "Ann")


async def test_no_redirect_is_followed(client: Spotify, server: SpotifyServer) -> None:
    class Elsewhere(LoopbackService):
        def routes(self) -> list[Json]:
            return []

    async with Elsewhere() as other:
        server.misbehave(*[redirect(f"{other.base}/v1/me/")] * TRIES)
        with pytest.raises(SourceUnavailableError):
            await client.account(TOKEN)
        assert other.calls == []


async def test_no_token_is_logged(
    client: Spotify, server: SpotifyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.misbehave(status(503))

    await client.account(TOKEN)

    assert "Spotify, try 1" in caplog.text
    assert TOKEN not in caplog.text


def test_missing_and_null_fields_are_unknown() -> None:
    bare = {"name": "A", "artists": [{"name": "B"}, {"name": "C"}], "album": None, "id": None}

    assert parse_track(bare) == SourceTrack("A", "B", artist_credit="B, C")
    changes: list[Json] = [{"type": "episode"}, {"is_local": True}, {"artists": []}, {"name": ""}]
    for change in changes:
        assert parse_track({**bare, **change}) is None
    year_only = {**bare, "release_date": "1994", "release_date_precision": "year"}
    assert parse_album(year_only) == Release("A", "B", None, None)
    assert parse_album({"name": "A"}) is None
    assert parse_playlist({"name": "A"}) is None
    assert parse_playlist({"id": "1", "tracks": {"total": 3}}) == Playlist("1", "", 3, None)


def test_pages_hold_tracks_under_the_old_and_the_new_name() -> None:
    row = {"name": "A", "artists": [{"name": "B"}]}
    page: Json = {"items": [{"track": row}, {"item": row}, {"item": None}], "next": "x", "total": 9}

    assert len(parse_page(page, 10).tracks) == 2
    assert parse_page(page, 10).next_offset == 13
    assert parse_page({"items": [], "next": "x"}, 10).next_offset is None


@pytest.mark.parametrize("answer", [None, {}, [], {"items": 3}, {"tracks": None}])
def test_answers_of_another_form_are_refused(answer: Json) -> None:
    with pytest.raises(BadAnswerError):
        parse_page(answer, 0)
    with pytest.raises(BadAnswerError):
        parse_list(answer, parse_track, "tracks")
    with pytest.raises(BadAnswerError):
        parse_account(answer)
