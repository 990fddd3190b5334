"""Reads the dumps in a folder once, and puts aside what they say.

What was read is noted after each file inside a dump. Whatever ends the program, the next reading
goes on there; a dump that has changed since is read again, and those after it.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl

from bot.errors import ImportFileError
from bot.services.archives import BLOCK_BYTES, Stream, check_sum, members
from bot.services.catalog.open_data import discogs, names, plays, sounds
from bot.services.catalog.open_data.discogs import Releases
from bot.services.catalog.open_data.plays import Aside, Counted, Listens
from bot.services.catalog.open_data.recordings import NO_REDIRECTS, Redirects
from bot.services.catalog.open_data.shuffling import Kind, Rows, Shuffle

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many bytes of it are read, and of how many."""
_NOTES: Final = "notes.json"
_HEAD: Final = 1 << 16
_LOOKS: Final = 8
"""Files inside a dump that are looked at to tell what it is: licences come first."""
_WITH_NAMES: Final = ("canonical", "musicbrainz")
_LISTENS: Final = ("parquet", "listens")


@dataclass(slots=True)
class Noted:
    """How far one file is read, and what was put aside until then."""

    name: str
    size: int
    members: int = 0
    """So many of the files in it."""
    is_read: bool = False
    sizes: dict[str, list[int]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    releases: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


class Reading:
    """The dumps in a folder, and what was put aside of them."""

    def __init__(
        self,
        files: Sequence[Path],
        work: Path,
        asides: Sequence[Aside],
        *,
        only_listens: bool = False,
    ) -> None:
        """Take what to read, where to put it aside, and what of listens.

        Args:
            work: a folder of ours; `close_up` removes it.
            only_listens: whether measures, and releases of Discogs, are passed over.
        """
        self._files = files
        self._work = work
        self._asides = asides
        self._only_listens = only_listens
        self._stack = ExitStack()
        self._shuffles: dict[str, Shuffle] = {}
        self._noted: list[Noted] = []
        self.counted = Counted()
        self.releases = Releases()
        self.left_out: list[str] = []

    def __enter__(self) -> Self:
        self._noted = self._known()
        if not self._noted:
            shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(parents=True, exist_ok=True)
        kinds: list[Kind] = [*self._asides]
        kinds += [] if self._only_listens else [*sounds.KINDS, discogs.KIND]
        last = self._noted[-1] if self._noted else Noted("", 0)
        for kind in kinds:
            shuffle = Shuffle(self._work / kind.name, kind.fields, bits=kind.bits)
            self._shuffles[kind.name] = self._stack.enter_context(shuffle)
            shuffle.cut_back(last.sizes.get(kind.name, [0] * len(shuffle.sizes())))
        self.counted = Counted(**last.counted)
        self.releases = Releases(**last.releases)
        self.left_out = list(last.left_out)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def is_resumed(self) -> bool:
        """Whether something was read before."""
        return bool(self._noted)

    @property
    def work(self) -> Path:
        """Where things are put aside."""
        return self._work

    @property
    def names_of_listens(self) -> tuple[str, ...]:
        """The names of the files that hold listens."""
        heard, names_ = 0, []
        for one in self._noted:
            until = one.counted.get("listens", 0)
            names_ += [one.name] if until > heard else []
            heard = until
        return tuple(names_)

    def shuffle(self, name: str) -> Shuffle:
        """Return what was put aside under a name."""
        return self._shuffles[name]

    def parts(self, name: str) -> Iterator[Rows]:
        """Yield what was put aside under a name, part by part."""
        return self._shuffles[name].parts()

    def read(self, progress: Progress) -> Redirects:
        """Read what is not read yet; return which recordings are other editions.

        Raises:
            ImportFileError: a dump is damaged, or not what its checksum says. What was whole stays.
            OSError: the disk is full.
        """
        redirects = NO_REDIRECTS
        for place, file in enumerate(self._files):
            if place == len(self._noted):
                before = self._noted[-1] if self._noted else Noted("", 0)
                self._noted.append(Noted(file.name, file.stat().st_size, sizes=before.sizes))
            found = self._read(file, self._noted[place], redirects, progress)
            redirects = found if len(found) else redirects
        return redirects

    def close_up(self) -> None:
        """Remove everything that was put aside."""
        self._stack.close()
        shutil.rmtree(self._work, ignore_errors=True)

    def _known(self) -> list[Noted]:
        """Return what is noted of files that are the same, up to the first that is another."""
        try:
            mark, noted = json.loads((self._work / _NOTES).read_text())
            known = [Noted(**one) for one in noted]
        except (OSError, ValueError, TypeError):
            return []
        same = []
        for file, one in zip(self._files, known, strict=False):
            if mark != self._mark() or (one.name, one.size) != (file.name, file.stat().st_size):
                break
            same.append(one)
        return same

    def _mark(self) -> list[Any]:
        of_discogs = list(map(list, discogs.KIND.fields))
        of_asides = [[one.name, *map(list, one.fields)] for one in self._asides]
        return [self._only_listens, of_discogs, *of_asides]

    def _note(self) -> None:
        last = self._noted[-1]
        last.sizes = {name: shuffle.sizes() for name, shuffle in self._shuffles.items()}
        last.counted, last.releases = asdict(self.counted), asdict(self.releases)
        last.left_out = list(self.left_out)
        new = self._work / f"{_NOTES}.new"
        new.write_text(json.dumps([self._mark(), [asdict(one) for one in self._noted]]))
        new.replace(self._work / _NOTES)

    def _read(
        self, file: Path, noted: Noted, redirects: Redirects, progress: Progress
    ) -> Redirects:
        """Read one file as far as it is not read yet; return the redirects in it."""
        found = NO_REDIRECTS
        if noted.is_read and not holds_names(file):
            return found
        if not noted.members and not noted.is_read:
            check_sum(file, lambda done, size: progress(f"Checking {file.name}", done, size))

        def tell(done: int, size: int) -> None:
            progress(f"Reading {file.name}", done, size)

        for number, (name, stream) in enumerate(members(file, tell), 1):
            kind = kind_of(stream)
            if kind == "redirects":
                found = Redirects(*names.read_redirects(name, stream))
            elif not noted.is_read and number > noted.members:
                self._take(file, name, stream, kind, redirects)
                noted.members = number
                self._note()
        if not noted.is_read:
            noted.is_read = True
            self._note()
        return found

    def _take(self, file: Path, name: str, stream: Stream, kind: str, redirects: Redirects) -> None:
        match kind:
            case "parquet":
                if not self._take_parquet(file, name, stream, redirects):
                    self.left_out.append(f"{name}: no columns recording_mbid and user_id")
            case "listens":
                plays.take_lines(stream, redirects, self.counted, self._put)
            case "names":
                pass  # the next time
            case _ if self._only_listens:
                pass
            case "rhythm" | "tonal" | "lowlevel":
                sounds.take(name, stream, self._shuffles[kind], redirects)
            case "discogs":
                discogs.take(file, stream, self._shuffles[kind], self.releases)
            case _:
                discogs.check(file, stream)
                self.left_out.append(name)

    def _take_parquet(self, file: Path, name: str, stream: Stream, redirects: Redirects) -> bool:
        own = self._work / "one.parquet"
        with own.open("wb") as target:
            shutil.copyfileobj(stream, target, BLOCK_BYTES)
        try:
            return plays.take_parquet(own, redirects, self.counted, self._put)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            first = (str(error).splitlines() or ["it is damaged"])[0]
            raise ImportFileError(
                f"{name} in {file} is damaged ({first}): download it again."
            ) from error
        finally:
            own.unlink(missing_ok=True)

    def _put(self, listens: Listens) -> None:
        for aside in self._asides:
            aside.put(listens, self._shuffles[aside.name])


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder: those with names and redirects first, Discogs last.

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
    return sorted(found, key=_turn)


def _turn(file: Path) -> tuple[bool, bool, str]:
    return not holds_names(file), discogs.is_called_so(file), file.name


def holds_names(file: Path) -> bool:
    """Tell by its name whether a file may hold names and redirects, which are read twice."""
    return any(word in file.name.lower() for word in _WITH_NAMES)


def holds_listens(file: Path) -> bool:
    """Tell whether a file is a dump of listens, by the first few files in it.

    Raises:
        ImportFileError: it is missing, damaged or cut off.
    """
    inside = members(file, lambda done, size: None)
    kinds = (kind_of(stream) for _, stream in islice(inside, _LOOKS))
    return next(filter(None, kinds), "") in _LISTENS


def kind_of(stream: Stream) -> str:
    """Tell by its beginning what a file of a dump is; "" for all others."""
    head = stream.peek(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.lstrip().startswith(b"{"):
        return "listens" if b'"track_metadata"' in head else ""
    if discogs.is_one(head):
        return "discogs"
    first = head.partition(b"\n")[0].decode("utf-8-sig", "replace")
    header = [cell.strip().lower() for cell in first.split(",")]
    if set(names.REDIRECTS) <= set(header):
        return "redirects"
    if set(names.NEEDS) <= set(header):
        return "names"
    found = sounds.kind_of(header)
    return "" if found is None else found.name
