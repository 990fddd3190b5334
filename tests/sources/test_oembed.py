from collections.abc import AsyncIterator

import pytest

from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import html, says, status
from bot.demo.servers.oembed import OEmbedServer
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError
from bot.sources.http import Http
from bot.sources.oembed import OEmbed, parse_card
from bot.sources.values import Card

SPOTIFY_ID = "0000000000000000000001"
URL = f"https://open.spotify.com/track/{SPOTIFY_ID}"


@pytest.fixture
async def server() -> AsyncIterator[OEmbedServer]:
    async with OEmbedServer(songs=[Song("Sunflower", "Low", spotify_id=SPOTIFY_ID)]) as server:
        yield server


@pytest.fixture
def client(http: Http, server: OEmbedServer) -> OEmbed:
    return OEmbed(http, server.base, UNPACED)


async def test_a_page_has_a_title(client: OEmbed, server: OEmbedServer) -> None:
    server.misbehave(status(503), html())

    for _ in range(2):
        assert await client.card(URL) == Card("Sunflower", None)

    assert len(server.calls) == 3


async def test_an_unknown_page_is_a_miss_though_it_is_no_json(
    client: OEmbed, server: OEmbedServer
) -> None:
    for _ in range(2):
        assert await client.card("https://open.spotify.com/track/x") is None

    assert len(server.calls) == 1


async def test_a_card_without_a_title_is_no_answer(client: OEmbed, server: OEmbedServer) -> None:
    server.misbehave(says({"title": None}))

    with pytest.raises(BadAnswerError):
        await client.card(URL)

    assert parse_card({}) is None
