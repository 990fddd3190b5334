"""The record: a pick proved to its listener, the head posted where a server wishes it."""

import csv
import io
import zipfile
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from sqlalchemy import func, select

from bot.core.record import PRIVATE, Head, InclusionProof, read_proof
from bot.services.record import HEAD, check
from bot.store import jobs, record_posts
from bot.store.tables import record_openings
from bot.ui import record as ui
from tests.cogs.conftest import World
from tests.cogs.test_departures import forget
from tests.cogs.test_discover import answer, asked_why, button, latest, rate_some


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


@pytest.fixture
def stage(world: World) -> ChannelHandle:
    return world.guild.create_text_channel("record")


async def sealed(world: World, user_id: int | None = None) -> dict[str, int]:
    """Count what was sealed, by kind."""
    query = select(record_openings.c.kind, func.count()).group_by(record_openings.c.kind)
    if user_id is not None:
        query = query.where(record_openings.c.user_id == user_id)
    async with world.database.read() as conn:
        return {row[0]: row[1] for row in await conn.execute(query)}


async def ask_for_proof(world: World, actor: MemberActor, why: discord.Message) -> Any:
    return await actor.click(why, custom_id=button(why, "pick:proof"))


async def proved(world: World, actor: MemberActor) -> InclusionProof:
    result = await ask_for_proof(world, actor, await asked_why(world, actor))
    assert result.response.ephemeral
    (file,) = result.response.message.attachments
    proof = read_proof(await file.read())
    assert isinstance(proof, InclusionProof)
    assert str(proof.head) in result.response.message.content
    return proof


@pytest.mark.both
async def test_a_pick_is_proved_to_its_listener_also_after_a_restart(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    why = await asked_why(world, world.ann)
    await world.restart()

    result = await ask_for_proof(world, world.ann, why)
    proof = await proved(world, world.ann)

    assert result.response.ephemeral
    proof.check()
    content = proof.leaf.part(PRIVATE).content()
    assert content["user"] == world.ann.id
    assert f"pick:why:{content['track']}:{content['recommendation']}" == button(
        latest(world), "pick:why"
    )


async def test_nobody_else_is_offered_or_given_the_proof_of_a_pick(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    own = await asked_why(world, world.ann)

    others = await asked_why(world, world.ben)

    with pytest.raises(StopIteration):
        button(others, "pick:proof")
    number = int(button(own, "pick:proof").rsplit(":", 1)[1])
    record = world.bot().services.record
    assert await record.proof_of_pick(world.ann.id, number) is not None
    assert await record.proof_of_pick(world.ben.id, number) is None


async def test_a_pick_from_before_the_record_has_no_proof(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    why = await asked_why(world, world.ann)
    async with world.database.write() as conn:
        await conn.execute(record_openings.delete())

    result = await ask_for_proof(world, world.ann, why)

    assert answer(result) == ui.NOT_SEALED


async def test_what_is_said_and_taken_back_is_sealed_and_a_mute_is_not(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "undo")
    await world.ann.slash(world.channel, "mute artist", artist="artist:14")
    await world.ann.slash(world.channel, "undo")

    assert await sealed(world) == {"vote": 2}


async def test_a_post_that_fails_is_sealed_as_withdrawn(world: World) -> None:
    await rate_some(world, world.ann)
    world.env.inject_error("*", "/webhooks/*/*", status=500, times=None)

    await world.ann.slash(world.channel, "discover", count=3)

    assert await sealed(world) == {"vote": 3, "pick": 3, "withdrawn": 1}
    world.expected_errors.append(discord.HTTPException)


async def test_who_deletes_their_data_leaves_a_log_that_verifies(world: World) -> None:
    for actor in (world.ann, world.ben):
        await rate_some(world, actor)
        await actor.slash(world.channel, "discover", count=3)
    head, _ = await world.bot().services.record.head()

    await forget(world, world.ann)

    assert await sealed(world, world.ann.id) == {}
    assert await sealed(world, world.ben.id) == {"vote": 3, "pick": 3}
    checked = await check(world.database, [head])
    assert (checked.head, checked.opened) == (head, 6)


async def test_an_export_opens_what_was_sealed_of_its_person_and_of_nobody_else(
    world: World,
) -> None:
    for actor in (world.ann, world.ben):
        await rate_some(world, actor)
        await actor.slash(world.channel, "discover", count=3)
    await world.bot().services.record.catch_up()

    result = await world.ann.slash(world.channel, "privacy export")

    assert result.response is not None
    (file,) = result.response.attachments
    with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
        (name,) = [one for one in archive.namelist() if one.startswith("record")]
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8")))
    assert sorted(row["kind"] for row in rows) == ["pick"] * 3 + ["vote"] * 3
    assert all(f'"user":{world.ann.id}' in row["private"] for row in rows)
    assert all(row["position"] and row["seed"] for row in rows)


async def run_due(world: World) -> int:
    done = await world.bot().services.jobs.run_due()
    await world.env.settle()
    return done


def heads(stage: ChannelHandle) -> list[Head]:
    texts = [one.embeds[0].description or "" for one in stage.history()]
    return [Head.read(text.split("```")[1]) for text in texts]


@pytest.mark.both
async def test_the_head_is_posted_every_week_and_never_twice(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await rate_some(world, world.ann)
    said = await boss.slash(world.channel, "server record on", channel=stage)

    done = [await run_due(world), await run_due(world)]
    await boss.slash(world.channel, "server record on", channel=stage)
    await world.restart()
    await run_due(world)
    world.clock.move(days=6)
    await run_due(world)
    first = heads(stage)
    await rate_some(world, world.ben)
    world.clock.move(days=1)
    await run_due(world)

    assert said.ephemeral
    assert done == [1, 0]
    assert [one.size for one in first] == [3]
    assert [one.size for one in heads(stage)] == [3, 6]
    await check(world.database, heads(stage))


async def test_a_head_that_a_crash_left_open_is_not_posted_again(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await boss.slash(world.channel, "server record on", channel=stage)
    async with world.database.write() as conn:
        now = world.clock.now()
        assert await record_posts.begin_sending(conn, world.guild.id, now=now, crashed_before=now)

    await run_due(world)

    assert stage.history() == []
    async with world.database.read() as conn:
        due = await jobs.planned_for(conn, HEAD, world.guild.id)
    assert due is not None
    assert (due - world.clock.now()).days == 7


async def test_where_the_channel_is_gone_it_is_switched_off_and_told(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await boss.slash(world.channel, "server record on", channel=stage)
    world.env.backend.delete_channel(stage.id)

    assert await run_due(world) == 1
    shown = await boss.slash(world.channel, "server record show")

    assert answer(shown) == ui.CHANNEL_GONE
    async with world.database.read() as conn:
        assert await jobs.planned_for(conn, HEAD, world.guild.id) is None


async def test_switched_off_it_is_posted_no_more(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await boss.slash(world.channel, "server record on", channel=stage)
    off = await boss.slash(world.channel, "server record off")
    again = await boss.slash(world.channel, "server record off")

    assert await run_due(world) == 0
    assert (answer(off), answer(again)) == (ui.OFF, ui.WAS_OFF)
    assert stage.history() == []
