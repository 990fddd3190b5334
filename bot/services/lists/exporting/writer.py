"""From a list to a file, in any of the forms."""

import re
from collections.abc import Callable
from typing import Final

from bot.core.catalog import text_key
from bot.core.lists import ExportedFile, Form, Playlist
from bot.services.lists.exporting.lines import write_links, write_m3u8
from bot.services.lists.exporting.spiff import write_jspf, write_xspf
from bot.services.lists.exporting.table import write_csv

_LONGEST_NAME: Final = 60

_WRITERS: Final[dict[Form, Callable[[Playlist], str]]] = {
    Form.M3U8: write_m3u8,
    Form.XSPF: write_xspf,
    Form.JSPF: write_jspf,
    Form.CSV: write_csv,
    Form.LINKS: write_links,
}
_ENDINGS: Final = {Form.LINKS: "txt"}


def write_playlist(playlist: Playlist, form: Form) -> ExportedFile:
    """Write a list down in UTF-8; the same list always gives the same bytes."""
    ending = _ENDINGS.get(form, form.value)
    content = _WRITERS[form](playlist).encode("utf-8", "replace")
    return ExportedFile(f"{_name(playlist.title)}.{ending}", content)


def _name(title: str) -> str:
    """Return a name that every file system takes."""
    words = re.sub(r"[^a-z0-9]+", "-", text_key(title))
    return words[:_LONGEST_NAME].strip("-") or "playlist"
