"""Short links of music services: finds where they lead, without ever going there."""

from collections.abc import Collection
from typing import Final

from yarl import URL

from bot.core.catalog import service_url
from bot.errors import UserError
from bot.sources.answers import A_MONTH, Found
from bot.sources.host import Host, Pace
from bot.sources.http import MAX_REDIRECTS, Http, origin

ORIGINS: Final = (
    "https://spotify.link",
    "https://link.deezer.com",
    "https://deezer.page.link",
    "https://dzr.page.link",
    "https://on.soundcloud.com",
)
"""The only hosts from which an address given by a user is fetched, and only its headers."""
PACE: Final = Pace(calls=10, seconds=10)


class ShortLinks:
    """Asks the hosts of short links where these lead."""

    def __init__(self, http: Http, origins: Collection[str] = ORIGINS, pace: Pace = PACE) -> None:
        self._http = http
        self._hosts = {
            origin(URL(one)): Host(str(URL(one).host), pace, http.timing) for one in origins
        }

    def knows(self, url: str) -> bool:
        """Return whether an address is a short link that may be asked."""
        return self._host_of(url) is not None

    async def target(self, url: str) -> str | None:
        """Return the page of a music service that a short link leads to, in its normal form.

        None for everything else: an address that is no short link of `ORIGINS`, one that leads
        nowhere, and one that leads to any other host. That host is not contacted.

        Raises:
            SourceError: there is no answer.
        """
        if not self.knows(url):
            return None
        key = f"short link {url}"

        async def ask(_keys: list[str]) -> Found:
            return {key: await self._follow(url)}

        return (await self._http.once.each([key], ask, keep=A_MONTH))[key]

    async def _follow(self, url: str) -> str | None:
        for _ in range(MAX_REDIRECTS):
            host = self._host_of(url)
            if host is None:
                return _page(url)
            target = await self._ask(host, URL(url))
            if target is None:
                return None
            url = str(target)
        return None

    async def _ask(self, host: Host, url: URL) -> URL | None:
        async def attempt() -> URL | None:
            reply = await self._http.send(host.name, "GET", url, max_body=0)
            if reply.is_passing:
                raise reply.setback(host, self._http.timing.clock.now())
            return reply.location

        return await host.call(attempt, idempotent=True)

    def _host_of(self, url: str) -> Host | None:
        try:
            parsed = URL(url)
            return None if parsed.user else self._hosts.get(origin(parsed))
        except ValueError:
            return None


def _page(url: str) -> str | None:
    """Return the normal form of the address of a music service; None for any other address."""
    try:
        return service_url(url)
    except UserError:
        return None
