"""Keeps what listeners play, and says what of it is known to the catalogue."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import Catalog, recording_key
from bot.core.models import ExternalId
from bot.core.taste import Cut, HistoryReport, Recording, linked_kind
from bot.exports.pieces import OwnPiece, Piece
from bot.exports.reader import ExportReader, Fetch
from bot.exports.refusal import Refusal, RefusedError
from bot.services.catalog import LiveCatalog
from bot.services.plays.restoring import Restoring, refuse_deleted
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.store import batch, jobs, listeners, listening, recordings
from bot.store.columns import song_id
from bot.store.engine import Database

log = logging.getLogger(__name__)

ADMIT: Final = "admit"
"""The kind of the job that takes what a listener plays most into the catalogue."""
MOST_KEPT: Final = 500_000
"""Plays and entries of lists of one listener: thirty years of forty plays a day."""
_CUTS: Final = {Refusal.ROWS: Cut.ROWS, Refusal.LIMITS: Cut.LIMITS}
_SOON: Final = timedelta(minutes=1)

Progress: TypeAlias = Callable[[int, float], Awaitable[None]]
"""Awaited with the rows read and how far the file is read, 0 … 1."""
Keyed: TypeAlias = Mapping[str, Recording]


class Listens:
    """Takes plays and lists, from exports and linked accounts alike."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        clock: Clock,
        reader: ExportReader,
        *,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock
        self._reader = reader
        self._most_kept = most_kept
        self._restoring = Restoring(database, clock)

    async def import_file(
        self, user_id: int, content: bytes | Path | Fetch, name: str, progress: Progress
    ) -> HistoryReport:
        """Read an export that a listener gave; each piece is kept by itself.

        What is kept already stays one, so an import that was interrupted is repeated as a whole.

        Args:
            user_id: whose it is.
            content: the file, where it is, or what brings it when it is its turn.
            name: what its owner calls it.
            progress: is told how far it is.

        Raises:
            UserError: it is damaged, too big or no export, and what could be read of it is kept; or
                too many others are being read.
            NotFoundError: they had everything deleted meanwhile; nothing of it is kept.
        """
        report, rows, seen = HistoryReport(), 0, set[int]()
        await self.match()
        async with self._database.read() as conn:
            kept = await listening.count_plays(conn, user_id)
            kept += await listening.count_listed(conn, user_id)
        try:
            async with self._pieces(content, name, report) as pieces:
                async for piece in pieces:
                    if isinstance(piece, OwnPiece):
                        await self._restoring.keep(user_id, piece, report)
                        rows += len(piece.said) + len(piece.entries)
                        continue
                    if kept + report.new_plays + report.new_listed >= self._most_kept:
                        report.cut = Cut.KEPT
                        break
                    seen.update(await self._keep(user_id, piece, report))
                    rows += len(piece.places) + sum(piece.skipped.values())
                    await progress(rows, piece.share)
        finally:
            if report.has_plays:
                await self.changed(user_id)
            elif report.is_news:
                self.follow(user_id)
        async with self._database.read() as conn:
            report.known = await recordings.count_known(conn, sorted(seen))
        report.unknown = len(seen) - report.known
        log.info("an export was read: %d rows, %d new plays", rows, report.new_plays)
        return report

    @asynccontextmanager
    async def _pieces(
        self, content: bytes | Path | Fetch, name: str, report: HistoryReport
    ) -> AsyncIterator[AsyncIterator[Piece | OwnPiece]]:
        """Read pieces; that a file is longer than what is read of one goes into the report."""
        try:
            async with aclosing(self._reader.pieces(content, name)) as pieces:
                yield pieces
        except RefusedError as error:
            cut = _CUTS.get(error.why)
            if cut is None or not report.plays + report.listed:
                raise
            report.cut = cut

    async def _keep(self, user_id: int, piece: Piece, report: HistoryReport) -> set[int]:
        """Write a piece; return its recordings."""
        report.skipped = dict(Counter(report.skipped) + piece.skipped)
        report.example = report.example or piece.example
        if not piece.places:
            return set()
        goes_on = report.plays + report.listed + report.said + report.playlists + report.away > 0
        keys = await compute(keys_of, piece.recordings)
        keyed = _first_of_each(keys, piece.recordings)
        catalog = await self._catalog.at_hand()
        async with self._database.write() as conn:
            if goes_on:
                await refuse_deleted(conn, user_id)
            await listeners.ensure(conn, user_id, now=self._clock.now())
            history = await _history_of(conn, user_id, piece)
            ids = await ids_of(conn, catalog, keyed)
            each = [ids[keys[place]] for place in piece.places]
            if piece.basis is None:
                report.new_plays += await listening.add_plays(conn, history, each, piece.times_s)
                report.plays += len(each)
            else:
                report.new_listed += await listening.add_to_list(conn, history, piece.basis, each)
                report.listed += len(each)
        if piece.times_s:
            report.first_s = min(piece.times_s + ([report.first_s] if report.first_s else []))
            report.last_s = max(piece.times_s + ([report.last_s] if report.last_s else []))
        return set(ids.values())

    async def match(self) -> None:
        """Find the recordings that the catalogue did not hold before."""
        async with self._database.write() as conn:
            found = await recordings.match_new_tracks(conn)
        if found:
            log.info("%d recordings that listeners play are in the catalogue now", found)

    def follow(self, user_id: int) -> None:
        """Let the taste follow."""
        self._tastes.follow(user_id)

    async def changed(self, user_id: int) -> None:
        """Let the taste follow, and ask the services soon for what is played most."""
        self.follow(user_id)
        async with self._database.write() as conn:
            if await listeners.is_known(conn, user_id):  # else it was deleted meanwhile
                await jobs.plan(conn, ADMIT, user_id, self._clock.now() + _SOON)


