"""Pages to share: made, found by the secret in their address, ended.

The secret is 192 random bits and is kept nowhere: whoever reads the database cannot open a page.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.sharing import KeptPage, Page, PageFile
from bot.errors import NotFoundError, UserError
from bot.store import jobs, listeners
from bot.store import shared_pages as store
from bot.store.engine import Database

END_PAGES: Final = "end-pages"
"""The kind of the job that removes pages whose time is over."""
STANDS_FOR: Final = timedelta(days=90)
MOST: Final = 50
"""So many pages of one person stand at once."""

_SECRET_BYTES: Final = 24
_OFF: Final = "Pages to share are not set up here. They want `HTTP_PORT` and `HTTP_PUBLIC_URL`."
_TOO_MANY: Final = f"{MOST} pages of yours stand. End one of them first, with `/privacy pages`."
_NO_LONGER: Final = "This page does not stand any more: it was ended, or its time was over."


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page that was just made is seen."""

    url: str
    ends_at: datetime


class SharedPages:
    """Keeps pages to share."""

    def __init__(self, database: Database, clock: Clock, public_url: str | None = None) -> None:
        """Take where the web reaches the bot, without a slash at the end; None: nowhere."""
        self._database = database
        self._clock = clock
        self.public_url = public_url

    @property
    def is_on(self) -> bool:
        """Whether pages can be made."""
        return self.public_url is not None

    def address(self, path: str) -> str:
        """Return where a path, which begins with a slash, is reached.

        Raises:
            UserError: the operator has set up no pages.
        """
        if self.public_url is None:
            raise UserError(_OFF)
        return self.public_url + path

    async def offer(self, user_id: int) -> datetime:
        """Return until when a page would stand that somebody makes now.

        Raises:
            UserError: there are no pages here, or too many of theirs stand.
        """
        self.address("")
        now = self._clock.now()
        async with self._database.read() as conn:
            if await store.count(conn, user_id, now=now) >= MOST:
                raise UserError(_TOO_MANY)
        return now + STANDS_FOR

    async def publish(self, user_id: int, page: Page, files: Sequence[PageFile] = ()) -> Address:
        """Make a page that everybody with its address can see.

        Raises:
            UserError: there are no pages here, or too many of theirs stand.
        """
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        url = self.address(f"/p/{secret}")
        now = self._clock.now()
        ends_at = now + STANDS_FOR
        async with self._database.write() as conn:
            if await store.count(conn, user_id, now=now) >= MOST:
                raise UserError(_TOO_MANY)
            await listeners.ensure(conn, user_id, now=now)
            await store.add(conn, user_id, mark_of(secret), page, files, now=now, ends_at=ends_at)
            if await jobs.planned_for(conn, END_PAGES, 0) is None:
                await jobs.plan(conn, END_PAGES, 0, ends_at)
        return Address(url, ends_at)

    async def find(self, secret: str) -> KeptPage | None:
        """Return the page of a secret; None, whatever the reason is that there is none."""
        async with self._database.read() as conn:
            return await store.find(conn, mark_of(secret), now=self._clock.now())

    async def file(self, secret: str, name: str) -> PageFile | None:
        """Return a file of the page of a secret; None when there is none."""
        async with self._database.read() as conn:
            return await store.file(conn, mark_of(secret), name, now=self._clock.now())

    async def of(self, user_id: int) -> list[KeptPage]:
        """Return the pages of somebody that stand, newest first."""
        async with self._database.read() as conn:
            return await store.of(conn, user_id, now=self._clock.now())

    async def end(self, user_id: int, page_id: int) -> None:
        """End a page of somebody: its address leads nowhere from now on.

        Raises:
            NotFoundError: it stands no longer, or is not theirs.
        """
        async with self._database.write() as conn:
            if not await store.remove(conn, user_id, page_id):
                raise NotFoundError(_NO_LONGER)

    async def end_all(self, user_id: int) -> int:
        """End every page of somebody; return how many there were."""
        async with self._database.write() as conn:
            return await store.remove(conn, user_id)

    async def lapse(self, _subject_id: int) -> datetime | None:
        """Remove pages whose time is over; return when the next one's is."""
        async with self._database.write() as conn:
            return await store.remove_ended(conn, now=self._clock.now())


def mark_of(secret: str) -> str:
    """Return under which mark the secret of an address is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
