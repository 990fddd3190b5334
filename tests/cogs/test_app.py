"""What holds for every command: where it works, who is pinged, how errors are answered."""

import logging

import discord
import pytest
from sqlalchemy import text

from bot import log
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, rate_some


def test_commands_can_be_installed_by_servers_and_by_users(world: World) -> None:
    tree = world.bot().tree

    for command in tree.get_commands():
        payload = command.to_dict(tree)
        if command.name in ("server", "moderate", "artist", "blend", "Blend with"):
            assert payload["contexts"] == [0], "what is for a server has no place elsewhere"
        else:
            assert set(payload["integration_types"] or tree.allowed_installs.to_array()) == {0, 1}
            assert set(payload["contexts"] or tree.allowed_contexts.to_array()) == {0, 1, 2}


def test_no_privileged_intent_is_asked_for(world: World) -> None:
    intents = world.bot().intents

    assert not (intents.members)
    assert not (intents.presences)
    assert not (intents.message_content)


async def test_nobody_is_ever_pinged(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover")

    bodies = [entry.json for entry in world.env.http_requests if isinstance(entry.json, dict)]
    allowed = [body["allowed_mentions"] for body in bodies if "allowed_mentions" in body]
    assert world.bot().allowed_mentions is not None
    assert world.bot().allowed_mentions.to_dict() == {"parse": []}  # type: ignore[union-attr]
    assert all(one["parse"] == [] for one in allowed)


async def test_a_command_used_too_often_says_when_to_come_back(world: World) -> None:
    for _ in range(5):
        await world.ann.slash(world.channel, "similar", track="track:1", private=True)

    result = await world.ann.slash(world.channel, "similar", track="track:1", private=True)

    assert result.ephemeral
    assert "Try again in" in answer(result)


async def test_an_accident_is_answered_with_a_reference_that_is_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.database.write() as conn:
        await conn.execute(text("drop table feedback"))

    result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    world.expected_errors.append(discord.app_commands.CommandInvokeError)
    world.expected_errors.append(Exception)
    reference = answer(result).split("`")[1]
    assert "Traceback" not in answer(result)
    assert any(reference in record.getMessage() for record in caplog.records)


async def test_an_accident_leaves_no_half_written_rows(world: World) -> None:
    async with world.database.write() as conn:
        await conn.execute(
            text(
                "create trigger full before insert on feedback "
                "begin select raise(abort, 'disk is full'); end"
            )
        )
    world.expected_errors.append(Exception)

    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    async with world.database.read() as conn:
        assert await conn.scalar(text("select count(*) from feedback")) == 0
        assert await conn.scalar(text("select count(*) from users")) == 0


async def test_a_rating_counts_even_when_its_taste_vector_cannot_be_kept(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.database.write() as conn:
        await conn.execute(text("drop table taste"))

    result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    assert result.response is not None
    assert "★★★★★" in result.response.message.content
    await world.bot().services.tastes.catch_up()
    assert "a taste could not be derived" in caplog.text
    async with world.database.read() as conn:
        assert await conn.scalar(text("select count(*) from feedback")) == 1


async def test_commands_are_not_sent_again_after_a_restart(world: World) -> None:
    before = [entry.path for entry in world.env.http_requests if entry.method == "PUT"]

    await world.restart()

    after = [entry.path for entry in world.env.http_requests if entry.method == "PUT"]
    assert len(before) == len(after) == 1


async def test_commands_that_were_deleted_at_discord_come_back_at_the_next_start(
    world: World,
) -> None:
    there = world.env.backend.commands[None]
    names = set(there)
    there.pop(next(iter(there)))

    await world.restart()

    assert set(world.env.backend.commands[None]) == names


async def test_the_bot_starts_when_discord_does_not_tell_its_commands(world: World) -> None:
    world.env.inject_error("GET", "/applications/*/commands", status=400, times=None)

    await world.restart()

    assert (await world.ann.slash(world.channel, "help")).acknowledged


@pytest.mark.parametrize(
    "line",
    [
        "token MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB",
        "GET /x?token=hush",
        "GET /spotify/callback?code=hush HTTP/1.1",
        "postgresql+asyncpg://ann:hush@host/db",
    ],
)
def test_secrets_never_reach_the_log(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "json"):
        log.set_up("info", form)
        logging.getLogger("bot.test").info("%s", line)

    written = capsys.readouterr().err
    assert written.count("[secret]") == 2
    assert "hush" not in written
    assert "abcdefghijklmnopqrstuvwxyz" not in written
