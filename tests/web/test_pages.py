"""Shared pages, asked for as a browser asks for them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import aiohttp
import pytest

from bot.core.sharing import Entry, Link, Page, PageFile, PageKind, Shown
from bot.errors import NotFoundError, UserError
from bot.services import Services, build_services
from bot.services.sharing import SharedPages
from bot.store.engine import Database
from bot.web import serving, shared_routes
from bot.web.front import NOT_HERE
from bot.web.limits import MOST_MISSES, MOST_REQUESTS, WINDOW
from tests.conftest import NOON
from tests.fakes import FakeClock

ANN, BEN = 1, 2
PUBLIC = "https://music.example/bside"
MIXED = Page(
    PageKind.LIST,
    "Late evenings",
    "Two tracks that few know.",
    entries=(
        Entry(
            "Sparks",
            "Ida",
            "Home · 2019",
            "As calm as Blue, which you love.",
            "https://covers.example/1.jpg",
            (Link("Deezer", "https://deezer.example/track/1"),),
        ),
        Entry("Ashes", "Otto"),
    ),
)


@dataclass
class Visitor:
    """Somebody with a browser."""

    session: aiohttp.ClientSession
    services: Services
    clock: FakeClock
    port: int
    forwarded_for: str = "192.0.2.1"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pages(self) -> SharedPages:
        return self.services.shared_pages

    async def publish(self, page: Page = MIXED, files: tuple[PageFile, ...] = ()) -> str:
        """Return the path of a page of Ann's."""
        address = await self.pages.publish(ANN, page, files)
        assert address.url.startswith(PUBLIC + "/p/")
        return address.url.removeprefix(PUBLIC)

    async def get(self, path: str) -> tuple[int, str]:
        headers = {"X-Forwarded-For": self.forwarded_for}
        async with self.session.get(self.home + path, headers=headers) as response:
            self.headers = dict(response.headers)
            return response.status, await response.text(errors="replace")


