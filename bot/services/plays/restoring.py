"""Takes back what `/privacy export` gave: what was said, playlists and settings.

What a listener has said here since stays: of a thing that something counts of already, nothing is
taken over. So a second import changes nothing, and neither does an old one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import SORT_NAMES, artist_key, recording_key, text_key
from bot.core.lists import Playlist
from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste import MOST_AWAY, Away, HistoryReport, Skip
from bot.errors import NotFoundError
from bot.exports.own import Entry, Named, Owner, PartName, Said
from bot.exports.pieces import OwnPiece
from bot.exports.refusal import Refusal, RefusedError
from bot.store import (
    auditions,
    batch,
    catalog,
    cluster_names,
    feedback,
    listeners,
    listening,
    names_of,
    not_me,
    playlists,
)
from bot.store.engine import Database

_DELETED: Final = (
    "You had all of your data deleted while I read that file, so I stopped and kept nothing. Use "
    "`/import` to send it again."
)
_SOURCES: Final = {FeedbackKind.SEED: FeedbackSource.START}
"""By what the kinds are said that are told apart by it."""
_NAMESPACES: Final = ("spotify", "isrc", "mbid")


class Restoring:
    """Keeps the parts of an export of this bot."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, user_id: int, piece: OwnPiece, report: HistoryReport) -> None:
        """Write a piece; what is said to be of a time that has not come yet is left out as bad.

        Raises:
            RefusedError: the export is somebody else's.
        """
        if piece.owner is not None:
            if piece.owner.user_id != user_id:
                raise RefusedError(Refusal.OTHERS)
            await self._set(user_id, piece.owner)
        now_s = self._clock.now().timestamp()
        said = [one for one in piece.said if one.at_s <= now_s]
        entries = [one for one in piece.entries if one.made_at_s <= now_s]
        bad = piece.bad + len(piece.said) - len(said) + len(piece.entries) - len(entries)
        if bad:
            report.skipped = {**report.skipped, Skip.BAD: report.skipped.get(Skip.BAD, 0) + bad}
        if said:
            async with self._database.write() as conn:
                await refuse_deleted(conn, user_id)
                await _keep_said(conn, user_id, said, report)
        if piece.away:
            async with self._database.write() as conn:
                await refuse_deleted(conn, user_id)
                await _keep_away(conn, user_id, piece.away, report, now=self._clock.now())
        if piece.parts:
            async with self._database.write() as conn:
                await refuse_deleted(conn, user_id)
                await _keep_parts(conn, user_id, piece.parts, report)
        if entries:
            async with self._database.write() as conn:
                await refuse_deleted(conn, user_id)
                await _keep_playlists(conn, user_id, entries, report)

    async def _set(self, user_id: int, owner: Owner) -> None:
        """Restore settings of somebody who is new here; others have set them as they are."""
        now = self._clock.now()
        async with self._database.write() as conn:
            if await listeners.is_known(conn, user_id):
                return
            await listeners.ensure(conn, user_id, now=now)
            if owner.profile_public:
                await listeners.set_profile_public(conn, user_id, True)
            if owner.listens_on is not None:
                await listeners.set_listens_on(conn, user_id, owner.listens_on)
            if owner.hears_auditions:
                await auditions.join(conn, user_id, now=now)


async def refuse_deleted(conn: AsyncConnection, user_id: int) -> None:
    """Stop an import that its owner overtook.

    Raises:
        NotFoundError: nothing is known of them any more.
    """
    if not await listeners.is_known(conn, user_id):
        raise NotFoundError(_DELETED)


async def _keep_said(
    conn: AsyncConnection, user_id: int, said: Sequence[Said], report: HistoryReport
) -> None:
    counting = {_of(one.kind, one.subject) for one in await feedback.all_counting(conn, user_id)}
    found = await _subjects(conn, [(one.subject, one.named) for one in said])
    report.said += len(said)
    for one in said:
        number = found.get((one.subject, one.named))
        if number is None:
            report.unknown_said += 1
            continue
        subject = Subject(one.subject, number)
        if _of(one.kind, subject) in counting:
            continue
        counting.add(_of(one.kind, subject))
        report.new_said += 1
        await feedback.append(
            conn,
            user_id,
            one.kind,
            subject,
            one.value,
            source=_SOURCES.get(one.kind, FeedbackSource.COMMAND),
            now=datetime.fromtimestamp(one.at_s, UTC),
            recorded=False,
        )


def _of(kind: FeedbackKind, subject: Subject) -> tuple[bool, Subject]:
    """Return what an entry replaces others about: mutes replace mutes only."""
    return kind is FeedbackKind.MUTE, subject


