"""Reads the seeds of a batch: a table of tracks, in lists."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import SeedsError
from bot.services.cells import unmarked
from bot.services.packed import open_packed

_COLUMNS: Final = ("list", "track_id", "artist", "title")
_ONLY_LIST: Final = "1"
"""The name of the one list of a table without a column `list`."""
_LARGEST: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Seed:
    """One line: a track by an external id, by name, or both."""

    list: str
    track_id: str | None
    artist: str | None
    title: str | None

    def __str__(self) -> str:
        named = " – ".join(part for part in (self.artist, self.title) if part)
        return named or self.track_id or "(empty line)"


def read_seeds(path: Path) -> list[Seed]:
    """Read a CSV (or .csv.gz) with the columns `track_id`, or `artist` and `title`; `list` if any.

    Raises:
        SeedsError: it cannot be read, is cut off, or does not have these columns.
    """
    try:
        reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
        places = _places(path, next(reader, []))
        seeds = list(_seeds(path, reader, places))
    except csv.Error as error:
        raise SeedsError(f"{path} is cut off or not a CSV: {error}.") from error
    if not seeds:
        raise SeedsError(f"{path} holds no seeds: there is nothing below its header.")
    return seeds


def names_tracks(header: Sequence[str]) -> bool:
    """Tell whether columns with these names say which track a line is."""
    names = {name.strip().casefold() for name in header}
    return "track_id" in names or {"artist", "title"} <= names


def _text(path: Path) -> str:
    with open_packed(path) as file:
        content = file.stream.read(_LARGEST)
        if len(content) == _LARGEST:
            raise SeedsError(f"{path} is larger than 1 GB: split it into several files.")
        return content.decode("utf-8-sig")


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Return where the known columns stand; raise when no seed can be read from them."""
    if not header:
        raise SeedsError(f"{path} is empty.")
    names = [name.strip().casefold() for name in header]
    if not names_tracks(header):
        found = ", ".join(header[:8])
        raise SeedsError(
            f"{path} has neither a column track_id nor the columns artist and title, but: {found}."
        )
    return {name: names.index(name) for name in _COLUMNS if name in names}


def _seeds(path: Path, lines: Iterator[list[str]], places: dict[str, int]) -> Iterator[Seed]:
    last = max(places.values())
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= last:
            raise SeedsError(
                f"Line {number} of {path} has {len(cells)} of {last + 1} columns: "
                "is the file cut off?"
            )
        values = {name: unmarked(cells[place].strip()) or None for name, place in places.items()}
        yield Seed(
            list=(values.get("list") or "") if "list" in places else _ONLY_LIST,
            track_id=values.get("track_id"),
            artist=values.get("artist"),
            title=values.get("title"),
        )
