"""The owner is told what needs them: in private, once a day, and nobody else is."""

import shutil
from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.app.owner import OwnerNotices
from bot.core.server import GuildChanges, Shards
from bot.services.upkeep import WATCH
from bot.store import jobs
from tests.cogs.conftest import World

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> list[discord.Embed]:
    """What the owner was sent; ann owns the application."""
    sent: list[discord.Embed] = []

    async def send(self: discord.User, *, embed: discord.Embed) -> None:
        assert self.id == world.ann.id
        sent.append(embed)

    owner = SimpleNamespace(team=None, owner=SimpleNamespace(id=world.ann.id))
    monkeypatch.setattr(type(world.bot()), "application", owner)
    monkeypatch.setattr(discord.User, "send", send)
    return sent


ALL = Shards(0, 0, 1)


def notices(world: World, shards: Shards = ALL) -> OwnerNotices:
    return OwnerNotices(world.bot(), world.bot().services, shards)


async def test_all_is_well_and_nobody_is_told(world: World, told: list[discord.Embed]) -> None:
    again = await notices(world).look(0)

    assert told == []
    assert (again - world.clock.now()).days == 1


@pytest.mark.both
async def test_a_full_disk_and_a_channel_that_is_gone_are_told(
    world: World, told: list[discord.Embed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**9, 10**9, 1000))
    await world.bot().services.rules.change(world.guild.id, GuildChanges(promotion_channel_id=77))

    await notices(world).look(0)

    text = told[0].description or ""
    assert "Disk: 0 MB free" in text
    assert "Free some space" in text
    assert "In one server, a channel that I am to post in is gone" in text
    assert str(world.guild.id) not in text


async def test_a_channel_that_is_there_is_no_trouble(
    world: World, told: list[discord.Embed]
) -> None:
    changes = GuildChanges(promotion_channel_id=world.channel.id)
    await world.bot().services.rules.change(world.guild.id, changes)

    await notices(world).look(0)

    assert told == []


async def test_channels_in_servers_of_another_process_are_asked_for(
    world: World, told: list[discord.Embed]
) -> None:
    rules = world.bot().services.rules
    count = 4
    elsewhere = Shards((world.guild.id >> 22) % count, (world.guild.id >> 22) % count, count)
    other_server = world.guild.id + (1 << 22)  # the next shard's
    await rules.change(other_server, GuildChanges(promotion_channel_id=world.channel.id))
    await notices(world, elsewhere).look(0)
    there = list(told)

    await rules.change(other_server, GuildChanges(promotion_channel_id=77))
    await notices(world, elsewhere).look(0)

    assert there == []
    assert "In one server, a channel" in (told[0].description or "")


async def test_an_owner_who_takes_no_messages_is_no_crash(
    world: World,
    told: list[discord.Embed],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def refuse(self: discord.User, **_what: Any) -> None:
        response = SimpleNamespace(status=403, reason="Forbidden")
        raise discord.Forbidden(response, {"code": 50007, "message": "no"})  # type: ignore[arg-type]

    monkeypatch.setattr(discord.User, "send", refuse)
    await world.bot().services.rules.change(world.guild.id, GuildChanges(promotion_channel_id=77))

    again = await notices(world).look(0)

    assert again > world.clock.now()
    assert "the owner cannot be written to" in caplog.text
    assert "is gone" in caplog.text


async def test_the_look_is_planned_once_survives_a_restart_and_can_be_switched_off(
    world: World,
) -> None:
    async def planned() -> object:
        async with world.database.read() as conn:
            return await jobs.planned_for(conn, WATCH, 0)

    await notices(world).begin(wanted=True)
    first = await planned()
    world.clock.move(minutes=5)
    await notices(world).begin(wanted=True)
    again = await planned()
    await notices(world).begin(wanted=False)

    assert first == again is not None
    assert await planned() is None
