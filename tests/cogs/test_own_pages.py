"""`/privacy pages`: one's own pages, listed and ended; they lapse, and go with their person."""

import io
import zipfile

import pytest

from bot.core.sharing import Page, PageKind
from bot.services.sharing.pages import MOST
from bot.store.engine import Database
from bot.ui import sharing
from bot.ui.page_buttons import SHARE
from tests.cogs.browsing import PUBLIC, Web, last, playlist
from tests.cogs.conftest import World
from tests.cogs.test_artist import KNOWN, artist
from tests.cogs.test_deleted_bytes import traces
from tests.cogs.test_departures import forget
from tests.cogs.test_map import two_parts
from tests.cogs.test_stored import press


@pytest.fixture
def public_url() -> str | None:
    return PUBLIC


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
