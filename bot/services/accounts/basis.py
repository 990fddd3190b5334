"""Which part of somebody's listening counts: top, recent, saved, or one playlist."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.clock import Clock
from bot.core.accounts import BASES, SERVICE_NAMES, LinkedAccount, LinkedService, ListeningBasis
from bot.errors import AccessError, NotFoundError, SourceError, UserError
from bot.services.accounts import rows
from bot.services.accounts.refusals import mended, not_linked
from bot.services.accounts.tokens import NOT_SET_UP, Tokens
from bot.services.sources import SpotifyUsers
from bot.sources.spotify import Spotify
from bot.sources.spotify.client import PAGE
from bot.sources.values import Playlist
from bot.store import accounts as store
from bot.store import jobs
from bot.store.engine import Database

log = logging.getLogger(__name__)

_REMEMBERED: Final = timedelta(minutes=5)
_PAGES: Final = 4


class BasisSettings:
    """Keeps what counts of each account, and knows the playlists to choose from."""

    def __init__(
        self, database: Database, clock: Clock, spotify: SpotifyUsers | None, tokens: Tokens
    ) -> None:
        self._database = database
        self._clock = clock
        self._spotify = spotify
        self._tokens = tokens
        self._playlists: dict[int, tuple[datetime, list[Playlist]]] = {}

    async def set(
        self,
        user_id: int,
        service: LinkedService,
        basis: ListeningBasis,
        playlist: str | None = None,
    ) -> LinkedAccount:
        """Say which part of somebody's listening counts; return the account as it is then.

        Args:
            basis: one of `BASES` of the service.
            playlist: its id or its name, with that basis only.

        Raises:
            UserError: the service does not offer that, or there is no such playlist.
            SourceError: the playlists cannot be read; nothing changes.
        """
        account = await self._account(user_id, service)
        if basis not in BASES[service]:
            offered = " and ".join(f"`{one}`" for one in BASES[service])
            raise UserError(
                f"{SERVICE_NAMES[service]} offers only {offered}. Only Spotify has saved tracks "
                "and playlists."
            )
        if (basis is ListeningBasis.PLAYLIST) != (playlist is not None):
            raise UserError("`playlist` and `what:playlist` go together: give both or neither.")
        found = None if playlist is None else await self._playlist(account, playlist)
        async with self._database.write() as conn:
            await store.set_basis(
                conn,
                account.id,
                basis,
                playlist_id=found.id if found else None,
                playlist_name=found.name if found else None,
            )
            changed = await store.by_id(conn, account.id)
            if changed is None:
                raise not_linked(service)
            await jobs.plan(conn, rows.SYNC, account.id, self._clock.now())
        return changed

    async def suggest_playlists(self, user_id: int, typed: str) -> list[Playlist]:
        """Return the playlists of a linked Spotify account whose names hold what is typed."""
        try:
            account = await self._account(user_id, LinkedService.SPOTIFY)
            own = await self._own_playlists(account)
        except (NotFoundError, SourceError) as error:
            log.info("no playlists can be suggested: %s", error)
            return []
        return [one for one in own if typed.strip().casefold() in one.name.casefold()]

    async def _playlist(self, account: LinkedAccount, wanted: str) -> Playlist:
        with mended(LinkedService.SPOTIFY):
            own = await self._own_playlists(account)
        given = wanted.strip()
        found = [one for one in own if one.id == given] or [
            one for one in own if one.name.casefold() == given.casefold()
        ]
        if not found:
            raise NotFoundError(
                "There is no such playlist among yours. Choose one of those that are suggested."
            )
        return found[0]

    async def _own_playlists(self, account: LinkedAccount) -> list[Playlist]:
        """Return the playlists of a Spotify account, remembered for a few minutes."""
        now = self._clock.now()
        until, found = self._playlists.get(account.id, (now, []))
        if until > now:
            return found
        api, found = self._api(), []
        for page in range(_PAGES):
            question = partial(api.playlists, offset=PAGE * page)
            more = await self._tokens.ask_as(account, question)
            found += more
            if len(more) < PAGE:
                break
        self._playlists = {own: kept for own, kept in self._playlists.items() if kept[0] > now}
        self._playlists[account.id] = (now + _REMEMBERED, found)
        return found

    def forget(self, account_id: int) -> None:
        """Forget the playlists of an account."""
        self._playlists.pop(account_id, None)

    async def _account(self, user_id: int, service: LinkedService) -> LinkedAccount:
        async with self._database.read() as conn:
            return await rows.need(conn, user_id, service)

    def _api(self) -> Spotify:
        if self._spotify is None:
            raise AccessError(NOT_SET_UP)
        return self._spotify.api
