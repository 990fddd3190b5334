"""Puts what is kept encrypted under the newest key, and counts what no key can open."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SealedError
from bot.services.accounts.vault import Vault
from bot.store import accounts


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many secrets there are."""

    newest: int
    """Under the newest key."""
    older: int
    """Under another key that is given."""
    lost: int
    """Under none of the keys."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.newest + self.older + self.lost


async def count_sealed(conn: AsyncConnection, vault: Vault) -> Sealed:
    """Count the secrets by the key that they are under."""
    newest = older = lost = 0
    for _, secret in await accounts.secrets(conn):
        if vault.is_newest(secret):
            newest += 1
        elif _opened(vault, secret) is not None:
            older += 1
        else:
            lost += 1
    return Sealed(newest, older, lost)


async def rotate_seals(conn: AsyncConnection, vault: Vault) -> Sealed:
    """Put every secret that can be opened under the newest key; return how it was before."""
    before = await count_sealed(conn, vault)
    for account_id, secret in await accounts.secrets(conn):
        text = None if vault.is_newest(secret) else _opened(vault, secret)
        if text is not None:
            await accounts.set_secret(conn, account_id, vault.seal(text))
    return before


def _opened(vault: Vault, secret: bytes) -> str | None:
    try:
        return vault.open(secret)
    except SealedError:
        return None
