"""Pictures of covers: asked for only at hosts that serve them, and never larger than needed."""

from typing import Final

from yarl import URL

from bot.errors import BadAnswerError
from bot.sources.host import Host, Pace
from bot.sources.http import MAX_REDIRECTS, PASSING, Http

HOSTS: Final = (
    "dzcdn.net",
    "mzstatic.com",
    "scdn.co",
    "spotifycdn.com",
    "freemusicarchive.org",
    "audius.co",
    "coverartarchive.org",
    "archive.org",
)
"""Who serves covers, with all hosts below them. No other host is asked, and no picture of another
is shown."""
PACE: Final = Pace(calls=30, seconds=10)
MAX_BYTES: Final = 4_000_000
MAX_ADDRESS: Final = 1000
"""Discord takes longer ones; nobody's cover has one."""


class Pictures:
    """Fetches covers."""

    def __init__(self, http: Http, base: str | None = None, pace: Pace = PACE) -> None:
        """Take a way out.

        Args:
            http: makes the requests.
            base: a server that is asked in place of all hosts; None: the hosts themselves.
            pace: what each host is asked at most.
        """
        self._http = http
        self._base = None if base is None else URL(base)
        self._hosts = {name: Host(name, pace, http.timing) for name in HOSTS}

    def may_show(self, url: str) -> bool:
        """Return whether an address is one of a host that serves covers."""
        try:
            return len(url) <= MAX_ADDRESS and self._host_of(URL(url)) is not None
        except ValueError:
            return False

    async def fetch(self, url: str) -> bytes | None:
        """Return what is at an address that `may_show` allows; None when no picture can be there.

        Redirects are followed among the hosts that serve covers.

        Raises:
            SourceUnavailableError: the host does not answer.
        """
        target = URL(url)
        for _ in range(MAX_REDIRECTS + 1):
            host = self._host_of(target)
            if host is None:
                return None
            try:
                found = await self._ask(host, target)
            except BadAnswerError:  # too large for us, and for a thumbnail
                return None
            if not isinstance(found, URL):
                return found
            target = found.with_scheme("https") if found.scheme == "http" else found
        return None

    async def _ask(self, host: Host, url: URL) -> bytes | URL | None:
        async def attempt() -> bytes | URL | None:
            asked = url if self._base is None else self._base.join(url.relative())
            reply = await self._http.send(host.name, "GET", asked, max_body=MAX_BYTES)
            if reply.status in PASSING:
                raise reply.setback(host, self._http.timing.clock.now())
            return reply.body if reply.status == 200 else reply.location

        return await host.call(attempt, idempotent=False)

    def _host_of(self, url: URL) -> Host | None:
        name = url.host or ""
        if url.scheme != "https" or url.explicit_port is not None or url.user is not None:
            return None
        known = (one for one in HOSTS if name == one or name.endswith(f".{one}"))
        return self._hosts.get(next(known, ""))