@pytest.fixture
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    clock = FakeClock(NOON)
    services = build_services(database, clock, public_url=PUBLIC)
    async with (
        serving(shared_routes(services, clock), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Visitor(session, services, clock, port)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return what a browser makes of a page: its tags with their attributes."""
    parser = _Tags()
    parser.feed(html)
    return parser.found


async def test_whoever_has_the_address_sees_the_page(visitor: Visitor) -> None:
    status, page = await visitor.get(await visitor.publish())

    assert status == 200
    for said in ("Late evenings", "Sparks", "Ida", "Home · 2019", "As calm as Blue", "Otto"):
        assert said in page
    assert "https://deezer.example/track/1" in page
    assert "18 February 2027" in page, "it says until when it stands"
    assert len(page.encode()) < 50_000


async def test_a_chat_unfolds_it_with_its_title_and_picture(visitor: Visitor) -> None:
    drawn = Page(
        PageKind.YEAR, "Ann’s 2026", "A quiet year.", pictures=(Shown("1.png", "A radar", 8, 8),)
    )
    path = await visitor.publish(drawn, (PageFile("1.png", "image/png", b"\x89PNG"),))

    _, page = await visitor.get(path)

    told = {one["property"]: one["content"] for tag, one in tags(page) if "property" in one}
    assert told["og:title"] == "Ann’s 2026"
    assert told["og:description"] == "A quiet year."
    assert told["og:url"] == PUBLIC + path
    assert told["og:image"] == f"{PUBLIC}{path}/1.png"
    assert told["og:image:alt"] == "A radar"


async def test_files_of_a_page_are_pictures_to_look_at_and_lists_to_take_along(
    visitor: Visitor,
) -> None:
    files = (
        PageFile("1.png", "image/png", b"\x89PNG"),
        PageFile("list.m3u8", "audio/x-mpegurl", b"#EXTM3U\n"),
    )
    page = Page(PageKind.YEAR, "Mine", "All of it.", pictures=(Shown("1.png", "Bars", 8, 8),))
    path = await visitor.publish(page, files)

    shown = await visitor.get(path)
    picture = await visitor.get(f"{path}/1.png")
    looked_at = visitor.headers
    taken = await visitor.get(f"{path}/list.m3u8")

    assert f'href="/bside{path}/list.m3u8"' in shown[1]
    assert 'href="/bside' + path + "/1.png" not in shown[1]
    assert picture[0] == 200
    assert "Content-Disposition" not in looked_at
    assert taken == (200, "#EXTM3U\n")
    assert visitor.headers["Content-Disposition"].startswith("attachment")


EVIL = '"><script src=//evil.example></script><img src=x onerror=alert(1)>{{ 7*7 }}'


async def test_html_and_script_in_every_name_stay_text(visitor: Visitor) -> None:
    page = Page(
        PageKind.LIST,
        EVIL,
        EVIL,
        (EVIL,),
        (Entry(EVIL, EVIL, EVIL, EVIL, None, (Link(EVIL, "https://a.example/\"'><b>"),)),),
        (Shown("1.png", EVIL, 8, 8),),
        (Link(EVIL, "https://b.example/"),),
    )

    _, shown = await visitor.get(await visitor.publish(page))

    assert "{{ 7*7 }}" in shown
    for tag, attributes in tags(shown):
        assert tag not in ("script", "b")
        assert not [name for name in attributes if name.startswith("on")]


async def test_a_page_says_what_it_may_load_and_nothing_of_where_it_leads_from(
    visitor: Visitor,
) -> None:
    await visitor.get(await visitor.publish())

    policy = visitor.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' https://covers.example;" in policy
    assert "unsafe" not in policy
    assert visitor.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.headers["X-Robots-Tag"] == "noindex"
    assert visitor.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in visitor.headers


async def test_ended_lapsed_and_invented_addresses_are_answered_alike(visitor: Visitor) -> None:
    ended, lapsed = await visitor.publish(), await visitor.publish()
    kept = await visitor.pages.of(ANN)
    await visitor.pages.end(ANN, kept[1].id)
    gone = await visitor.get(ended)
    gone_headers = dict(visitor.headers)
    visitor.clock.move(days=91)

    answers = [
        await visitor.get(lapsed),
        await visitor.get(lapsed[:-1] + "x"),
        await visitor.get("/p/" + "y" * 3000),
        await visitor.get("/p/x/y.png"),
        await visitor.get("/nothing/of/the/kind"),
        await visitor.get("/p/%00%ff"),
        await visitor.get("/p/%ed%a0%80"),
        await visitor.get("/picks/%ed%a0%80"),
        await visitor.get("/picks"),
    ]

    assert NOT_HERE in gone[1]
    assert gone[0] == 404
    assert set(answers) == {gone}
    assert visitor.headers | {"Date": ""} == gone_headers | {"Date": ""}


FORM = b"POST /picks HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /picks HTTP/1.1\r\nHost: x\r\nCookie: visit=\xed\xa0\x80\r\n\r\n", 404),
        (FORM + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", 400),
    ],
)
async def test_bytes_that_are_no_text_are_no_accident(
    visitor: Visitor, asked: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", visitor.port)
    writer.write(asked)

    assert (await reader.readline()).split()[1] == str(status).encode()
    writer.close()
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


async def test_who_guesses_is_stopped_and_nobody_else(visitor: Visitor) -> None:
    path = await visitor.publish()
    guesses = [await visitor.get(f"/p/guess{n}") for n in range(MOST_MISSES)]

    refused = await visitor.get(path)
    after = visitor.headers["Retry-After"]
    visitor.forwarded_for = "192.0.2.2"
    other = await visitor.get(path)
    visitor.forwarded_for = "192.0.2.1"
    visitor.clock.move(seconds=WINDOW.total_seconds())
    later = await visitor.get(path)

    assert {status for status, _ in guesses} == {404}
    assert refused[0] == 429
    assert "Wait a minute" in refused[1]
    assert after == "60"
    assert other[0] == later[0] == 200


async def test_too_many_requests_of_one_household_wait(visitor: Visitor) -> None:
    path = await visitor.publish()
    for n in range(MOST_REQUESTS):
        visitor.forwarded_for = f"203.0.113.7, 2001:db8::{n + 1:x}"
        assert (await visitor.get(path))[0] == 200

    visitor.forwarded_for = "2001:db8::ffff"
    assert (await visitor.get(path))[0] == 429


async def test_pages_are_theirs_who_made_them(visitor: Visitor) -> None:
    path = await visitor.publish()
    number = (await visitor.pages.of(ANN))[0].id

    with pytest.raises(NotFoundError, match="does not stand any more"):
        await visitor.pages.end(BEN, number)

    assert await visitor.pages.of(BEN) == []
    assert (await visitor.get(path))[0] == 200


async def test_nobody_fills_the_disk_with_pages(visitor: Visitor) -> None:
    for _ in range(50):
        await visitor.publish()

    with pytest.raises(UserError, match="End one of them first"):
        await visitor.publish()

    assert await visitor.pages.end_all(ANN) == 50


async def test_the_secret_of_an_address_is_kept_and_logged_nowhere(
    visitor: Visitor, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = await visitor.publish()
    secret = path.rpartition("/")[2]
    await visitor.get(path)
    await visitor.get(path + "x")

    assert database.file is None or secret.encode() not in database.file.read_bytes()
    assert secret not in "\n".join(
        line.getMessage() for line in caplog.records if line.name.startswith("bot")
    )


async def test_the_job_removes_what_has_lapsed(visitor: Visitor) -> None:
    await visitor.publish()
    visitor.clock.move(days=1)
    await visitor.publish()
    visitor.clock.move(days=89)

    ends = await visitor.pages.lapse(0)

    assert ends == NOON + timedelta(days=91)
    assert len(await visitor.pages.of(ANN)) == 1


async def test_without_a_public_address_there_are_no_pages(database: Database) -> None:
    pages = build_services(database, FakeClock(NOON)).shared_pages

    assert not pages.is_on
    with pytest.raises(UserError, match="HTTP_PUBLIC_URL"):
        await pages.publish(ANN, MIXED)
