"""Every request to a music service is made here, except for those of spotipy.

Time-outs, the cap on the size of an answer and the ban on private addresses live here; when to ask
and how often in host.py, what a reply means in service.py, what is kept in answers.py.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot import meters
from bot.errors import BadAnswerError, SourceUnavailableError
from bot.sources.answers import Answers, AskOnce, Json
from bot.sources.host import Host, PassingError, Timing, retry_after

MAX_BODY: Final = 8 << 20
"""Bytes of an answer, unpacked: a thousand listens are about two million."""
MAX_REDIRECTS: Final = 3
TIMEOUT: Final = aiohttp.ClientTimeout(total=20, connect=10)


class PublicResolver(AbstractResolver):
    """Finds the addresses of a host, but only those on the public internet."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a host; raise `OSError` when it has none."""
        found = await self._resolver.resolve(host, port, family)
        public = [one for one in found if ip_address(one["host"].partition("%")[0]).is_global]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Release what the resolver holds."""
        await self._resolver.close()


def open_session(user_agent: str, *, keep_alive: bool = True) -> aiohttp.ClientSession:
    """Return the one session of the bot; close it at the end.

    Args:
        user_agent: "B-Side/1.0 (https://…)": MusicBrainz wants to know whom to write to.
        keep_alive: leave connections open for the next question.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=PublicResolver(), force_close=not keep_alive),
        headers={"User-Agent": user_agent, "Accept": "application/json"},
        timeout=TIMEOUT,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def origin(url: URL) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of an address."""
    return url.scheme, url.host, url.port


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one request, read whole."""

    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> URL | None:
        """Where a redirect leads; None when it is not a redirect."""
        target = self.headers.get("Location")
        if self.status not in _REDIRECTS or target is None:
            return None
        try:
            return self.url.join(URL(target))
        except ValueError:
            return None

    def setback(self, host: Host, now: datetime) -> PassingError:
        """Return the error to try again after, with the wait that the host asked for."""
        return PassingError(
            host.unavailable(), retry_after(self.headers.get("Retry-After"), now=now)
        )


_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})


class Http:
    """Makes requests for all services, over one session."""

    def __init__(self, session: aiohttp.ClientSession, *, answers: Answers, timing: Timing) -> None:
        self.timing = timing
        self.once = AskOnce(answers)
        self._session = session

    async def send(
        self,
        name: str,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str] | None = None,
        body: Json | None = None,
        form: Mapping[str, str] | None = None,
        max_body: int = MAX_BODY,
    ) -> Reply:
        """Make one request, following no redirect; with `max_body` 0 only the headers are read.

        Raises:
            PassingError: no whole answer came back.
            BadAnswerError: it is too long.
        """
        try:
            async with self._session.request(
                method, url, headers=headers, json=body, data=form, allow_redirects=False
            ) as response:
                content = await _capped(name, response, max_body) if max_body else b""
                meters.REQUESTS.labels(name, _result(response.status)).inc()
                return Reply(response.url, response.status, response.headers, content)
        except (aiohttp.ClientError, TimeoutError) as error:
            meters.REQUESTS.labels(name, "failed").inc()
            raise PassingError(
                SourceUnavailableError(
                    f"{name} cannot be reached right now. Try again in a few minutes."
                )
            ) from error


def _result(status: int) -> str:
    """Return what came of a request, as `meters.REQUESTS` has it."""
    return "ok" if status < 400 else "refused" if status < 500 else "failed"


async def _capped(name: str, response: aiohttp.ClientResponse, max_body: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > max_body:
            raise BadAnswerError(f"{name} sent more than {max_body:,} bytes.")
        parts.append(part)
    return b"".join(parts)
