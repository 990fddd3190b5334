"""Pages to share, each under the mark of the secret in its address."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.sharing import KeptPage, Page, PageFile, PageKind
from bot.store.tables import page_files, shared_pages

_KEPT = (shared_pages.c.id, shared_pages.c.content, shared_pages.c.made_at, shared_pages.c.ends_at)


async def add(
    conn: AsyncConnection,
    user_id: int,
    mark: str,
    page: Page,
    files: Iterable[PageFile],
    *,
    now: datetime,
    ends_at: datetime,
) -> int:
    """Keep a page of a listener, who is known, with its files; return its number."""
    values = {
        "mark": mark,
        "user_id": user_id,
        "kind": page.kind,
        "content": page.to_json(),
        "made_at": now,
        "ends_at": ends_at,
    }
    done = await conn.execute(insert(shared_pages).values(values).returning(shared_pages.c.id))
    number = int(done.scalar_one())
    rows = [
        {
            "page_id": number,
            "name": one.name,
            "media_type": one.media_type,
            "content": one.content,
        }
        for one in files
    ]
    if rows:
        await conn.execute(insert(page_files), rows)
    return number


async def find(conn: AsyncConnection, mark: str, *, now: datetime) -> KeptPage | None:
    """Return the page of a mark; None when there is none, or its time is over."""
    query = select(*_KEPT).where(shared_pages.c.mark == mark, shared_pages.c.ends_at > now)
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    names = select(page_files.c.name).where(page_files.c.page_id == row.id)
    files = await conn.scalars(names.order_by(page_files.c.name))
    return KeptPage(
        row.id, Page.from_json(row.content), row.made_at, row.ends_at, tuple(files.all())
    )


async def file(conn: AsyncConnection, mark: str, name: str, *, now: datetime) -> PageFile | None:
    """Return a file of the page of a mark; None when there is none, or its time is over."""
    query = (
        select(page_files.c.name, page_files.c.media_type, page_files.c.content)
        .join(shared_pages, shared_pages.c.id == page_files.c.page_id)
        .where(
            shared_pages.c.mark == mark,
            shared_pages.c.ends_at > now,
            page_files.c.name == name,
        )
    )
    row = (await conn.execute(query)).first()
    return None if row is None else PageFile(*row)


async def of(conn: AsyncConnection, user_id: int, *, now: datetime) -> list[KeptPage]:
    """Return the pages of a listener that stand, newest first, without the names of their files."""
    query = (
        select(*_KEPT)
        .where(shared_pages.c.user_id == user_id, shared_pages.c.ends_at > now)
        .order_by(shared_pages.c.id.desc())
    )
    return [
        KeptPage(row.id, Page.from_json(row.content), row.made_at, row.ends_at)
        for row in await conn.execute(query)
    ]


async def count(conn: AsyncConnection, user_id: int, *, now: datetime) -> int:
    """Return how many pages of a listener stand."""
    mine = (shared_pages.c.user_id == user_id) & (shared_pages.c.ends_at > now)
    query = select(func.count()).select_from(shared_pages).where(mine)
    return int(await conn.scalar(query) or 0)


async def remove(conn: AsyncConnection, user_id: int, page_id: int | None = None) -> int:
    """Remove a page of a listener, or (None) all of them; return how many there were."""
    which = shared_pages.c.user_id == user_id
    if page_id is not None:
        which &= shared_pages.c.id == page_id
    return (await conn.execute(delete(shared_pages).where(which))).rowcount


async def remove_cards(conn: AsyncConnection, user_id: int | None, name: str) -> None:
    """Remove the pages of a name that somebody holds no longer, or may not use; None: nobody."""
    query = select(shared_pages.c.id, shared_pages.c.content).where(
        shared_pages.c.user_id == user_id, shared_pages.c.kind == PageKind.ARTIST
    )
    rows = (await conn.execute(query)).all()
    cards = [row.id for row in rows if Page.from_json(row.content).title == name]
    await conn.execute(delete(shared_pages).where(shared_pages.c.id.in_(cards)))


async def remove_ended(conn: AsyncConnection, *, now: datetime) -> datetime | None:
    """Remove what has ended; return when the next one ends, if there is one."""
    await conn.execute(delete(shared_pages).where(shared_pages.c.ends_at <= now))
    ends: datetime | None = await conn.scalar(select(func.min(shared_pages.c.ends_at)))
    return ends
