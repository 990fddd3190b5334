"""Everything that is kept about one person, sheet by sheet, as they may take it along.

No sheet holds the Discord id of anybody else, or a secret of a linked account. What was heard blind
and waits for a verdict has no name.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SORT_NAMES
from bot.core.record import PICK
from bot.store.feedback import is_counting
from bot.store.tables import (
    ai_appeals,
    albums,
    artist_claims,
    artist_pages,
    artist_wishes,
    artists,
    asked_wishes,
    audition_listeners,
    audition_results,
    auditions,
    bans,
    blend_debts,
    blend_members,
    blends,
    claim_hands,
    cluster_names,
    digest_members,
    ended_links,
    external_ids,
    feedback,
    genres,
    guild_listeners,
    heard,
    histories,
    library_tracks,
    linked_accounts,
    listens,
    moderation_log,
    not_me,
    own_digests,
    page_files,
    playlist_tracks,
    playlists,
    promotion_audio,
    promotion_excerpts,
    promotion_tracks,
    promotions,
    recommendations,
    record_openings,
    recordings,
    reports,
    shared_pages,
    taste,
    tracks,
    users,
    visits,
)

AT_ONCE: Final = 2_000
"""Rows that are read, and written down, at a time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an export."""

    name: str
    tables: tuple[Table, ...]
    """What it tells of."""
    query: Callable[[int], Select[Any]]
    """Reads it, given whose it is; the names of its columns are those of the sheet."""
    counted_as: str | None = None
    """The field of `PersonalData` that equals its number of rows; None: there is none."""
    at_once: int = AT_ONCE


_by, _album_by = artists.alias("by"), artists.alias("album_by")


def _known_as(namespace: str, track_id: ColumnElement[int]) -> ScalarSelect[Any]:
    query = select(func.min(external_ids.c.value)).where(
        external_ids.c.namespace == namespace, external_ids.c.track_id == track_id
    )
    return query.scalar_subquery()


def _names(track_id: ColumnElement[int], shown: ColumnElement[bool] | None = None) -> list[Any]:
    """Return the columns that name a track; empty where it may not be shown."""
    columns: list[tuple[str, Any]] = [
        ("title", tracks.c.title),
        ("artist", _by.c.name),
        *((name, _known_as(name, track_id)) for name in ("spotify", "isrc", "mbid")),
    ]
    if shown is None:
        return [column.label(name) for name, column in columns]
    return [case((shown, column), else_=null()).label(name) for name, column in columns]


def _with_track(start: FromClause, track_id: ColumnElement[int]) -> FromClause:
    return start.outerjoin(tracks, tracks.c.id == track_id).outerjoin(
        _by, _by.c.id == tracks.c.artist_id
    )


def _plain(table: Table, *without: str) -> Callable[[int], Select[Any]]:
    """Return the query for all columns of a table, but those that say whose a row is."""
    columns = [one for one in table.c if one.name not in ("user_id", *without)]
    order = list(table.primary_key.columns)
    return lambda user_id: select(*columns).where(table.c.user_id == user_id).order_by(*order)


def _account(user_id: int) -> Select[Any]:
    hears = select(audition_listeners.c.joined_at).where(audition_listeners.c.user_id == user_id)
    return select(
        users.c.created_at,
        users.c.profile_public,
        users.c.listens_on,
        hears.scalar_subquery().label("hears_auditions_since"),
    ).where(users.c.id == user_id)


def _said(user_id: int) -> Select[Any]:
    said = feedback.c
    of = {kind: said.subject == kind for kind in ("album", "artist", "genre", "promotion")}
    of_track = said.subject.in_(["track", "cluster"])  # a cluster is named by a track of it
    title = case(
        (of_track, tracks.c.title),
        *(
            (and_(said.subject == "sort", said.subject_id == number), literal(name))
            for number, name in SORT_NAMES.items()
        ),
        (of["album"], albums.c.title),
        (of["artist"], artists.c.name),
        (of["genre"], genres.c.name),
        else_=promotions.c.title,
    )
    start = (
        feedback.outerjoin(tracks, and_(of_track, tracks.c.id == said.subject_id))
        .outerjoin(_by, _by.c.id == tracks.c.artist_id)
        .outerjoin(albums, and_(of["album"], albums.c.id == said.subject_id))
        .outerjoin(_album_by, _album_by.c.id == albums.c.artist_id)
        .outerjoin(artists, and_(of["artist"], artists.c.id == said.subject_id))
        .outerjoin(genres, and_(of["genre"], genres.c.id == said.subject_id))
        .outerjoin(promotions, and_(of["promotion"], promotions.c.id == said.subject_id))
    )
    track_id = case((of_track, said.subject_id), else_=null())
    return (
        select(
            said.id,
            said.kind,
            said.subject,
            title.label("title"),
            func.coalesce(_by.c.name, _album_by.c.name).label("artist"),
            *(_known_as(name, track_id).label(name) for name in ("spotify", "isrc", "mbid")),
            said.value,
            said.source,
            said.created_at,
            said.cancels,
            said.message_id,
            case((is_counting(), 1), else_=0).label("counts"),
        )
        .select_from(start)
        .where(said.user_id == user_id)
        .order_by(said.id)
    )


def _parts(user_id: int) -> Select[Any]:
    start = _with_track(cluster_names, cluster_names.c.track_id)
    return (
        select(cluster_names.c.name, *_names(cluster_names.c.track_id))
        .select_from(start)
        .where(cluster_names.c.user_id == user_id)
        .order_by(cluster_names.c.track_id)
    )


def _picks(user_id: int) -> Select[Any]:
    shown = recommendations.c
    blind = or_(auditions.c.recommendation_id.is_(None), auditions.c.feedback_id.is_not(None))
    start = _with_track(
        recommendations.outerjoin(auditions, auditions.c.recommendation_id == shown.id),
        shown.track_id,
    )
    return (
        select(
            shown.shown_at,
            *_names(shown.track_id, blind),
            case((shown.promotion_id.is_(None), 0), else_=1).label("promoted"),
            shown.message_id,
            case((blind, shown.explanation), else_=null()).label("explanation"),
        )
        .select_from(start)
        .where(shown.user_id == user_id)
        .order_by(shown.id)
    )


def _auditions(user_id: int) -> Select[Any]:
    one = auditions.c
    return (
        select(
            recommendations.c.shown_at,
            one.guild_id,
            one.expected,
            case((one.feedback_id.is_(None), 0), else_=1).label("judged"),
        )
        .join(recommendations, recommendations.c.id == one.recommendation_id)
        .where(one.user_id == user_id)
        .order_by(one.recommendation_id)
    )


def _playlist_rows(user_id: int) -> Select[Any]:
    start = _with_track(
        playlists.outerjoin(playlist_tracks, playlist_tracks.c.playlist_id == playlists.c.id),
        playlist_tracks.c.track_id,
    )
    return (
        select(
            playlists.c.id.label("playlist"),
            playlists.c.title.label("name"),
            playlists.c.description,
            playlists.c.public,
            playlists.c.created_at,
            playlist_tracks.c.place,
            *_names(playlist_tracks.c.track_id),
            playlist_tracks.c.own,
        )
        .select_from(start)
        .where(playlists.c.user_id == user_id)
        .order_by(playlists.c.id, playlist_tracks.c.place)
    )


def _plays(user_id: int) -> Select[Any]:
    return (
        select(
            histories.c.kind.label("history"),
            recordings.c.title,
            recordings.c.artist,
            recordings.c.namespace,
            recordings.c.value.label("known_as"),
            listens.c.played_at.label("played_at_s"),
        )
        .select_from(histories)
        .join(listens, listens.c.history_id == histories.c.id)
        .join(recordings, recordings.c.id == listens.c.recording_id)
        .where(histories.c.user_id == user_id)
        .order_by(histories.c.id, listens.c.played_at, listens.c.recording_id)
    )


def _listed(user_id: int) -> Select[Any]:
    return (
        select(
            histories.c.kind.label("history"),
            library_tracks.c.kind.label("list"),
            recordings.c.title,
            recordings.c.artist,
            recordings.c.namespace,
            recordings.c.value.label("known_as"),
        )
        .select_from(histories)
        .join(library_tracks, library_tracks.c.history_id == histories.c.id)
        .join(recordings, recordings.c.id == library_tracks.c.recording_id)
        .where(histories.c.user_id == user_id)
        .order_by(histories.c.id, library_tracks.c.kind, library_tracks.c.place)
    )


def _promotions(user_id: int) -> Select[Any]:
    columns = [one for one in promotions.c if one.name not in ("user_id", "poster_mark")]
    totals = select(audition_results.c.totals).where(
        audition_results.c.promotion_id == promotions.c.id
    )
    return (
        select(*columns, totals.scalar_subquery().label("results"))
        .where(promotions.c.user_id == user_id)
        .order_by(promotions.c.id)
    )


def _of_promotions(table: Table) -> Callable[[int], Select[Any]]:
    def query(user_id: int) -> Select[Any]:
        return (
            select(*table.c)
            .join(promotions, promotions.c.id == table.c.promotion_id)
            .where(promotions.c.user_id == user_id)
            .order_by(table.c.promotion_id)
        )

    return query


def _promoted_tracks(user_id: int) -> Select[Any]:
    start = _with_track(
        promotion_tracks.join(promotions, promotions.c.id == promotion_tracks.c.promotion_id),
        promotion_tracks.c.track_id,
    )
    return (
        select(promotion_tracks.c.promotion_id, *_names(promotion_tracks.c.track_id))
        .select_from(start)
        .where(promotions.c.user_id == user_id)
        .order_by(promotion_tracks.c.promotion_id, promotion_tracks.c.track_id)
    )


def _pages(user_id: int) -> Select[Any]:
    return (
        select(artist_claims.c.name, artist_claims.c.guild_id, artist_pages.c.url)
        .join(artist_claims, artist_claims.c.id == artist_pages.c.claim_id)
        .where(artist_claims.c.user_id == user_id)
        .order_by(artist_pages.c.claim_id, artist_pages.c.url)
    )


def _hands(user_id: int) -> Select[Any]:
    return (
        select(artist_claims.c.name, artist_claims.c.guild_id, claim_hands.c.accepted_at)
        .join(artist_claims, artist_claims.c.id == claim_hands.c.claim_id)
        .where(claim_hands.c.user_id == user_id)
        .order_by(claim_hands.c.claim_id)
    )


def _appeals(user_id: int) -> Select[Any]:
    one = ai_appeals.c
    start = ai_appeals.outerjoin(artists, artists.c.id == one.artist_id)
    return (
        select(one.guild_id, artists.c.name.label("artist"), one.promotion_id, one.reason)
        .add_columns(one.asked_at, one.state, one.decided_at)
        .select_from(start)
        .where(one.user_id == user_id)
        .order_by(one.id)
    )


def _decisions(user_id: int) -> Select[Any]:
    """Return what somebody did as a moderator, without whom it was about."""
    return (
        select(reports.c.promotion_id, reports.c.state, reports.c.decided_at)
        .where(reports.c.decided_by == user_id)
        .order_by(reports.c.id)
    )


def _verified(user_id: int) -> Select[Any]:
    return (
        select(artist_claims.c.name, artist_claims.c.guild_id, artist_claims.c.verified_at)
        .where(artist_claims.c.verified_by == user_id)
        .order_by(artist_claims.c.id)
    )


def _moderation(user_id: int) -> Select[Any]:
    """Return lines of moderation logs: what was done to somebody, or by them.

    A subject in words may name another person by a mention, so only that of one's own is told.
    """
    log = moderation_log.c
    about = log.user_id == user_id
    told = or_(about, log.user_id.is_(None))
    return (
        select(
            log.guild_id,
            log.at,
            log.action,
            case((about, literal("about you")), else_=literal("by you")).label("role"),
            case((told, log.subject), else_=null()).label("subject"),
            case((log.moderator_id == user_id, log.note), else_=null()).label("note"),
        )
        .where(or_(about, log.moderator_id == user_id))
        .order_by(log.id)
    )


def _invitations(user_id: int) -> Select[Any]:
    return (
        select(
            blends.c.asked_at,
            case((blends.c.user_id == user_id, 1), else_=0).label("asked_by_you"),
            blend_members.c.joined_at,
        )
        .join(blends, blends.c.id == blend_members.c.blend_id)
        .where(blend_members.c.user_id == user_id)
        .order_by(blends.c.id)
    )


def _debts(user_id: int) -> Select[Any]:
    """Return what somebody is owed, without with whom."""
    return (
        select(blend_debts.c.owed, blend_debts.c.blended_at)
        .where(blend_debts.c.user_id == user_id)
        .order_by(blend_debts.c.people)
    )


def _record(user_id: int) -> Select[Any]:
    """Return what was sealed of somebody, with all that opens it, but not what they hear blind."""
    sealed = record_openings.c
    waits = (sealed.kind == PICK) & auditions.c.recommendation_id.is_not(None)
    blind = and_(waits, auditions.c.feedback_id.is_(None))
    start = record_openings.outerjoin(
        auditions, and_(sealed.kind == PICK, auditions.c.recommendation_id == sealed.fact_id)
    )
    told = ("promotion_id", "promotion", "private", "seed")
    return (
        select(
            sealed.position,
            sealed.kind,
            sealed.fact_id,
            sealed.open,
            *(case((blind, null()), else_=sealed[name]).label(name) for name in told),
        )
        .select_from(start)
        .where(sealed.user_id == user_id)
        .order_by(sealed.id)
    )


def _page_files(user_id: int) -> Select[Any]:
    """Return the files of somebody's pages, each with when its page was made."""
    columns = (page_files.c.name, page_files.c.media_type, page_files.c.content)
    return (
        select(shared_pages.c.made_at, *columns)
        .join(shared_pages, shared_pages.c.id == page_files.c.page_id)
        .where(shared_pages.c.user_id == user_id)
        .order_by(shared_pages.c.id, page_files.c.name)
    )


