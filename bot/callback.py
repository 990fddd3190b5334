"""The one page that the bot serves: where Spotify sends listeners back to. It answers nothing else.

It speaks plain HTTP, for a web server on the same machine that speaks HTTPS to the world.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.errors import SetupError, UserError
from bot.services.accounts import Accounts, read_answer
from bot.ui import consent_page

log = logging.getLogger(__name__)

# What is no HTTP, or too long, would be logged as it came, and with a code in it.
_silent = logging.getLogger(f"{__name__}.http")
_silent.setLevel(logging.CRITICAL)

PATH: Final = "/spotify/callback"

_LONGEST_LINE: Final = 8190
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address holds a code
    "Server": "B-Side",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


@asynccontextmanager
async def serving(accounts: Accounts, *, host: str, port: int) -> AsyncIterator[int]:
    """Answer browsers meanwhile; yields the port.

    Args:
        host: where to listen; 127.0.0.1 is reached from this machine only.
        port: 0 for any that is free.

    Raises:
        SetupError: somebody else listens there.
    """
    app = web.Application(client_max_size=1)
    app.add_routes([web.get(PATH, _Page(accounts).answer, allow_head=False)])
    app.on_response_prepare.append(_add_headers)
    runner = web.AppRunner(
        app,
        access_log=None,  # it would hold the codes
        logger=_silent,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
        keepalive_timeout=5,
        shutdown_timeout=5,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SetupError(
                f"CALLBACK_HOST and CALLBACK_PORT cannot be used ({host}, {port}): "
                f"{error.strerror or error}. Choose another port, or none."
            ) from error
        own = int(runner.addresses[0][1])
        log.info("listeners come back from Spotify at %s port %s", host, own)
        yield own
    finally:
        await runner.cleanup()


class _Page:
    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def answer(self, request: web.Request) -> web.Response:
        """Show who agreed the code that links their account, when who asked types it in Discord."""
        try:
            arrived = self._accounts.by_consent.arrive(read_answer(request.query))
        except UserError as error:
            log.info("a listener came back from Spotify and was not linked: %s", error)
            return _html(consent_page.not_linked(str(error)), status=400)
        except Exception:
            log.exception("a listener came back from Spotify and could not be linked")
            return _html(consent_page.not_linked(consent_page.FAILED), status=500)
        return _html(consent_page.code(arrived.code, arrived.consent.called))


def _html(page: str, *, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html")


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
