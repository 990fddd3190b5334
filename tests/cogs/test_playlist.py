import csv
import io
import json
from xml.etree import ElementTree as ET

import discord
import pytest
from simcord.results import InteractionResult

from bot.store import listeners
from tests.cogs.bands import add_bands, spotify_id
from tests.cogs.conftest import World

FORMS = ("m3u8", "xspf", "jspf", "csv", "links")
FIRST = 322
"""The track of the first band: the starter catalogue has 321."""


async def love(world: World, *numbers: int) -> None:
    """Let Ann give bands a 5."""
    for number in numbers:
        await world.ann.slash(
            world.channel, "rate track", track=f"track:{FIRST - 1 + number}", score=5
        )


def shown(result: InteractionResult) -> discord.Message:
    """Return the private message that answers."""
    assert result.response is not None
    assert result.ephemeral
    return result.response.message


async def file_of(result: InteractionResult) -> str:
    (attachment,) = shown(result).attachments
    return (await attachment.read()).decode("utf-8")


def labels(message: discord.Message) -> list[str | None]:
    return [
        item.label
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]


@pytest.mark.both
async def test_playlist_gives_what_the_listener_likes_as_a_file(world: World) -> None:
    await add_bands(world.database)
    await love(world, 3, 1, 2)

    result = await world.ann.slash(world.channel, "playlist", order="newest")

    embed = shown(result).embeds[0]
    assert embed.title == "Tracks I like · 3 tracks"
    assert [line[:2] for line in (embed.description or "").splitlines()] == ["1.", "2.", "3."]
    assert embed.footer.text == "The newest first"
    assert labels(shown(result)) == ["M3U8", "XSPF", "JSPF", "CSV", "Links"]
    lines = (await file_of(result)).splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:Tracks I like"]
    assert sorted(lines[2::2]) == [f"#EXTINF:200,Band {n} - Song {n}" for n in (1, 2, 3)]


async def test_an_empty_list_is_told_in_a_sentence(world: World) -> None:
    result = await world.ann.slash(world.channel, "playlist", what="picks")

    assert shown(result).content.startswith("You have not liked any of my picks yet.")
    assert shown(result).attachments == []


async def test_every_form_is_a_button_away_after_a_restart(world: World) -> None:
    await add_bands(world.database)
    await love(world, 1, 2)
    message = shown(await world.ann.slash(world.channel, "playlist"))
    await world.restart()

    files = {}
    for form in FORMS:
        files[form] = await file_of(await world.ann.click(message, custom_id=f"playlist:1:{form}"))
        world.env.backend.advance_clock(10)

    titles = {"Song 1", "Song 2"}
    assert files["m3u8"].startswith("#EXTM3U")
    space = "{http://xspf.org/ns/0/}"
    found = ET.fromstring(files["xspf"].encode()).iter(f"{space}track")  # noqa: S314
    assert {one.findtext(f"{space}title") for one in found} == titles
    assert {one["title"] for one in json.loads(files["jspf"])["playlist"]["track"]} == titles
    table = csv.DictReader(io.StringIO(files["csv"].removeprefix("\ufeff")))
    assert {row["track_id"] for row in table} == {spotify_id(1), spotify_id(2)}
    assert f"https://open.spotify.com/track/{spotify_id(1)}" in files["links"]


async def test_a_list_whose_listener_had_their_data_deleted_is_gone(world: World) -> None:
    await add_bands(world.database)
    await love(world, 1)
    message = shown(await world.ann.slash(world.channel, "playlist"))
    async with world.database.write() as conn:
        await listeners.delete_everything(conn, world.ann.id, now=world.clock.now())

    result = await world.ann.click(message, custom_id="playlist:1:csv")

    assert "this one is gone" in shown(result).content


async def test_lists_are_shown_in_privacy(world: World) -> None:
    await add_bands(world.database)
    await love(world, 1)
    await world.ann.slash(world.channel, "playlist")

    result = await world.ann.slash(world.channel, "privacy show")

    assert "• 1 playlist made for you" in (shown(result).embeds[0].fields[0].value or "")
