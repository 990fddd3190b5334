"""`bside commands`: the bot's slash commands, as Discord has them."""

import asyncio

import typer
from rich.console import Console

from bot import settings
from bot.app import BSide
from bot.cli.login import reaching_discord, token_of
from bot.cli.wiring import open_database
from bot.clock import SystemClock
from bot.errors import SetupError
from bot.services import build_services

app = typer.Typer(
    name="commands", help="Look after the bot's commands at Discord.", no_args_is_help=True
)


@app.callback()
def _commands() -> None:
    """Look after the bot's commands at Discord."""


@app.command()
def sync() -> None:
    """Send all commands to Discord, whatever it has; `bside run` does so when they differ."""
    config = settings.load()
    sent = asyncio.run(_send(config.database_url, token_of(config)))
    Console().print(f"[green]✓[/] Sent {sent} commands to Discord.", highlight=False)


async def _send(url: str, token: str) -> int:
    async with open_database(url) as database:
        bot = _Sender(build_services(database, SystemClock()))
        with reaching_discord():
            async with bot:
                await bot.login(token)
    if bot.sent is None:
        raise SetupError("The commands were not sent.")
    return bot.sent


class _Sender(BSide):
    """Logs in to send the commands, and does nothing else: the bot may be running meanwhile."""

    sent: int | None = None

    async def setup_hook(self) -> None:
        """Send the commands."""
        await self.load_cogs()
        self.sent = await self.send_commands()
