from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import says, status
from bot.demo.servers.odesli import OdesliServer
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, SourceUnavailableError
from bot.sources.http import Http
from bot.sources.odesli import Odesli, kept, parse_links
from bot.sources.values import LinkedServices
from bot.store.engine import Database
from bot.store.tables import answers

SUNFLOWER = Song("Sunflower", "Low", spotify_id="0000000000000000000001", deezer_id=31, apple_id=11)
LINK = "https://www.deezer.com/track/31"


@pytest.fixture
async def server() -> AsyncIterator[OdesliServer]:
    async with OdesliServer(songs=[SUNFLOWER]) as server:
        yield server


@pytest.fixture
def client(http: Http, server: OdesliServer) -> Odesli:
    return Odesli(http, base=server.base, pace=UNPACED)


async def test_one_link_leads_to_all_services(client: Odesli, server: OdesliServer) -> None:
    for _ in range(2):
        assert await client.links(LINK) == LinkedServices(
            title="Sunflower",
            artist="Low",
            links=(
                ("appleMusic", "https://music.apple.com/us/song/11"),
                ("deezer", LINK),
                ("spotify", "https://open.spotify.com/track/0000000000000000000001"),
            ),
            ids=(
                ExternalId("spotify", "0000000000000000000001"),
                ExternalId("deezer", "31"),
                ExternalId("apple", "11"),
            ),
        )
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "url", ["https://www.deezer.com/track/32", "https://example.org/?a=b&c"], ids=["404", "400"]
)
async def test_a_link_it_cannot_resolve_is_a_miss(
    client: Odesli, server: OdesliServer, url: str
) -> None:
    assert await client.links(url) is None
    assert await client.links(url) is None
    assert len(server.calls) == 1
    assert server.calls[0].query["url"] == url


async def test_a_key_is_sent_and_not_kept(
    http: Http, server: OdesliServer, database: Database
) -> None:
    await Odesli(http, "hush", server.base).links(LINK)

    assert server.calls[0].query["key"] == "hush"
    async with database.read() as conn:
        assert "hush" not in str((await conn.execute(select(answers))).all())


async def test_who_asks_too_much_is_told_to_come_later(
    client: Odesli, server: OdesliServer
) -> None:
    server.misbehave(status(429, Retry_After="60"))

    with pytest.raises(SourceUnavailableError):
        await client.links(LINK)


async def test_an_answer_of_another_form_is_no_miss(client: Odesli, server: OdesliServer) -> None:
    server.misbehave(says({"linksByPlatform": None}))
    with pytest.raises(BadAnswerError):
        await client.links(LINK)
    assert await client.links(LINK) is not None


def test_albums_are_no_recordings_and_missing_parts_are_unknown() -> None:
    album = {"ALBUM::1": {"type": "album", "title": "An Album"}}
    asked = {"entityUniqueId": "ALBUM::1", "linksByPlatform": {}, "entitiesByUniqueId": album}
    bare = {"linksByPlatform": {"tidal": None, "spotify": {"url": " "}}, "entitiesByUniqueId": {}}

    assert parse_links(kept(asked)) is None
    assert parse_links(kept(bare)) == LinkedServices(None, None, (), ())
