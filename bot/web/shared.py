"""Everything that is served at the public address."""

from urllib.parse import urlsplit

from aiohttp import web

from bot.clock import Clock
from bot.services import Services
from bot.web.front import Front
from bot.web.pages import page_routes
from bot.web.picks import visit_routes
from bot.web.rendering import asset_routes


def shared_routes(services: Services, clock: Clock) -> list[web.RouteDef]:
    """Return the routes of all pages for people, and of the answer where there is none."""
    public_url = services.shared_pages.public_url or ""
    front = Front(clock, urlsplit(public_url).path)
    return [
        *asset_routes(),
        *page_routes(services.shared_pages, front),
        *visit_routes(services.visits, front, clock, https=public_url.startswith("https:")),
        web.get("/{nothing:.*}", front.before(front.nothing)),
    ]
