"""Pages to share: made by pressing buttons, and seen with a browser."""

import re
from html import unescape

import discord
import pytest
from simcord.results import InteractionResult

from bot.core.models import Cover
from bot.store import covers
from bot.ui import replies, sharing
from bot.ui.page_buttons import SHARE
from tests.cogs.bands import add_bands
from tests.cogs.browsing import FIRST, PUBLIC, Web, address_in, last, love, playlist
from tests.cogs.test_artist import KNOWN, artist
from tests.cogs.test_artist import PAGE as LINK
from tests.cogs.test_map import two_parts
from tests.cogs.test_stored import press
from tests.stored import StoredTrack, add_tracks
from tests.web.test_pages import EVIL, tags


@pytest.fixture
def public_url() -> str | None:
    return PUBLIC


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
