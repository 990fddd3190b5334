"""Writes what is kept about a person into zips, none larger than one may send.

Every zip can be imported by itself: each says whose it is, and of which version.
"""

import base64
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from bot.exports.own import FORMAT, MANIFEST, VERSION

_SLACK: Final = 64 << 10
"""Bytes of a zip for its list of files."""
_SOUND: Final = "audio"
"""The column that becomes a file of its own."""
_MENTION: Final = re.compile(r"<@!?(\d+)>")


class ExportFiles:
    """Zips that grow sheet by sheet; not for several threads at once.

    Args:
        folder: where they are written.
        user_id: whose they are.
        settings: what the manifest says of them.
        limit: bytes of a zip, at most.
        now: when the export is made.
    """

    def __init__(
        self, folder: Path, user_id: int, settings: dict[str, Any], *, limit: int, now: datetime
    ) -> None:
        self._folder = folder
        self._user_id = user_id
        self._settings = settings
        self._limit = limit
        self._now = now
        self._archive: zipfile.ZipFile | None = None
        self.paths: list[Path] = []

    def add(self, sheet: str, number: int, names: Sequence[str], rows: Sequence[Any]) -> None:
        """Write rows of a sheet as a file of their own.

        Raises:
            ValueError: they are too much for a zip.
        """
        if _SOUND in names:
            for row in rows:
                self._write(f"{sheet}/{row.promotion_id}.ogg", row.audio)
            names = [name for name in names if name != _SOUND]
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow(names)
        writer.writerows([self._cell(getattr(row, name)) for name in names] for row in rows)
        self._write(f"{sheet}-{number:03}.csv", table.getvalue().encode())

    def close(self) -> list[Path]:
        """Finish; return all zips in order."""
        if self._archive is None:
            self._begin()
        self._end()
        return self.paths

    def _write(self, name: str, content: bytes) -> None:
        length = len(zlib.compress(content, 6)) + _SLACK
        if self._archive is not None and self._size() + length > self._limit:
            self._end()
        if self._archive is None:
            self._begin()
        if self._archive is None or self._size() + length > self._limit:
            raise ValueError(f"{name} is larger than a file may be")
        self._archive.writestr(name, content)

    def _begin(self) -> None:
        path = self._folder / f"b-side-{self._now:%Y-%m-%d}-{len(self.paths) + 1}.zip"
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.paths.append(path)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "user_id": str(self._user_id),
            "made_at": self._now.isoformat(),
            "part": len(self.paths),
            "settings": self._settings,
        }
        self._archive.writestr(MANIFEST, json.dumps(manifest, indent=1))

    def _end(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _size(self) -> int:
        file = None if self._archive is None else self._archive.fp
        return 0 if file is None else file.tell()

    def _cell(self, value: Any) -> Any:
        """Return a value as it stands in a table; nobody else is mentioned by their id."""
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, datetime | date):
            return value.isoformat()
        if isinstance(value, str):
            own = str(self._user_id)
            return _MENTION.sub(lambda one: one[0] if one[1] == own else "<@somebody>", value)
        return value
