from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.lastfm import LastFmServer, LastFmUser
from bot.demo.servers.loopback import RateWindow, says
from bot.demo.servers.songs import Song
from bot.errors import AccessError, BadAnswerError, SourceUnavailableError
from bot.sources.answers import Json
from bot.sources.host import TRIES
from bot.sources.http import Http
from bot.sources.lastfm import (
    LastFm,
    complaint,
    parse_plays,
    parse_similar_artists,
    parse_similar_tracks,
    parse_top_tracks,
    parse_track,
)
from bot.sources.service import Trouble
from bot.sources.values import Popularity, SourceTrack
from bot.store.engine import Database
from bot.store.tables import answers
from tests.conftest import NOON
from tests.fakes import FakeClock

SUNFLOWER = Song(
    "Sunflower",
    "Low",
    mbid="00000000-0000-4000-8000-000000000001",
    listeners=1234,
    genres=("Slowcore", "sad"),
)
STARS = Song("Stars", "Codeine", genres=("slowcore",))
NONE = Song("Untagged", "Nobody", genres=())
PLAYS = [(SUNFLOWER if n % 3 else STARS, NOON - timedelta(minutes=n)) for n in range(1, 451)]


@pytest.fixture
async def server() -> AsyncIterator[LastFmServer]:
    users = [
        LastFmUser("Ann", PLAYS, playing_now=STARS),
        LastFmUser("Ben", PLAYS[:1]),
        LastFmUser("Shy", private=True),
        LastFmUser("New"),
    ]
    async with LastFmServer(songs=[SUNFLOWER, STARS, NONE], users=users, key="k3y") as server:
        yield server


@pytest.fixture
def client(http: Http, server: LastFmServer) -> LastFm:
    return LastFm(http, "k3y", server.base, UNPACED)


async def test_a_track_has_tags_and_listeners(client: LastFm) -> None:
    assert await client.track("sunflower", "low") == SourceTrack(
        title="Sunflower",
        artist="Low",
        ids=(ExternalId("mbid", "00000000-0000-4000-8000-000000000001"),),
        album="An Album",
        duration_ms=215_000,
        genres=("slowcore", "sad"),
        popularity=(Popularity("lastfm", 1234),),
        url="https://www.last.fm/music/Low/_/Sunflower",
    )


async def test_one_tag_is_no_list_and_none_is_a_blank_text(client: LastFm) -> None:
    stars, untagged = (
        await client.track("Stars", "Codeine"),
        await client.track("Untagged", "Nobody"),
    )

    assert stars is not None
    assert stars.genres == ("slowcore",)
    assert untagged is not None
    assert untagged.genres == ()


async def test_an_unknown_track_in_a_200_is_a_miss_that_is_kept(
    client: LastFm, server: LastFmServer
) -> None:
    assert await client.track("No", "One") is None
    assert await client.track("No", "One") is None
    assert await client.similar_tracks("No", "One") == []
    assert len(server.calls) == 2


async def test_what_is_similar_comes_with_how_much(client: LastFm) -> None:
    tracks = await client.similar_tracks("Sunflower", "Low", limit=1)
    artists = await client.similar_artists("Low")

    assert [(one.track.title, one.similarity) for one in tracks] == [("Stars", 0.5)]
    assert [(one.name, one.similarity) for one in artists] == [("Codeine", 0.5), ("Nobody", 0.333)]


async def test_a_user_is_known_by_name(client: LastFm) -> None:
    assert await client.user("ann") == "Ann"
    assert await client.user("nobody/../x?") is None
    assert await client.plays("nobody") is None
    assert await client.top_tracks("nobody") is None


async def test_top_tracks_are_counted(client: LastFm) -> None:
    found = await client.top_tracks("Ann", period="1month", limit=2)

    assert found is not None
    assert [(one.track.title, one.count) for one in found] == [("Sunflower", 300), ("Stars", 150)]


async def test_plays_come_in_pages_newest_first_without_what_plays_now(client: LastFm) -> None:
    pages = [await client.plays("Ann", page=number) for number in (1, 2, 3)]
    plays = [play for page in pages if page for play in page.plays]

    assert [page.pages for page in pages if page] == [3, 3, 3]
    assert [play.at for play in plays] == [at for _, at in PLAYS]
    assert plays[0].track == SourceTrack("Sunflower", "Low", plays[0].track.ids, album="An Album")


async def test_plays_are_between_two_times(client: LastFm) -> None:
    first, last = NOON - timedelta(minutes=20), NOON - timedelta(minutes=11)

    page = await client.plays("Ann", after=first, before=last)

    assert page is not None
    assert len(page.plays) == 10


async def test_one_play_and_none_are_read(client: LastFm) -> None:
    one, none = await client.plays("Ben"), await client.plays("New")

    assert one is not None
    assert len(one.plays) == 1
    assert none is not None
    assert none.plays == ()


async def test_a_private_user_and_a_wrong_key_are_said_so(
    http: Http, server: LastFmServer, client: LastFm
) -> None:
    with pytest.raises(AccessError):
        await client.plays("Shy")
    with pytest.raises(AccessError):
        await LastFm(http, "wrong", server.base, UNPACED).track("Sunflower", "Low")


async def test_the_key_and_what_users_play_are_kept_nowhere(
    client: LastFm, database: Database
) -> None:
    await client.track("Sunflower", "Low")
    await client.plays("Ann")
    await client.top_tracks("Ann")

    async with database.read() as conn:
        rows = (await conn.execute(select(answers))).all()
    assert len(rows) == 1
    assert "k3y" not in str(rows)
    assert "A long story" not in str(rows)


async def test_too_fast_in_a_200_is_waited_out(http: Http, clock: FakeClock) -> None:
    window = RateWindow(1, timedelta(seconds=1), clock.now)
    async with LastFmServer(songs=[SUNFLOWER, STARS], window=window) as server:
        client = LastFm(http, "key", server.base, UNPACED)

        assert await client.track("Sunflower", "Low") is not None
        assert await client.track("Stars", "Codeine") is not None

        assert server.limited > 0


@pytest.mark.parametrize("code", [8, 11, 16, 29])
async def test_an_outage_in_a_200_is_no_miss(
    client: LastFm, server: LastFmServer, code: int
) -> None:
    server.misbehave(*[says({"error": code, "message": "…"})] * TRIES)

    with pytest.raises(SourceUnavailableError):
        await client.track("Sunflower", "Low")

    assert await client.track("Sunflower", "Low") is not None


@pytest.mark.parametrize("answer", [{}, [], "x", {"track": None}, {"similartracks": {}}])
def test_answers_of_another_form_are_refused(answer: Json) -> None:
    for parse in (
        parse_track,
        parse_plays,
        parse_similar_artists,
        parse_similar_tracks,
        parse_top_tracks,
    ):
        with pytest.raises(BadAnswerError):
            parse(answer)


def test_rows_without_names_or_numbers_are_left_out() -> None:
    rows = [{"name": "A"}, {"name": "A", "artist": {"name": "B"}, "match": "much"}, None]

    assert parse_similar_tracks({"similartracks": {"track": rows}}) == []
    assert parse_track({"track": {"name": "A", "artist": {"name": ""}}}) is None


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"error": 6}, Trouble.MISSING),
        ({"error": "29"}, Trouble.BUSY),
        ({"error": 10}, Trouble.DENIED),
        ({"error": 13}, Trouble.REFUSED),
        ({"error": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_errors_are_read_from_the_answer(answer: Json | None, trouble: Trouble | None) -> None:
    assert complaint(200, answer) is trouble
