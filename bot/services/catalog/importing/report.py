"""What an import did, to be shown to who started it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was skipped. Rows count as in a spreadsheet: the header is row 1."""

    table: str
    row: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts of one file. `rows` = `new` + `merged` + `known` + `skipped`."""

    file: str
    tables: list[str] = field(default_factory=list)
    """What each table of the file was recognised as: "songs.csv: Kaggle 114k"."""
    ignored: list[str] = field(default_factory=list)
    """Tables inside a zip that are no track tables."""
    unused: list[str] = field(default_factory=list)
    """Columns that say nothing the catalogue keeps, or whose name it does not know."""
    rows: int = 0
    distinct_ids: int = 0
    new: int = 0
    """Rows that became a track of their own."""
    merged: int = 0
    """Rows that are the same recording as a track found by title, artist and duration."""
    known: int = 0
    """Rows whose id is already that of a track, from before or from this file."""
    skipped: int = 0
    updated_tracks: int = 0
    """Tracks from before this file that learned something from it."""
    unchanged_tracks: int = 0
    """Tracks from before this file that it names and that stayed as they were."""
    dropped_values: Counter[str] = field(default_factory=Counter)
    """Values outside their range, taken as unknown, by field."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Skipped rows by reason."""
    examples: list[Reject] = field(default_factory=list)
    """The first skipped rows."""
