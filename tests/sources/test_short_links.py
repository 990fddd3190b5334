from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import LoopbackService, redirect, status
from bot.errors import SourceUnavailableError
from bot.sources.host import TRIES
from bot.sources.http import Http
from bot.sources.short_links import ShortLinks

SHORT = "https://link.deezer.com"
PAGE = "https://www.deezer.com/track/31"


class ShortLinkServer(LoopbackService):
    """Leads to the same page, whatever is asked."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{code:.*}", redirect(f"{PAGE}?utm_source=x&deferredFl=1"))]


@pytest.fixture
async def server() -> AsyncIterator[ShortLinkServer]:
    async with ShortLinkServer() as server:
        yield server


@pytest.fixture
def links(http: Http, server: ShortLinkServer) -> ShortLinks:
    return ShortLinks(http, {SHORT: server.base}, UNPACED)


async def test_a_short_link_leads_to_the_page_of_a_service(
    links: ShortLinks, server: ShortLinkServer
) -> None:
    server.misbehave(status(503), redirect("/second/step"))

    for _ in range(2):
        assert await links.target(f"{SHORT}/s/abc") == PAGE

    assert server.paths == ["/s/abc", "/s/abc", "/second/step"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.8/admin",
        "http://[::1]/",
        "https://evil.example/track/1",
        "https://www.deezer.com:8443/track/31",
        "https://user@www.deezer.com/track/31",
        "http://www.deezer.com/track/31",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[",
    ],
)
async def test_a_redirect_to_any_other_place_leads_nowhere(
    links: ShortLinks, server: ShortLinkServer, target: str
) -> None:
    async with ShortLinkServer() as other:
        server.misbehave(redirect(target), redirect(f"{other.base}/inside"))

        assert await links.target(f"{SHORT}/s/1") is None
        assert await links.target(f"{SHORT}/s/2") is None

        assert other.calls == []
    assert len(server.calls) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/s/abc",
        "https://link.deezer.com.evil.example/s/abc",
        "http://link.deezer.com/s/abc",
        "https://link.deezer.com@evil.example/s/abc",
        "https://link.deezer.com:99999/",
        "link.deezer.com/s/abc",
        "https://[",
        "",
    ],
)
async def test_no_other_address_is_ever_fetched(links: ShortLinks, http: Http, url: str) -> None:
    assert await ShortLinks(http).target(url) is None
    assert await links.target(url) is None


async def test_a_user_name_in_an_address_is_refused(
    links: ShortLinks, server: ShortLinkServer
) -> None:
    assert await links.target(SHORT.replace("//", "//me@") + "/s/abc") is None
    assert server.calls == []


async def test_a_round_trip_leads_nowhere(links: ShortLinks, server: ShortLinkServer) -> None:
    server.misbehave(*[redirect(f"/s/{number}") for number in range(9)])
    assert await links.target(f"{SHORT}/s/x") is None
    assert len(server.calls) == 3


async def test_an_outage_is_no_miss(links: ShortLinks, server: ShortLinkServer) -> None:
    server.misbehave(*[status(503)] * TRIES)
    with pytest.raises(SourceUnavailableError):
        await links.target(f"{SHORT}/s/abc")

    assert await links.target(f"{SHORT}/s/abc") == PAGE
