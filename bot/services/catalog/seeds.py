"""Reads the seeds of a batch: a table of tracks, in lists."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import SeedsError
from bot.services.catalog.importing.layouts import ALIASES, fold
from bot.services.catalog.playlist_files import is_playlist, read_playlist
from bot.services.cells import separator_line, separator_of, unmarked
from bot.services.packed import open_packed

_CALLED: Final = {
    "list": ("list", "playlist", "playlist_name", "playlist_id"),
    "track_id": (
        "track_id", "track_uri", "uri", "spotify_id", "spotify_track_id", "spotify_uri",
        "spotify_track_uri",
    ),
    "artist": ALIASES["artist"],
    "title": ALIASES["title"],
}  # fmt: skip
"""What the columns may be called; the first that is there counts."""
_ONLY_LIST: Final = "1"
"""The name of the one list of a table without a column `list`."""
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,80}encoding=["']([\w-]{1,20})["']""")
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

    They may be called as in any table that `bside catalog import` reads, Exportify's for example.
    M3U, XSPF and JSPF are read, too: each is one list.

    Raises:
        SeedsError: it cannot be read, is cut off, or does not have these columns.
    """
    content = _text(path)
    if is_playlist(content) or path.suffix.lower() in (".m3u", ".m3u8"):
        return _listed(path, content)
    try:
        text, separator, skipped = _prepared(content)
        lines = io.StringIO(text, newline="")
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
        places = _places(path, next(reader, []))
        seeds = list(_seeds(path, reader, places, first=2 + skipped))
    except csv.Error as error:
        raise SeedsError(f"{path} is cut off or not a CSV: {error}.") from error
    if not seeds:
        raise SeedsError(f"{path} holds no seeds: there is nothing below its header.")
    return seeds


def _listed(path: Path, content: str) -> list[Seed]:
    title, entries = read_playlist(content, str(path))
    if not entries:
        raise SeedsError(f"{path} holds no tracks.")
    return [Seed(title or path.stem, one.address, one.artist, one.title) for one in entries]


def names_tracks(header: Sequence[str]) -> bool:
    """Tell whether columns with these names say which track a line is."""
    found = _known(header)
    return "track_id" in found or {"artist", "title"} <= found.keys()


def header_of(text: str) -> list[str]:
    """Return the names of the columns of a table, given its beginning."""
    text, separator, _ = _prepared(text)
    first = (text.splitlines() or [""])[0]
    return next(csv.reader([first], delimiter=separator, skipinitialspace=True), [])


def _known(header: Sequence[str]) -> dict[str, int]:
    """Return where the columns stand that say something of a track."""
    names = [fold(name) for name in header]
    found = {}
    for field, called in _CALLED.items():
        place = next((names.index(name) for name in called if name in names), None)
        if place is not None:
            found[field] = place
    return found


def _prepared(text: str) -> tuple[str, str, int]:
    """Return a table without a line that only names the separator, the latter, and its lines."""
    first, _, rest = text.lstrip("\ufeff").partition("\n")
    named = separator_line(first)
    if named is not None:
        return rest, named, 1
    return text, separator_of((text.splitlines() or [""])[0]), 0


def _text(path: Path) -> str:
    with open_packed(path) as file:
        content = file.stream.read(_LARGEST)
        if len(content) == _LARGEST:
            raise SeedsError(f"{path} is larger than 1 GB: split it into several files.")
        is_utf_16 = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        try:
            return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
        except UnicodeDecodeError:
            if content.startswith(b"#EXTM3U") or path.suffix.lower() == ".m3u":
                return content.decode("cp1252", "replace")  # M3U of old is in no other
            declared = _DECLARED.match(content)
            if declared is None:
                raise
            return content.decode(declared[1].decode("ascii"), "replace")
        except LookupError as error:
            raise SeedsError(f"{path} is in an encoding that nobody knows: {error}.") from error


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Return where the known columns stand; raise when no seed can be read from them."""
    if not header:
        raise SeedsError(f"{path} is empty.")
    if not names_tracks(header):
        found = ", ".join(header[:8])
        raise SeedsError(
            f"{path} has neither a column track_id nor the columns artist and title, but: {found}."
        )
    return _known(header)


def _seeds(
    path: Path, lines: Iterator[list[str]], places: dict[str, int], *, first: int
) -> Iterator[Seed]:
    last = max(places.values())
    for number, cells in enumerate(lines, first):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= last:
            raise SeedsError(
                f"Line {number} of {path} has {len(cells)} of {last + 1} columns: "
                "is the file cut off?"
            )
        values = {
            name: unmarked(cells[place].replace("\0", "").strip()) or None
            for name, place in places.items()
        }
        yield Seed(
            list=(values.get("list") or "") if "list" in places else _ONLY_LIST,
            track_id=values.get("track_id"),
            artist=values.get("artist"),
            title=values.get("title"),
        )
