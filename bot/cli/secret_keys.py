"""`bside secrets`: the keys that encrypt the tokens of linked accounts."""

import asyncio
from typing import Final

import typer
from rich.console import Console

from bot import settings
from bot.cli.wiring import open_database, vault_of
from bot.errors import SetupError
from bot.services.accounts import Sealed, Vault, new_key, rotate_seals

app = typer.Typer(
    name="secrets", help="Look after the keys of linked accounts.", no_args_is_help=True
)

_HOW: Final = (
    "Put it into .env as SECRET_KEYS, in front of an older one (new,old), restart the bot, and "
    "keep a copy of it in a safe place."
)


@app.command("new-key")
def make_key() -> None:
    """Print a new key for SECRET_KEYS; it is not stored anywhere."""
    print(new_key())
    Console(stderr=True).print(_HOW, highlight=False)


@app.command()
def rotate() -> None:
    """Encrypt all tokens under the first of SECRET_KEYS; then you can remove the others."""
    config = settings.load()
    vault = vault_of(config)
    if not vault.has_key:
        raise SetupError("SECRET_KEYS is not set. Make a key with: bside secrets new-key")
    before = asyncio.run(_rotate(config.database_url, vault))
    print(f"Encrypted {before.older} under the newest key; {before.newest} were already.")
    if before.lost:
        raise SetupError(
            f"{before.lost} cannot be opened with any of SECRET_KEYS. Put the missing key back, "
            "behind the others, or let the listeners link their accounts again."
        )


async def _rotate(url: str, vault: Vault) -> Sealed:
    async with open_database(url, must_exist=True) as database, database.write() as conn:
        return await rotate_seals(conn, vault)
