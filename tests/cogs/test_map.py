"""`/map`: drawn, turned, named, shared; who sees what."""

import asyncio

import numpy as np
import pytest
import simcord
from simcord.actors import MemberActor
from sqlalchemy import func, select

from bot.core.models import Subject, SubjectKind
from bot.store import tables
from bot.ui import map as ui
from bot.ui.stored import Stored
from tests.cogs.conftest import World
from tests.cogs.test_stored import press as forge

PNG = b"\x89PNG\r\n\x1a\n"


async def rate(world: World, user_id: int, *tracks: int, score: int = 5) -> None:
    for number in tracks:
        subject = Subject(SubjectKind.TRACK, number)
        await world.bot().services.feedback.rate(user_id, subject, score)


async def two_parts(world: World, user_id: int) -> list[int]:
    """Let somebody like two kinds of music; return a track of each part of their map."""
    catalog = await world.bot().services.catalog.get()
    by_energy = catalog.track_ids[np.argsort(catalog.gaussian[:, 1], kind="stable")]
    await rate(world, user_id, *by_energy[:8].tolist(), *by_energy[-8:].tolist())
    shown = await world.bot().services.maps.of(user_id)
    assert len(shown.clusters) > 1, "the example needs two parts"
    return [one.track_id for one in shown.clusters]


def shown(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


def words(message: simcord.ResponseMessage) -> str:
    return message.embeds[0].description or ""


def told(result: simcord.InteractionResult) -> str:
    messages = [*([result.response] if result.response else []), *result.followups]
    assert messages[-1].ephemeral
    return messages[-1].content


async def opened(world: World, who: MemberActor) -> simcord.InteractionResult:
    return await who.slash(world.channel, "map")


async def choose(
    world: World, who: MemberActor, result: simcord.InteractionResult, track_id: int
) -> simcord.ResponseMessage:
    done = await who.select(
        shown(result), [str(track_id)], custom_id=ui.ChoosePart(who.id).custom_id
    )
    return shown(done)


async def press(
    who: MemberActor, message: simcord.ResponseMessage, button: Stored
) -> simcord.InteractionResult:
    return await who.click(message, custom_id=button.custom_id)


async def factors(world: World, user_id: int) -> dict[int, float]:
    found = await world.bot().services.maps.of(user_id)
    return {one.track_id: one.factor for one in found.clusters}


async def count(world: World, table: str) -> int:
    async with world.database.read() as conn:
        query = select(func.count()).select_from(tables.metadata.tables[table])
        return int(await conn.scalar(query) or 0)


async def test_somebody_new_is_told_privately_how_to_start(world: World) -> None:
    result = await opened(world, world.ann)

    assert "`/start`" in told(result)
    assert "`/rate track`" in told(result)


@pytest.mark.both
async def test_ones_map_is_private_and_says_in_words_what_it_shows(world: World) -> None:
    await two_parts(world, world.ann.id)
    await rate(world, world.ann.id, 40, score=1)

    result = await opened(world, world.ann)

    assert result.ephemeral
    (picture,) = shown(result).attachments
    assert (await picture.read()).startswith(PNG)
    alt = picture.description or ""
    assert alt.startswith("ann: The ")
    assert "1 disliked track" in alt
    assert "🟣 **" in words(shown(result))


async def test_one_rating_and_only_dislikes_have_a_map_with_a_way_on(world: World) -> None:
    await rate(world, world.ann.id, 3)
    await rate(world, world.ben.id, 3, score=1)

    one, none = await opened(world, world.ann), await opened(world, world.ben)

    assert "with more likes it divides" in words(shown(one))
    assert "nothing that you like" in words(shown(none))
    assert len(shown(one).attachments) == len(shown(none).attachments) == 1


async def test_a_part_is_turned_only_after_a_preview_and_undo_takes_it_back(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    before = await count(world, "feedback")
    result = await opened(world, world.ann)
    message = await choose(world, world.ann, result, track)

    await press(world.ann, message, ui.TurnPart(world.ann.id, track, "off"))

    assert "of your next 5 picks would change" in words(message)
    assert await count(world, "feedback") == before

    await press(world.ann, message, ui.ReallyTurn(world.ann.id, track, "off"))

    assert (await factors(world, world.ann.id))[track] == 0
    assert "**off**" in words(message)
    history = await world.ann.slash(world.channel, "history")
    assert "🗺️ off the part of your `/map` with" in words(shown(history)).replace("off for", "off")

    undone = await world.ann.slash(world.channel, "undo")

    assert "Taken back: off for the part of your `/map` with" in shown(undone).content
    assert set((await factors(world, world.ann.id)).values()) == {1.0}


async def test_a_part_that_is_turned_by_two_presses_at_once_is_turned_once(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    maps = world.bot().services.maps

    await asyncio.gather(*(maps.turn(world.ann.id, track, 0.5) for _ in range(3)))
    await world.ann.slash(world.channel, "undo")

    assert set((await factors(world, world.ann.id)).values()) == {1.0}


async def test_after_a_restart_the_buttons_still_work(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), track)
    await world.restart()

    await press(world.ann, message, ui.TurnPart(world.ann.id, track, "up"))
    await press(world.ann, message, ui.ReallyTurn(world.ann.id, track, "up"))

    assert (await factors(world, world.ann.id))[track] == 2


async def test_the_preview_can_be_left_and_nothing_is_turned(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), track)
    await press(world.ann, message, ui.TurnPart(world.ann.id, track, "down"))

    await press(world.ann, message, ui.BackToMap(world.ann.id))

    assert set((await factors(world, world.ann.id)).values()) == {1.0}


async def test_the_last_part_that_counts_cannot_be_turned_off(world: World) -> None:
    first, *rest = await two_parts(world, world.ann.id)
    for track in rest:
        await world.bot().services.maps.turn(world.ann.id, track, 0)
    message = await choose(world, world.ann, await opened(world, world.ann), first)

    refused = await press(world.ann, message, ui.TurnPart(world.ann.id, first, "off"))

    assert "nothing of your taste would count" in told(refused)


async def rename(
    world: World, message: simcord.ResponseMessage, track: int, name: str
) -> simcord.InteractionResult:
    form = await press(world.ann, message, ui.RenamePart(world.ann.id, track))
    return await world.ann.submit_modal(form, {ui.NAME: name})


@pytest.mark.both
async def test_a_part_can_be_named_and_the_name_goes_with_the_person(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), track)

    await rename(world, message, track, "  *loud*   @everyone ")

    assert "**\\*loud\\* @\u200beveryone**" in words(message)
    data = await world.ann.slash(world.channel, "privacy show")
    assert "1 name you gave to parts of your `/map`" in (
        shown(data).embeds[0].fields[0].value or ""
    )

    await world.bot().services.privacy.delete(world.ann.id)

    assert await count(world, "cluster_names") == 0


