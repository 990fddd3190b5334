"""What is known of whoever asks for discoveries.

Each is a single statement, and put together once: to compose it takes longer than to run it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Cover, Feedback, FeedbackKind, SearchHit, Subject, SubjectKind, Track
from bot.core.server import GuildSettings
from bot.store.catalog import track_of
from bot.store.columns import VERSION
from bot.store.dialect import UtcDateTime, among, as_listed
from bot.store.feedback import entry_of, is_counting, is_mute, is_standing
from bot.store.guild_settings import COLUMNS, settings_of
from bot.store.tables import (
    albums,
    app_state,
    artists,
    audition_listeners,
    covers,
    external_ids,
    feedback,
    guild_settings,
    heard,
    histories,
    promotions,
    recommendations,
    recordings,
    tracks,
    users,
)
from bot.store.tastes import Position, position_columns

_START: Final = '{"basis":"start"%'
"""How the explanation of a track begins that a newcomer was shown to judge."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks in a server, or elsewhere, at one moment."""

    catalog_version: int
    position: Position
    is_known: bool
    """Whether they are a listener already."""
    hears_auditions: bool
    """Whether they asked for blind auditions."""
    rules: GuildSettings
    """Of the server where they ask; elsewhere the defaults."""
    others_promote: bool
    """Whether anybody promoted anything in that server lately."""
    just_rated: tuple[int, ...] = ()
    """Artists of whom, or of whose music, they have said something since their last answer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a listener was shown lately."""

    track_ids: tuple[int, ...]
    """Each once, ascending."""
    unpromoted_run: int
    """How many unpromoted picks came in a row last; what a newcomer was shown to judge is none."""


@dataclass(frozen=True, slots=True)
class Said:
    """A track by its name, with what a listener said of it and how often they played it."""

    hit: SearchHit
    feedback: Feedback | None
    plays: int


async def asker(
    conn: AsyncConnection,
    user_id: int,
    *,
    guild_id: int | None,
    promoted_since: datetime,
    said_since: datetime,
) -> Asker:
    """Return who asks.

    Args:
        guild_id: the server where they ask; None: elsewhere.
        promoted_since: what was promoted before counts no more.
        said_since: what they said before was not said just now.
    """
    values = {
        "user_id": user_id,
        "guild_id": guild_id,
        "promoted_since": promoted_since,
        "said_since": said_since,
    }
    row = (await conn.execute(_asker(), values)).one()
    return Asker(
        catalog_version=int(row.catalog_version or 0),
        position=Position(int(row.feedback_id), row.listening),
        is_known=bool(row.known),
        hears_auditions=bool(row.joined),
        rules=GuildSettings() if row.guild_id is None else settings_of(row),
        others_promote=bool(row.promoted),
        just_rated=tuple(sorted({int(one) for one in row.just_rated.split()})),
    )


@cache
def _asker() -> Select[Any]:
    user_id, guild_id = (
        bindparam("user_id", type_=BigInteger),
        bindparam("guild_id", type_=BigInteger),
    )
    version = select(app_state.c.value).where(app_state.c.name == VERSION)
    known = select(users.c.id).where(users.c.id == user_id)
    joined = select(audition_listeners.c.user_id).where(audition_listeners.c.user_id == user_id)
    promoted = select(promotions.c.id).where(
        promotions.c.guild_id == guild_id,
        promotions.c.created_at >= bindparam("promoted_since"),
    )
    nobody = select(literal(1).label("one")).subquery()
    return select(
        version.scalar_subquery().label("catalog_version"),
        *position_columns(user_id),
        known.exists().label("known"),
        joined.exists().label("joined"),
        promoted.exists().label("promoted"),
        _just_rated(user_id).label("just_rated"),
        guild_settings.c.guild_id,
        *COLUMNS,
    ).select_from(nobody.outerjoin(guild_settings, guild_settings.c.guild_id == guild_id))


def _just_rated(user_id: BindParameter[int]) -> ColumnElement[str]:
    """Return the artists of whom somebody said something since their last answer, as one text.

    A reaction to several picks is about each of them. What a newcomer judged at the start was no
    answer, so it ends nothing.
    """
    said = feedback.c
    last = (
        select(func.max(recommendations.c.shown_at))
        .where(recommendations.c.user_id == user_id, recommendations.c.explanation.not_like(_START))
        .scalar_subquery()
    )
    whose = func.coalesce(
        tracks.c.artist_id,
        albums.c.artist_id,
        case((said.subject == SubjectKind.ARTIST, said.subject_id)),
    )
    start = feedback.outerjoin(
        tracks, and_(said.subject == SubjectKind.TRACK, tracks.c.id == said.subject_id)
    ).outerjoin(albums, and_(said.subject == SubjectKind.ALBUM, albums.c.id == said.subject_id))
    found = (
        select(cast(whose, Text).label("artist_id"))
        .select_from(start)
        .where(
            said.user_id == user_id,
            said.kind.in_([FeedbackKind.RATING, FeedbackKind.THUMB]),
            said.created_at >= bindparam("said_since", type_=UtcDateTime()),
            or_(last.is_(None), said.created_at > last),
            whose.is_not(None),
            is_standing(),
        )
        .order_by(said.id)
        .subquery()
    )
    query = select(func.coalesce(func.aggregate_strings(found.c.artist_id, " "), ""))
    return query.scalar_subquery()


