"""`bside run`: the bot on Discord."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import callback, settings
from bot import log as logs
from bot.app import BSide, Options
from bot.cli.login import reaching_discord, token_of
from bot.cli.wiring import backup_plan_of, linking_of, open_database, open_sources
from bot.clock import SystemClock
from bot.services import ask_outside, build_services
from bot.services.accounts import Accounts, Linking
from bot.services.beside import beside
from bot.services.catalog import LiveCatalog, keep_starter
from bot.services.finding import Enrichment

log = logging.getLogger(__name__)


def run() -> None:
    """Start the bot on Discord, with the token of the settings.

    First, the database is brought to the newest schema; a copy is made beside it before that.
    """
    config = settings.load()
    names = [name.strip() for name in config.log_also.split(",") if name.strip()]
    logs.set_up(config.log_level, config.log_format, also=names)
    asyncio.run(_run(config, token_of(config)))


async def _run(config: settings.Settings, token: str) -> None:
    clock, linking = SystemClock(), linking_of(config)
    async with (
        open_database(config.database_url) as database,
        open_sources(config, database, clock) as sources,
    ):
        outside = ask_outside(database, sources, clock)
        services = build_services(database, clock, outside, linking, backup_plan_of(config))
        if await keep_starter(database):
            log.info("the starter catalogue was loaded")
        await services.backups.begin()
        await services.catalog.start()
        await services.names.refresh()  # before anybody types: it takes seconds of the processor
        gc.freeze()  # what is there to stay is not gone through again and again
        bot = BSide(services, Options(seed_reactions=config.seed_reactions, covers=config.covers))
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, lambda: loop.create_task(_stop(bot)))
        with reaching_discord():
            async with (
                bot,
                services.jobs.running(after=bot.wait_until_ready),
                services.tastes.running(),
                services.names.running(),
                _filling_gaps(outside.enrichment, services.catalog),
                _taking_answers(config, linking, services.accounts),
            ):
                await bot.start(token)
    log.info("stopped; everything is written")


@asynccontextmanager
async def _filling_gaps(enrichment: Enrichment, catalog: LiveCatalog) -> AsyncIterator[None]:
    """Fill the gaps of the catalogue meanwhile."""
    try:
        async with beside(enrichment.run(catalog.get)):
            yield
    finally:
        await enrichment.close()


@asynccontextmanager
async def _taking_answers(
    config: settings.Settings, linking: Linking, accounts: Accounts
) -> AsyncIterator[None]:
    """Serve the page that Spotify sends listeners back to meanwhile, where the operator wants it.

    Raises:
        SetupError: its port is taken.
    """
    if not linking.is_served or config.callback_port is None:
        yield
        return
    async with callback.serving(accounts, host=config.callback_host, port=config.callback_port):
        yield


async def _stop(bot: BSide) -> None:
    log.info("stopping")
    await bot.close()
