"""The process that reads a stranger's export: walls itself in, tells piece by piece, and ends.

`python -I -m bot.exports.child MEMORY_BYTES CPU_S MOST_ROWS NAME`; the file is its standard input,
its answer one part for each piece (`pieces.encode`), and one for the end.
"""

import io
import os
import sys
import zipfile
from collections.abc import Callable
from typing import BinaryIO, Final

from bot.exports.pieces import End, OwnPiece, Piece, encode
from bot.exports.reading import read_export
from bot.exports.refusal import Refusal, RefusedError
from bot.sandbox import confine, framed

_REHEARSED: Final = {
    "a.json": b'[{"ts": "2024-05-01T12:03:00Z", "ms_played": 180000, '
    b'"master_metadata_track_name": "A", "master_metadata_album_artist_name": "B"}]',
    "b.json": b'[{"listened_at": 1714564800, "track_metadata": {"artist_name": "A feat. B", '
    b'"track_name": "C"}}]',
    "c.json": b'[{"artist": {"#text": "A"}, "name": "B", "date": {"uts": "1714564800"}}]',
    "d.csv": b"A,B,C,01 May 2024 12:00\n",
    "e.json": b"[1",
    "f.json": b'[{"timeMs": 1714564800000, "track": "A", "artist": "B"}]',
    "g.csv": b"Track name, Artist name, Playlist name\\nA, B, C\\n",
}


_OWN: Final = {
    "b-side.json": b'{"format": "b-side", "version": 1, "user_id": "1", "settings": '
    b'{"profile_public": true, "listens_on": null, "hears_auditions": false}}',
    "said-001.csv": b"kind,subject,title,artist,spotify,isrc,mbid,value,created_at,counts\n"
    b"rating,track,A,B,,,,5,2026-01-01T00:00:00+00:00,1\n",
    "not-me-001.csv": b"service,since_s,until_s,made_at\nspotify,1,2,2026-01-01T00:00:00+00:00\n",
    "parts-001.csv": b"name,title,artist,spotify,isrc,mbid\nmine,A,B,,,\n",
}


def main() -> None:
    """Read the export on standard input."""
    rehearse()
    confine(int(sys.argv[1]), int(sys.argv[2]))
    with os.fdopen(0, "rb", closefd=False) as file:
        _tell(_read(file, sys.argv[4], most_rows=int(sys.argv[3])))


def rehearse() -> None:
    """Do all of it once with files of ours: what is imported late is there then."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _REHEARSED.items():
            archive.writestr(name, content)
    own = io.BytesIO()
    with zipfile.ZipFile(own, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _OWN.items():
            archive.writestr(name, content)
    for file in (packed, own, io.BytesIO(b"\xff"), io.BytesIO(b"a,b\xff\n")):
        encode(_read(file, "export", most_rows=100, tell=encode))


def _read(
    file: BinaryIO,
    name: str,
    *,
    most_rows: int,
    tell: Callable[[Piece | OwnPiece], object] | None = None,
) -> End:
    try:
        for piece in read_export(file, name, most_rows=most_rows):
            (tell or _tell)(piece)
    except RefusedError as error:
        fault = "" if error.__cause__ is None else repr(error.__cause__)
        return End(error.why, fault, error.looks)
    except MemoryError:
        return End(Refusal.LIMITS)
    except Exception as error:  # whatever a file does to its reader, it is the file's fault
        return End(Refusal.DAMAGED, f"{type(error).__name__}: {error}")
    return End()


def _tell(what: Piece | OwnPiece | End) -> None:
    sys.stdout.buffer.write(framed(encode(what)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
