import pytest

from tests.cogs.conftest import World


async def test_privacy_show_says_that_nothing_is_kept_of_a_stranger(world: World) -> None:
    result = await world.ann.slash(world.channel, "privacy show")

    assert result.ephemeral
    assert result.response is not None
    embed = result.response.embeds[0]
    assert embed.fields[0].value == "• nothing"


@pytest.mark.both
async def test_privacy_show_tells_in_how_many_servers_a_listener_was_seen(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    result = await world.ann.slash(world.channel, "privacy show")
    later = await world.ann.slash(world.channel, "privacy show")

    assert result.response is not None
    assert later.response is not None
    assert "1 server in which you used me" in (later.response.embeds[0].fields[0].value or "")


async def test_who_rates_nothing_is_noted_nowhere(world: World) -> None:
    for _ in range(2):
        result = await world.ben.slash(world.channel, "privacy show")

    assert result.response is not None
    assert result.response.embeds[0].fields[0].value == "• nothing"


async def test_a_server_that_the_bot_is_removed_from_is_forgotten(world: World) -> None:
    bot = world.bot()
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "privacy show")
    guild = bot.guilds[0]

    await bot.on_guild_remove(guild)

    assert (await bot.services.privacy.show(world.ann.id)).servers == 0
