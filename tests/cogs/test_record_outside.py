"""The check that docs/record.md describes, by the documented commands, on what a bot really did."""

import asyncio
import json
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.record import app
from bot.clock import SystemClock
from tests.cogs.conftest import World
from tests.cogs.test_audition import near_tracks, newcomer, promote
from tests.cogs.test_discover import rate_some
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """What happens here happened so long ago that a published log tells of its promotions."""
    return FakeClock(SystemClock().now() - timedelta(days=40))


async def bside(*arguments: str) -> str:
    """Run `bside log` beside the bot, as an operator or anybody else does."""
    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert result.exit_code == 0, result.exception
    return str(result.output)


def root_of(file: Path) -> str:
    """Work the head out as docs/record.md says, without any code of the bot."""

    def over(hashes: list[bytes]) -> bytes:
        if len(hashes) == 1:
            return hashes[0]
        left = 1 << ((len(hashes) - 1).bit_length() - 1)
        return sha256(b"\x01" + over(hashes[:left]) + over(hashes[left:])).digest()

    def digest(part: str | dict[str, str]) -> bytes:
        if isinstance(part, str):
            return bytes.fromhex(part)
        return sha256(b"\x03" + bytes.fromhex(part["salt"]) + part["text"].encode()).digest()

    leaves = []
    for line in file.read_text().splitlines()[1:]:
        leaf = json.loads(line)
        if "hash" in leaf:
            leaves.append(bytes.fromhex(leaf["hash"]))
        else:
            digests = b"".join(digest(leaf[name]) for name in ("open", "promotion", "private"))
            leaves.append(sha256(b"\x00" + sha256(b"\x02" + digests).digest()).digest())
    return f"{len(leaves)}:{over(leaves).hex()}"


async def test_a_pick_and_the_fairness_of_a_promotion_are_checked_from_outside(
    world: World, tmp_path: Path
) -> None:
    database = ("--catalog", str(world.database.file))
    await rate_some(world, world.ben)
    crowd = [await newcomer(world, f"listener{number}") for number in range(6)]
    track = (await near_tracks(world, crowd[0], count=1))[0]
    number = await promote(world, track.id)
    for actor in crowd:
        for _ in range(2):
            await actor.slash(world.channel, "discover", count=5)
    known = (await bside("head", *database)).split()[0]
    await world.ann.slash(world.channel, "discover", count=3)

    proof, log = str(tmp_path / "proof.json"), tmp_path / "log.jsonl"
    await bside("prove", proof, "--pick", "1", "--head", known, *database)
    told = await bside("verify", proof, "--head", known)
    await bside("publish", str(log), *database)
    fair = await bside("fairness", str(log), "--head", known)
    now = (await bside("head", *database)).split()[0]

    assert f'"user":{crowd[0].id}' in told
    assert root_of(log) == now
    assert "broken" not in fair
    (line,) = [line for line in fair.splitlines() if re.match(rf"│ {number} ", line)]
    assert [cell.strip() for cell in line.strip("│").split("│")][4:6] == ["5", "5"]
    for actor in crowd:
        assert str(actor.id) not in log.read_text()
