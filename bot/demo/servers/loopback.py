"""A service on the loopback interface that notes what it is asked and misbehaves on demand."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from aiohttp import web

from bot.demo.servers.songs import Song

Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Answers in place of the service, once."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a service was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True)
class RateWindow:
    """Allows a number of calls in each span of time."""

    calls: int
    span: timedelta
    now: Callable[[], datetime]
    began: datetime | None = None
    used: int = 0

    def take(self) -> bool:
        """Count a call; say whether it is within the limit."""
        now = self.now()
        if self.began is None or now >= self.began + self.span:
            self.began, self.used = now, 0
        self.used += 1
        return self.used <= self.calls

    @property
    def seconds_left(self) -> int:
        """Until the next window, rounded up."""
        if self.began is None:
            return 0
        left = self.began + self.span - self.now()
        return max(-(-left // timedelta(seconds=1)), 0)


@dataclass
class LoopbackService:
    """What all loopback services share; each adds its routes.

    Use it as a context: it listens on a free port of 127.0.0.1 in between.
    """

    songs: list[Song] = field(default_factory=list)
    window: RateWindow | None = None
    failing_share: float = 0.0
    """How many calls in all fail by chance."""
    rng: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    calls: list[Call] = field(default_factory=list)
    limited: int = 0
    """How many calls came too fast."""

    prefix = ""

    def __post_init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    def routes(self) -> list[web.RouteDef]:
        """Return what the service answers."""
        raise NotImplementedError

    def too_fast(self) -> web.Response:
        """Say that the rate window is used up."""
        seconds = self.window.seconds_left if self.window else 0
        return web.json_response(
            {"error": "too many requests"}, status=429, headers={"Retry-After": str(seconds)}
        )

    @property
    def base(self) -> str:
        """The address to give to the client."""
        return f"http://127.0.0.1:{self._port}{self.prefix}"

    @property
    def paths(self) -> list[str]:
        """What was asked, without the queries."""
        return [call.path.removeprefix(self.prefix) for call in self.calls]

    def holding(self, words: str) -> list[Song]:
        """Return the songs whose title and artist hold all words."""
        wanted = words.lower().split()
        named = [(f"{song.title} {song.artist}".lower(), song) for song in self.songs]
        return [song for name, song in named if all(word in name for word in wanted)]

    def misbehave(self, *faults: Fault) -> None:
        """Answer the next calls with these faults, one call each."""
        self._faults.extend(faults)

    async def slow(self, request: web.Request) -> web.StreamResponse:
        """Begin an answer and never end it."""
        response = await _half(request)
        await self._closing.wait()
        return response

    @web.middleware
    async def _front(
        self, request: web.Request, handler: Callable[..., Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.calls.append(
            Call(request.method, request.path, dict(request.query), dict(request.headers))
        )
        if self.window is not None and not self.window.take():
            self.limited += 1
            return self.too_fast()
        if self._faults:
            return await self._faults.popleft()(request)
        if self.rng.random() < self.failing_share:
            return await self.rng.choice(PASSING_FAULTS)(request)
        return await handler(request)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._front])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()


def _answer(make: Callable[[], web.StreamResponse]) -> Fault:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return make()

    return answer


def says(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Fault:
    """Answer with this JSON."""
    return _answer(lambda: web.json_response(body, status=status, headers=headers))


def status(code: int, **headers: str) -> Fault:
    """Answer with a status code, no JSON, and headers (Retry_After="3" is Retry-After: 3)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _answer(lambda: web.Response(status=code, text="", headers=named))


def html(code: int = 200) -> Fault:
    """Answer with a web page."""
    page = "<!doctype html><title>Just a moment…</title>"
    return _answer(lambda: web.Response(status=code, text=page, content_type="text/html"))


def redirect(to: str) -> Fault:
    """Send the client elsewhere."""
    return _answer(lambda: web.Response(status=302, headers={"Location": to}))


def body(content: bytes) -> Fault:
    """Answer with just these bytes."""
    return _answer(lambda: web.Response(body=content, content_type="application/json"))


async def _half(request: web.Request) -> web.StreamResponse:
    """Begin an answer that is promised to be longer."""
    response = web.StreamResponse()
    response.content_length = 1000
    await response.prepare(request)
    await response.write(b'{"half":')
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    """Cut the connection in the middle of an answer."""
    response = await _half(request)
    if request.transport is not None:
        request.transport.abort()
    return response


PASSING_FAULTS: tuple[Fault, ...] = (
    status(503),
    status(500),
    status(429),
    status(503, Retry_After="2"),
    html(),
    cut,
)