async def _keep_away(
    conn: AsyncConnection,
    user_id: int,
    spans: Sequence[Away],
    report: HistoryReport,
    *,
    now: datetime,
) -> None:
    """Leave out what was left out before, as far as there is room."""
    kept = [one.away for one in await not_me.of_user(conn, user_id)]
    report.away += len(spans)
    for away in spans:
        if away not in kept and len(kept) < MOST_AWAY:
            kept.append(away)
            await not_me.add(conn, user_id, away, now=now)
            await listening.recount(conn, user_id, away)
            report.new_away += 1


async def _keep_parts(
    conn: AsyncConnection, user_id: int, parts: Sequence[PartName], report: HistoryReport
) -> None:
    """Take over names by tracks that name nothing here yet."""
    own = await cluster_names.of_user(conn, user_id)
    found = await _tracks(conn, [one.named for one in parts])
    report.parts += len(parts)
    for one in parts:
        track_id = found.get(one.named)
        if track_id is None or track_id in own:
            continue
        own[track_id] = one.name
        report.new_parts += 1
        await cluster_names.put(conn, user_id, track_id, one.name, instead=())


async def _keep_playlists(
    conn: AsyncConnection, user_id: int, entries: Sequence[Entry], report: HistoryReport
) -> None:
    kept = await playlists.titles_of(conn, user_id)
    named = [(SubjectKind.TRACK, one.named) for one in entries if one.named is not None]
    found = await _subjects(conn, named)
    for _, group in groupby(entries, key=lambda one: one.playlist):
        whole = list(group)
        first, made_at = whole[0], datetime.fromtimestamp(whole[0].made_at_s, UTC)
        ids = {
            found[SubjectKind.TRACK, one.named]: one.own
            for one in whole
            if one.named is not None and (SubjectKind.TRACK, one.named) in found
        }
        report.playlists += 1
        if not ids or (first.name, first.made_at_s) in kept:
            continue
        tracks = await catalog.tracks_by_ids(conn, list(ids))
        playlist = Playlist(first.name, first.description, tuple(tracks), made_at)
        own = [number for number, is_own in ids.items() if is_own]
        await playlists.add(conn, user_id, playlist, public=first.public, own_track_ids=own)
        report.new_playlists += 1


async def _subjects(
    conn: AsyncConnection, wanted: Sequence[tuple[SubjectKind, Named]]
) -> Mapping[tuple[SubjectKind, Named], int]:
    """Return what the catalogue holds of some things, by their ids first, else by their names."""
    of = {kind: [named for each, named in wanted if each is kind] for kind in SubjectKind}
    found = dict[tuple[SubjectKind, Named], int]()
    for kind in (SubjectKind.TRACK, SubjectKind.CLUSTER):  # a cluster is named by a track of it
        for named, number in (await _tracks(conn, of[kind])).items():
            found[kind, named] = number
    artists = await names_of.artists(
        conn, [artist_key(one.title) for one in of[SubjectKind.ARTIST]]
    )
    for named in of[SubjectKind.ARTIST]:
        if artist_key(named.title) in artists:
            found[SubjectKind.ARTIST, named] = artists[artist_key(named.title)]
    keys = {one: (artist_key(one.artist), text_key(one.title)) for one in of[SubjectKind.ALBUM]}
    albums = await names_of.albums(conn, list(keys.values()))
    for named, key in keys.items():
        if key in albums:
            found[SubjectKind.ALBUM, named] = albums[key]
    genres = await names_of.genres(conn, [one.title.lower() for one in of[SubjectKind.GENRE]])
    sorts = {name: int(number) for number, name in SORT_NAMES.items()}
    for named in of[SubjectKind.SORT]:
        if named.title in sorts:
            found[SubjectKind.SORT, named] = sorts[named.title]
    for named in of[SubjectKind.GENRE]:
        if named.title.lower() in genres:
            found[SubjectKind.GENRE, named] = genres[named.title.lower()]
    return found


async def _tracks(conn: AsyncConnection, wanted: Sequence[Named]) -> dict[Named, int]:
    by_id = {
        namespace: await batch.by_id_of(
            conn,
            namespace,
            sorted({value for one in wanted for name, value in one.ids if name == namespace}),
        )
        for namespace in _NAMESPACES
    }
    keys = {one: recording_key(one.title, one.artist) for one in wanted}
    by_key = await batch.by_recording_key(conn, sorted(set(keys.values())))
    found = {}
    for one in wanted:
        numbers = [by_id[name][value] for name, value in one.ids if value in by_id[name]]
        number = numbers[0] if numbers else by_key.get(keys[one])
        if number is not None:
            found[one] = number
    return found
