import re

import discord
import pytest
from simcord.results import InteractionResult
from sqlalchemy import func, select

from bot.core.models import Subject, SubjectKind
from bot.store.tables import playlists
from bot.ui import paths as ui
from tests.cogs.bands import add_bands
from tests.cogs.conftest import World
from tests.cogs.test_stored import press

FIRST = 322
"""The track of the first band: the starter catalogue has 321."""


def band(number: int) -> str:
    return f"track:{FIRST - 1 + number}"


def shown(result: InteractionResult) -> discord.Message:
    found = result.followups[-1] if result.followups else result.response
    assert found is not None
    return found.message


def lines(message: discord.Message) -> list[str]:
    return (message.embeds[0].description or "").splitlines()


def songs(message: discord.Message) -> list[str]:
    return re.findall(r"Song \d+", " ".join(line.split("](")[0] for line in lines(message)))


async def lists_of(world: World, user_id: int) -> int:
    async with world.database.read() as conn:
        query = select(func.count()).select_from(playlists).where(playlists.c.user_id == user_id)
        return int(await conn.scalar(query) or 0)


@pytest.mark.both
async def test_a_path_leads_from_a_hit_to_the_little_known_with_a_reason_for_every_hop(
    world: World,
) -> None:
    await add_bands(world.database)

    result = await world.ann.slash(
        world.channel, "path", **{"from": band(18), "to": band(1), "steps": 5}
    )

    message = shown(result)
    assert not result.ephemeral
    assert message.embeds[0].title == "5 steps from Song 18 to Song 1"
    numbers = [int(song.split()[-1]) for song in songs(message)]
    assert (numbers[0], numbers[-1]) == (18, 1)
    assert numbers == sorted(numbers, reverse=True)
    assert [line for line in lines(message) if line.startswith("↳ ")]
    assert "no step is better known than the one before" in (message.embeds[0].footer.text or "")


async def test_the_path_can_be_had_as_a_file_by_whoever_sees_it_after_a_restart(
    world: World,
) -> None:
    await add_bands(world.database)
    message = shown(
        await world.ann.slash(world.channel, "path", **{"from": band(18), "to": band(1)})
    )
    await world.restart()

    file = await world.ben.click(message, label="M3U8")

    (attachment,) = shown(file).attachments
    text = (await attachment.read()).decode()
    assert text.count("#EXTINF") == len(songs(message))
    assert "Band 18 - Song 18" in text


async def test_a_private_path_is_private_and_so_is_its_file(world: World) -> None:
    await add_bands(world.database)
    result = await world.ann.slash(
        world.channel, "path", **{"from": band(18), "to": band(1), "private": True}
    )

    assert result.ephemeral
    other = await press(world, "playlist:1:m3u8", world.ben)
    assert "was made for somebody else" in shown(other).content


async def test_another_path_goes_by_other_artists_for_the_eyes_of_whoever_presses(
    world: World,
) -> None:
    await add_bands(world.database)
    message = shown(
        await world.ann.slash(
            world.channel, "path", **{"from": band(18), "to": band(1), "steps": 5}
        )
    )

    other = await world.ben.click(message, label=ui.ANOTHER)

    assert other.ephemeral
    first, second = songs(message), songs(shown(other))
    assert (first[0], first[-1]) == (second[0], second[-1])
    assert not set(first[1:-1]) & set(second[1:-1])
    assert (await lists_of(world, world.ann.id), await lists_of(world, world.ben.id)) == (1, 1)


async def test_no_other_path_is_told_in_a_sentence(world: World) -> None:
    await add_bands(world.database)
    message = shown(
        await world.ann.slash(
            world.channel, "path", **{"from": band(18), "to": band(1), "steps": 12}
        )
    )

    for _ in range(30):
        result = await world.ann.click(message, label=ui.ANOTHER)
        if result.response is None or not shown(result).embeds:
            break
        message = shown(result)
        world.env.backend.advance_clock(10)

    assert "I find no other path" in shown(result).content


