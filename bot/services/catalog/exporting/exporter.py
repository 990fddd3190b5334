"""Writes the whole catalogue into one file, which is there whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

from bot.errors import OperatorError
from bot.services.catalog.exporting.rows import LeftOut, Rows
from bot.services.catalog.exporting.writing import ENDINGS, Writer, open_writer
from bot.store import uploads
from bot.store.catalog_pages import PAGE, Page, pages, survey
from bot.store.engine import Database

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with the tracks that are done, and how many there are."""
_NO_ROOM: Final = ("no space left", "file too large", "disk quota")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    tracks: int
    columns: list[str]
    left_out: LeftOut


def ending_of(file: Path) -> str:
    """Return which kind of table a file is to be, by the end of its name.

    Raises:
        OperatorError: it is none that can be written.
    """
    found = [one for one in ENDINGS if file.name.lower().endswith(one)]
    if not found:
        raise OperatorError(f"{file}: end its name in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.")
    return found[0]


class CatalogExporter:
    """Writes the catalogue of one database."""

    def __init__(self, database: Database, *, page: int = PAGE) -> None:
        self._database = database
        self._page = page

    async def export(
        self,
        file: Path,
        *,
        own_use: bool = False,
        progress: Progress = lambda done, size: None,
    ) -> Exported:
        """Write all tracks, by the order in which they came.

        Args:
            file: its ending decides the kind; one that is there is replaced.
            own_use: also what may not be passed on.
            progress: called after each page.

        Raises:
            OperatorError: there is nothing to write, or the file cannot be written: then it is as
                it was.
            DatabaseError: the database cannot be read.
        """
        ending = ending_of(file)
        part = file.with_name(f".{file.name}.{uuid4().hex[:8]}.part")
        try:
            async with _telling(file), self._database.read() as conn:
                found = await survey(conn)
                if not found.tracks:
                    raise _nothing()
                barred = await uploads.left_or_lent(conn)
                rows = Rows(found, own_use=own_use, barred=barred)
                written = 0
                async with _finished(open_writer(part, ending)) as writer:
                    async for page in pages(conn, size=self._page):
                        written += await _in_thread(_add, writer, rows, page)
                        progress(written + rows.left_out.tracks, found.tracks)
                    if not written:
                        raise _nothing()
                part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        return Exported(written, rows.columns, rows.left_out)


def _nothing() -> OperatorError:
    return OperatorError("The catalogue is empty: there is nothing to export.")


def _add(writer: Writer, rows: Rows, page: Page) -> int:
    made = rows.of(page)
    writer.write(made)
    return made.height


async def _in_thread(work: Callable[..., T], *arguments: object) -> T:
    """Work in a thread; when cancelled, wait for its end, so that nothing is closed under it."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(task)
    finally:
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _finished(writer: Writer) -> AsyncIterator[Writer]:
    """Bring a table to its end, or give it up."""
    try:
        yield writer
        await _in_thread(writer.finish)
    except BaseException:
        await asyncio.to_thread(writer.abandon)
        raise


@asynccontextmanager
async def _telling(file: Path) -> AsyncIterator[None]:
    """Turn what goes wrong while a file is written into one sentence."""
    try:
        yield
    except OSError as error:
        why = error.strerror or (str(error).splitlines() or ["unknown"])[0]
        if any(words in why.lower() for words in _NO_ROOM):
            raise OperatorError(
                f"There is no room for {file} ({why}). Make room or name a file on another disk; "
                "nothing was written."
            ) from error
        raise OperatorError(f"{file} cannot be written: {why}. Nothing was written.") from error