async def test_an_empty_name_brings_the_own_one_back(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    result = await opened(world, world.ann)
    before = words(shown(result))
    message = await choose(world, world.ann, result, track)
    await rename(world, message, track, "Mine")
    message = await choose(world, world.ann, result, track)

    await rename(world, message, track, " ")

    assert words(message) == "Done: it has my name again.\n\n" + before
    assert await count(world, "cluster_names") == 0


@pytest.mark.both
@pytest.mark.parametrize("unseen", ["\u200b\u200b", "\u3164", "\0", "\u2800 \u200d"])
async def test_a_name_that_nobody_sees_is_no_name(world: World, unseen: str) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    result = await opened(world, world.ann)
    before = words(shown(result))
    message = await choose(world, world.ann, result, track)

    await rename(world, message, track, unseen)

    assert words(message) == "Done: it has my name again.\n\n" + before
    assert await count(world, "cluster_names") == 0


@pytest.mark.both
async def test_what_no_database_takes_is_left_out_of_a_name(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), track)

    await rename(world, message, track, "Mi\0ne\ud800 👩\u200d🎤")

    assert "**Mine 👩\u200d🎤**" in words(message)


async def test_two_parts_cannot_share_a_name(world: World) -> None:
    first, second, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), first)
    await rename(world, message, first, "Mine")
    message = await choose(world, world.ann, await opened(world, world.ann), second)

    refused = await rename(world, message, second, "mi\u200bne")

    assert "is called so" in told(refused)
    assert await count(world, "cluster_names") == 1


