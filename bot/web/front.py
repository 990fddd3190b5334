"""What all pages have in common: limits, and one answer each for what is not there and for faults.

An address that never was, was ended, has lapsed or was used up is answered alike: nobody learns
which of it is so.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import web

from bot.clock import Clock
from bot.errors import DatabaseError, NotFoundError, UserError
from bot.web.limits import WINDOW, Limits, visitor_of
from bot.web.rendering import html

log = logging.getLogger(__name__)

NOT_HERE: Final = (
    "Nothing is at this address. It is not whole, was ended or used up, or its time is over: ask "
    "whoever gave it to you for another one."
)
_SECRET: Final = re.compile(r"[\w-]{1,64}", re.ASCII)
_TOO_OFTEN: Final = "That was too often. Wait a minute, then load the page again."
_LATER: Final = "My database does not answer just now. Load the page again in a minute."
_FAILED: Final = (
    "Something went wrong on my side. Load the page again; if that does not help, tell whoever "
    "runs this bot."
)

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def secret_of(given: str) -> str:
    """Return what may be a secret of ours.

    Raises:
        NotFoundError: no secret looks so.
    """
    if not _SECRET.fullmatch(given):
        raise NotFoundError(NOT_HERE)
    return given


class Front:
    """Stands before the pages."""

    def __init__(self, clock: Clock, root: str) -> None:
        """Take the path under which the web reaches the bot, without a slash at the end."""
        self._limits = Limits(clock)
        self.root = root

    def before(self, handler: Handler) -> Handler:
        """Return the handler of a page, which may raise what this front answers.

        It raises `NotFoundError` when nothing is there, and another `UserError` with what to say.
        """

        async def answer(request: web.Request) -> web.StreamResponse:
            visitor = visitor_of(request)
            if not self._limits.admit(visitor):
                refused = self._say("Too often", _TOO_OFTEN, status=429)
                refused.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
                return refused
            try:
                return await handler(request)
            except NotFoundError:
                self._limits.missed(visitor)
                return self._say("Nothing here", NOT_HERE, status=404)
            except UserError as error:
                return self._say("That did not work", str(error), status=400)
            except DatabaseError as error:
                log.warning("a page could not be shown: %s", error)
                return self._say("In a minute", _LATER, status=503)
            except web.HTTPException:
                raise
            except Exception:
                log.exception("a page could not be shown")  # not which: its address is a secret
                return self._say("Sorry", _FAILED, status=500)

        return answer

    async def nothing(self, _request: web.Request) -> web.StreamResponse:
        """Answer for every address that leads nowhere."""
        raise NotFoundError(NOT_HERE)

    def _say(self, title: str, sentence: str, *, status: int) -> web.Response:
        return html("note.html", root=self.root, status=status, title=title, sentence=sentence)
