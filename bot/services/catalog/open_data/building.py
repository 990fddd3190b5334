"""Builds a catalogue of dumps in a folder, and goes on where it was interrupted.

First every dump but that of names is read once, and what it says is put aside by recording. Then
the names are read, and the recordings that are kept are written, some hundred thousand to a
transaction. What was done is noted with it; whatever ends the program, nothing is lost or doubled.
"""

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final

import polars as pl

from bot.errors import ImportFileError
from bot.services.archives import BLOCK_BYTES, Stream, check_sum, members
from bot.services.catalog.importing import ImportReport
from bot.services.catalog.importing.cleaning import clean
from bot.services.catalog.importing.importer import ImportRun
from bot.services.catalog.importing.records import Chunk
from bot.services.catalog.open_data import names, plays, sounds
from bot.services.catalog.open_data.names import Chosen, Known
from bot.services.catalog.open_data.plays import Counted
from bot.services.catalog.open_data.recordings import NO_REDIRECTS, Redirects
from bot.services.catalog.open_data.shuffling import MANY, Shuffle
from bot.store import state
from bot.store.catalog_writer import CatalogWriter
from bot.store.engine import Database

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many bytes of it are read, and of how many."""
STATE: Final = "open_data"
"""Under this name a database remembers how far it was built, of which files."""
BATCH: Final = 250_000
"""Recordings in a transaction."""
_PIECE: Final = 50_000
_NOTES: Final = "notes.json"
_HEAD: Final = 1 << 16
_WITH_NAMES: Final = ("canonical", "musicbrainz")


@dataclass(slots=True)
class Built:
    """What was made of the dumps."""

    report: ImportReport
    chosen: Chosen
    counted: Counted = field(default_factory=Counted)
    measured: int = 0
    """Recordings that AcousticBrainz measured."""
    played: int = 0
    """Recordings that somebody plays."""
    left_out: list[str] = field(default_factory=list)
    """Files that are none of these dumps, and tables without the columns they should have."""
    is_resumed: bool = False


@dataclass(slots=True)
class _Notes:
    """How far the dumps are read."""

    build: str
    done: dict[str, int] = field(default_factory=dict)
    """Members of each file; -1: all."""
    sizes: dict[str, list[int]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


class OpenData:
    """Makes a catalogue of the dumps in a folder."""

    def __init__(self, database: Database, work: Path, *, min_listeners: int = 10) -> None:
        """Take the database, where to put things aside, and which recordings are kept.

        Args:
            database: whose catalogue grows.
            work: a folder of ours; some gigabytes for all of ListenBrainz. It goes in the end.
            min_listeners: recordings with so many listeners are kept, and all that were measured.
        """
        self._database = database
        self._work = work
        self._min_listeners = min_listeners

    async def build(self, folder: Path, progress: Progress) -> Built:
        """Read all dumps of a folder into the catalogue.

        Raises:
            ImportFileError: a dump is missing, damaged or not what its checksum says; or the disk
                is full. What was done is kept, and goes on the next time.
            DatabaseError: the database is locked or full.
        """
        files = _files(folder)
        notes = await asyncio.to_thread(self._begin, files)
        built = Built(ImportReport(str(folder)), Chosen(), is_resumed=bool(notes.done))
        try:
            known = await asyncio.to_thread(self._gather, files, notes, built, progress)
            await self._write(files, known, notes.build, built, progress)
        except OSError as error:
            raise ImportFileError(
                f"{error.filename or self._work} cannot be written: {error.strerror or error}. "
                "Make room and run the command again: it goes on from here."
            ) from error
        await asyncio.to_thread(shutil.rmtree, self._work, ignore_errors=True)
        return built

    # --------------------------------------------------------------------- what is not names

    def _begin(self, files: Sequence[Path]) -> _Notes:
        told = [[file.name, file.stat().st_size] for file in files]
        build = blake2b(
            json.dumps([told, self._min_listeners]).encode(), digest_size=12
        ).hexdigest()
        try:
            notes = _Notes(**json.loads((self._work / _NOTES).read_text()))
        except (OSError, ValueError, TypeError):
            notes = _Notes("")
        if notes.build != build:
            shutil.rmtree(self._work, ignore_errors=True)
            notes = _Notes(build)
        self._work.mkdir(parents=True, exist_ok=True)
        return notes

    def _gather(
        self, files: Sequence[Path], notes: _Notes, built: Built, progress: Progress
    ) -> Known:
        with ExitStack() as stack:
            shuffles = {
                "plays": Shuffle(self._work / "plays", plays.FIELDS, bits=MANY),
                **{
                    kind.name: Shuffle(self._work / kind.name, kind.fields) for kind in sounds.KINDS
                },
            }
            for name, shuffle in shuffles.items():
                stack.enter_context(shuffle)
                shuffle.cut_back(notes.sizes.get(name, [0] * len(shuffle.sizes())))
            redirects = NO_REDIRECTS
            counted = Counted(**notes.counted)
            for file in files:
                found = self._read(file, notes, shuffles, redirects, counted, progress)
                redirects = found if len(found) else redirects
            progress("Counting listeners", 0, 1)
            least = self._min_listeners
            found_plays = plays.count(shuffles["plays"].parts(), least=least)
            found_sounds = sounds.middle(*(shuffles[kind.name].parts() for kind in sounds.KINDS))
        built.counted, built.left_out = counted, notes.left_out
        built.played, built.measured = len(found_plays.keys), len(found_sounds.keys)
        if not built.played and not built.measured:
            raise ImportFileError(
                "The folder holds neither listens of ListenBrainz nor tables of AcousticBrainz: "
                "nobody could tell which of 31 million recordings are worth keeping."
            )
        return Known(redirects, found_plays, found_sounds, self._min_listeners)

    def _read(
        self,
        file: Path,
        notes: _Notes,
        shuffles: dict[str, Shuffle],
        redirects: Redirects,
        counted: Counted,
        progress: Progress,
    ) -> Redirects:
        """Read one file as far as it is not read yet; return the redirects in it."""
        found = NO_REDIRECTS
        before = notes.done.get(file.name, 0)
        redirecting = _holds_names(file)
        if before == -1 and not redirecting:
            return found
        if not before:
            check_sum(file, lambda done, size: progress(f"Checking {file.name}", done, size))

        def tell(done: int, size: int) -> None:
            progress(f"Reading {file.name}", done, size)

        for number, (name, stream) in enumerate(members(file, tell), 1):
            kind = _kind(stream)
            if kind == "redirects":
                found = Redirects(*names.read_redirects(name, stream))
            elif number > before >= 0:
                self._take(file, name, stream, kind, notes, shuffles, redirects, counted)
                notes.done[file.name] = number
                self._note(notes, shuffles, counted)
        if before >= 0:
            notes.done[file.name] = -1
            self._note(notes, shuffles, counted)
        return found

    def _take(
        self,
        file: Path,
        name: str,
        stream: Stream,
        kind: str,
        notes: _Notes,
        shuffles: dict[str, Shuffle],
        redirects: Redirects,
        counted: Counted,
    ) -> None:
        match kind:
            case "parquet":
                own = self._work / "one.parquet"
                with own.open("wb") as target:
                    shutil.copyfileobj(stream, target, BLOCK_BYTES)
                try:
                    taken = plays.take_parquet(own, shuffles["plays"], redirects, counted)
                except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
                    first = (str(error).splitlines() or ["it is damaged"])[0]
                    raise ImportFileError(
                        f"{name} in {file} is damaged ({first}): download it again."
                    ) from error
                finally:
                    own.unlink(missing_ok=True)
                if not taken:
                    notes.left_out.append(f"{name}: no columns recording_mbid and user_id")
            case "listens":
                plays.take_lines(stream, shuffles["plays"], redirects, counted)
            case "rhythm" | "tonal" | "lowlevel":
                sounds.take(name, stream, shuffles[kind], redirects)
            case "names":
                pass  # the next time
            case _:
                notes.left_out.append(name)

    def _note(self, notes: _Notes, shuffles: dict[str, Shuffle], counted: Counted) -> None:
        notes.sizes = {name: shuffle.sizes() for name, shuffle in shuffles.items()}
        notes.counted = asdict(counted)
        new = self._work / f"{_NOTES}.new"
        new.write_text(json.dumps(asdict(notes)))
        new.replace(self._work / _NOTES)

    # --------------------------------------------------------------------- names

    async def _write(
        self, files: Sequence[Path], known: Known, build: str, built: Built, progress: Progress
    ) -> None:
        done = await self._rows_done(build)
        built.is_resumed |= done > 0
        is_there = False
        for file in files:
            if not _holds_names(file):
                continue

            def tell(read: int, size: int, name: str = file.name) -> None:
                progress(f"Names of {name}", read, size)

            for name, stream in members(file, tell):
                if _kind(stream) == "names":
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


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder, those with names and redirects first.

    Raises:
        ImportFileError: it is no folder, or empty.
    """
    if not folder.is_dir():
        raise ImportFileError(f"{folder} is no folder: name the one that holds the dumps.")
    found = [
        one
        for one in folder.iterdir()
        if one.is_file() and not one.name.startswith(".") and one.suffix not in (".sha256", ".md5")
    ]
    if not found:
        raise ImportFileError(f"{folder} is empty: download the dumps into it first.")

    return sorted(found, key=lambda file: (not _holds_names(file), file.name))


def _holds_names(file: Path) -> bool:
    """Tell by its name whether a file may hold names and redirects, which are read twice."""
    return any(word in file.name.lower() for word in _WITH_NAMES)


def _kind(stream: Stream) -> str:
    """Tell by its beginning what a file of a dump is; "" for all others."""
    head = stream.peek(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.lstrip().startswith(b"{"):
        return "listens" if b'"track_metadata"' in head else ""
    first = head.partition(b"\n")[0].decode("utf-8-sig", "replace")
    header = [cell.strip().lower() for cell in first.split(",")]
    if set(names.REDIRECTS) <= set(header):
        return "redirects"
    if set(names.NEEDS) <= set(header):
        return "names"
    found = sounds.kind_of(header)
    return "" if found is None else found.name
