"""Imports track tables: one transaction per file, or nothing of it."""

import asyncio
import csv
import gc
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final, Protocol

import polars as pl

from bot.errors import ImportFileError
from bot.services.catalog.importing import layouts, tables
from bot.services.catalog.importing.cleaning import Cleaned, clean, number_columns, scales
from bot.services.catalog.importing.exported import clean_export
from bot.services.catalog.importing.layouts import Layout
from bot.services.catalog.importing.merging import Known, assign_tracks, id_place, shared_rows
from bot.services.catalog.importing.pieces import (
    external_id_rows,
    first_known,
    genre_rows,
    label_rows,
    told_rows,
)
from bot.services.catalog.importing.records import CHUNK_BYTES, Chunk, RecordReader
from bot.services.catalog.importing.report import ImportReport, Reject
from bot.services.catalog.importing.tables import Progress
from bot.store.catalog_memory import Found
from bot.store.catalog_writer import CatalogWriter
from bot.store.engine import Database

EXAMPLES: Final = 5


class _RejectWriter(Protocol):
    def writerow(self, row: Any, /) -> Any: ...


class CatalogImporter:
    """Reads files into the catalogue of one database."""

    def __init__(self, database: Database, *, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._database = database
        self._chunk_bytes = chunk_bytes

    async def import_file(
        self,
        path: Path,
        *,
        mapping: Mapping[str, str] | None = None,
        rejects: Path | None = None,
        progress: Progress = lambda done, size: None,
    ) -> ImportReport:
        """Import one file whole, and say what became of its rows.

        Args:
            path: a file that `tables` opens.
            mapping: folded column name → field, see `layouts.parse_mapping`.
            rejects: where to write every skipped row, as csv.
            progress: called from another thread now and then.

        Raises:
            ImportFileError: the file cannot be read; nothing of it was stored.
            DatabaseError: the database is locked or full; nothing was stored.
        """
        report = ImportReport(str(path))
        with ExitStack() as stack:
            writer = stack.enter_context(_reject_file(rejects)) if rejects else None
            stack.enter_context(_no_garbage_collection())
            pieces = _pieces(path, mapping or {}, report, progress, self._chunk_bytes)
            stack.callback(pieces.close)
            async with self._database.write() as conn:
                run = ImportRun(await CatalogWriter.open(conn), report, writer)
                upcoming = asyncio.create_task(asyncio.to_thread(next, pieces, None))
                try:
                    while (piece := await asyncio.shield(upcoming)) is not None:
                        upcoming = asyncio.create_task(asyncio.to_thread(next, pieces, None))
                        await run.add(*piece)
                finally:
                    # The thread must be done before the file is closed under it.
                    await asyncio.gather(upcoming, return_exceptions=True)
                await run.finish()
        return report


def _pieces(
    path: Path,
    mapping: Mapping[str, str],
    report: ImportReport,
    progress: Progress,
    chunk_bytes: int,
) -> Generator[tuple[str, Layout, Cleaned], None, None]:
    """Yield the cleaned pieces of all tables of a file."""
    unread: ImportFileError | None = None
    for table in tables.open_tables(path, progress):
        if isinstance(table, tables.FrameTable):
            header, chunks = table.header, _frame_chunks(table)
            layout = layouts.recognise(header, mapping)
            if layout is not None and layout.is_export:
                layout = replace(layout, is_marked=False)
        else:
            reader = RecordReader(table.name, table.blocks, chunk_bytes=chunk_bytes)
            header, header_rows = layouts.flatten(reader.first_rows())
            layouts.refuse_dump(table.name, header)
            layout = layouts.recognise(header, mapping)
            if layout is not None:
                chunks = reader.chunks(
                    header_rows=header_rows, width=layout.width, numbers=number_columns(layout)
                )
        if layout is None:
            unread = layouts.unrecognised(table.name, header)
            report.ignored.append(table.name)
            continue
        report.tables.append(f"{table.name}: {layout.name}")
        read = set(layout.columns.values())
        report.unused += [name.strip() for place, name in enumerate(header) if place not in read]
        first = next(chunks, None)
        if first is not None:
            if not layout.is_export:
                layout = scales(first, layout)
            if layout.percentages:
                report.tables[-1] += f", {len(layout.percentages)} columns in percent"
            chunks = chain([first], chunks)
        read_rows = clean_export if layout.is_export else clean
        for chunk in chunks:
            yield table.name, layout, read_rows(chunk, layout)
    if not report.tables and unread is not None:
        raise unread


def _frame_chunks(table: tables.FrameTable) -> Iterator[Chunk]:
    row = 2
    for frame in table.frames:
        numbers = pl.int_range(row, row + frame.height, dtype=pl.UInt32, eager=True)
        yield Chunk(frame.with_columns(numbers.alias("row")), [])
        row += frame.height


class ImportRun:
    """One import under way."""

    def __init__(
        self, writer: CatalogWriter, report: ImportReport, rejects: _RejectWriter | None = None
    ) -> None:
        self._writer = writer
        self._report = report
        self._rejects = rejects
        self._ids: set[int] = set()

    async def add(self, table: str, layout: Layout, cleaned: Cleaned) -> None:
        """Store one piece and count it."""
        report, frame = self._report, cleaned.frame
        report.rows += cleaned.rows
        report.dropped_values.update(cleaned.dropped)
        self._ids.update(cleaned.id_hashes.to_list())
        self._reject(table, cleaned.rejects)
        if frame.is_empty():
            return
        keys = frame["recording_key"].unique().to_list() if layout.names_tracks else []
        asked = {
            name: frame[id_place(name)].drop_nulls().unique().to_list()
            for name in layout.namespaces
        }
        if cleaned.told is not None:
            of_all = cleaned.told.ids.group_by("namespace").agg("value")
            asked = dict(of_all.iter_rows())
        found = await self._writer.look_up(
            {name: values for name, values in asked.items() if values}, keys
        )
        walk = shared_rows(frame, layout.namespaces) | _found_rows(frame, found)
        merged = assign_tracks(
            frame, walk, Known.of(found), next_id=self._writer.next_id,
            namespaces=layout.namespaces,
        )  # fmt: skip
        report.new += merged.new
        report.merged += merged.merged
        report.known += merged.known
        self._reject(
            table, [(row, "its id is not in the catalogue") for row in merged.unplaced["row"]]
        )
        per_track = first_known(merged.frame, layout)
        ids, more = external_id_rows(merged.frame), None
        labels = label_rows(merged.frame, layout)
        if cleaned.told is not None:
            ids, more, labels = told_rows(merged.frame, cleaned.told)
        ids = ids.join(found.ids, on=["namespace", "value"], how="anti", maintain_order="left")
        genres = genre_rows(merged.frame)
        source = layout.popularity_source
        await self._writer.write(per_track, ids, genres, source, more, labels)

    async def finish(self) -> None:
        """Complete the catalogue and the report."""
        await self._writer.finish()
        report = self._report
        report.distinct_ids = len(self._ids)
        report.updated_tracks = len(self._writer.updated)
        report.unchanged_tracks = len(self._writer.touched - self._writer.updated)

    def _reject(self, table: str, rows: list[tuple[int, str]]) -> None:
        report = self._report
        report.skipped += len(rows)
        for row, reason in rows:
            report.reasons[reason] += 1
            if len(report.examples) < EXAMPLES:
                report.examples.append(Reject(table, row, reason))
            if self._rejects is not None:
                self._rejects.writerow((table, row, reason))


def _found_rows(frame: pl.DataFrame, found: Found) -> pl.Series:
    """Mark the rows that name something the catalogue knows."""
    marks = []
    for name, values in found.ids.group_by("namespace"):
        marks.append(
            frame[id_place(str(name[0]))].is_in(values["value"].implode()).fill_null(value=False)
        )
    if "recording_key" in frame.columns and not found.leaders.is_empty():
        marks.append(frame["recording_key"].is_in(found.leaders["recording_key"].implode()))
    if not marks:
        return pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    return pl.select(pl.any_horizontal(marks)).to_series()


@contextmanager
def _reject_file(path: Path) -> Iterator[_RejectWriter]:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("table", "row", "reason"))
            yield writer
    except OSError as error:
        raise ImportFileError(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python from searching millions of fresh tuples for cycles that they cannot hold."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
