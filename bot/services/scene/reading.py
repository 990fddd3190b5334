"""Reads files of every kind as a stream of pieces."""

from collections.abc import Callable, Iterator, Sequence

from bot.services.scene.files import Kind, ListeningFile
from bot.services.scene.listen_dumps import read_listens
from bot.services.scene.pieces import ListenPiece, PlaylistPiece
from bot.services.scene.playlist_tables import read_slice, read_table


def read_pieces(
    files: Sequence[ListeningFile], progress: Callable[[int, int], None]
) -> Iterator[PlaylistPiece | ListenPiece]:
    """Yield what stands in some files, one file after the other.

    Args:
        progress: is called with the bytes of all files that are read, and their sum.

    Raises:
        SeedsError: a file cannot be read or is damaged; the text says which and where.
    """
    whole = sum(file.size for file in files)
    before = 0
    for file in files:

        def told(done: int, start: int = before) -> None:
            progress(start + done, whole)

        yield from _pieces(file, told)
        before += file.size
        progress(before, whole)


def _pieces(
    file: ListeningFile, progress: Callable[[int], None]
) -> Iterator[PlaylistPiece | ListenPiece]:
    match file.kind:
        case Kind.TABLE:
            yield read_table(file.path)
        case Kind.SLICE:
            yield read_slice(file.path)
        case Kind.LISTENS:
            yield from read_listens(file.path, str(file.origin), progress)
        case Kind.DUMP:
            pass  # `dumps` reads them all at once
