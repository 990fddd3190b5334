"""The accounts of music services that listeners have linked."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import EndedLink, LinkedAccount, LinkedService, ListeningBasis
from bot.store.tables import ended_links, linked_accounts

_COLUMNS = [linked_accounts.c[name] for name in LinkedAccount.__dataclass_fields__]


async def of_user(conn: AsyncConnection, user_id: int) -> tuple[LinkedAccount, ...]:
    """Return the accounts of a listener, by service."""
    query = (
        select(*_COLUMNS)
        .where(linked_accounts.c.user_id == user_id)
        .order_by(linked_accounts.c.service)
    )
    return tuple(_account(*row) for row in await conn.execute(query))


async def by_id(conn: AsyncConnection, account_id: int) -> LinkedAccount | None:
    """Return one account; None when it was unlinked."""
    query = select(*_COLUMNS).where(linked_accounts.c.id == account_id)
    row = (await conn.execute(query)).first()
    return None if row is None else _account(*row)


async def secret_of(conn: AsyncConnection, account_id: int) -> bytes | None:
    """Return the encrypted token of an account; None: its name is enough."""
    secret: bytes | None = await conn.scalar(
        select(linked_accounts.c.secret).where(linked_accounts.c.id == account_id)
    )
    return secret


async def secrets(conn: AsyncConnection) -> list[tuple[int, bytes]]:
    """Return the accounts that have a token, each with it, by account."""
    query = (
        select(linked_accounts.c.id, linked_accounts.c.secret)
        .where(linked_accounts.c.secret.is_not(None))
        .order_by(linked_accounts.c.id)
    )
    return [(account_id, secret) for account_id, secret in await conn.execute(query)]


async def add(
    conn: AsyncConnection,
    user_id: int,
    service: LinkedService,
    *,
    name: str,
    display_name: str | None,
    secret: bytes | None,
    basis: ListeningBasis,
    now: datetime,
) -> LinkedAccount:
    """Link an account; the listener must have none at that service."""
    values = {
        "user_id": user_id,
        "service": service,
        "name": name,
        "display_name": display_name,
        "secret": secret,
        "basis": basis,
        "linked_at": now,
    }
    done = await conn.execute(insert(linked_accounts).values(values).returning(*_COLUMNS))
    return _account(*done.one())


async def set_secret(conn: AsyncConnection, account_id: int, secret: bytes | None) -> None:
    """Keep a new token for an account, encrypted."""
    await _set(conn, account_id, secret=secret)


async def set_basis(
    conn: AsyncConnection,
    account_id: int,
    basis: ListeningBasis,
    *,
    playlist_id: str | None = None,
    playlist_name: str | None = None,
) -> None:
    """Keep which part of the listening counts; a new playlist counts as not read yet."""
    own = linked_accounts.c.id == account_id
    if playlist_id is not None:
        other = linked_accounts.c.playlist_id.is_distinct_from(playlist_id)
        await conn.execute(update(linked_accounts).where(own, other).values(synced_at=None))
    await _set(conn, account_id, basis=basis, playlist_id=playlist_id, playlist_name=playlist_name)


async def set_synced(
    conn: AsyncConnection, account_id: int, *, now: datetime, cursor: datetime | None
) -> None:
    """Note that all plays up to the cursor are kept, and that nothing is wrong."""
    await _set(conn, account_id, synced_at=now, cursor=cursor, problem=None)


async def set_cursor(conn: AsyncConnection, account_id: int, cursor: datetime | None) -> None:
    """Note that all plays up to the cursor are kept."""
    await _set(conn, account_id, cursor=cursor)


async def set_problem(conn: AsyncConnection, account_id: int, problem: str | None) -> None:
    """Note why an account cannot be read at the moment (None: it can)."""
    await _set(conn, account_id, problem=problem)


async def remove(conn: AsyncConnection, account_id: int) -> None:
    """Unlink an account: remove it and everything that came from it."""
    await conn.execute(delete(linked_accounts).where(linked_accounts.c.id == account_id))


async def note_ended(
    conn: AsyncConnection, user_id: int, service: LinkedService, *, now: datetime
) -> None:
    """Note that a service ended a link; the note stays until the listener was told."""
    await forget_ended(conn, user_id, service)
    values = {"user_id": user_id, "service": service, "ended_at": now}
    await conn.execute(insert(ended_links).values(values))


async def ended_of(conn: AsyncConnection, user_id: int) -> tuple[EndedLink, ...]:
    """Return the ended links that a listener was not told about yet, by service."""
    query = (
        select(ended_links.c.service, ended_links.c.ended_at)
        .where(ended_links.c.user_id == user_id)
        .order_by(ended_links.c.service)
    )
    rows = await conn.execute(query)
    return tuple(EndedLink(LinkedService(service), ended_at) for service, ended_at in rows)


async def forget_ended(conn: AsyncConnection, user_id: int, service: LinkedService) -> None:
    """Remove the note that a link ended."""
    own = (ended_links.c.user_id == user_id) & (ended_links.c.service == service)
    await conn.execute(delete(ended_links).where(own))


async def _set(conn: AsyncConnection, account_id: int, **values: object) -> None:
    await conn.execute(
        update(linked_accounts).where(linked_accounts.c.id == account_id).values(values)
    )


def _account(
    number: int,
    user_id: int,
    service: str,
    name: str,
    display_name: str | None,
    basis: str,
    *rest: object,
) -> LinkedAccount:
    return LinkedAccount(
        number,
        user_id,
        LinkedService(service),
        name,
        display_name,
        ListeningBasis(basis),
        *rest,  # type: ignore[arg-type]
    )
