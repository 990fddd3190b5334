"""The accounts that listeners have linked: who has which, and how to ask in their name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.accounts import EndedLink, LinkedAccount, LinkedService
from bot.services.accounts import rows
from bot.services.accounts.basis import BasisSettings
from bot.services.accounts.by_consent import HOME_REDIRECT, SAVING, ByConsent
from bot.services.accounts.by_name import ByName
from bot.services.accounts.tokens import Tokens
from bot.services.accounts.vault import Vault
from bot.services.sources import Sources
from bot.store import accounts as store
from bot.store import jobs
from bot.store.engine import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Linking:
    """What the operator set up for linking."""

    vault: Vault
    redirect_uri: str = HOME_REDIRECT
    is_served: bool = False
    """The page that Spotify sends listeners back to is ours to answer."""


class Accounts:
    """The linked accounts of listeners, and the tokens to ask in their name."""

    def __init__(
        self, database: Database, clock: Clock, sources: Sources | None, linking: Linking
    ) -> None:
        self._database = database
        self._clock = clock
        vault = linking.vault
        spotify = sources.spotify_users if sources else None
        self._tokens = tokens = Tokens(database, clock, spotify, vault)
        self.by_name = ByName(database, clock, sources, vault)
        self.by_consent = ByConsent(
            database, clock, spotify, tokens, linking.redirect_uri, is_served=linking.is_served
        )
        self.basis = BasisSettings(database, clock, spotify, tokens)

    async def of(self, user_id: int) -> tuple[LinkedAccount, ...]:
        """Return the accounts of a listener, by service."""
        async with self._database.read() as conn:
            return await store.of_user(conn, user_id)

    async def account(self, user_id: int, service: LinkedService) -> LinkedAccount:
        """Return the account of a listener at a service.

        Raises:
            NotFoundError: there is none.
        """
        async with self._database.read() as conn:
            return await rows.need(conn, user_id, service)

    async def access_token(self, account: LinkedAccount) -> str | None:
        """Return the token to ask an account's service with; see `Tokens.access_token`."""
        return await self._tokens.access_token(account)

    async def spotify_token(self, user_id: int) -> str | None:
        """Return a token of a listener's Spotify account; None when none is linked.

        Raises:
            SourceError: as `access_token`.
        """
        async with self._database.read() as conn:
            account = await rows.find(conn, user_id, LinkedService.SPOTIFY)
        return None if account is None else await self.access_token(account)

    async def ask_as(self, account: LinkedAccount, question: Callable[[str], Awaitable[T]]) -> T:
        """Ask something with a Spotify account's token; see `Tokens.ask_as`."""
        return await self._tokens.ask_as(account, question)

    async def may_save(self, account: LinkedAccount) -> bool:
        """Return whether the owner of a Spotify account lets playlists be saved in it.

        Raises:
            AccessError: its tokens cannot be read until the operator acts.
        """
        return SAVING in await self._tokens.scopes(account)

    async def unlink(self, user_id: int, service: LinkedService) -> LinkedAccount:
        """Forget an account with its tokens and everything that came from it; return what it was.

        Raises:
            NotFoundError: none is linked.
        """
        async with self._database.write() as conn:
            account = await rows.need(conn, user_id, service)
            await rows.remove(conn, account)
            await jobs.forget(conn, now=self._clock.now())
        self.basis.forget(account.id)
        await self._database.empty_log()
        return account

    async def unlink_all(self, conn: AsyncConnection, user_id: int) -> None:
        """Forget all accounts of a listener, and the consent they were asked for."""
        for account in await store.of_user(conn, user_id):
            await rows.remove(conn, account)
            self.basis.forget(account.id)
        self.by_consent.forget(user_id)

    async def untold(self, user_id: int) -> tuple[EndedLink, ...]:
        """Return the links that ended without their listener knowing yet."""
        async with self._database.read() as conn:
            return await store.ended_of(conn, user_id)

    async def told(self, user_id: int, ended: EndedLink) -> None:
        """Note that a listener knows of an ended link."""
        async with self._database.write() as conn:
            await store.forget_ended(conn, user_id, ended.service)
