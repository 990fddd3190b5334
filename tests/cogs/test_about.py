import pytest
from simcord.results import InteractionResult

from bot.app import BSide
from cogs.about import command_lines
from tests.cogs.conftest import World


def written(result: InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    (embed,) = result.response.embeds
    assert len(embed) <= 6000
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    return "\n".join(
        [embed.description or "", *(f"{field.name}\n{field.value}" for field in embed.fields)]
    )


@pytest.mark.both
async def test_help_names_every_command_that_discord_knows(world: World) -> None:
    text = written(await world.ann.slash(world.channel, "help"))

    for name in world.ann.available_commands(world.channel):
        assert f"/{name}`" in text
    assert "/settings promotions` – " in text
    assert "/settings · for server managers" in text
    assert "**Find similar**" in text


async def test_help_says_what_the_bot_is_how_to_react_and_what_is_kept(world: World) -> None:
    text = written(await world.ann.slash(world.channel, "help"))

    assert "I find the B-sides" in text
    assert "👍 or 👎" in text
    assert "/privacy delete" in text


async def test_help_works_in_a_direct_message(world: World) -> None:
    await world.ann.user.send_dm("hello")

    assert "I find the B-sides" in written(await world.ann.user.slash("help"))


async def test_every_command_has_a_description(world: World) -> None:
    assert isinstance(world.env.bot, BSide)
    lines = [line for line in command_lines(world.env.bot.tree) if not line.menu]

    assert len(lines) > 5
    assert all(len(line.description) > 5 for line in lines)
