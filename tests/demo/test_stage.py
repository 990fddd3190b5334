"""The demo as somebody sees it: the page in a real browser."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import Page, async_playwright, expect

from bot.app import BSide
from bot.clock import SystemClock
from bot.core.accounts import Linked
from bot.core.ranking import Discovery, Wish
from bot.demo.histories import EXPORT_NAME
from bot.demo.listeners import LISTENERS
from bot.demo.servers.pictures import PictureServer, picture
from bot.demo.stage import Stage, open_stage
from bot.services import build_services
from bot.store.engine import Database
from bot.ui.stories import STORY
from tests.fakes import FakeClock

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


class _EveryCover(PictureServer):
    """Has a picture wherever it is asked for one."""

    def routes(self) -> list[web.RouteDef]:
        async def any_picture(_request: web.Request) -> web.Response:
            return web.Response(body=picture(), content_type="image/jpeg")

        return [web.get("/{path:.*}", any_picture)]


@pytest.fixture
async def stage(shipped: Database) -> AsyncIterator[Stage]:
    async with (
        _EveryCover() as covers,
        open_stage(shipped, covers_at=covers.base) as stage,
    ):
        yield stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = await browser.new_page(viewport={"width": 1100, "height": 1060})
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(stage.url)
        yield page
        await browser.close()


async def command(page: Page, name: str) -> None:
    """Type a command into the composer, as a person does, and send it."""
    composer = page.get_by_placeholder("Message #under-the-radar")
    await composer.click()
    await composer.press_sequentially(name)
    await page.locator("[role=option]:visible").filter(has_text=name).first.click()
    await page.get_by_role("button", name="Send").click()


@needs_browser
async def test_a_stranger_discovers_presses_a_thumb_and_sees_it_counted(page: Page) -> None:
    talk = page.get_by_role("region", name="Conversation")
    await expect(talk.get_by_text("Welcome to the B-Side demo.")).to_be_visible()

    await command(page, "/discover")
    await expect(talk.get_by_text("your own taste learns from it").first).to_be_visible()
    cover = talk.get_by_alt_text("Embed 1 thumbnail").last
    await expect(cover).to_have_js_property("naturalWidth", 64)
    await photograph(page, "discover")

    await talk.get_by_role("button", name="1 👍", exact=True).first.click()
    await expect(talk.get_by_text("Counted:")).to_be_visible()
    await photograph(page, "thumb")

    await command(page, "/profile")
    radar = talk.get_by_alt_text(re.compile("radar|taste", re.I)).first
    await expect(radar).to_be_visible()


async def photograph(page: Page, name: str) -> None:
    """Take a picture, as for the README, when BSIDE_PICTURES names a folder."""
    folder = os.environ.get("BSIDE_PICTURES")
    if folder:
        await page.wait_for_timeout(500)
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_a_listener_of_the_demo_has_a_story_that_one_would_post(
    stage: Stage, tmp_path: Path
) -> None:
    bo = stage.preview.viewers[1]
    bot = stage.env.bot
    assert isinstance(bot, BSide)
    export = tmp_path / EXPORT_NAME
    export.write_bytes(stage.export)

    async def progress(_rows: int, _share: float) -> None: ...

    await bot.services.listens.import_file(bo.id, export, EXPORT_NAME, progress)

    for name in ("profile", "timeline", "map"):
        answer = (await bo.slash(stage.preview.channel, name)).response
        assert answer is not None
        keep(name, [await answer.attachments[0].read()])
    story = (await bo.slash(stage.preview.channel, "year")).response
    assert story is not None
    pages = []
    for place, name in enumerate(STORY):
        assert "Share" in str(story.components), f"{name} tells nothing"
        pages.append(await story.attachments[0].read())
        if place < len(STORY) - 1:
            await bo.click(story, label="Next")
    keep("year", pages)


def keep(name: str, pages: list[bytes]) -> None:
    """Keep pictures of the bot side by side, smaller, when BSIDE_PICTURES names a folder."""
    folder = os.environ.get("BSIDE_PICTURES")
    if not folder:
        return
    side, columns = (540, 1) if len(pages) == 1 else (390, 3)
    sheet = Image.new("RGB", (columns * side, -(-len(pages) // columns) * side))
    for place, png in enumerate(pages):
        with Image.open(BytesIO(png)) as image:
            small = image.resize((side, side), Image.Resampling.LANCZOS)
        sheet.paste(small, (place % columns * side, place // columns * side))
    sheet.save(f"{folder}/{name}.png", optimize=True)


async def test_a_kept_demo_goes_on_with_the_same_people(shipped: Database) -> None:
    async with open_stage(shipped) as stage:
        channel = stage.preview.channel
        first = {viewer.id: viewer.name for viewer in stage.preview.viewers}
        await stage.preview.viewers[0].slash(channel, "rate track", track="track:7", score=2)
        messages = {message.id for message in channel.history()}

    async with open_stage(shipped) as stage:
        channel = stage.preview.channel
        ada, *others = stage.preview.viewers
        history = await ada.slash(channel, "history")
        privacy = build_services(shipped, FakeClock()).privacy
        kept = [(await privacy.show(viewer.id)).feedback for viewer in (ada, *others)]
        assert not messages & {message.id for message in channel.history()}
        assert {viewer.id: viewer.name for viewer in stage.preview.viewers} == first

    assert history.response is not None
    assert "9 entries" in (history.response.embeds[0].footer.text or "")
    assert kept == [9, 8, 8, 0, 0, 0]


async def test_the_demo_finds_known_fame_and_its_names_say_what_they_love(
    stage: Stage,
) -> None:
    bot = stage.env.bot
    assert isinstance(bot, BSide)
    recommender = bot.services.recommender

    for viewer in stage.preview.viewers[: len(LISTENERS)]:
        found = await recommender.discover(viewer.id, Wish(count=3), guild_id=None)
        assert isinstance(found, Discovery)
        facts = [pick.explanation for pick in found.picks]
        assert len(facts) == 3
        assert sum(one.counted for one in facts) >= 2
        assert all(one.fame is not None and one.fame < 0.9 for one in facts)
        assert found.kept_promise >= 2

    channel = stage.preview.channel
    (welcome,) = (one.content for one in channel.history() if "Welcome" in (one.content or ""))
    assert "Ada likes quiet folk, Bo likes garage punk, Cleo likes electronic dance" in welcome


async def test_the_demo_tells_what_begins_and_its_clock_shows_the_real_time_and_goes_on(
    shipped: Database,
) -> None:
    told: list[str] = []
    async with open_stage(shipped, tell=told.append) as stage:
        first, began = stage.env.now(), SystemClock().now()
        async with asyncio.timeout(600):
            while stage.env.now() < began:  # noqa: ASYNC110  (a clock rings no bell)
                await asyncio.sleep(0)
        ahead = stage.env.now() - SystemClock().now()

    assert len(told) == 2
    assert told[0].startswith("Starting the bot")
    assert stage.env.now() > first
    assert ahead.total_seconds() < 60


async def test_the_people_of_the_demo_have_accounts_and_the_newcomer_has_an_export(
    stage: Stage, tmp_path: Path
) -> None:
    bot = stage.env.bot
    assert isinstance(bot, BSide)
    services = bot.services
    export = tmp_path / EXPORT_NAME
    export.write_bytes(stage.export)

    async def progress(_rows: int, _share: float) -> None: ...

    linked = [
        await services.accounts.by_name.lastfm(1, "ada"),
        await services.accounts.by_name.listenbrainz(2, "bo"),
    ]
    report = await services.listens.import_file(3, export, EXPORT_NAME, progress)

    assert all(isinstance(one, Linked) for one in linked)
    assert (await services.privacy.show(3)).plays == report.new_plays > 200
