"""`bside analyze`: measure sound files, for music that no service knows."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot import settings
from bot.audio.pool import Analyzer
from bot.cli.console import facts, until_interrupted
from bot.cli.wiring import check_output, connect, open_database, write_whole
from bot.clock import SystemClock
from bot.errors import OperatorError, SetupError, UserError
from bot.services.catalog import (
    Analyses,
    Heard,
    LiveCatalog,
    Row,
    names_of,
    read_table,
    row_of,
    written_table,
)

_ENDINGS: Final = frozenset(
    {".wav", ".w64", ".aif", ".aiff", ".aifc", ".flac", ".ogg", ".oga", ".opus", ".mp3"}
)


@dataclass(slots=True)
class _Work:
    """What became of the files so far."""

    rows: dict[str, Row] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    kept: int = 0
    """Files that were measured before."""
    failed: int = 0
    taken: int | None = None
    """Tracks of the catalogue that they are; None: it was left alone."""


def analyze(
    paths: Annotated[
        list[Path], typer.Argument(help="sound files, or folders of them", metavar="PATH…")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write a table that `bside catalog import` reads; adds to one that is there."
        ),
    ] = None,
    take_in: Annotated[
        bool, typer.Option("--import", help="Add the tracks to the catalogue.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="How many files to measure at the same time.")
    ] = 2,
) -> None:
    """Measure tempo, key, loudness and feel of sound files.

    WAV, AIFF, FLAC, Ogg Vorbis, Opus and MP3 are read.

    Title and artist come from the tags, else from a name like `Artist - Title.flac`. It may be
    stopped with Ctrl+C: what was measured is kept, and the same command goes on from there.
    """
    if out is None and not take_in:
        raise SetupError("Say where the results go: --out FILE.csv, --import, or both.")
    if not asyncio.run(_analyze(paths, out, take_in, workers, Console())):
        raise typer.Exit(130)


async def _analyze(
    paths: list[Path], out: Path | None, take_in: bool, workers: int, console: Console
) -> bool:
    files, work = _files_in(paths), _Work()
    url = settings.load().database_url
    if out is not None:
        check_output(out, inputs=files, database=connect(url))
        work.rows = _begun(out)
    async with AsyncExitStack() as stack:
        analyzer, analyses = Analyzer(workers), None
        if take_in:
            database = await stack.enter_async_context(open_database(url))
            analyses = Analyses(database, LiveCatalog(database), analyzer, SystemClock())
        todo = _Todo(files, analyzer, analyses, out is not None, work)
        whole = await _measured(todo, workers, console)
        if out is not None:
            write_whole(out, written_table(work.rows.values()))
        if analyses is not None:
            work.taken = len(set(await analyses.add(work.heard)))
    console.print(_table(work))
    if not whole:
        console.print("Stopped; what was measured is kept.")
    elif not work.heard and not work.kept:
        raise OperatorError("None of the files could be measured; see the reasons above.")
    return whole


def _files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are named, and the sound files in the folders, each once.

    Raises:
        OperatorError: a path is not there, or there is no sound file at all.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS)
            found |= dict.fromkeys(sorted(file for file in inside if file.is_file()))
        elif path.exists():
            found[path] = None
        else:
            raise OperatorError(f"There is no file or folder {path}: check its name.")
    if not found:
        raise OperatorError(
            f"There is no sound file in {', '.join(str(path) for path in paths)}. "
            "I read WAV, AIFF, FLAC, Ogg Vorbis, Opus and MP3."
        )
    return list(found)


def _begun(out: Path) -> dict[str, Row]:
    """Return the lines of an earlier run by file.

    Raises:
        SetupError: the file was not made by this command, and would be lost.
    """
    if not out.exists():
        return {}
    rows = read_table(out.read_bytes())
    if rows is None:
        raise SetupError(f"{out} was not written by `bside analyze`: name another file.")
    return {row.file: row for row in rows}


@dataclass(frozen=True, slots=True)
class _Todo:
    """What is to be measured, and where it goes."""

    files: list[Path]
    analyzer: Analyzer
    analyses: Analyses | None
    """None: the catalogue is left alone."""
    writes: bool
    work: _Work

    async def measure(self, file: Path, console: Console) -> None:
        """Measure a file that is new or has changed."""
        if await self._is_done(file):
            self.work.kept += 1
            return
        try:
            analysis = await self.analyzer.analyze(file, str(file))
            names = names_of(file, analysis)
            if names is None:
                raise UserError(
                    f"{file.name} does not name its artist: add tags, or call it Artist - Title."
                )
        except UserError as error:
            self.work.failed += 1
            console.print(f"{error} ({file})", markup=False, highlight=False, soft_wrap=True)
            return
        heard = Heard(*names, replace(analysis, spectrogram=b""))  # thousands of them are heavy
        self.work.heard.append(heard)
        self.work.rows[str(file)] = row_of(file, heard)

    async def _is_done(self, file: Path) -> bool:
        """Return whether a file stands, as it is now, wherever the results go."""
        row = self.work.rows.get(str(file))
        if self.writes and row is None:
            return False
        sha256 = await asyncio.to_thread(_sha256, file)
        written = not self.writes or (row is not None and row.sha256 == sha256)
        if sha256 is None or self.analyses is None:
            return written
        return written and await self.analyses.holds(sha256)


async def _measured(todo: _Todo, workers: int, console: Console) -> bool:
    """Measure files under a progress bar; return False when interrupted."""
    left = iter(todo.files)
    with _progress(console, len(todo.files)) as bar:

        async def measure_some() -> None:
            for file in left:
                bar.update(bar.task_ids[0], description=file.name[:40])
                await todo.measure(file, bar.console)
                bar.advance(bar.task_ids[0])

        async def measure_all() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(measure_some())

        task = await until_interrupted(measure_all())
    if task.cancelled():
        return False
    task.result()
    return True


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None  # the analyzer says why


@contextmanager
def _progress(console: Console, size: int) -> Iterator[Progress]:
    columns = (
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )  # fmt: skip
    silent = not console.is_terminal  # there, it would hold back every line until the end
    with Progress(*columns, console=console, transient=True, disable=silent) as bar:
        bar.add_task("", total=size)
        yield bar


def _table(work: _Work) -> Table:
    table = facts("Analysed")
    table.add_row("files measured", f"{len(work.heard):,}")
    table.add_row("files measured before", f"{work.kept:,}")
    table.add_row("files that could not be measured", f"{work.failed:,}")
    if work.taken is not None:
        table.add_row("tracks added to the catalogue", f"{work.taken:,}")
    return table
