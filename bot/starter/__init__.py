"""The starter catalogue: 1,428 freely licensed tracks, to try the bot with nothing else.

`GAMES` is music of free games, whose popularity nobody counts; `ARCHIVE` is independent music from
the Free Music Archive, with its listens there.
"""

import csv
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

GAMES: Final = Path(__file__).with_name("starter.csv")
ARCHIVE: Final = Path(__file__).with_name("fma.csv")
FILES: Final = (GAMES, ARCHIVE)


def digest() -> str:
    """Return what tells one version of the starter catalogue from another."""
    found = sha256()
    for file in FILES:
        found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()


def archive_ids() -> list[str]:
    """Return the ids that the tracks of `ARCHIVE` have at the Free Music Archive."""
    return [_archive_id(row) for row in _archive()]


@cache
def covers() -> dict[str, str]:
    """Return the address of the album's picture by the id at the Free Music Archive.

    Not every track has one. The archive has moved since: an address may fail.
    """
    return {_archive_id(row): row["cover"] for row in _archive() if row["cover"]}


def _archive() -> Iterator[dict[str, str]]:
    with ARCHIVE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _archive_id(row: dict[str, str]) -> str:
    return row["track_id"].removeprefix("fma:")
