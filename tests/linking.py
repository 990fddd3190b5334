"""A bot that can link accounts of the loopback services."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from yarl import URL

from bot.core.accounts import Linked, LinkedAccount, LinkedService
from bot.demo.outside import World
from bot.demo.servers.lastfm import LastFmUser
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.services import build_services
from bot.services.accounts.accounts import Accounts, Linking
from bot.services.accounts.consents import pasted_answer
from bot.services.accounts.rows import SYNC
from bot.services.accounts.vault import Vault, new_key
from bot.store import accounts as store
from bot.store import jobs
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.outside import open_outside

ANN, BEN = 1, 2
KEY = new_key()
LULLABY = Song("Lullaby", "Low", spotify_id="6f807x0ima9a1j3VPbc7VN")


@dataclass
class LinkingWorld:
    """The accounts of a bot, and the services that have them."""

    database: Database
    clock: FakeClock
    outside: World
    accounts: Accounts
    spotify_user: SpotifyUser

    def with_keys(self, *keys: str) -> Accounts:
        """Return the accounts as a bot with other keys sees them."""
        return accounts_of(self.database, self.clock, self.outside, keys)

    async def link_spotify(
        self, user_id: int = ANN, *, saving: bool = False, user: SpotifyUser | None = None
    ) -> LinkedAccount:
        """Ask, agree, and come back."""
        done = await self.come_back(await self.agree(user_id, saving=saving, user=user), user_id)
        return done.account

    async def agree(
        self, user_id: int = ANN, *, saving: bool = False, user: SpotifyUser | None = None
    ) -> str:
        """Ask and agree; return the address that the browser ends at."""
        page = await self.accounts.by_consent.begin(user_id, called="ann", saving=saving)
        return self.outside.accounts.agree(page.url, user or self.spotify_user)

    async def come_back(self, address: str, user_id: int = ANN) -> Linked:
        """Bring the address that the browser ended at."""
        return await self.accounts.by_consent.finish(pasted_answer(address), user_id=user_id)

    async def secret(self, account: LinkedAccount) -> bytes | None:
        """Return what is kept of an account's tokens."""
        async with self.database.read() as conn:
            return await store.secret_of(conn, account.id)

    async def sync_due(self, account: LinkedAccount) -> datetime | None:
        """Return when the account is asked for plays."""
        async with self.database.read() as conn:
            return await jobs.planned_for(conn, SYNC, account.id)

    async def linked(self, user_id: int = ANN) -> list[LinkedService]:
        """Return of which services somebody has accounts."""
        return [one.service for one in await self.accounts.of(user_id)]


def accounts_of(
    database: Database, clock: FakeClock, outside: World, keys: tuple[str, ...]
) -> Accounts:
    """Return the accounts of a bot with some keys."""
    linking = Linking(Vault(keys))
    return build_services(database, clock, outside.outside, linking).accounts


@asynccontextmanager
async def open_linking(database: Database, clock: FakeClock) -> AsyncIterator[LinkingWorld]:
    """Start the services; they know Ann under the names "Ann" and "ann"."""
    async with open_outside(database, clock, [LULLABY], with_keys=True) as outside:
        outside.lastfm.users.append(LastFmUser("Ann"))
        outside.lastfm.users.append(LastFmUser("Anna"))
        outside.listenbrainz.listens["ann"] = []
        outside.listenbrainz.listens["anna"] = []
        outside.listenbrainz.tokens["hush-lb-token"] = "ann"
        accounts = accounts_of(database, clock, outside, (KEY,))
        yield LinkingWorld(database, clock, outside, accounts, SpotifyUser("ann-at-spotify"))


def parameter(address: str, name: str) -> str:
    """Return a parameter of an address."""
    return URL(address).query[name]
