"""Pages to share: made by pressing buttons, seen with a browser, ended again."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape

import aiohttp
import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.core.models import Cover, Subject, SubjectKind
from bot.core.sharing import Page, PageKind
from bot.services.sharing.pages import MOST
from bot.store import covers
from bot.store.engine import Database
from bot.ui import replies, sharing
from bot.ui.page_buttons import SHARE
from bot.web import serving, shared_routes
from tests.cogs.bands import add_bands
from tests.cogs.conftest import World
from tests.cogs.test_artist import KNOWN, artist
from tests.cogs.test_artist import PAGE as LINK
from tests.cogs.test_deleted_bytes import traces
from tests.cogs.test_departures import forget
from tests.cogs.test_map import two_parts
from tests.cogs.test_stored import press
from tests.stored import StoredTrack, add_tracks
from tests.web.test_pages import EVIL, tags

PUBLIC = "https://music.example"
FIRST = 322
"""The track that is added first: the starter catalogue has 321."""


@pytest.fixture
def public_url() -> str | None:
    return PUBLIC


@dataclass
class Web:
    """The bot's pages, as a browser gets them."""

    world: World
    session: aiohttp.ClientSession
    home: str

    async def get(self, address: str) -> tuple[int, str]:
        path = address.removeprefix(PUBLIC)
        async with self.session.get(self.home + path) as response:
            return response.status, await response.text(errors="replace")

    async def make(self, result: InteractionResult, who: MemberActor | None = None) -> str:
        """Press both buttons; return the address that is told."""
        who = who or self.world.ann
        asked = await who.click(last(result), label=SHARE)
        assert asked.ephemeral
        done = await who.click(last(asked), label=sharing.MAKE)
        return address_in(last(done).content)


