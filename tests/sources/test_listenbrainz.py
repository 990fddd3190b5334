from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.listenbrainz import ListenBrainzServer
from bot.demo.servers.loopback import RateWindow, cut, says
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, QuestionRefusedError
from bot.sources.answers import Json
from bot.sources.http import Http
from bot.sources.listenbrainz import ListenBrainz
from bot.sources.listenbrainz.parsing import (
    parse_listens,
    parse_releases,
)
from bot.sources.values import Plays, Release, SourceTrack
from bot.store.engine import Database
from bot.store.tables import answers
from tests.conftest import NOON
from tests.fakes import FakeClock


def mbid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


SUNFLOWER = Song(
    "Sunflower",
    "Low",
    isrc="USKR30100001",
    mbid=mbid(1),
    artist_mbid=mbid(100),
    spotify_id="0000000000000000000001",
    genres=("slowcore", "sad"),
    released_on="2026-11-13",
)
STARS = Song("Stars", "Codeine", mbid=mbid(2), artist_mbid=mbid(200), released_on="2026-11-01")
UNPLAYED = Song("Hush", "Nobody", mbid=mbid(3), listens=None, listeners=None)
UNMAPPED = Song("Demo", "Unknown")
LISTENS = [(SUNFLOWER if n % 3 else UNMAPPED, NOON - timedelta(minutes=n)) for n in range(2500)]


@pytest.fixture
async def server() -> AsyncIterator[ListenBrainzServer]:
    songs = [SUNFLOWER, STARS, UNPLAYED]
    async with ListenBrainzServer(
        songs=songs, listens={"a n/n": LISTENS, "new": []}, tokens={"t": "ann"}
    ) as server:
        yield server


@pytest.fixture
def client(http: Http, server: ListenBrainzServer) -> ListenBrainz:
    return ListenBrainz(http, server.base, UNPACED)


async def test_a_user_exists_or_not(client: ListenBrainz) -> None:
    assert await client.user_exists("a n/n")
    assert not await client.user_exists("nobody")
    assert await client.listens("nobody") is None


async def test_a_token_belongs_to_a_user_until_it_is_revoked(
    client: ListenBrainz, server: ListenBrainzServer
) -> None:
    assert await client.token_owner("t") == "ann"
    server.tokens.clear()
    assert await client.token_owner("t") is None


async def test_a_history_is_read_back_to_its_beginning(client: ListenBrainz) -> None:
    before, found = None, []
    while page := await client.listens("a n/n", before=before):
        found += page
        before = page[-1].at

    assert [play.at for play in found] == [at for _, at in LISTENS]
    assert found[0].track == SourceTrack(
        title="Demo", artist="Unknown", album="An Album", duration_ms=215_000
    )
    assert found[1].track == SourceTrack(
        title="Sunflower",
        artist="Low",
        ids=(
            ExternalId("mbid", mbid(1)),
            ExternalId("isrc", "USKR30100001"),
            ExternalId("spotify", "0000000000000000000001"),
        ),
        artist_ids=(ExternalId("mbid", mbid(100)),),
        album="An Album",
        duration_ms=215_000,
    )


async def test_new_listens_are_read_from_a_time_on(client: ListenBrainz) -> None:
    found = await client.listens("a n/n", after=NOON - timedelta(minutes=5), limit=3)

    assert found is not None
    assert [play.at for play in found] == [NOON - timedelta(minutes=n) for n in (2, 3, 4)]


async def test_popularity_that_is_null_is_unknown_and_not_asked_again(
    client: ListenBrainz, server: ListenBrainzServer
) -> None:
    many = [mbid(number) for number in range(1, 1501)]

    for _ in range(2):
        assert await client.popularity([*many, "no mbid"]) == {
            mbid(1): Plays(400, 100),
            mbid(2): Plays(400, 100),
        }

    assert server.paths == ["/popularity/recording"] * 2


async def test_the_question_for_popularity_is_repeated_though_it_is_a_post(
    client: ListenBrainz, server: ListenBrainzServer
) -> None:
    server.misbehave(cut)

    assert len(await client.popularity([mbid(1)])) == 1


async def test_recordings_are_named_many_in_one_call(
    client: ListenBrainz, server: ListenBrainzServer
) -> None:
    found = await client.recordings([mbid(1), mbid(99)])
    await client.recordings([mbid(99)])

    assert found == {
        mbid(1): SourceTrack(
            title="Sunflower",
            artist="Low",
            ids=(ExternalId("mbid", mbid(1)),),
            artist_ids=(ExternalId("mbid", mbid(100)),),
            album="An Album",
            year=2026,
            duration_ms=215_000,
            genres=("slowcore", "sad"),
        )
    }
    assert len(server.calls) == 1


async def test_new_releases_are_kept_for_a_day(
    client: ListenBrainz, server: ListenBrainzServer, clock: FakeClock
) -> None:
    found = await client.fresh_releases(days=14)
    clock.move(hours=23)
    assert await client.fresh_releases(days=14) == found
    assert len(server.calls) == 1
    clock.move(hours=1)
    await client.fresh_releases(days=14)

    assert len(server.calls) == 2
    assert found[-1] == Release(
        title="An Album",
        artist="Low",
        released_on=date(2026, 11, 13),
        kind="album",
        ids=(ExternalId("mbid", mbid(1)),),
        artist_ids=(ExternalId("mbid", mbid(100)),),
        genres=("slowcore", "sad"),
        url=f"https://musicbrainz.org/release-group/{mbid(1)}",
    )


async def test_too_many_days_are_refused(client: ListenBrainz) -> None:
    with pytest.raises(QuestionRefusedError):
        await client.fresh_releases(days=91)


async def test_nothing_of_a_user_is_kept(client: ListenBrainz, database: Database) -> None:
    await client.user_exists("a n/n")
    await client.listens("a n/n")
    await client.token_owner("t")

    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(answers)) == 0


async def test_the_window_of_the_server_is_kept_to_without_an_error(
    http: Http, clock: FakeClock
) -> None:
    window = RateWindow(3, timedelta(seconds=10), clock.now)
    async with ListenBrainzServer(listens={"ann": []}, window=window) as server:
        client = ListenBrainz(http, server.base, UNPACED)

        for _ in range(7):
            await client.user_exists("ann")

        assert server.limited == 0
        assert clock.now() == NOON + timedelta(seconds=20)


@pytest.mark.parametrize("answer", [{}, [], {"payload": {}}, {"payload": {"listens": 3}}])
def test_answers_of_another_form_are_refused(answer: Json) -> None:
    for parse in (parse_listens, parse_releases):
        with pytest.raises(BadAnswerError):
            parse(answer)


async def test_recordings_of_another_form_are_no_miss(
    client: ListenBrainz, server: ListenBrainzServer
) -> None:
    server.misbehave(says([]), says({"error": "?"}), says([]))
    for _ in range(2):
        with pytest.raises(BadAnswerError):
            await client.recordings([mbid(1)])


def test_listens_without_time_or_names_are_left_out() -> None:
    rows: Json = [
        {"listened_at": None, "track_metadata": {"track_name": "A", "artist_name": "B"}},
        {"listened_at": 1, "track_metadata": {"track_name": "A", "artist_name": ""}},
        {"listened_at": 1, "track_metadata": None},
        {"listened_at": 1, "track_metadata": {"track_name": "A", "artist_name": "B", "x": 1}},
    ]

    assert len(parse_listens({"payload": {"listens": rows}})) == 1
