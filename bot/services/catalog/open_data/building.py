"""Builds a catalogue of dumps in a folder, and goes on where it was interrupted.

First every dump but that of names is read once, and what it says is put aside by recording. Then
the names are read, and the recordings that are kept are written, some hundred thousand to a
transaction. What was done is noted with it; whatever ends the program, nothing is lost or doubled.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final

import polars as pl

from bot.errors import ImportFileError
from bot.services.archives import members
from bot.services.catalog.importing import ImportReport
from bot.services.catalog.importing.cleaning import clean
from bot.services.catalog.importing.importer import ImportRun
from bot.services.catalog.importing.records import Chunk
from bot.services.catalog.open_data import genres, names, plays, sounds
from bot.services.catalog.open_data.discogs import KIND, Releases
from bot.services.catalog.open_data.names import Chosen, Known
from bot.services.catalog.open_data.plays import Aside, ByRecording, Counted
from bot.services.catalog.open_data.reading import (
    Progress,
    Reading,
    files_in,
    holds_names,
    kind_of,
)
from bot.store import state
from bot.store.catalog_writer import CatalogWriter
from bot.store.engine import Database

STATE: Final = "open_data"
"""Under this name a database remembers how far it was built, of which files."""
BATCH: Final = 250_000
"""Recordings in a transaction."""
_PIECE: Final = 50_000


@dataclass(slots=True)
class Built:
    """What was made of the dumps."""

    report: ImportReport
    chosen: Chosen
    counted: Counted = field(default_factory=Counted)
    releases: Releases = field(default_factory=Releases)
    measured: int = 0
    """Recordings that AcousticBrainz measured."""
    played: int = 0
    """Recordings that somebody plays."""
    left_out: list[str] = field(default_factory=list)
    """Files that are none of these dumps, and tables without the columns they should have."""
    is_resumed: bool = False


class OpenData:
    """Makes a catalogue of the dumps in a folder."""

    def __init__(
        self,
        database: Database,
        work: Path,
        *,
        min_listeners: int = 10,
        besides: Aside | None = None,
    ) -> None:
        """Take the database, where to put things aside, and which recordings are kept.

        Args:
            database: whose catalogue grows.
            work: a folder of ours; some gigabytes for all of ListenBrainz. It goes in the end.
            min_listeners: recordings with so many listeners are kept, and all that were measured.
            besides: what else is put aside of listens, so that they are read once only.
        """
        self._database = database
        self._work = work
        self._min_listeners = min_listeners
        self._besides = besides

    async def build(
        self,
        folder: Path,
        progress: Progress,
        *,
        then: Callable[[Reading], Awaitable[None]] | None = None,
    ) -> Built:
        """Read all dumps of a folder into the catalogue.

        Args:
            then: is called when the catalogue is made, and before what was put aside goes.

        Raises:
            ImportFileError: a dump is missing, damaged or not what its checksum says; or the disk
                is full. What was done is kept, and goes on the next time.
            DatabaseError: the database is locked or full.
        """
        files = await asyncio.to_thread(files_in, folder)
        asides = [ByRecording(), *([self._besides] if self._besides else [])]
        built = Built(ImportReport(str(folder)), Chosen())
        try:
            with Reading(files, self._work, asides) as reading:
                known = await asyncio.to_thread(self._gather, reading, built, progress)
                await self._write(files, known, built, progress)
                if then is not None:
                    await then(reading)
        except OSError as error:
            raise ImportFileError(
                f"{error.filename or self._work} cannot be written: {error.strerror or error}. "
                "Make room and run the command again: it goes on from here."
            ) from error
        await asyncio.to_thread(reading.close_up)
        return built

    def _gather(self, reading: Reading, built: Built, progress: Progress) -> Known:
        built.is_resumed = reading.is_resumed
        redirects = reading.read(progress)
        progress("Counting listeners", 0, 1)
        found_plays = plays.count(reading.parts(ByRecording.name), least=self._min_listeners)
        found_sounds = sounds.middle(*(reading.parts(kind.name) for kind in sounds.KINDS))
        found_genres = genres.count(reading.parts(KIND.name), reading.releases, reading.work)
        built.counted, built.releases = reading.counted, reading.releases
        built.left_out = reading.left_out
        built.played, built.measured = len(found_plays.keys), len(found_sounds.keys)
        if not built.played and not built.measured:
            raise ImportFileError(
                "The folder holds neither listens of ListenBrainz nor tables of AcousticBrainz: "
                "nobody could tell which of 31 million recordings are worth keeping."
            )
        return Known(redirects, found_plays, found_sounds, found_genres, self._min_listeners)

    async def _write(
        self, files: Sequence[Path], known: Known, built: Built, progress: Progress
    ) -> None:
        told = [[file.name, file.stat().st_size] for file in files]
        mark = json.dumps([told, self._min_listeners]).encode()
        build = blake2b(mark, digest_size=12).hexdigest()
        done = await self._rows_done(build)
        built.is_resumed |= done > 0
        is_there = False
        for file in files:
            if not holds_names(file):
                continue

            def tell(read: int, size: int, name: str = file.name) -> None:
                progress(f"Names of {name}", read, size)

            for name, stream in members(file, tell):
                if kind_of(stream) == "names":
                    is_there = True
                    await self._write_member(name, stream, known, build, done, built)
        if not is_there:
            raise ImportFileError(
                "The folder holds no canonical dump of MusicBrainz "
                "(musicbrainz-canonical-dump-….tar.zst): without it no recording has a name."
            )

    async def _rows_done(self, build: str) -> int:
        async with self._database.read() as conn:
            said = json.loads(await state.get(conn, STATE) or "{}")
        return int(said["rows"]) if said.get("build") == build else 0

    async def _write_member(
        self, name: str, stream: IO[bytes], known: Known, build: str, done: int, built: Built
    ) -> None:
        pieces = names.choose(name, stream, known, built.chosen, after=done)
        waiting: list[pl.DataFrame] = []
        rows = done
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            chunk, rows = piece
            waiting.append(chunk.frame)
            if sum(frame.height for frame in waiting) >= BATCH:
                await self._keep(waiting, build, rows, built)
                waiting = []
        await self._keep(waiting, build, rows, built)

    async def _keep(
        self, waiting: Sequence[pl.DataFrame], build: str, rows: int, built: Built
    ) -> None:
        async with self._database.write() as conn:
            run = ImportRun(await CatalogWriter.open(conn), built.report)
            for frame in waiting:
                for some in frame.iter_slices(_PIECE):
                    cleaned = await asyncio.to_thread(clean, Chunk(some, []), names.LAYOUT)
                    await run.add("names", names.LAYOUT, cleaned)
            await run.finish()
            await state.put(conn, STATE, json.dumps({"build": build, "rows": rows}))
