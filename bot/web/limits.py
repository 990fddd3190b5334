"""How often one visitor may ask: guessing addresses is slow, and nobody holds others up."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from aiohttp import web

from bot.clock import Clock

WINDOW: Final = timedelta(minutes=1)
MOST_REQUESTS: Final = 240
"""In a window. A page with its pictures takes about ten."""
MOST_MISSES: Final = 20
"""Addresses that lead nowhere, in a window: whoever meets so many is guessing."""

_REMEMBERED: Final = 10_000
"""Visitors; whoever came first is forgotten first."""


@dataclass(slots=True)
class _Visitor:
    since: datetime
    requests: int = 0
    misses: int = 0


class Limits:
    """Counts what visitors ask for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._visitors: OrderedDict[str, _Visitor] = OrderedDict()

    def admit(self, visitor: str) -> bool:
        """Count a request; False: it is one too many, for now."""
        found = self._of(visitor)
        if found.requests >= MOST_REQUESTS or found.misses >= MOST_MISSES:
            return False
        found.requests += 1
        return True

    def missed(self, visitor: str) -> None:
        """Count an address that led nowhere."""
        self._of(visitor).misses += 1

    def _of(self, visitor: str) -> _Visitor:
        now = self._clock.now()
        found = self._visitors.get(visitor)
        if found is None or found.since + WINDOW <= now:
            found = self._visitors[visitor] = _Visitor(now)
            self._visitors.move_to_end(visitor)
            while len(self._visitors) > _REMEMBERED:
                self._visitors.popitem(last=False)
        return found


def visitor_of(request: web.Request) -> str:
    """Return who asks: an address, of IPv6 the network of one household.

    A web server on the same machine that passes requests on says for whom in the last place of
    `X-Forwarded-For`; from anywhere else, that header is not believed.
    """
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ip_address(remote)
        if address.is_loopback and forwarded:
            address = ip_address(forwarded)
    except ValueError:
        return remote
    if address.version == 6:
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)