async def shown(conn: AsyncConnection, user_id: int, *, since: datetime, run: int) -> Shown:
    """Return what was shown to a listener since then, and how long no promoted pick was.

    Args:
        run: so many picks are looked back on at most, however long ago they were.
    """
    values = {"user_id": user_id, "since": since, "run": run}
    rows = (await conn.execute(_shown(), values)).all()
    ids = {row.track_id for row in rows if row.lately}
    unpromoted = 0
    for row in [row for row in rows if row.is_pick][:run]:
        if row.promotion_id is not None:
            break
        unpromoted += 1
    return Shown(tuple(sorted(ids)), unpromoted)


@cache
def _shown() -> Select[Any]:
    own = recommendations.c.user_id == bindparam("user_id")
    is_pick = recommendations.c.explanation.not_like(_START)
    last = select(recommendations.c.id).where(own, is_pick).order_by(recommendations.c.id.desc())
    latest = last.limit(bindparam("run", type_=Integer)).subquery()
    first = select(func.min(latest.c.id)).scalar_subquery()
    lately = recommendations.c.shown_at >= bindparam("since")
    return (
        select(
            recommendations.c.track_id,
            recommendations.c.promotion_id,
            lately.label("lately"),
            is_pick.label("is_pick"),
        )
        .where(own, or_(lately, recommendations.c.id >= first))
        .order_by(recommendations.c.id.desc())
    )


async def for_cards(
    conn: AsyncConnection,
    user_id: int,
    track_ids: Sequence[int],
    compared: Collection[int],
    *,
    plays: bool,
) -> tuple[dict[int, Track], dict[int, Said], dict[int, Cover]]:
    """Return tracks to be shown, without their genres, those they are compared with, and covers.

    Args:
        track_ids: of the tracks to be shown.
        compared: of the tracks that a listener knows.
        plays: whether to count how often they played these.
    """
    shown_ones, others = list(track_ids), sorted(compared)
    values = {
        "user_id": user_id,
        "shown": as_listed(conn, shown_ones),
        "compared": as_listed(conn, others),
        "both": as_listed(conn, [*shown_ones, *others]),
    }
    rows = (await conn.execute(_of_cards(conn.dialect.name, plays=plays), values)).all()
    wanted = set(track_ids)
    by_track: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_track.setdefault(row.id, []).append(row)
    said = {one: _said(its[0]) for one, its in by_track.items() if one in compared}
    found = {
        one: track_of(its[0], (), [(row.namespace, row.value) for row in its if row.namespace])
        for one, its in by_track.items()
        if one in wanted
    }
    pictures = {
        one: Cover(its[0].cover_url, its[0].cover_accent)
        for one, its in by_track.items()
        if one in wanted and its[0].cover_url is not None
    }
    return found, said, pictures


@cache
def _of_cards(dialect: str, *, plays: bool) -> Select[Any]:
    user_id = bindparam("user_id", type_=BigInteger)
    of_external = and_(external_ids.c.track_id == tracks.c.id, among(dialect, tracks.c.id, "shown"))
    of_feedback = and_(
        feedback.c.user_id == user_id,
        feedback.c.subject == SubjectKind.TRACK,
        feedback.c.subject_id == tracks.c.id,
        among(dialect, tracks.c.id, "compared"),
        ~is_mute(),
        is_counting(),
    )
    return (
        select(
            tracks,
            artists.c.name.label("artist"),
            albums.c.title.label("album"),
            external_ids.c.namespace,
            external_ids.c.value,
            covers.c.url.label("cover_url"),
            covers.c.accent.label("cover_accent"),
            *(column.label(f"said_{column.name}") for column in feedback.c),
            (_plays(user_id) if plays else null()).label("plays"),
        )
        .select_from(
            tracks.join(artists, artists.c.id == tracks.c.artist_id)
            .outerjoin(albums, albums.c.id == tracks.c.album_id)
            .outerjoin(covers, covers.c.track_id == tracks.c.id)
            .outerjoin(external_ids, of_external)
            .outerjoin(feedback, of_feedback)
        )
        .where(among(dialect, tracks.c.id, "both"))
        .order_by(tracks.c.id, external_ids.c.namespace, external_ids.c.value)
    )


def _plays(user_id: BindParameter[int]) -> Any:
    """Return how often somebody played the track of a row: the most that any history says."""
    each = (
        select(func.sum(heard.c.plays).label("plays"))
        .join(recordings, recordings.c.id == heard.c.recording_id)
        .join(histories, histories.c.id == heard.c.history_id)
        .where(histories.c.user_id == user_id, recordings.c.track_id == tracks.c.id)
        .group_by(heard.c.history_id)
        .correlate(tracks)
        .subquery()
    )
    return select(func.max(each.c.plays)).correlate(tracks).scalar_subquery()


def _said(row: Row[Any]) -> Said:
    hit = SearchHit(Subject(SubjectKind.TRACK, row.id), row.title, row.artist)
    entry = None if row.said_id is None else entry_of(row, "said_")
    return Said(hit, entry, int(row.plays or 0))
