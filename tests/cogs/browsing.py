"""The bot's pages as a browser gets them, and the buttons that make them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.core.models import Subject, SubjectKind
from bot.ui import sharing
from bot.ui.page_buttons import SHARE
from tests.cogs.bands import add_bands

if TYPE_CHECKING:
    from tests.cogs.conftest import World

PUBLIC: Final = "https://music.example"
"""Where the web reaches the bot of these tests."""
FIRST: Final = 322
"""The track that is added first: the starter catalogue has 321."""


@dataclass
class Web:
    """The bot's pages, as a browser gets them."""

    world: World
    session: aiohttp.ClientSession
    home: str

    async def get(self, address: str) -> tuple[int, str]:
        path = address.removeprefix(PUBLIC)
        async with self.session.get(self.home + path) as response:
            return response.status, await response.text(errors="replace")

    async def make(self, result: InteractionResult, who: MemberActor | None = None) -> str:
        """Press both buttons; return the address that is told."""
        who = who or self.world.ann
        asked = await who.click(last(result), label=SHARE)
        assert asked.ephemeral
        done = await who.click(last(asked), label=sharing.MAKE)
        return address_in(last(done).content)


def last(result: InteractionResult) -> discord.Message:
    found = result.followups[-1] if result.followups else result.response
    assert found is not None
    return found.message


def address_in(said: str) -> str:
    found = re.search(r"<(https://\S+)>", said)
    assert found is not None, said
    return found[1]


async def love(world: World, *tracks: int) -> None:
    for number in tracks:
        await world.bot().services.feedback.rate(
            world.ann.id, Subject(SubjectKind.TRACK, number), 5
        )


async def playlist(world: World, count: int = 3) -> InteractionResult:
    """Let Ann have a list of some bands."""
    await add_bands(world.database)
    await love(world, *range(FIRST, FIRST + count))
    return await world.ann.slash(world.channel, "playlist")
