"""What is counted of commands and buttons: what they are and what became of them, never who."""

import re

from bot import meters
from tests.cogs.conftest import World


def count(what: str, result: str) -> float:
    value = meters.REGISTRY.get_sample_value(
        "bside_answers_total", {"what": what, "result": result}
    )
    return value or 0.0


async def test_answers_and_refusals_are_counted_by_command(world: World) -> None:
    before = count("help", "answered"), count("rate track", "refused")

    await world.ann.slash(world.channel, "help")
    await world.ann.slash(world.channel, "rate track", track="nothing like it", score=4)

    assert count("help", "answered") == before[0] + 1
    assert count("rate track", "refused") == before[1] + 1
    seconds = meters.REGISTRY.get_sample_value("bside_answer_seconds_count", {"what": "help"})
    assert seconds is not None
    assert seconds >= 1


async def test_no_id_and_no_name_stands_in_the_metrics(world: World) -> None:
    await world.ann.slash(world.channel, "help")

    text = meters.written().decode()

    for number in (world.ann.id, world.ben.id, world.guild.id, world.channel.id):
        assert str(number) not in text
    assert "ann" not in re.findall(r'="([^"]*)"', text)
