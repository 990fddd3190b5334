"""What linking and unlinking write, each together with the job that asks the account for plays."""

import dataclasses
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import (
    Linked,
    LinkedAccount,
    LinkedService,
    LinkOutcome,
    ListeningBasis,
    Occupied,
)
from bot.services.accounts.refusals import not_linked
from bot.store import accounts, jobs, listeners, listening, tastes

SYNC: Final = "sync"
"""The kind of the job that asks a linked account for plays; its subject is the account."""


async def find(conn: AsyncConnection, user_id: int, service: LinkedService) -> LinkedAccount | None:
    """Return the account of a listener at a service."""
    own = await accounts.of_user(conn, user_id)
    return next((one for one in own if one.service is service), None)


async def need(conn: AsyncConnection, user_id: int, service: LinkedService) -> LinkedAccount:
    """Return the account of a listener at a service; raise `NotFoundError` when there is none."""
    found = await find(conn, user_id, service)
    if found is None:
        raise not_linked(service)
    return found


async def link(
    conn: AsyncConnection,
    user_id: int,
    service: LinkedService,
    *,
    name: str,
    display_name: str | None = None,
    secret: bytes | None = None,
    replace: bool = False,
    now: datetime,
) -> LinkOutcome:
    """Link an account, to be asked at once; the same one again keeps what came from it.

    Args:
        name: what the service is asked by.
        display_name: where it is another than the name.
        secret: what lets us ask, encrypted; None: what is kept already.
        replace: unlink another account of that service.
    """
    old = await find(conn, user_id, service)
    if old is not None and not _is_called(old, name):
        if not replace:
            return Occupied(old, name)
        await remove(conn, old)
        old = None
    if old is None:
        await listeners.ensure(conn, user_id, now=now)
        account = await accounts.add(
            conn,
            user_id,
            service,
            name=name,
            display_name=display_name,
            secret=secret,
            basis=ListeningBasis.TOP,
            now=now,
        )
    else:
        account = dataclasses.replace(old, problem=None)
        await accounts.set_problem(conn, account.id, None)
        if secret is not None:
            await accounts.set_secret(conn, account.id, secret)
    await accounts.forget_ended(conn, user_id, service)
    await jobs.plan(conn, SYNC, account.id, now)
    return Linked(account)


async def remove(conn: AsyncConnection, account: LinkedAccount) -> None:
    """Unlink an account: it and everything that came from it are gone.

    The kept taste came partly from it, so it is derived again when it is next needed.
    """
    await jobs.drop(conn, SYNC, account.id)
    await accounts.remove(conn, account.id)
    await listening.remove_orphans(conn)
    await tastes.drop(conn, account.user_id)


def _is_called(account: LinkedAccount, name: str) -> bool:
    """Return whether a name is that of an account; upper and lower case differ in ids only."""
    if account.service is LinkedService.SPOTIFY:
        return account.name == name
    return account.name.casefold() == name.casefold()
