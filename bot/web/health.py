"""How the bot is, for whatever watches over it: `/healthz`, `/readyz` and `/metrics`.

`/healthz` says whether it is alive: who does not answer should be started anew. `/readyz` says
whether it can do its work, and in one sentence why not.
"""

import asyncio
import logging
import math
from typing import Final, Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bot import meters
from bot.errors import DatabaseError

log = logging.getLogger(__name__)

_PATIENCE_S: Final = 5.0
"""A database that takes longer is not ready."""


class Pulse(Protocol):
    """What is asked when somebody wants to know how the bot is."""

    def connected(self) -> bool:
        """Tell whether Discord is connected and ready."""

    def heartbeat_s(self) -> float:
        """Return what Discord takes to answer a heartbeat; NaN before the first."""

    def servers(self) -> int:
        """Return how many servers the bot is in."""

    def waiting(self) -> int:
        """Return how many wishes wait for their turn."""

    def tracks(self) -> int:
        """Return how many tracks the catalogue in memory holds."""

    async def jobs_late(self) -> int:
        """Return how many jobs are due for five minutes or more; this asks the database.

        Raises:
            DatabaseError: it cannot be read.
        """

    def backup_age_s(self) -> float:
        """Return how old the newest backup is; NaN: there is none."""


def health_routes(pulse: Pulse) -> list[web.RouteDef]:
    """Return the routes of what tells how the bot is."""
    health = _Health(pulse)
    return [
        web.get("/healthz", health.alive),
        web.get("/readyz", health.ready),
        web.get("/metrics", health.metrics),
    ]


class _Health:
    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    async def alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def ready(self, _request: web.Request) -> web.Response:
        missing = []
        if not self._pulse.connected():
            missing.append("Discord is not connected")
        if await self._jobs_late() is None:
            missing.append("the database cannot be read")
        if missing:
            return web.Response(text=f"not ready: {', '.join(missing)}\n", status=503)
        return web.Response(text="ready\n")

    async def metrics(self, _request: web.Request) -> web.Response:
        pulse, late = self._pulse, await self._jobs_late()
        meters.CONNECTED.set(pulse.connected())
        meters.HEARTBEAT_SECONDS.set(pulse.heartbeat_s())
        meters.SERVERS.set(pulse.servers())
        meters.WAITING.set(pulse.waiting())
        meters.TRACKS.set(pulse.tracks())
        meters.JOBS_LATE.set(math.nan if late is None else late)
        meters.BACKUP_AGE_SECONDS.set(await asyncio.to_thread(pulse.backup_age_s))
        headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        return web.Response(body=meters.written(), headers=headers)

    async def _jobs_late(self) -> int | None:
        """Return how many jobs are late; None when the database does not say so."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._pulse.jobs_late()
        except (DatabaseError, TimeoutError) as error:
            log.warning("the database does not tell which jobs are late: %s", error)
            return None
