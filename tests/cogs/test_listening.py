"""`/import` and what follows from it, as a listener sees it."""

import pytest

from bot.app import BSide
from bot.store import catalog, jobs
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, cards, posts
from tests.exports.samples import PODCAST, array, streamed, zipped


async def export(world: World, *, first: int = 1, tracks: int = 4, times: int = 5) -> bytes:
    async with world.database.read() as conn:
        found = await catalog.tracks_by_ids(conn, list(range(first, first + tracks)))
    rows = [
        {
            **streamed(one.title, at=f"{place:02d}:{n:02d}:00"),
            "master_metadata_album_artist_name": one.artist,
        }
        for place, one in enumerate(found)
        for n in range(times)
    ]
    return zipped({"Streaming_History_Audio_2024.json": array(*rows, PODCAST)})


async def import_file(world: World, content: bytes, name: str = "my_spotify_data.zip") -> str:
    result = await world.ann.slash(world.channel, "import", file=(name, content))
    assert result.ephemeral
    assert result.response is not None
    message = result.response
    if message.embeds:
        embed = message.embeds[0]
        fields = " ".join(f"{field.name}: {field.value}" for field in embed.fields)
        return f"{embed.title} {embed.description} {fields}"
    return answer(result)


async def test_an_import_says_what_it_brought_and_twice_is_once(world: World) -> None:
    content = await export(world)

    first = await import_file(world, content)
    second = await import_file(world, content)

    assert "Imported" in first
    assert "20 plays" in first
    assert "4 of 4 recordings" in first
    assert "podcasts, videos, or without a name: 1" in first
    assert "Nothing new" in second


@pytest.mark.both
async def test_a_newcomer_gets_picks_after_an_import_and_a_restart(world: World) -> None:
    await import_file(world, await export(world))
    await world.restart()

    await world.ann.slash(world.channel, "discover", count=2, private=False)

    assert len(cards(world)) == 2
    assert isinstance(world.env.bot, BSide)
    async with world.database.read() as conn:
        assert await jobs.planned_for(conn, "admit", world.ann.id) is not None


async def test_discover_by_what_was_played_lately(world: World) -> None:
    missing = await world.ann.slash(world.channel, "discover", basis="recent")
    assert "/import" in answer(missing)
    await import_file(world, await export(world))

    await world.ann.slash(world.channel, "discover", basis="recent", count=1)

    assert "By what you played lately." in posts(world)[0].content


async def test_like_and_basis_together_are_refused(world: World) -> None:
    result = await world.ann.slash(world.channel, "discover", basis="top", like="track:1")

    assert "Choose either `like`" in answer(result)


async def test_a_file_that_is_no_export_is_refused_with_a_sentence(world: World) -> None:
    told = await world.ann.slash(world.channel, "import", file=("cat.png", b"\x89PNG\xff\0\xfe"))

    assert "I do not know this file" in answer(told)


async def test_privacy_shows_the_plays(world: World) -> None:
    await import_file(world, await export(world))

    result = await world.ann.slash(world.channel, "privacy show")

    assert result.response is not None
    assert "20 plays" in (result.response.embeds[0].fields[0].value or "")
