"""The real bot in a simulated Discord, with a server, a channel and two listeners."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import discord
import pytest
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.app import BSide, Options, Pace
from bot.core.server import GuildChanges
from bot.errors import BSideError
from bot.services import BY_NAME_ONLY, build_services
from bot.services.accounts.accounts import Linking
from bot.services.finding.lookup import Outside
from bot.services.growth import GrowthPlan
from bot.store.engine import Database
from bot.web import serving, shared_routes
from tests.cogs.browsing import Web
from tests.fakes import FakeClock

PATIENCE_S = 60.0
"""How long the bot may take for its answer, on however busy a machine."""


@dataclass
class World:
    """One server with the bot in it."""

    env: simcord.Env
    guild: GuildHandle
    channel: ChannelHandle
    ann: MemberActor
    ben: MemberActor
    database: Database
    clock: FakeClock
    options: Options
    expected_errors: list[type[Exception]]
    """What a test provokes on purpose."""
    outside: Outside | None
    linking: Linking
    growth_plan: GrowthPlan | None
    public_url: str | None

    def bot(self) -> BSide:
        """Return the bot that is running now."""
        assert isinstance(self.env.bot, BSide)
        return self.env.bot

    async def want_picks_apart(self) -> None:
        """Have each pick of an answer in a message of its own."""
        await self.bot().services.rules.change(self.guild.id, GuildChanges(picks_apart=True))

    async def play(
        self, user_id: int, artist: str, *, days: Iterable[int], title: str = "A Song"
    ) -> None:
        """Let somebody have played a song so many days ago each, as their export tells."""
        rows = [
            {
                "ts": (self.clock.now() - timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "ms_played": 200_000,
                "master_metadata_track_name": title,
                "master_metadata_album_artist_name": artist,
            }
            for day in days
        ]

        async def silent(_rows: int, _share: float) -> None:
            return

        await self.bot().services.listens.import_file(
            user_id, json.dumps(rows).encode(), "Streaming_History_Audio_1.json", silent
        )

    async def restart(self) -> None:
        """Stop the bot and start another one on the same database."""
        services = build_services(
            self.database,
            self.clock,
            self.outside,
            self.linking,
            growth_plan=self.growth_plan,
            public_url=self.public_url,
        )
        await self.env.restart_bot(BSide(services, self.options))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def options() -> Options:
    """The bot of these tests waits for nothing before it repeats something."""
    return Options(pace=Pace(acknowledge=(0, 0, 0, 0), ask=(0, 0, 0, 0), label=0))


@pytest.fixture
def database(starter: Database) -> Database:
    """The bot of these tests knows the starter catalogue."""
    return starter


@pytest.fixture
def expected_errors() -> list[type[Exception]]:
    return []


@pytest.fixture
def outside() -> Outside | None:
    """What asks the music services; the bot of these tests has none to ask."""
    return None


@pytest.fixture
def growth_plan() -> GrowthPlan | None:
    """How far the catalogue grows by itself: that of these tests does not."""
    return None


@pytest.fixture
def public_url() -> str | None:
    """Where the web reaches the pages of the bot: those of these tests, nowhere."""
    return None


@pytest.fixture
def linking() -> Linking:
    """What the operator set up for linking accounts: nothing."""
    return BY_NAME_ONLY


@pytest.fixture
async def env(
    database: Database,
    clock: FakeClock,
    options: Options,
    outside: Outside | None,
    linking: Linking,
    growth_plan: GrowthPlan | None,
    public_url: str | None,
    expected_errors: list[type[Exception]],
) -> AsyncIterator[simcord.Env]:
    services = build_services(
        database, clock, outside, linking, growth_plan=growth_plan, public_url=public_url
    )
    env = simcord.Env(BSide(services, options), check_errors=False, settle_timeout=PATIENCE_S)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()
    unexpected = [error for error in env.errors if not _is_answered(error, expected_errors)]
    assert unexpected == [], "the bot met an error that it has no sentence for"


@pytest.fixture
def is_greeted() -> bool:
    """Whether the bot has said hello in the server of these tests."""
    return True


@pytest.fixture
async def world(
    env: simcord.Env,
    database: Database,
    clock: FakeClock,
    options: Options,
    outside: Outside | None,
    linking: Linking,
    growth_plan: GrowthPlan | None,
    public_url: str | None,
    expected_errors: list[type[Exception]],
    is_greeted: bool,
) -> World:
    guild = env.create_guild()
    if is_greeted:
        assert isinstance(env.bot, BSide)
        await env.bot.services.greetings.take(guild.id)
    channel = guild.create_text_channel("music")
    ann, ben = (guild.add_member(env.create_user(name)) for name in ("ann", "ben"))
    return World(
        env, guild, channel, ann, ben, database, clock, options, expected_errors, outside, linking,
        growth_plan, public_url,
    )  # fmt: skip


@pytest.fixture
async def web(world: World) -> AsyncIterator[Web]:
    """Somebody with a browser."""
    async with (
        serving(shared_routes(world.bot().services, world.clock), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Web(world, session, f"http://127.0.0.1:{port}")


def _is_answered(error: BaseException, expected: list[type[Exception]]) -> bool:
    """An error that the bot answers with a sentence of its own is no accident."""
    original = getattr(error, "original", error)
    known: tuple[type[BaseException], ...] = (BSideError, *expected)
    if isinstance(original, known):
        return True
    return isinstance(original, discord.app_commands.AppCommandError) and not isinstance(
        original, discord.app_commands.CommandInvokeError
    )
