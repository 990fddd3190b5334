"""Analyses as a table: what `bside analyze` writes, and `bside catalog import` reads."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.audio.analysis import PERCEIVED, Analysis
from bot.services.catalog.analysis import LEAST, Heard

COLUMNS: Final = (
    "file", "sha256", "title", "artist", "duration_ms", "tempo", "tempo_confidence", "key", "mode",
    "key_confidence", "loudness", *PERCEIVED,
)  # fmt: skip

_DASH: Final = re.compile(r"\s+[-–—]\s+")
_NUMBER: Final = re.compile(r"^\d{1,3}[.\s_-]+(?=\S)")
"""That of the track in its album, at the start of a file's name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as text by column."""

    values: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where the sound is."""
        return self.values[COLUMNS.index("file")]

    @property
    def sha256(self) -> str:
        """What tells whether it is still the same file."""
        return self.values[COLUMNS.index("sha256")]


def names_of(file: Path, analysis: Analysis) -> tuple[str, str] | None:
    """Return title and artist by the tags, else by a file's name like `Artist - Title.flac`."""
    if analysis.title and analysis.artist:
        return analysis.title, analysis.artist
    parts = _DASH.split(_NUMBER.sub("", file.stem), maxsplit=1)
    named = len(parts) == 2
    title = analysis.title or (parts[1].strip() if named else "")
    artist = analysis.artist or (parts[0].strip() if named else "")
    return (title, artist) if title and artist else None


def row_of(file: Path, heard: Heard) -> Row:
    """Return a line; what is trusted too little to rank by stays empty."""
    analysis = heard.analysis
    tempo, key = analysis.tempo, analysis.key
    sure_key = key.confidence >= LEAST
    estimates = (getattr(analysis, name) for name in PERCEIVED)
    return Row(
        (
            str(file),
            analysis.sha256,
            heard.title,
            heard.artist,
            str(round(1000 * analysis.duration_s)),
            f"{tempo.bpm:.2f}" if tempo.confidence >= LEAST else "",
            f"{tempo.confidence:.3f}",
            str(key.pitch_class) if sure_key else "",
            str(key.mode) if sure_key else "",
            f"{key.confidence:.3f}",
            f"{analysis.loudness_lufs:.2f}",
            *(f"{one.value:.4f}" if one.confidence >= LEAST else "" for one in estimates),
        )
    )


def written_table(rows: Iterable[Row]) -> bytes:
    """Return the table as CSV, by file."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(row.values for row in sorted(rows, key=lambda row: row.file))
    return text.getvalue().encode()


def read_table(content: bytes) -> Sequence[Row] | None:
    """Return the lines of a table that `written` made; None for anything else."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    if not lines or any(len(line) != len(COLUMNS) for line in lines) or tuple(lines[0]) != COLUMNS:
        return None
    return [Row(tuple(line)) for line in lines[1:]]
