"""The page that Spotify sends listeners back to."""

import logging
from typing import Final

from aiohttp import web

from bot.errors import UserError
from bot.services.accounts import Accounts, read_answer
from bot.ui import consent_page

log = logging.getLogger(__name__)

PATH: Final = "/spotify/callback"


def consent_routes(accounts: Accounts) -> list[web.RouteDef]:
    """Return the route of the page."""
    return [web.get(PATH, _Page(accounts).answer, allow_head=False)]


class _Page:
    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def answer(self, request: web.Request) -> web.Response:
        """Show who agreed the code that links their account, when who asked types it in Discord."""
        try:
            arrived = self._accounts.by_consent.arrive(read_answer(request.query))
        except UserError as error:
            log.info("a listener came back from Spotify and was not linked: %s", error)
            return _html(consent_page.not_linked(str(error)), status=400)
        except Exception:
            log.exception("a listener came back from Spotify and could not be linked")
            return _html(consent_page.not_linked(consent_page.FAILED), status=500)
        return _html(consent_page.code(arrived.code, arrived.consent.called))


def _html(page: str, *, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html")
