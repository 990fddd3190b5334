"""Reads listens as ListenBrainz dumps and exports them: one JSON object per line.

`{"user_id", "user_name", "listened_at", "track_metadata": {"artist_name", "track_name",
"additional_info": {"spotify_id", …}, "mbid_mapping": {"recording_mbid",
…}}}`; see its documentation, "Data Dumps". The export of one's own listens names no user.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from bot.errors import SeedsError
from bot.services.packed import open_packed
from bot.services.scene.pieces import ListenPiece, WrittenTrack
from bot.sources.listenbrainz.parsing import read_listen

PIECE: Final = 100_000
"""Listens in a piece: so many are held as text at a time."""
_LONGEST_LINE: Final = 1 << 20
_TOLD_EVERY: Final = 10_000


def read_listens(
    path: Path, anonymous: str, progress: Callable[[int], None]
) -> Iterator[ListenPiece]:
    """Yield the listens of a file piece by piece, in the order of the file.

    Args:
        anonymous: the listener of lines that name none.
        progress: is called with the bytes of the file that are read.

    Raises:
        SeedsError: it cannot be read, is cut off, or a line is no JSON; the text names the line.
    """
    with open_packed(path) as file:
        listeners: list[str] = []
        times: list[int] = []
        tracks: list[WrittenTrack] = []
        skipped = 0
        lines = iter(lambda: file.stream.readline(_LONGEST_LINE), b"")
        for number, line in enumerate(lines, 1):
            if line.isspace():
                continue
            listen = _listen(_parsed(path, number, line), anonymous)
            if listen is None:
                skipped += 1
            else:
                listeners.append(listen[0])
                times.append(listen[1])
                tracks.append(listen[2])
            if len(tracks) == PIECE:
                yield ListenPiece(listeners, times, tracks, skipped)
                listeners, times, tracks, skipped = [], [], [], 0
            if number % _TOLD_EVERY == 0:
                progress(file.source.tell())
        yield ListenPiece(listeners, times, tracks, skipped)


def _parsed(path: Path, number: int, line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        if len(line) == _LONGEST_LINE:
            raise SeedsError(
                f"Line {number} of {path} is longer than 1 MB, so it is not a listen."
            ) from error
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise SeedsError(
            f"Line {number} of {path} is not JSON ({reason}): is the file cut off?"
        ) from error


def _listen(line: Any, anonymous: str) -> tuple[str, int, WrittenTrack] | None:
    """Return listener, time and track; None when the line is no listen."""
    listen = read_listen(line) if isinstance(line, dict) else None
    if listen is None:
        return None
    user = line.get("user_id") or line.get("user_name")
    track = listen.spotify or listen.mbid, listen.artist, listen.title
    return (anonymous if user is None else str(user)), int(listen.at.timestamp()), track