async def _history_of(conn: AsyncConnection, user_id: int, piece: Piece) -> int:
    """Return the history that a piece goes into.

    What a linked account told goes into the history of that account while it is linked, so that
    nothing counts twice, and else into one that no account can take away again.
    """
    if piece.service is not None:
        kept = await listening.histories_of(conn, user_id)
        found = [one.id for one in kept if one.kind == linked_kind(piece.service)]
        if found:
            return found[0]
    return await listening.history_of(conn, user_id, piece.kind)


async def ids_of(conn: AsyncConnection, catalog: Catalog, keyed: Keyed) -> dict[str, int]:
    """Return the recordings of some keys; what is missing is made and looked for."""
    ids = await recordings.recording_ids(conn, list(keyed))
    new = {key: one for key, one in keyed.items() if key not in ids}
    if new:
        await recordings.add_recordings(conn, new, await _tracks_of(conn, catalog, new))
        ids |= await recordings.recording_ids(conn, list(new))
    return ids


def by_key(recordings: Sequence[Recording]) -> dict[str, Recording]:
    """Return recordings by their keys, the first of each."""
    return _first_of_each(keys_of(recordings), recordings)


def keys_of(recordings: Sequence[Recording]) -> list[str]:
    """Return the key of each recording."""
    return [recording_key(one.title, one.artist) for one in recordings]


def _first_of_each(keys: Sequence[str], recordings: Sequence[Recording]) -> dict[str, Recording]:
    found: dict[str, Recording] = {}
    for key, one in zip(keys, recordings, strict=True):
        if key not in found or (found[key].known_as is None and one.known_as is not None):
            found[key] = one
    return found


async def _tracks_of(conn: AsyncConnection, catalog: Catalog, new: Keyed) -> dict[str, int]:
    """Return the tracks of recordings: by the other name, the key, or another version's."""
    named: dict[ExternalId, str] = {
        one.known_as: key for key, one in new.items() if one.known_as is not None
    }
    by_id = await batch.by_external_id(conn, sorted({one.value for one in named}))
    found = await batch.by_recording_key(conn, list(new))
    found |= {key: by_id[one.value] for one, key in named.items() if one.value in by_id}
    missing = [key for key in new if key not in found]
    rows = await compute(catalog.rows_of_songs, [song_id(key) for key in missing])
    for key, row in zip(missing, rows.tolist(), strict=True):
        if row >= 0:
            found[key] = int(catalog.track_ids[row])
    return found
