"""How the bot is, asked as a watching program asks it."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.errors import DatabaseError
from bot.web import health_routes, serving


@dataclass
class FakePulse:
    is_connected: bool = True
    late: list[int | Exception] = field(default_factory=lambda: [2])

    def connected(self) -> bool:
        return self.is_connected

    def heartbeat_s(self) -> float:
        return 0.25

    def servers(self) -> int:
        return 3

    def waiting(self) -> int:
        return 4

    def tracks(self) -> int:
        return 1428

    async def jobs_late(self) -> int:
        late = self.late[0]
        if isinstance(late, Exception):
            raise late
        return late

    def backup_age_s(self) -> float:
        return math.nan


@dataclass
class Watcher:
    pulse: FakePulse
    home: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.home + path) as response:
            return response.status, await response.text()


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    pulse = FakePulse()
    async with (
        serving(health_routes(pulse), host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Watcher(pulse, f"http://127.0.0.1:{port}", session)


async def test_a_bot_that_can_work_says_so(watcher: Watcher) -> None:
    assert await watcher.get("/healthz") == (200, "alive\n")
    assert await watcher.get("/readyz") == (200, "ready\n")


async def test_a_bot_that_cannot_says_why_and_is_still_alive(watcher: Watcher) -> None:
    watcher.pulse.is_connected = False
    watcher.pulse.late = [DatabaseError("the file is locked")]

    assert await watcher.get("/healthz") == (200, "alive\n")
    assert await watcher.get("/readyz") == (
        503,
        "not ready: Discord is not connected, the database cannot be read\n",
    )


async def test_the_metrics_are_what_prometheus_reads(watcher: Watcher) -> None:
    status, text = await watcher.get("/metrics")

    assert status == 200
    for line in (
        "bside_discord_connected 1.0",
        "bside_discord_heartbeat_seconds 0.25",
        "bside_servers 3.0",
        "bside_wishes_waiting 4.0",
        "bside_catalogue_tracks 1428.0",
        "bside_jobs_late 2.0",
        "bside_backup_age_seconds NaN",
    ):
        assert line in text.splitlines()


async def test_a_database_that_is_gone_leaves_the_other_metrics(watcher: Watcher) -> None:
    watcher.pulse.late = [DatabaseError("gone")]

    _status, text = await watcher.get("/metrics")

    assert "bside_jobs_late NaN" in text.splitlines()
    assert "bside_servers 3.0" in text.splitlines()


@pytest.mark.parametrize("path", ["/", "/metrics/", "/metrics/x", "/spotify/callback"])
async def test_nothing_else_is_answered(watcher: Watcher, path: str) -> None:
    assert (await watcher.get(path))[0] == 404
