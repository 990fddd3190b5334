"""`bside run`: the bot on Discord."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Final

import typer

from bot import log as logs
from bot import meters, settings
from bot.app import BSide, Options
from bot.cli.login import reaching_discord, token_of
from bot.cli.wiring import (
    backup_plan_of,
    connect,
    growth_plan_of,
    linking_of,
    open_database,
    open_sources,
    public_url_of,
)
from bot.clock import Clock, SystemClock
from bot.core.server import Shards
from bot.errors import DatabaseError, SetupError
from bot.services import ask_outside, build_services
from bot.services.accounts import Linking
from bot.services.beside import beside
from bot.services.catalog import LiveCatalog, keep_starter
from bot.services.finding import Enrichment
from bot.store.engine import Database
from bot.web import consent_routes, health_routes, serving, shared_routes

log = logging.getLogger(__name__)

_LATER_S: Final = 60.0


def run(
    shards: Annotated[
        str | None,
        typer.Option(
            help="With other processes: the shards of this one, of how many, like 0-3/16.",
            metavar="FIRST-LAST/COUNT",
        ),
    ] = None,
) -> None:
    """Start the bot on Discord, with the token of the settings.

    First, the database is brought to the newest schema; a copy is made beside it before that. One
    process serves some thousand servers. More are served by several processes with `--shards`,
    which share a database of PostgreSQL.
    """
    config = settings.load()
    ours = _read_shards(shards, config.database_url)
    names = [name.strip() for name in config.log_also.split(",") if name.strip()]
    logs.set_up(config.log_level, config.log_format, also=names)
    asyncio.run(_run(config, token_of(config), ours))


def _read_shards(text: str | None, url: str) -> Shards | None:
    if text is None:
        return None
    try:
        shards = Shards.read(text)
    except ValueError as error:
        raise SetupError(
            f"--shards cannot be {text}: write the first, the last and how many there are in all, "
            "counted from 0, like 0-3/16."
        ) from error
    if shards.share < 1 and connect(url).file is not None:
        raise SetupError(
            "Several processes need a database on a server: name one of PostgreSQL in DATABASE_URL "
            "(`bside db copy` moves everything there)."
        )
    return shards


async def _run(config: settings.Settings, token: str, shards: Shards | None) -> None:
    clock, linking, public_url = SystemClock(), linking_of(config), public_url_of(config)
    share = 1.0 if shards is None else shards.share
    if share < 1:  # a consent that one of several processes began, only this one could end
        linking = replace(linking, is_served=False)
    async with (
        open_database(config.database_url) as database,
        open_sources(config, database, clock, share=share) as sources,
    ):
        outside = ask_outside(database, sources, clock)
        services = build_services(
            database,
            clock,
            outside,
            linking,
            backup_plan_of(config),
            growth_plan_of(config),
            public_url,
            config.ai_artists,
        )
        if shards is not None:
            services.jobs.only_for(shards)
        async with database.turn("start"):
            if await keep_starter(database):
                log.info("the starter catalogue was loaded")
        await services.backups.begin()
        if services.growth is not None:
            await services.growth.begin()
        await services.popularity.begin()
        await services.ai_music.begin()
        await services.record.begin()
        await services.catalog.start()
        await services.names.refresh()  # before anybody types: it takes seconds of the processor
        gc.freeze()  # what is there to stay is not gone through again and again
        options = Options(
            seed_reactions=config.seed_reactions,
            covers=config.covers,
            tell_owner=config.tell_owner,
            shards=shards,
        )
        bot = BSide(services, options)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, lambda: loop.create_task(_stop(bot)))
        with reaching_discord():
            async with (
                bot,
                services.jobs.running(after=bot.wait_until_ready),
                services.tastes.running(),
                services.names.running(),
                _filling_gaps(database, outside.enrichment, services.catalog),
                _pages(config, linking, bot, clock),
            ):
                await bot.start(token)
    log.info("stopped; everything is written")


@asynccontextmanager
async def _filling_gaps(
    database: Database, enrichment: Enrichment, catalog: LiveCatalog
) -> AsyncIterator[None]:
    """Fill the gaps of the catalogue meanwhile; of several processes, one does it."""

    async def fill() -> None:
        while True:
            try:
                async with database.turn("gaps"):
                    await enrichment.run(catalog.get)
            except DatabaseError as error:
                log.warning("the gaps of the catalogue are filled later: %s", error)
                await asyncio.sleep(_LATER_S)

    try:
        async with beside(fill()):
            yield
    finally:
        await enrichment.close()


@asynccontextmanager
async def _pages(
    config: settings.Settings, linking: Linking, bot: BSide, clock: Clock
) -> AsyncIterator[None]:
    """Serve the bot's pages meanwhile, where the operator wants them.

    Raises:
        SetupError: their port is taken.
    """
    if config.http_port is None:
        yield
        return
    routes = health_routes(_Pulse(bot))
    if linking.is_served:
        routes += consent_routes(bot.services.accounts)
    if bot.services.shared_pages.is_on:
        routes += shared_routes(bot.services, clock)
    async with (
        beside(meters.watch_loop()),
        serving(routes, host=config.http_host, port=config.http_port),
    ):
        yield


class _Pulse:
    """How a bot is."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot

    def connected(self) -> bool:
        return self._bot.is_ready() and not self._bot.is_closed()

    def heartbeat_s(self) -> float:
        return self._bot.latency

    def servers(self) -> int:
        return len(self._bot.guilds)

    def waiting(self) -> int:
        return self._bot.services.recommender.line.waiting

    def tracks(self) -> int:
        return self._bot.services.catalog.size

    async def jobs_late(self) -> int:
        return await self._bot.services.jobs.count_late()

    def backup_age_s(self) -> float:
        return self._bot.services.backups.age_s()


async def _stop(bot: BSide) -> None:
    log.info("stopping")
    await bot.close()
