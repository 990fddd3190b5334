"""Keeps the plays of linked accounts: nothing missed, nothing twice.

A sync asks for what was played since the cursor, from the oldest on, and keeps each page together
with the new cursor in one transaction. A crash repeats a page at most, and a play that is kept
stays one. Some time before the cursor is asked for again, for what was told late.
"""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.accounts import LinkedAccount, LinkedService, ListeningBasis
from bot.core.taste import Recording, linked_kind, next_cursor, wait_until_sync
from bot.errors import AccessError, ConsentEndedError, QuestionRefusedError
from bot.services.accounts import Accounts
from bot.services.catalog import LiveCatalog
from bot.services.plays.listens import Listens, by_key, ids_of, keys_of
from bot.services.sources import Sources
from bot.sources.listenbrainz.client import PAGE as LISTENBRAINZ_PAGE
from bot.sources.spotify import Spotify
from bot.sources.values import Page, Play, SourceTrack
from bot.store import accounts, listening
from bot.store.engine import Database

log = logging.getLogger(__name__)

T = TypeVar("T")

OVERLAP: Final = timedelta(hours=1)
"""How far before the cursor plays are asked for again."""
LATE: Final = timedelta(days=14)
"""The same, once a day: a player that was offline may report plays two weeks late."""
PAGES_AT_ONCE: Final = 20
"""A longer history goes on in the next run."""
GO_ON: Final = timedelta(seconds=30)
RETRY: Final = timedelta(days=1)
"""How long to wait after a service refused us; the account's owner may have changed that."""
LONGEST_LIST: Final = 1000
_PACE_PLAYS: Final = 500
_SECOND: Final = timedelta(seconds=1)
_BEGINNING: Final = datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Plays that follow each other, and whether there are more behind them."""

    plays: Sequence[Play]
    last: bool


class Sync:
    """Does the job of one account; call it with the account's id."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        sources: Sources,
        linked: Accounts,
        listens: Listens,
        clock: Clock,
        *,
        pages_at_once: int = PAGES_AT_ONCE,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._sources = sources
        self._linked = linked
        self._listens = listens
        self._clock = clock
        self._pages_at_once = pages_at_once

    async def __call__(self, account_id: int) -> datetime | None:
        """Keep what was played since the last time; return when to do it again (None: never).

        Raises:
            SourceUnavailableError: the service does not answer; what came before is kept.
        """
        async with self._database.read() as conn:
            account = await accounts.by_id(conn, account_id)
        if account is None:
            return None
        try:
            return await self._synced(account)
        except ConsentEndedError:
            return None
        except (AccessError, QuestionRefusedError) as error:
            log.info("account %d cannot be synced: %s", account_id, error)
            async with self._database.write() as conn:
                await accounts.set_problem(conn, account_id, str(error))
            return self._clock.now() + RETRY

    async def _synced(self, account: LinkedAccount) -> datetime:
        began = self._clock.now()
        is_daily = account.synced_at is None or account.synced_at.date() != began.date()
        is_late = is_daily and account.synced_at is not None
        new, last = await self._plays(account, late=is_late)
        if not last:
            return self._clock.now() + GO_ON
        listed = is_daily and await self._refresh_lists(account)
        async with self._database.write() as conn:
            current = await accounts.by_id(conn, account.id)
            if current is None or current.playlist_id != account.playlist_id:
                return began  # the next run finds out: it is the last, or reads that playlist
            await accounts.set_synced(conn, account.id, now=began, cursor=current.cursor)
        if new or listed:
            await self._listens.match()
            await self._listens.changed(account.user_id)
        async with self._database.write() as conn:
            if await accounts.by_id(conn, account.id) is None:
                return began
            history = await _history(conn, account)
            times = await listening.last_times(conn, history, limit=_PACE_PLAYS)
        return self._clock.now() + wait_until_sync(times)

    async def _plays(self, account: LinkedAccount, *, late: bool) -> tuple[int, bool]:
        """Keep page after page; return how many plays are new, and whether those were all.

        It stops after some pages only where the next run will begin behind them.
        """
        new = pages = 0
        start = account.cursor and account.cursor - (LATE if late else OVERLAP)
        async with aclosing(self._batches(account, start)) as batches:
            async for batch in batches:
                added = await self._keep(account.id, batch)
                new, pages = new + added, pages + 1
                if pages >= self._pages_at_once and added and not late and not batch.last:
                    return new, False
        return new, True

    async def _keep(self, account_id: int, batch: _Batch) -> int:
        """Keep a page of plays and the cursor together; return how many plays are new."""
        catalog = await self._catalog.at_hand()
        recordings = [_recording(play.track) for play in batch.plays]
        times = [int(play.at.timestamp()) for play in batch.plays]
        keys, keyed = keys_of(recordings), by_key(recordings)
        now = self._clock.now()
        async with self._database.write() as conn:
            account = await accounts.by_id(conn, account_id)
            if account is None:  # unlinked meanwhile: nothing of it may come back
                return 0
            ids = await ids_of(conn, catalog, keyed)
            each = [ids[key] for key in keys]
            history = await _history(conn, account)
            new = await listening.add_plays(conn, history, each, times)
            newest = max((play.at for play in batch.plays), default=None)
            await accounts.set_cursor(conn, account_id, next_cursor(account.cursor, newest, now))
        return new

    # ------------------------------------------------------------------------- asking for plays

    def _batches(
        self, account: LinkedAccount, start: datetime | None
    ) -> AsyncGenerator[_Batch, None]:
        match account.service:
            case LinkedService.LASTFM:
                return self._of_lastfm(account.name, start)
            case LinkedService.LISTENBRAINZ:
                return self._of_listenbrainz(account.name, start)
            case LinkedService.SPOTIFY:
                return self._of_spotify(account, start)

    async def _of_lastfm(self, name: str, start: datetime | None) -> AsyncGenerator[_Batch, None]:
        """Yield pages from the oldest on.

        New plays move all others to later pages, so no page is asked for by a number from before:
        it is always the last one from some time on, and its answer says whether it still was that.
        """
        client = self._sources.lastfm
        if client is None:
            raise QuestionRefusedError("This bot has no key for Last.fm; its operator can add one.")
        start, page = start or _BEGINNING, 1
        while True:
            found = await client.plays(name, after=start, page=page)
            if found is None:
                raise QuestionRefusedError(_gone("Last.fm", name))
            if page != max(found.pages, 1):
                page = found.pages or 1
                continue
            yield _Batch(found.plays, last=page == 1)
            if page == 1:
                return
            newest = max((play.at for play in found.plays), default=start)
            start = newest if newest > start else start + _SECOND
            page -= 1

    async def _of_listenbrainz(
        self, name: str, start: datetime | None
    ) -> AsyncGenerator[_Batch, None]:
        client = self._sources.listenbrainz
        start = start or _BEGINNING
        while True:
            plays = await client.listens(name, after=start - _SECOND, limit=LISTENBRAINZ_PAGE)
            if plays is None:
                raise QuestionRefusedError(_gone("ListenBrainz", name))
            last = len(plays) < _NEARLY_A_PAGE
            yield _Batch(plays, last=last)
            if last:
                return
            newest = max(play.at for play in plays)
            start = newest if newest > start else start + _SECOND

    async def _of_spotify(
        self, account: LinkedAccount, start: datetime | None
    ) -> AsyncGenerator[_Batch, None]:
        plays = await self._ask_spotify(
            account, lambda api, token: api.recent_plays(token, after=start)
        )
        yield _Batch(plays, last=True)

    async def _ask_spotify(
        self, account: LinkedAccount, question: Callable[[Spotify, str], Awaitable[T]]
    ) -> T:
        users = self._sources.spotify_users
        if users is None:
            raise QuestionRefusedError(
                "This bot cannot ask Spotify for a listener; its operator can set that up."
            )
        return await self._linked.ask_as(account, lambda token: question(users.api, token))

    # ------------------------------------------------------------------------- lists

    async def _refresh_lists(self, account: LinkedAccount) -> bool:
        """Keep the lists of a library as they are now; only Spotify tells any."""
        if account.service is not LinkedService.SPOTIFY:
            return False
        ask = partial(self._ask_spotify, account)
        lists = {
            ListeningBasis.TOP: await ask(lambda api, token: api.top_tracks(token)),
            ListeningBasis.SAVED: await _whole(
                lambda at: ask(lambda api, token: api.saved_tracks(token, offset=at))
            ),
        }
        if account.playlist_id is not None:
            playlist = account.playlist_id
            lists[ListeningBasis.PLAYLIST] = await _whole(
                lambda at: ask(lambda api, token: api.playlist(token, playlist, offset=at))
            )
        catalog = await self._catalog.at_hand()
        for basis, tracks in lists.items():
            recordings = [_recording(track) for track in tracks]
            async with self._database.write() as conn:
                current = await accounts.by_id(conn, account.id)
                if current is None:
                    return False
                ids = await ids_of(conn, catalog, by_key(recordings))
                history = await _history(conn, current)
                await listening.replace_list(conn, history, basis, list(ids.values()))
        return True


_NEARLY_A_PAGE: Final = LISTENBRAINZ_PAGE - 100
"""A page with fewer plays is the last; some are left out that have no name or time."""


async def _whole(
    ask: Callable[[int], Awaitable[Page | None]],
) -> list[SourceTrack]:
    """Return a list to its end, or its first `LONGEST_LIST` tracks."""
    tracks: list[SourceTrack] = []
    offset: int | None = 0
    while offset is not None and len(tracks) < LONGEST_LIST:
        page = await ask(offset)
        if page is None:
            break
        tracks += page.tracks
        offset = page.next_offset
    return tracks


async def _history(conn: AsyncConnection, account: LinkedAccount) -> int:
    kind = linked_kind(account.service)
    return await listening.history_of(conn, account.user_id, kind, account_id=account.id)


def _recording(track: SourceTrack) -> Recording:
    known_as = next(
        (one for one in track.ids if one.namespace in ("spotify", "mbid", "isrc")), None
    )
    return Recording(track.title, track.artist, known_as)


def _gone(service: str, name: str) -> str:
    return f"{service} has no user {name} any more. Unlink the account, and link the right one."
