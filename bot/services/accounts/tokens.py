"""What lets us ask in the name of a linked account: kept encrypted, renewed in time."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.core.accounts import SERVICE_NAMES, LinkedAccount, LinkedService
from bot.errors import AccessError, ConsentEndedError, SealedError, TokenExpiredError
from bot.services.accounts import rows
from bot.services.accounts.vault import Vault
from bot.services.sources import SpotifyUsers
from bot.sources.values import Grant
from bot.store import accounts
from bot.store.engine import Database

log = logging.getLogger(__name__)

T = TypeVar("T")

_ENDED: Final = (
    "Your link to Spotify has ended: you took your consent back, or it is older than six months. "
    "Everything that came from it is deleted. `/link spotify` links it again."
)
_UNLINKED: Final = "That account is not linked any more."
NOT_SET_UP: Final = (
    "This bot is no longer set up for Spotify: whoever runs it sets SPOTIFY_CLIENT_ID."
)


class Tokens:
    """Keeps and renews tokens, a listener's one at a time: renewing them may end the old ones."""

    def __init__(
        self, database: Database, clock: Clock, spotify: SpotifyUsers | None, vault: Vault
    ) -> None:
        self._database = database
        self._clock = clock
        self._spotify = spotify
        self.vault = vault
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def holding(self, user_id: int) -> asyncio.Lock:
        """Return what is held while a listener's tokens change."""
        return self._locks.setdefault(user_id, asyncio.Lock())

    def sealed(self, grant: Grant) -> bytes:
        """Return tokens as they are kept."""
        return self.vault.seal(written(grant))

    async def access_token(self, account: LinkedAccount) -> str | None:
        """Return the token to ask with; None: the name is enough.

        Raises:
            ConsentEndedError: the service ended the link; the account is unlinked now, and
                everything that came from it is deleted.
            AccessError: the token cannot be read or renewed until the operator acts.
            SourceUnavailableError: it cannot be renewed right now.
        """
        if account.service is LinkedService.SPOTIFY:
            return (await self._grant(account)).access_token
        async with self._database.read() as conn:
            secret = await accounts.secret_of(conn, account.id)
        return None if secret is None else await self._opened(account, secret)

    async def ask_as(self, account: LinkedAccount, question: Callable[[str], Awaitable[T]]) -> T:
        """Ask something with a Spotify account's token, and once more with a fresh one.

        Raises:
            SourceError: as `access_token`, and what the question raises.
        """
        token = (await self._grant(account)).access_token
        try:
            return await question(token)
        except TokenExpiredError:
            fresh = await self._grant(account, token)
        return await question(fresh.access_token)

    async def scopes(self, account: LinkedAccount) -> frozenset[str]:
        """Return what the owner of a Spotify account agreed to; nothing when it was unlinked.

        Raises:
            AccessError: the tokens cannot be read until the operator acts.
        """
        async with self._database.read() as conn:
            secret = await accounts.secret_of(conn, account.id)
        if secret is None:
            return frozenset()
        return _read(await self._opened(account, secret)).scopes

    async def _grant(self, account: LinkedAccount, refused: str | None = None) -> Grant:
        """Return tokens that last, other than one that the service refused."""
        async with self.holding(account.user_id):
            async with self._database.read() as conn:
                secret = await accounts.secret_of(conn, account.id)
            if secret is None:
                raise ConsentEndedError(_UNLINKED)
            grant = _read(await self._opened(account, secret))
            if grant.access_token != refused and grant.is_fresh(self._clock.now()):
                return grant
            return await _to_its_end(self._renewed(account, grant))

    async def _renewed(self, account: LinkedAccount, old: Grant) -> Grant:
        if self._spotify is None:
            raise AccessError(NOT_SET_UP)
        if old.refresh_token is None:
            return await self._ended(account, old)
        try:
            fresh = await self._spotify.consent.refresh(old.refresh_token)
        except ConsentEndedError:
            return await self._ended(account, old)
        grant = replace(
            fresh,
            refresh_token=fresh.refresh_token or old.refresh_token,
            scopes=fresh.scopes or old.scopes,
        )
        async with self._database.write() as conn:
            await accounts.set_secret(conn, account.id, self.sealed(grant))
        return grant

    async def _ended(self, account: LinkedAccount, used: Grant) -> Grant:
        """Unlink an account, unless another process has renewed its tokens meanwhile."""
        async with self._database.write() as conn:
            secret = await accounts.secret_of(conn, account.id)
            if secret is None:
                raise ConsentEndedError(_UNLINKED)
            kept = _read(self.vault.open(secret))
            if kept.refresh_token != used.refresh_token:
                return kept
            await rows.remove(conn, account)
            await accounts.note_ended(conn, account.user_id, account.service, now=self._clock.now())
        log.info("the account %s was unlinked: Spotify ended the link", account.id)
        raise ConsentEndedError(_ENDED)

    async def _opened(self, account: LinkedAccount, secret: bytes) -> str:
        """Return what a secret holds; one under an old key is put under the newest."""
        try:
            text = self.vault.open(secret)
        except SealedError as error:
            problem = (
                f"I can no longer read what you gave me for {SERVICE_NAMES[account.service]}: "
                "whoever runs this bot changed its keys. Unlink and link it again."
            )
            log.error("the secret of account %s: %s", account.id, error)
            async with self._database.write() as conn:
                await accounts.set_problem(conn, account.id, problem)
            raise AccessError(problem) from error
        if not self.vault.is_newest(secret):
            async with self._database.write() as conn:
                if await accounts.secret_of(conn, account.id) == secret:
                    await accounts.set_secret(conn, account.id, self.vault.seal(text))
        return text


async def _to_its_end(work: Coroutine[None, None, T]) -> T:
    """Finish what must not be left half done, even if whoever waits for it is cancelled.

    The service may end the old tokens before we receive the new ones.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def written(grant: Grant) -> str:
    """Return tokens as text, ready to be sealed."""
    return json.dumps(
        {
            "access_token": grant.access_token,
            "expires_at": grant.expires_at.isoformat(),
            "refresh_token": grant.refresh_token,
            "scopes": sorted(grant.scopes),
        }
    )


def _read(text: str) -> Grant:
    kept = json.loads(text)
    return Grant(
        access_token=kept["access_token"],
        expires_at=datetime.fromisoformat(kept["expires_at"]),
        refresh_token=kept["refresh_token"],
        scopes=frozenset(kept["scopes"]),
    )
