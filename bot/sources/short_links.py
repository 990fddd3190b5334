"""Short links of music services: finds where they lead, without ever going there."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from yarl import URL

from bot.core.catalog import SHORT_HOSTS, service_url
from bot.errors import UserError
from bot.sources.answers import A_MONTH, Found
from bot.sources.host import Host, Pace
from bot.sources.http import MAX_REDIRECTS, PASSING, Http, origin

BASES: Final = {f"https://{host}": f"https://{host}" for host in SHORT_HOSTS}
"""How short links begin, and whom to ask where they lead. These are the only places that an
address from a user is fetched from, and only its headers are."""
PACE: Final = Pace(calls=10, seconds=10)

_Origin: TypeAlias = tuple[str, str | None, int | None]


class ShortLinks:
    """Asks the hosts of short links where these lead."""

    def __init__(self, http: Http, bases: Mapping[str, str] = BASES, pace: Pace = PACE) -> None:
        self._http = http
        self._asked: dict[_Origin, tuple[Host, URL]] = {}
        for begins, base in bases.items():
            asked = Host(str(URL(base).host), pace, http.timing), URL(base)
            self._asked[origin(URL(begins))] = self._asked[origin(URL(base))] = asked

    async def target(self, url: str) -> str | None:
        """Return the page of a music service that a short link leads to, in its normal form.

        None for everything else: an address that is no short link of `BASES`, one that leads
        nowhere, and one that leads to any other host. That host is not contacted.

        Raises:
            SourceError: there is no answer.
        """
        if self._asked_for(url) is None:
            return None
        key = f"short link {url}"

        async def ask(_keys: list[str]) -> Found:
            return {key: await self._follow(url)}

        return (await self._http.once.each([key], ask, keep=A_MONTH))[key]

    async def _follow(self, url: str) -> str | None:
        for _ in range(MAX_REDIRECTS):
            asked = self._asked_for(url)
            if asked is None:
                return _page(url)
            host, base = asked
            target = await self._ask(host, base.join(URL(url).relative()))
            if target is None:
                return None
            url = str(target)
        return None

    async def _ask(self, host: Host, url: URL) -> URL | None:
        async def attempt() -> URL | None:
            reply = await self._http.send(host.name, "GET", url, max_body=0)
            if reply.status in PASSING:
                raise reply.setback(host, self._http.timing.clock.now())
            return reply.location

        return await host.call(attempt, idempotent=True)

    def _asked_for(self, url: str) -> tuple[Host, URL] | None:
        try:
            parsed = URL(url)
            return None if parsed.user else self._asked.get(origin(parsed))
        except ValueError:
            return None


def _page(url: str) -> str | None:
    """Return the normal form of the address of a music service; None for any other address."""
    try:
        return service_url(url)
    except UserError:
        return None
