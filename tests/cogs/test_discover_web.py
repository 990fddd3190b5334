"""`/discover web:True`: the address in Discord, and the page behind it as a browser asks for it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import aiohttp
import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import func, select, update

from bot.core.models import FeedbackKind, FeedbackSource
from bot.store import feedback, picks
from bot.store.tables import promotions, visits
from bot.web import serving, shared_routes
from bot.web.front import NOT_HERE
from tests.cogs.conftest import World
from tests.cogs.test_audition import near_tracks, promote
from tests.cogs.test_discover import answer, rate_some

PUBLIC = "https://music.example/bside"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def public_url() -> str | None:
    return PUBLIC


class _Forms(HTMLParser):
    """What a browser makes of a page: its headings, and its forms with their buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.pressed: list[tuple[str, bool]] = []
        self._in_title = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self._in_title = tag == "h2"
        if tag == "form":
            self.forms.append({"": own["action"]})
        if tag == "input":
            self.forms[-1][own["name"]] = own["value"]
        if tag == "button" and "value" in own:
            self.pressed.append((own["value"], own["aria-pressed"] == "true"))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles.append(data)
            self._in_title = False


@dataclass
class Browser:
    """A browser that keeps the one cookie."""

    session: aiohttp.ClientSession
    home: str
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **more: str
    ) -> tuple[int, str]:
        """Ask once, following nothing; keep what cookie is set."""
        headers = {"Cookie": f"visit={self.cookie}"} if self.cookie else {}
        async with self.session.request(
            method,
            self.home + path.removeprefix("/bside"),
            data=form,
            headers={"Content-Type": FORM} | headers | more if method == "POST" else headers,
            allow_redirects=False,
        ) as response:
            self.headers = dict(response.headers)
            found = re.match("visit=([^;]+)", self.headers.get("Set-Cookie", ""))
            if found:
                self.cookie = found[1]
            return response.status, await response.text()

    async def open(self, path: str) -> str:
        """Open the address of some picks; return their page."""
        status, door = await self.ask("GET", path)
        assert status == 200
        (form,) = _Forms(door).forms
        assert (await self.ask("POST", form[""]))[0] == 303
        return await self.picks()

    async def picks(self) -> str:
        status, page = await self.ask("GET", self.headers.get("Location", "/picks"))
        assert status == 200
        return page

    async def thumb(self, page: str, place: int, thumb: str) -> tuple[int, str]:
        """Press a thumb; return the page that comes of it."""
        form = dict(_Forms(page).forms[place])
        status, said = await self.ask("POST", form.pop(""), form | {"thumb": thumb})
        return (200, await self.picks()) if status == 303 else (status, said)


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    async with (
        serving(shared_routes(world.bot().services, world.clock), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield Browser(session, f"http://127.0.0.1:{port}")


async def invited(world: World, actor: MemberActor, **options: object) -> str:
    """Ask for picks in the browser; return the path of their address."""
    result = await actor.slash(world.channel, "discover", web=True, **options)
    return path_in(result)


def path_in(result: InteractionResult) -> str:
    """Return the path of the address in an answer that only the listener sees."""
    shown = result.response
    assert shown is not None
    assert shown.ephemeral
    (link,) = [
        item
        for row in shown.message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]
    assert (link.url or "").startswith(f"{PUBLIC}/picks/")
    return (link.url or "").removeprefix(PUBLIC)


def embed_of(result: InteractionResult) -> str:
    assert result.response is not None
    return str(result.response.embeds[0].to_dict())


@pytest.mark.both
async def test_picks_are_shown_in_a_browser_and_a_thumb_there_counts(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)

    page = await browser.open(await invited(world, world.ann, count=3))

    titles = _Forms(page).titles
    assert len(titles) == 3
    for said in ("How well known", "how it sounds", "speaks for it", "https://", "60 more minutes"):
        assert said in page
    _, after = await browser.thumb(page, 1, "up")
    assert _Forms(after).titles == titles
    assert _Forms(after).pressed[2:4] == [("up", True), ("down", False)]
    assert "your next picks will be more like it" in after
    _, changed = await browser.thumb(after, 1, "down")
    assert _Forms(changed).pressed[2:4] == [("up", False), ("down", True)]

    async with world.database.read() as conn:
        last = await feedback.last_standing(conn, world.ann.id)
    assert last is not None
    assert (last.kind, last.value, last.source) == (FeedbackKind.THUMB, -1, FeedbackSource.WEB)
    assert titles[1] in answer(await world.ann.slash(world.channel, "undo"))


async def test_what_was_shown_on_the_page_does_not_come_again(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    first = _Forms(await browser.open(await invited(world, world.ann, count=5))).titles

    second = _Forms(await browser.open(await invited(world, world.ann, count=5))).titles

    assert not {*first} & {*second}


async def test_a_chat_that_looks_at_the_address_does_not_use_it_up(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    path = await invited(world, world.ann)

    looked = [await browser.ask("GET", path) for _ in range(3)]

    assert {status for status, _ in looked} == {200}
    assert "Set-Cookie" not in browser.headers
    assert "property" not in looked[0][1], "nothing of it unfolds"
    assert _Forms(await browser.open(path)).titles


async def test_used_forged_late_and_revoked_addresses_are_answered_alike(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    used, revoked = [await invited(world, world.ann) for _ in range(2)]
    await browser.open(used)
    browser.cookie = ""
    answers = [await browser.ask(how, used) for how in ("GET", "POST")]
    assert await world.bot().services.visits.end_all(world.ann.id) == 2
    answers += [await browser.ask(how, revoked) for how in ("GET", "POST")]
    late = await invited(world, world.ann)
    world.clock.move(minutes=16)
    answers += [await browser.ask(how, late) for how in ("GET", "POST")]
    answers += [await browser.ask(how, "/picks/" + "x" * 32) for how in ("GET", "POST")]
    answers += [await browser.ask(how, "/picks") for how in ("GET", "POST")]
    browser.cookie = "x" * 5000
    answers += [await browser.ask("GET", "/picks")]

    assert len({*answers}) == 1
    assert answers[0][0] == 404
    assert NOT_HERE in answers[0][1]


async def test_the_page_ends_after_an_hour_and_when_it_is_revoked(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    page = await browser.open(await invited(world, world.ann))
    world.clock.move(minutes=59)
    assert (await browser.thumb(page, 0, "up"))[0] == 200
    world.clock.move(minutes=1)
    assert (await browser.ask("GET", "/picks"))[0] == 404
    assert (await browser.thumb(page, 0, "down"))[0] == 404

    page = await browser.open(await invited(world, world.ann))
    await world.bot().services.visits.end_all(world.ann.id)
    assert (await browser.thumb(page, 0, "down"))[0] == 404
    assert await world.bot().services.visits.lapse(0) is None


async def test_privacy_pages_ends_what_a_browser_has_open(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    waiting = await invited(world, world.ann)
    page = await browser.open(await invited(world, world.ann))

    shown = await world.ann.slash(world.channel, "privacy pages")
    assert "2 pages of picks" in embed_of(shown)
    assert shown.response is not None
    await world.ann.click(shown.response.message, label="End all (2)")

    assert (await browser.thumb(page, 0, "up"))[0] == 404
    assert (await browser.ask("GET", waiting))[0] == 404


async def test_the_cookie_is_for_this_page_alone_and_no_script_reads_it(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    path = await invited(world, world.ann)

    await browser.ask("POST", path)

    for said in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/bside/picks", "Max-Age=3600"):
        assert said in browser.headers["Set-Cookie"]
    assert path.rpartition("/")[2] not in browser.headers["Set-Cookie"]


async def test_nobody_presses_for_somebody_else(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    await rate_some(world, world.ben)
    anns = await browser.open(await invited(world, world.ann))
    ann, browser.cookie = browser.cookie, ""
    bens = await browser.open(await invited(world, world.ben))
    form = _Forms(anns).forms[0]
    own = _Forms(bens).forms[0]
    up = {"thumb": "up"}

    with_her_form = await browser.ask("POST", "/picks", form | up)
    her_track = await browser.ask("POST", "/picks", own | {"track": form["track"]} | up)
    browser.cookie = ann
    from_elsewhere = await browser.ask(
        "POST", "/picks", form | up, **{"Sec-Fetch-Site": "cross-site"}
    )

    assert with_her_form[0] == from_elsewhere[0] == 400
    assert "pressed on another page" in with_her_form[1]
    assert "pressed on another page" in from_elsewhere[1]
    if form["track"] not in [one["track"] for one in _Forms(bens).forms]:
        assert her_track[0] == 404
    async with world.database.read() as conn:
        said = await feedback.last_standing(conn, world.ann.id)
    assert said is not None
    assert said.kind is FeedbackKind.RATING, "nothing came of it"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"thumb": "up"},
        {"track": "1", "thumb": "sideways"},
        {"track": "-1", "thumb": "up"},
        {"track": "9" * 40, "thumb": "up"},
        {"track": "²", "thumb": "up"},
        {f"field{n}": "x" for n in range(20)},
    ],
)
async def test_a_form_that_is_not_whole_is_told(
    world: World, browser: Browser, form: dict[str, str]
) -> None:
    await rate_some(world, world.ann)
    await browser.open(await invited(world, world.ann))

    status, page = await browser.ask("POST", "/picks", form)

    assert status == 400
    assert "not whole" in page


async def test_a_body_that_is_no_form_or_too_long_is_refused(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    await browser.open(await invited(world, world.ann))

    other = await browser.ask("POST", "/picks", {"a": "b"}, **{"Content-Type": "text/plain"})
    long = await browser.ask("POST", "/picks", {"a": "b" * 5000})

    assert other[0] == 400
    assert long[0] == 413


async def test_an_artist_has_no_vote_in_what_they_promote_themselves(
    world: World, browser: Browser
) -> None:
    await rate_some(world, world.ann)
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)
    page = await browser.open(await invited(world, world.ann, count=5))
    forms = _Forms(page)
    assert forms.titles[-1] == track.title
    assert "Promoted by an artist" in page
    async with world.database.write() as conn:  # Ann acts for the artist from now on
        (number,) = [
            one.promotion_id
            for one in await picks.all_in(conn, await _visit_of(world))
            if one.promotion_id
        ]
        await conn.execute(
            update(promotions).where(promotions.c.id == number).values(user_id=world.ann.id)
        )

    status, said = await browser.thumb(page, 4, "up")

    assert status == 400
    assert "do not count here" in said


async def _visit_of(world: World) -> int:
    async with world.database.read() as conn:
        return int(await conn.scalar(select(func.max(visits.c.message_id))) or 0)


async def test_a_page_outlives_a_restart(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    waiting = await invited(world, world.ann)
    opened = _Forms(await browser.open(await invited(world, world.ann))).titles
    await world.restart()
    routes = shared_routes(world.bot().services, world.clock)

    async with serving(routes, host="127.0.0.1", port=0) as port:
        browser.home = f"http://127.0.0.1:{port}"
        assert _Forms(await browser.picks()).titles == opened
        _, page = await browser.thumb(await browser.picks(), 0, "up")
        assert ("up", True) in _Forms(page).pressed
        browser.cookie = ""
        assert _Forms(await browser.open(waiting)).titles


async def test_who_deletes_their_data_has_no_page_any_more(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    waiting = await invited(world, world.ann)
    await browser.open(await invited(world, world.ann))
    shown = await world.ann.slash(world.channel, "privacy show")
    assert "2 pages of picks" in embed_of(shown)

    await world.bot().services.privacy.delete(world.ann.id)

    assert (await browser.ask("GET", "/picks"))[0] == 404
    assert (await browser.ask("GET", waiting))[0] == 404


async def test_a_blind_audition_stays_in_discord(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "audition join")
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)

    result = await world.ann.slash(world.channel, "discover", web=True, count=5)

    (audition,) = result.followups
    assert audition.ephemeral
    assert audition.embeds[0].title == "🎧 Blind audition"
    page = await browser.open(path_in(result))
    assert track.title not in page


async def test_a_newcomer_is_offered_a_start_as_always(world: World) -> None:
    result = await world.ann.slash(world.channel, "discover", web=True)

    assert result.ephemeral
    assert "Which artists do you love?" in embed_of(result)


async def test_the_sixth_address_ends_the_first(world: World, browser: Browser) -> None:
    await rate_some(world, world.ann)
    visits = world.bot().services.visits
    urls = [(await visits.invite(world.ann.id, number, ())).url for number in range(6)]
    paths = [one.removeprefix(PUBLIC) for one in urls]

    assert (await browser.ask("GET", paths[0]))[0] == 404
    assert (await browser.ask("GET", paths[1]))[0] == 200
