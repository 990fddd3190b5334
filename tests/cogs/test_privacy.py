from tests.cogs.conftest import World


async def test_privacy_show_says_that_nothing_is_kept_of_a_stranger(world: World) -> None:
    result = await world.ann.slash(world.channel, "privacy show")

    assert result.ephemeral
    assert result.response is not None
    embed = result.response.embeds[0]
    assert "0 entries" in (embed.fields[0].value or "")