async def test_without_an_end_the_path_leads_to_ones_own_taste(world: World) -> None:
    await add_bands(world.database)
    for number in (1, 2, 3):
        await world.ann.slash(world.channel, "rate track", track=band(number), score=5)

    result = await world.ann.slash(world.channel, "path", **{"from": band(18)})

    last = songs(shown(result))[-1]
    assert last not in {"Song 1", "Song 2", "Song 3"}
    assert songs(shown(result))[0] == "Song 18"


async def test_without_an_end_and_a_taste_one_is_told_what_to_do(world: World) -> None:
    await add_bands(world.database)

    result = await world.ann.slash(world.channel, "path", **{"from": band(18)})

    assert "Say with `to` where the path ends" in shown(result).content
    assert "/start" in shown(result).content


async def test_whom_one_never_wants_to_see_is_on_no_path(world: World) -> None:
    await add_bands(world.database)
    asked = {"from": band(18), "to": band(1), "steps": 5}
    before = songs(shown(await world.ann.slash(world.channel, "path", **asked)))
    for number in range(2, 18):
        if f"Song {number}" in " ".join(before[1:-1]):
            await world.ann.slash(world.channel, "rate track", track=band(number), score=1)
    world.env.backend.advance_clock(60)

    after = songs(shown(await world.ann.slash(world.channel, "path", **asked)))

    assert not set(before[1:-1]) & set(after)


async def test_where_nobody_is_counted_it_is_said_once(world: World) -> None:
    result = await world.ann.slash(world.channel, "path", **{"from": "track:1", "to": "track:200"})

    text = shown(result).embeds[0]
    assert "counts" not in (text.description or "")
    assert "nobody counts any of these artists" in (text.footer.text or "")


async def test_a_muted_artist_is_on_no_path(world: World) -> None:
    await add_bands(world.database)
    asked = {"from": band(18), "to": band(1), "steps": 5}
    before = songs(shown(await world.ann.slash(world.channel, "path", **asked)))
    for song in before[1:-1]:
        await world.ann.slash(world.channel, "mute artist", artist=f"Band {song.split()[1]}")

    after = songs(shown(await world.ann.slash(world.channel, "path", **asked)))

    assert not set(before[1:-1]) & set(after)


async def test_where_all_that_lies_between_is_muted_the_answer_says_so(world: World) -> None:
    await add_bands(world.database)
    muting, catalog = world.bot().services.muting, await world.bot().services.catalog.get()
    ends = {int(catalog.artist_ids[catalog.row_of(FIRST + one)]) for one in (0, 17)}
    for artist_id in {int(one) for one in catalog.artist_ids} - ends:
        await muting.mute(world.ann.id, Subject(SubjectKind.ARTIST, artist_id))

    asked = {"from": band(18), "to": band(1)}
    muted = await world.ann.slash(world.channel, "path", **asked)
    others = await world.ben.slash(world.channel, "path", **asked)

    assert shown(muted).content.startswith("You muted or do not like what lies between these two")
    assert songs(shown(others))


async def test_an_artist_stands_for_the_best_known_song(world: World) -> None:
    await add_bands(world.database)

    result = await world.ann.slash(world.channel, "path", **{"from": "Band 18", "to": "Band 2"})

    assert "from Song 18 to Song 2" in (shown(result).embeds[0].title or "")


@pytest.mark.parametrize(
    ("start", "goal", "sentence"),
    [
        (band(3), band(3), "by the same artist"),
        ("Nobody Xq – Nothing Zq", band(3), "I know no track"),
        ("🎧", band(3), "I know no"),
        ("track:99999999", band(3), "I know no"),
    ],
    ids=["the same", "unknown", "an emoji", "gone"],
)
async def test_what_leads_nowhere_is_told_in_a_sentence(
    world: World, start: str, goal: str, sentence: str
) -> None:
    await add_bands(world.database)

    result = await world.ann.slash(world.channel, "path", **{"from": start, "to": goal})

    assert sentence in shown(result).content
    assert await lists_of(world, world.ann.id) == 0


async def test_a_button_whose_tracks_are_gone_says_so(world: World) -> None:
    await add_bands(world.database)
    result = await press(world, f"path:999999-{FIRST}-6-1")

    assert "not in my catalogue any more" in shown(result).content
