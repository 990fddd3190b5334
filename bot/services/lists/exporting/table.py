"""Lists as a table, with the columns that `bside catalog import` and `bside recommend` know."""

import csv
import io
from typing import Final

from bot.core.catalog import main_page
from bot.core.lists import Playlist
from bot.core.models import Track
from bot.services.cells import marked

COLUMNS: Final = (
    "title", "artist", "album", "year", "duration_ms", "track_id", "isrc", "mbid", "link",
)  # fmt: skip
"""`track_id` is that of Spotify, as in most tables in circulation."""
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Spreadsheets know UTF-8 by it."""


def write_csv(playlist: Playlist) -> str:
    """Write a table (RFC 4180), in which no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for track in playlist.tracks:
        writer.writerow([marked("" if cell is None else str(cell)) for cell in _cells(track)])
    return _BYTE_ORDER_MARK + text.getvalue()


def _cells(track: Track) -> list[str | int | None]:
    known = {one.namespace: one.value for one in reversed(track.external_ids)}
    return [
        track.title,
        track.artist,
        track.album,
        track.year,
        track.duration_ms,
        known.get("spotify"),
        known.get("isrc"),
        known.get("mbid"),
        main_page(track),
    ]