SHEETS: Final[Sequence[Sheet]] = (
    Sheet("account", (users, audition_listeners), _account),
    Sheet("said", (feedback,), _said, "feedback"),
    Sheet("artists-to-come", (artist_wishes,), _plain(artist_wishes, "id", "key"), "wishes"),
    Sheet("asked", (asked_wishes,), _plain(asked_wishes, "id"), "asked"),
    Sheet("parts", (cluster_names,), _parts, "cluster_names"),
    Sheet("taste", (taste,), _plain(taste), "taste"),
    Sheet("picks", (recommendations,), _picks, "recommendations"),
    Sheet("servers", (guild_listeners,), _plain(guild_listeners), "servers"),
    Sheet("accounts", (linked_accounts,), _plain(linked_accounts, "id", "secret")),
    Sheet("ended-links", (ended_links,), _plain(ended_links), "ended_links"),
    Sheet("plays", (histories, heard, listens, recordings), _plays, "plays"),
    Sheet("not-me", (not_me,), _plain(not_me, "id"), "not_me"),
    Sheet("lists", (histories, library_tracks, recordings), _listed, "listed"),
    Sheet("playlists", (playlists, playlist_tracks), _playlist_rows),
    Sheet("digests", (digest_members,), _plain(digest_members), "digests"),
    Sheet("own-digest", (own_digests,), _plain(own_digests), "own_digests"),
    Sheet("invitations", (blends, blend_members), _invitations, "invitations"),
    Sheet("blends", (blend_debts,), _debts, "blends"),
    Sheet("shared-pages", (shared_pages,), _plain(shared_pages, "id", "mark"), "shared_pages"),
    Sheet("visits", (visits,), _plain(visits, "id", "mark"), "visits"),
    Sheet("page-files", (page_files,), _page_files, at_once=4),
    Sheet("record", (record_openings,), _record, "record"),
    Sheet("promotions", (promotions, audition_results), _promotions, "promotions"),
    Sheet("promoted-tracks", (promotion_tracks,), _promoted_tracks),
    Sheet("fingerprints", (promotion_audio,), _of_promotions(promotion_audio), "fingerprints"),
    Sheet("excerpts", (promotion_excerpts,), _of_promotions(promotion_excerpts), "excerpts", 4),
    Sheet(
        "names", (artist_claims,), _plain(artist_claims, "id", "artist_id", "verified_by"), "claims"
    ),
    Sheet("pages", (artist_pages,), _pages, "pages"),
    Sheet("acting-for", (claim_hands,), _hands, "hands"),
    Sheet(
        "reports",
        (reports,),
        _plain(reports, "id", "decided_by", "reporter_mark"),
        "reports",
    ),
    Sheet("appeals", (ai_appeals,), _appeals, "appeals"),
    Sheet("decisions", (reports,), _decisions),
    Sheet("verified", (artist_claims,), _verified),
    Sheet("moderation", (moderation_log,), _moderation, "moderation"),
    Sheet("bans", (bans,), _plain(bans, "id", "key", "name", "mark"), "bans"),
    Sheet("auditions", (auditions,), _auditions, "auditions"),
)


async def rows_of(
    conn: AsyncConnection, sheet: Sheet, user_id: int
) -> AsyncIterator[Sequence[Row[Any]]]:
    """Yield the rows of a sheet, `AT_ONCE` at a time."""
    async with conn.stream(sheet.query(user_id)) as result:
        async for rows in result.partitions(sheet.at_once):
            yield rows


def columns_of(sheet: Sheet) -> list[str]:
    """Return the names of the columns of a sheet."""
    return [column.key or "" for column in sheet.query(0).selected_columns]
