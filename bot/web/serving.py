"""One small web server. It answers what it is given routes for, and nothing else.

It speaks plain HTTP, for a web server on the same machine that speaks HTTPS to the world.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.errors import SetupError

log = logging.getLogger(__name__)

# What is no HTTP, or too long, would be logged as it came, and with a code in it.
_silent = logging.getLogger(f"{__name__}.http")
_silent.setLevel(logging.CRITICAL)

_LONGEST_LINE: Final = 8190
_LONGEST_FORM: Final = 4096
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # an address may hold a code
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""What every answer says, unless its page says something else of it."""


@asynccontextmanager
async def serving(
    routes: Sequence[web.AbstractRouteDef], *, host: str, port: int
) -> AsyncIterator[int]:
    """Answer browsers meanwhile; yields the port.

    Args:
        routes: what is answered.
        host: where to listen; 127.0.0.1 is reached from this machine only.
        port: 0 for any that is free.

    Raises:
        SetupError: somebody else listens there.
    """
    app = web.Application(client_max_size=_LONGEST_FORM)
    app.add_routes(routes)
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
                f"HTTP_HOST and HTTP_PORT cannot be used ({host}, {port}): "
                f"{error.strerror or error}. Choose another port, or none."
            ) from error
        own = int(runner.addresses[0][1])
        log.info("pages are served at %s port %s", host, own)
        yield own
    finally:
        await runner.cleanup()


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "B-Side"
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