async def test_what_is_shared_shows_neither_dislikes_nor_picks_nor_friends_nor_what_is_off(
    world: World,
) -> None:
    _, second, *_ = await two_parts(world, world.ann.id)
    await rate(world, world.ann.id, 40, score=1)
    await world.bot().services.maps.rename(world.ann.id, second, "Hidden", lambda _: "")
    await world.bot().services.maps.turn(world.ann.id, second, 0)
    result = await opened(world, world.ann)

    done = await press(world.ann, shown(result), ui.ShareMap(world.ann.id))

    (posted,) = done.followups
    assert not posted.ephemeral
    assert "**ann**" in posted.content
    (picture,) = posted.attachments
    alt = picture.description or ""
    for word in ("disliked", "liked", "pick", "Friends", "off", "Hidden"):
        assert word not in alt.replace("what I like", "")
    assert posted.components == []


async def here(world: World, who: MemberActor, *, is_open: bool) -> None:
    """Let somebody with a taste use the bot in the server."""
    await rate(world, who.id, 5, 6, 7)
    await world.bot().services.privacy.set_profile_public(who.id, is_open)
    await who.slash(world.channel, "history")


async def alt_of_map(world: World, who: MemberActor) -> str:
    (picture,) = shown(await opened(world, who)).attachments
    return picture.description or ""


async def test_only_friends_who_opened_their_profile_and_are_here_stand_on_the_map(
    world: World,
) -> None:
    await two_parts(world, world.ann.id)
    cleo, dan = (world.guild.add_member(world.env.create_user(name)) for name in ("cleo", "dan"))
    await here(world, world.ben, is_open=True)
    await here(world, cleo, is_open=False)
    await here(world, dan, is_open=True)
    world.guild.remove_member(dan)

    alt = await alt_of_map(world, world.ann)

    assert "Friends: ben" in alt
    assert "cleo" not in alt
    assert "dan" not in alt


async def test_open_listeners_of_another_server_are_on_no_map_here(world: World) -> None:
    await two_parts(world, world.ann.id)
    elsewhere = world.env.create_guild()
    channel = elsewhere.create_text_channel("music")
    eve = elsewhere.add_member(world.env.create_user("eve"))
    await rate(world, eve.id, 5, 6, 7)
    await world.bot().services.privacy.set_profile_public(eve.id, True)
    await eve.slash(channel, "history")

    assert "Friends" not in await alt_of_map(world, world.ann)


async def test_a_map_that_was_shown_before_the_likes_changed_is_told_so(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    message = await choose(world, world.ann, await opened(world, world.ann), track)
    await rate(world, world.ann.id, track, score=1)

    refused = await press(world.ann, message, ui.TurnPart(world.ann.id, track, "up"))

    assert "Your likes have changed" in told(refused)


async def test_a_part_that_is_gone_brings_the_map_anew(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    result = await opened(world, world.ann)
    before = shown(result).attachments
    await rate(world, world.ann.id, track, score=1)

    message = await choose(world, world.ann, result, track)

    assert words(message).startswith(ui.CHANGED)
    assert str(track) not in [
        option["value"]
        for row in message.components
        for item in row["components"]
        for option in item.get("options", [])
    ]
    assert [one.id for one in message.attachments] != [one.id for one in before]


async def test_buttons_of_somebody_elses_map_do_nothing(world: World) -> None:
    track, *_ = await two_parts(world, world.ann.id)
    before = await count(world, "feedback")
    owner = world.ann.id

    for button in (
        ui.TurnPart(owner, track, "off"),
        ui.ReallyTurn(owner, track, "off"),
        ui.BackToMap(owner),
        ui.ShareMap(owner),
    ):
        assert told(await forge(world, button.custom_id, world.ben)) == ui.NOT_YOURS
    form = await forge(world, ui.RenamePart(owner, track).custom_id, world.ben)
    assert told(await world.ben.submit_modal(form, {ui.NAME: "stolen"})) == ui.NOT_YOURS

    assert await count(world, "feedback") == before
    assert await count(world, "cluster_names") == 0
