import re
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult

from tests.cogs.bands import add_bands
from tests.cogs.conftest import World
from tests.stored import StoredTrack, add_tracks

NAMED = re.compile(r"Band (\d+)")


async def ask(world: World, **options: Any) -> InteractionResult:
    await add_bands(world.database)
    return await world.ann.slash(world.channel, "artist playlist", **options)


def shown(result: InteractionResult) -> discord.Message:
    assert result.response is not None
    return result.response.message


def embed_of(result: InteractionResult) -> discord.Embed:
    (embed,) = shown(result).embeds
    return embed


def bands(embed: discord.Embed) -> list[int]:
    """Return the bands of the list, in its order."""
    lines = [line for line in (embed.description or "").splitlines() if line[:1].isdigit()]
    return [int(number) for line in lines for number in NAMED.findall(line)]


def fields(embed: discord.Embed) -> dict[str | None, str]:
    return {field.name: field.value or "" for field in embed.fields}


async def test_an_artist_is_set_among_better_known_ones_with_reasons(world: World) -> None:
    result = await ask(world, tracks="Band 4 – Song 4", size=6)

    embed = embed_of(result)
    assert result.ephemeral
    assert embed.title == "Band 4 in good company"
    assert len(bands(embed)) == 6
    assert set(bands(embed)) - {4} <= set(range(5, 12))
    lines = (embed.description or "").splitlines()
    own = [line for line in lines if "★" in line]
    assert len(own) == 1
    assert NAMED.findall(own[0]) == ["4"]
    assert len(lines) == 6
    for line in lines:
        assert "★" in line or re.search(r" · \d\d %$", line)
    assert "shoegaze" not in (embed.description or "")
    assert fields(embed) == {
        "Chosen among": "artists of shoegaze that are better known than 18 to 59 % of all "
        "(you are better known than 18 %)",
        "Each line": "All but yours: in a major key, shoegaze.\nThe percentage says how many "
        "artists are less known.",
    }


@pytest.mark.both
async def test_the_list_can_be_downloaded_after_a_restart(world: World) -> None:
    message = shown(await ask(world, tracks="Band 4 – Song 4", size=6))
    await world.restart()

    result = await world.ann.click(message, custom_id="playlist:1:m3u8")

    (file,) = shown(result).attachments
    lines = (await file.read()).decode().splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:Band 4 in good company"]
    assert "#EXTINF:200,Band 4 - Song 4" in lines
    assert sum(line.startswith("#EXTINF") for line in lines) == 6


async def test_a_public_list_is_for_everybody(world: World) -> None:
    result = await ask(world, tracks="Band 4 – Song 4", size=6, public=True)

    assert not result.ephemeral
    downloaded = await world.ben.click(shown(result), custom_id="playlist:1:links")
    (file,) = shown(downloaded).attachments
    assert downloaded.ephemeral
    assert len((await file.read()).decode().splitlines()) == 6


async def test_several_tracks_are_named_and_what_is_unknown_is_told(world: World) -> None:
    tracks = "Band 4 – Song 4; https://open.spotify.com/track/" + f"{6:022}" + "\nnobody – knows"

    embed = embed_of(await ask(world, tracks=tracks, size=6))

    stars = [line for line in (embed.description or "").splitlines() if "★" in line]
    assert sorted(int(NAMED.findall(line)[0]) for line in stars) == [4, 6]
    assert fields(embed)["Not in my catalogue"] == "• nobody – knows"


async def test_the_bound_that_leaves_nobody_is_named(world: World) -> None:
    embed = embed_of(await ask(world, tracks="Band 18 – Song 18"))

    assert embed.title == "No companions found"
    assert "17 are by artists who are less or better known than that" in (embed.description or "")
    assert fields(embed)["What helps"] == (
        "`known_from: 0` and `known_to: 100`: 17 tracks would come back."
    )
    assert (
        shown(
            await world.ann.slash(
                world.channel, "artist playlist", tracks="Band 18 – Song 18", known_from=0
            )
        )
        .embeds[0]
        .title
        == "Band 18 in good company"
    )


async def test_a_short_list_says_so(world: World) -> None:
    embed = embed_of(await ask(world, tracks="Band 4 – Song 4", size=50))

    assert "are of another genre" in fields(embed)["Only 6 of 49 companions"]


async def test_any_genre_and_other_bounds_can_be_asked_for(world: World) -> None:
    embed = embed_of(
        await ask(world, tracks="Band 4 – Song 4", genre="any", known_from=70, known_to=90, size=5)
    )

    assert set(bands(embed)) - {4} == {13, 14, 15, 16}
    assert fields(embed)["Chosen among"].startswith(
        "artists of any genre that are better known than 70 to 90 % of all"
    )


async def test_a_track_without_genre_and_fame_says_what_is_not_known(world: World) -> None:
    async with world.database.write() as conn:
        (own,) = await add_tracks(conn, [StoredTrack("Unsorted", "Nobody Yet", {"energy": 0.5})])

    embed = embed_of(await ask(world, tracks=f"track:{own}", size=5))

    chosen = fields(embed)["Chosen among"]
    assert chosen == (
        "artists of any genre (I do not know yours) that are better known than 50 to 75 % of "
        "all (nobody counts you, so I took the middle)"
    )


async def test_bad_wishes_are_refused_in_a_sentence(world: World) -> None:
    await add_bands(world.database)
    for options, sentence in (
        ({"tracks": "nobody – knows"}, "I know no track like that"),
        ({"tracks": "nobody – knows; neither"}, "I know none of these tracks"),
        ({"tracks": " ; "}, "Name at least one track"),
        ({"tracks": ";".join(f"Song {n}" for n in range(11))}, "10 tracks at most"),
        ({"tracks": "track:1;track:2;track:3", "size": 3}, "too short for your 3 tracks"),
        ({"tracks": "track:1", "known_from": 50, "known_to": 50}, "Let `known_from` be smaller"),
        ({"tracks": "track:1", "genre": "polka"}, "I do not know a genre of that name"),
    ):
        result = await world.ann.slash(world.channel, "artist playlist", **options)

        assert sentence in shown(result).content
        world.env.backend.advance_clock(40)


async def test_tracks_are_suggested_behind_each_semicolon(world: World) -> None:
    await add_bands(world.database)

    first = await world.ann.autocomplete(world.channel, "artist playlist", "tracks", "song 4")
    second = await world.ann.autocomplete(
        world.channel, "artist playlist", "tracks", "Band 4 – Song 4; song 6"
    )
    genres = await world.ann.autocomplete(world.channel, "artist playlist", "genre", "")

    assert first[0]["name"] == "Band 4 – Song 4"
    assert second[0]["value"] == "Band 4 – Song 4; Band 6 – Song 6"
    assert genres[0]["value"] == "any"
    assert "shoegaze" in [one["value"] for one in genres]
