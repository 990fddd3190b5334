"""The page that Spotify sends listeners back to, asked as a browser asks it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from yarl import URL

from bot.core.accounts import LinkedService
from bot.demo.servers.loopback import status
from bot.errors import SetupError, SourceUnavailableError, UserError
from bot.store.engine import Database
from bot.web import consent, consent_routes, serving
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.linking import ANN, BEN, LinkingWorld, open_linking


@dataclass
class Browser:
    """Goes to the page with the query of an address."""

    session: aiohttp.ClientSession
    world: LinkingWorld
    home: URL

    async def end_at(self, address: str, **changes: str) -> tuple[int, str]:
        """Return status and text of the page that a redirect to an address shows."""
        query = {**URL(address).query, **changes}
        async with self.session.get(self.home.with_query(query)) as response:
            return response.status, await response.text()


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Browser]:
    async with (
        open_linking(database, FakeClock(NOON)) as world,
        serving(consent_routes(world.accounts), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Browser(session, world, URL(f"http://127.0.0.1:{port}{consent.PATH}"))


async def test_who_asked_types_the_code_that_the_page_shows_and_only_then_it_is_linked(
    browser: Browser,
) -> None:
    status_code, page = await browser.end_at(await browser.world.agree())
    before = await browser.world.linked()

    done = await browser.world.accounts.by_consent.confirm(ANN, f" {code_on(page).lower()} ")

    assert status_code == 200
    assert "The Discord account “ann” asks for this Spotify account" in page
    assert before == []
    assert done.account.name == "ann-at-spotify"
    assert await browser.world.linked() == [LinkedService.SPOTIFY]


async def test_a_link_that_was_sent_to_somebody_else_links_nothing_without_their_code(
    browser: Browser,
) -> None:
    confirm = browser.world.accounts.by_consent.confirm
    _, page = await browser.end_at(await browser.world.agree())
    code = code_on(page)
    wrong = "A" * len(code) if code != "A" * len(code) else "B" * len(code)

    with pytest.raises(UserError, match="No code of yours is open"):
        await confirm(BEN, code)
    for _ in range(4):
        with pytest.raises(UserError, match="not the code on the page"):
            await confirm(ANN, wrong)
    for typed in (wrong, code):
        with pytest.raises(UserError, match="No code of yours is open"):
            await confirm(ANN, typed)
    assert await browser.world.linked() == []


async def test_a_code_counts_for_five_minutes_and_until_the_next_question(
    browser: Browser,
) -> None:
    by_consent = browser.world.accounts.by_consent
    _, late = await browser.end_at(await browser.world.agree())
    browser.world.clock.move(minutes=6)
    with pytest.raises(UserError, match="five minutes have passed"):
        await by_consent.confirm(ANN, code_on(late))

    _, former = await browser.end_at(await browser.world.agree())
    await browser.world.agree()
    with pytest.raises(UserError, match="No code of yours is open"):
        await by_consent.confirm(ANN, code_on(former))
    assert await browser.world.linked() == []


def code_on(page: str) -> str:
    """Return the code that a page shows."""
    return page.partition("<code>")[2].partition("</code>")[0]


async def test_a_page_that_is_loaded_again_links_nothing_and_says_what_to_do(
    browser: Browser,
) -> None:
    address = await browser.world.agree()
    await browser.end_at(address)

    code, page = await browser.end_at(address)

    assert code == 400
    assert "Use <code>/link spotify</code> in Discord again" in page


@pytest.mark.parametrize("changes", [{"state": "guessed"}, {"state": ""}, {"code": ""}])
async def test_an_answer_nobody_asked_for_links_nothing(
    browser: Browser, changes: dict[str, str]
) -> None:
    code, page = await browser.end_at(await browser.world.agree(), **changes)

    assert code == 400
    assert "Not linked" in page
    assert await browser.world.linked() == []


async def test_a_late_answer_links_nothing(browser: Browser) -> None:
    address = await browser.world.agree()
    browser.world.clock.move(minutes=11)

    code, page = await browser.end_at(address)

    assert (code, "older than ten minutes" in page) == (400, True)


async def test_who_did_not_agree_is_told_so(browser: Browser) -> None:
    address = await browser.world.agree()

    code, page = await browser.end_at(address, error="access_denied", code="")

    assert (code, "You did not agree at Spotify" in page) == (400, True)
    assert await browser.world.linked() == []


async def test_nothing_of_what_was_sent_is_on_the_page(browser: Browser) -> None:
    for changes in ({"state": "<script>alert(1)</script>"}, {"error": "<b>x</b>", "code": ""}):
        _, page = await browser.end_at(await browser.world.agree(), **changes)

        assert "alert" not in page
        assert "<b>" not in page


async def test_the_name_of_who_asked_is_text_and_no_markup(browser: Browser) -> None:
    accounts = browser.world.accounts
    page = await accounts.by_consent.begin(1, called="<img src=x>`x`")
    address = browser.world.outside.accounts.agree(page.url, browser.world.spotify_user)

    _, shown = await browser.end_at(address)

    assert "&lt;img src=x&gt;" in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", 404),
        ("GET", "/spotify/", 404),
        ("GET", "/spotify/callback/../../etc/passwd", 404),
        ("HEAD", consent.PATH, 405),
        ("POST", consent.PATH, 405),
        ("GET", consent.PATH, 400),
    ],
)
async def test_there_is_nothing_else_and_every_answer_is_guarded(
    browser: Browser, method: str, path: str, code: int
) -> None:
    async with browser.session.request(method, browser.home.with_path(path)) as response:
        assert response.status == code
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "aiohttp" not in response.headers["Server"]


async def test_an_address_that_is_too_long_is_refused(browser: Browser) -> None:
    async with browser.session.get(browser.home.with_query(code="x" * 20_000)) as response:
        assert response.status == 400
        assert "xxxxxxxxxx" * 20 not in await response.text()


async def test_a_spotify_that_is_down_is_told_to_who_types_the_code(browser: Browser) -> None:
    _, page = await browser.end_at(await browser.world.agree())
    browser.world.outside.accounts.misbehave(status(503))

    with pytest.raises(SourceUnavailableError, match="Try again in a few minutes"):
        await browser.world.accounts.by_consent.confirm(ANN, code_on(page))


async def test_no_code_and_no_state_reaches_a_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    address = URL(await browser.world.agree())
    await browser.end_at(str(address))
    await browser.end_at(str(address))
    async with browser.session.get(browser.home.with_query(code="y" * 20_000)):
        pass

    for secret in (address.query["state"], "code=", "yyyyyyyyyyyyyyyyyyyy", "access1"):
        assert secret not in caplog.text


async def test_a_port_that_is_taken_is_told(browser: Browser) -> None:
    port = browser.home.port or 0

    with pytest.raises(SetupError, match="HTTP_PORT cannot be used"):
        async with serving([], host="127.0.0.1", port=port):
            await asyncio.sleep(0)