@pytest.fixture
async def web(world: World) -> AsyncIterator[Web]:
    async with (
        serving(shared_routes(world.bot().services, world.clock), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Web(world, session, f"http://127.0.0.1:{port}")


def last(result: InteractionResult) -> discord.Message:
    found = result.followups[-1] if result.followups else result.response
    assert found is not None
    return found.message


def address_in(said: str) -> str:
    found = re.search(r"<(https://\S+)>", said)
    assert found is not None, said
    return found[1]


async def love(world: World, *tracks: int) -> None:
    for number in tracks:
        await world.bot().services.feedback.rate(
            world.ann.id, Subject(SubjectKind.TRACK, number), 5
        )


async def playlist(world: World, count: int = 3) -> InteractionResult:
    """Let Ann have a list of some bands."""
    await add_bands(world.database)
    await love(world, *range(FIRST, FIRST + count))
    return await world.ann.slash(world.channel, "playlist")


def headings(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<h[1-6][^>]*>(.*?)</h", page, re.S)]


@pytest.mark.both
async def test_a_list_is_a_page_for_whoever_has_the_address(web: Web) -> None:
    result = await playlist(web.world)
    async with web.world.database.write() as conn:
        cover = Cover("https://covers.example/1.jpg")
        await covers.put(conn, {FIRST: cover}, now=web.world.clock.now())

    asked = await web.world.ann.click(last(result), label=SHARE)
    said = last(asked).content
    done = await web.world.ann.click(last(asked), label=sharing.MAKE)
    address = address_in(last(done).content)
    status, page = await web.get(address)

    assert "That tells of your taste" in said
    assert "Your name stands nowhere on it" in said
    assert "/privacy pages" in said
    assert "https://" not in said, "nothing is made before it is wanted"
    assert status == 200
    assert headings(page)[0] == "Tracks I like"
    assert sorted(headings(page)[1:4]) == ["Song 1", "Song 2", "Song 3"]
    assert "https://covers.example/1.jpg" in page
    assert "ann" not in re.findall(r"\w+", page.lower())
    assert "https://open.spotify.com/track/" in page
    assert 'property="og:title" content="Tracks I like"' in page
    for ending in ("m3u8", "xspf", "jspf", "csv"):
        file_status, file = await web.get(f"{address}/tracks-i-like.{ending}")
        assert file_status == 200
        assert "Song 1" in file


async def test_buttons_of_a_list_work_after_a_restart(web: Web) -> None:
    result = await playlist(web.world)
    await web.world.restart()
    asked = await web.world.ann.click(last(result), label=SHARE)
    await web.world.restart()

    done = await web.world.ann.click(last(asked), label=sharing.MAKE)

    assert (await web.get(address_in(last(done).content)))[0] == 200


async def test_a_path_says_on_its_page_what_changes_with_each_step(web: Web) -> None:
    await add_bands(web.world.database)
    ends = {"from": f"track:{FIRST + 17}", "to": f"track:{FIRST}", "steps": 5}
    result = await web.world.ann.slash(web.world.channel, "path", **ends)

    _, page = await web.get(await web.make(result))

    assert headings(page)[:2] == ["From Song 18 to Song 1", "Song 18"]
    shown = [line.removeprefix("↳ ") for line in _lines(result) if line.startswith("↳ ")]
    assert shown
    for words in shown:
        assert words in unescape(page)


def _lines(result: InteractionResult) -> list[str]:
    return (last(result).embeds[0].description or "").splitlines()


async def test_a_public_list_is_shared_as_a_page_by_who_made_it_alone(web: Web) -> None:
    await add_bands(web.world.database)
    ends = {"from": f"track:{FIRST + 17}", "to": f"track:{FIRST}"}
    result = await web.world.ann.slash(web.world.channel, "path", **ends)

    refused = await web.world.ben.click(last(result), label=SHARE)

    assert refused.ephemeral
    assert last(refused).content.startswith("Only who made this list can share it")
    assert await web.world.bot().services.shared_pages.of(web.world.ben.id) == []


async def test_an_artist_among_companions_is_a_page_with_reasons(web: Web) -> None:
    await add_bands(web.world.database)
    result = await artist(
        web.world, web.world.ann, "playlist", tracks="Band 1 – Song 1", size=5, genre="any"
    )

    _, page = await web.get(await web.make(result))

    assert headings(page)[0] == "Band 1 in good company"
    assert "One of the artist&#39;s own" in page
    assert len(headings(page)) >= 6


async def test_the_card_of_an_artist_is_shared_by_who_holds_the_name(web: Web) -> None:
    world = web.world
    await artist(world, world.ann, "claim", name=KNOWN, page=LINK)
    for_others = await artist(world, world.ben, "card", name=KNOWN)
    own = await artist(world, world.ann, "card")

    refused = await world.ben.click(last(own), label=SHARE)
    _, page = await web.get(await web.make(own))

    assert SHARE not in str(last(for_others).components)
    assert last(refused).content.startswith("Only who holds this name")
    assert headings(page)[0] == KNOWN
    assert len(headings(page)) > 1, "the best-known tracks are there"
    assert LINK in page
    assert "listener" not in page
    assert world.guild.name not in page


async def test_a_name_that_is_given_up_ends_its_pages_and_no_others(web: Web) -> None:
    world = web.world
    await artist(world, world.ann, "claim", name=KNOWN)
    card = await web.make(await artist(world, world.ann, "card"))
    other = await web.make(await playlist(world))

    await artist(world, world.ann, "release", name=KNOWN)

    assert (await web.get(card))[0] == 404
    assert (await web.get(other))[0] == 200


async def test_moderators_who_mute_a_name_end_its_pages(web: Web) -> None:
    world = web.world
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    boss = world.guild.add_member(world.env.create_user("boss"), roles=[role])
    await artist(world, world.ann, "claim", name=KNOWN)
    shown = await artist(world, world.ann, "card")
    card = await web.make(shown)

    await boss.slash(world.channel, "moderate claim mute", name=KNOWN)
    again = await world.ann.click(last(shown), label=SHARE)

    assert (await web.get(card))[0] == 404
    assert "have muted this name" in last(again).content


async def test_a_year_is_a_page_of_pictures_with_words_and_without_a_name(web: Web) -> None:
    await love(web.world, *range(1, 21))
    result = await web.world.ann.slash(web.world.channel, "year")

    address = await web.make(result)
    _, page = await web.get(address)

    images = [one for tag, one in tags(page) if tag == "img"]
    assert len(images) > 1
    assert all(len(one["alt"] or "") > 20 for one in images)
    assert "What I loved" in headings(page)
    assert "ann" not in re.findall(r"\w+", page.lower())
    assert f'property="og:image" content="{address}/loved.png"' in page
    assert (await web.get(f"{address}/loved.png"))[0] == 200


async def test_a_timeline_and_a_profile_are_pages_of_one_picture(web: Web) -> None:
    await love(web.world, *range(1, 21))
    await web.world.play(web.world.ann.id, "Secretly Played", days=range(0, 300, 9))
    for command, heading in (("timeline", "How my taste changed"), ("profile", "What I like")):
        result = await web.world.ann.slash(web.world.channel, command)

        _, page = await web.get(await web.make(result))

        assert headings(page)[0].startswith(heading)
        assert [tag for tag, _ in tags(page)].count("img") == 1


async def test_a_map_is_a_page_of_its_parts_and_without_a_name(web: Web) -> None:
    await two_parts(web.world, web.world.ann.id)
    result = await web.world.ann.slash(web.world.channel, "map")

    _, page = await web.get(await web.make(result))

    assert headings(page)[0].endswith("sides of my taste")
    (image,) = (one for tag, one in tags(page) if tag == "img")
    assert (image["alt"] or "").startswith("The ")
    assert "ann" not in re.findall(r"\w+", page.lower())


async def test_nobody_shares_the_taste_of_somebody_else(web: Web) -> None:
    world = web.world
    await love(world, *range(1, 21))
    for custom_id in (
        f"page:map:make:{world.ann.id}",
        f"page:story:make:{world.ann.id}:loved:20251120.20261121",
    ):
        result = await press(world, custom_id, world.ben)

        assert "somebody else's" in last(result).content
    for kind in ("end:{}:0", "all:{}", "list:{}:0:Older"):
        result = await press(world, f"pages:{kind.format(world.ann.id)}", world.ben)
        assert last(result).content in (sharing.NOT_YOURS, replies.NO_LONGER_WORKS)


async def test_own_pages_are_listed_without_addresses_and_ended_one_by_one_or_all(
    web: Web,
) -> None:
    world = web.world
    first, second = await web.make(await playlist(world)), ""
    second = await web.make(await world.ann.slash(world.channel, "playlist", what="ratings"))
    third = await web.make(await world.ann.slash(world.channel, "playlist", what="ratings"))

    listed = await world.ann.slash(world.channel, "privacy pages")
    message = last(listed)
    said = message.embeds[0].description or ""
    await world.restart()
    kept = await world.bot().services.shared_pages.of(world.ann.id)
    menu = sharing.EndPage(world.ann.id, 0).custom_id
    ended = await world.ann.select(message, [str(kept[-1].id)], custom_id=menu)

    assert listed.ephemeral
    assert said.count("Tracks I") == 3
    assert first.rpartition("/")[2] not in said
    assert "Ended 1 page. Its address leads nowhere" in (last(ended).embeds[0].description or "")
    assert [(await web.get(one))[0] for one in (first, second, third)] == [404, 200, 200]
    everything = await world.ann.click(message, custom_id=sharing.EndAll(world.ann.id).custom_id)
    assert "Ended 2 pages" in (last(everything).embeds[0].description or "")
    assert [(await web.get(one))[0] for one in (second, third)] == [404, 404]


async def test_many_pages_are_listed_page_by_page_and_the_most_is_told(web: Web) -> None:
    world = web.world
    shares = world.bot().services.shared_pages
    for number in range(MOST):
        page = Page(PageKind.MAP, f"*Title* @everyone {number} " + "x" * 300, "")
        await shares.publish(world.ann.id, page)

    result = await playlist(world)
    refused = await world.ann.click(last(result), label=SHARE)
    message = last(await world.ann.slash(world.channel, "privacy pages"))
    before = message.embeds[0].description or ""
    older = await world.ann.click(message, label="Older")

    assert "End one of them first, with `/privacy pages`" in last(refused).content
    assert r"\*Title\*" in before
    assert "49 " in before
    assert "39 " in (last(older).embeds[0].description or "")
    assert "Page 2 of 5" in (last(older).embeds[0].footer.text or "")


async def test_a_page_lapses_and_goes_with_its_person_with_every_byte(
    web: Web, database: Database
) -> None:
    world = web.world
    lapsed = await web.make(await playlist(world))
    world.clock.move(days=91)
    gone = await web.get(lapsed)
    address = await web.make(await world.ann.slash(world.channel, "playlist"))
    assert (await web.get(address))[0] == 200

    shown = await world.ann.slash(world.channel, "privacy show")
    export = await world.ann.slash(world.channel, "privacy export")
    (attachment,) = last(export).attachments
    await forget(world, world.ann)
    await world.bot().services.jobs.run_due()

    assert "you shared (`/privacy pages` ends them)" in (
        last(shown).embeds[0].fields[0].value or ""
    )
    with zipfile.ZipFile(io.BytesIO(await attachment.read())) as exported:
        names = exported.namelist()
        assert {"shared-pages-001.csv", "page-files-001.csv"} <= set(names)
        secret = address.rpartition("/")[2]
        assert all(secret.encode() not in exported.read(name) for name in names)
    assert await web.get(address) == gone
    assert gone[0] == 404
    assert traces(database, world.ann.id) == {"": 0, "-wal": 0, "-shm": 0}


async def test_html_and_script_in_every_name_of_a_list_stay_text(web: Web) -> None:
    async with web.world.database.write() as conn:
        await add_tracks(conn, [StoredTrack(EVIL, EVIL + "a", {"energy": 0.9}, (EVIL,))])
    await love(web.world, FIRST)

    _, page = await web.get(
        await web.make(await web.world.ann.slash(web.world.channel, "playlist"))
    )

    assert {tag for tag, _ in tags(page)} & {"script", "b"} == set()
    assert not [name for _, one in tags(page) for name in one if name.startswith("on")]
    assert "onerror=alert" in page, "it is there, as text"


async def test_a_long_list_is_a_small_page_and_its_files_hold_all(web: Web) -> None:
    songs = [
        StoredTrack(
            f"A title of some length {number} (Ünïcödé)",
            f"An artist of some length {number}",
            {"energy": 0.9, "acousticness": 0.1, "valence": 0.9},
            ("shoegaze",),
            popularity=number,
            spotify=f"{number:022}",
        )
        for number in range(90)
    ]
    async with web.world.database.write() as conn:
        await add_tracks(conn, songs)
    await love(web.world, *range(FIRST, FIRST + 90))

    address = await web.make(await web.world.ann.slash(web.world.channel, "playlist"))
    _, page = await web.get(address)
    _, file = await web.get(f"{address}/tracks-i-like.m3u8")

    assert page.count("<li>") >= 50
    assert len(page.encode()) <= 50_000
    assert "the files hold all 90 tracks" in page
    assert file.count("#EXTINF") == 90


class TestOff:
    """Where the operator has set up no address."""

    @pytest.fixture
    def public_url(self) -> str | None:
        return None

    async def test_no_button_is_shown_and_the_command_says_so(self, world: World) -> None:
        await two_parts(world, world.ann.id)
        await artist(world, world.ann, "claim", name=KNOWN)
        for command in ("playlist", "map", "year", "timeline", "artist card"):
            result = await world.ann.slash(world.channel, command)
            assert SHARE not in str(last(result).components)

        said = await world.ann.slash(world.channel, "privacy pages")
        pressed = await press(world, f"page:map:ask:{world.ann.id}", world.ann)

        assert last(said).content == sharing.OFF
        assert "not set up here" in last(pressed).content
