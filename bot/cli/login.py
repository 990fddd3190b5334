"""The token of the settings, and what can go wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
import discord

from bot.errors import SetupError
from bot.settings import Settings

_PORTAL: Final = (
    "https://discord.com/developers/applications → your application → Bot → Reset Token"
)


def token_of(config: Settings) -> str:
    """Return the token that the bot logs in with.

    Raises:
        SetupError: none is set.
    """
    if config.discord_token is None:
        raise SetupError(
            f"DISCORD_TOKEN is not set. Get one at {_PORTAL}, and put it into the file .env "
            "(.env.example shows how). To look around without one: bside demo"
        )
    return config.discord_token.get_secret_value().strip()


@contextmanager
def reaching_discord() -> Iterator[None]:
    """Say in a sentence that Discord refuses the token, or cannot be reached.

    Raises:
        SetupError: it does, or cannot.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise SetupError(f"Discord refuses the token. Make a new one at {_PORTAL}.") from error
    except (aiohttp.ClientConnectionError, discord.GatewayNotFound, TimeoutError) as error:
        raise SetupError(f"Discord cannot be reached: {error}. Is this machine online?") from error
