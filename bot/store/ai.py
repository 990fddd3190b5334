"""What AI made: labels by artist and by promotion, what was lifted, and appeals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ai import (
    AiLabel,
    AiRule,
    AiShare,
    AiSource,
    Appeal,
    AppealSubject,
    Verdict,
    declared,
    strongest,
)
from bot.core.taste import NOTHING_UNWANTED, Unwanted
from bot.store import guild_settings, state, uploads
from bot.store.columns import VERSION
from bot.store.dialect import listed
from bot.store.tables import (
    acquaintances,
    ai_appeals,
    ai_artists,
    ai_lifts,
    artist_claims,
    artists,
    external_ids,
    promotion_audio,
    promotion_tracks,
    promotions,
    tracks,
)

_OPEN = ai_appeals.c.state == Verdict.OPEN
_MADE = promotions.c.ai.in_([AiShare.PARTLY, AiShare.WHOLLY])
_STANDS = and_(promotions.c.removed_at.is_(None), promotions.c.message_id.is_not(None))


async def replace_listed(conn: AsyncConnection, new: Mapping[int, AiLabel]) -> bool:
    """Put what a list says of artists in place of what it said; return whether that changed it."""
    if await listed_artists(conn) == new:
        return False
    await conn.execute(delete(ai_artists))
    rows = [
        {"artist_id": number, "share": one.share, "list_name": one.list_name, "why": one.why}
        for number, one in sorted(new.items())
    ]
    if rows:
        await conn.execute(insert(ai_artists), rows)
    await touch(conn)
    return True


async def touch(conn: AsyncConnection) -> None:
    """Have every catalogue in memory look at the labels again."""
    await state.count_up(conn, VERSION)


async def listed_artists(
    conn: AsyncConnection, artist_ids: Sequence[int] | None = None
) -> dict[int, AiLabel]:
    """Return what the list says by artist: of some, or (None) of all."""
    query = select(ai_artists)
    if artist_ids is not None:
        query = query.where(ai_artists.c.artist_id.in_(artist_ids))
    return {row.artist_id: _listed(row) for row in await conn.execute(query)}


def _listed(row: Row[Any]) -> AiLabel:
    share = AiShare(row.share)
    return AiLabel(share, AiSource.LISTED, "artist", row.artist_id, row.list_name, row.why)


async def declared_tracks(
    conn: AsyncConnection, track_ids: Sequence[int] | None = None
) -> list[tuple[int, AiLabel]]:
    """Return what artists declared of their own tracks: of some, or (None) of all.

    Anybody can promote the link to a track of somebody else, so a declaration holds for the track
    only where it is sure whose it is: its sound was uploaded with the promotion, or moderators
    verified the name, and it is the track's artist.
    """
    uploaded = exists().where(
        promotion_audio.c.promotion_id == promotions.c.id,
        external_ids.c.track_id == promotion_tracks.c.track_id,
        external_ids.c.namespace == uploads.NAMESPACE,
        external_ids.c.value == promotion_audio.c.sha256,
    )
    verified = exists().where(
        artist_claims.c.id == promotions.c.claim_id,
        artist_claims.c.verified_at.is_not(None),
        artist_claims.c.artist_id == tracks.c.artist_id,
        tracks.c.id == promotion_tracks.c.track_id,
    )
    query = (
        select(promotion_tracks.c.track_id, promotions.c.id, promotions.c.ai)
        .join(promotions, promotions.c.id == promotion_tracks.c.promotion_id)
        .where(_MADE, _STANDS, or_(uploaded, verified))
        .order_by(promotions.c.id)
    )
    if track_ids is not None:
        query = query.where(promotion_tracks.c.track_id.in_(track_ids))
    return [
        (row.track_id, label)
        for row in await conn.execute(query)
        if (label := declared(row.id, AiShare(row.ai))) is not None
    ]


async def declared_with(conn: AsyncConnection, track_ids: Sequence[int]) -> frozenset[int]:
    """Return the promotions that show one of some tracks and declare that AI made something."""
    query = (
        select(promotions.c.id)
        .join(promotion_tracks, promotion_tracks.c.promotion_id == promotions.c.id)
        .where(promotion_tracks.c.track_id.in_(track_ids), _MADE, _STANDS)
    )
    return frozenset((await conn.scalars(query)).all())


async def declared_of(conn: AsyncConnection, promotion_ids: Sequence[int]) -> dict[int, AiLabel]:
    """Return what was declared with some promotions, by promotion."""
    query = select(promotions.c.id, promotions.c.ai).where(
        promotions.c.id.in_(promotion_ids), _MADE, _STANDS
    )
    return {
        row.id: label
        for row in await conn.execute(query)
        if (label := declared(row.id, AiShare(row.ai))) is not None
    }


async def wholly_declared(conn: AsyncConnection, guild_id: int) -> frozenset[int]:
    """Return the promotions of a server whose posters declared that AI made all of it."""
    query = select(promotions.c.id).where(
        promotions.c.guild_id == guild_id, promotions.c.ai == AiShare.WHOLLY, _STANDS
    )
    return frozenset((await conn.scalars(query)).all())


async def lifted(conn: AsyncConnection, guild_id: int) -> frozenset[int]:
    """Return the artists whose label moderators of a server have lifted there."""
    query = select(ai_lifts.c.artist_id).where(ai_lifts.c.guild_id == guild_id)
    return frozenset((await conn.scalars(query)).all())


async def lift(conn: AsyncConnection, guild_id: int, label: AiLabel) -> None:
    """Take a label away in a server: of a promotion, which stands in one only, for good."""
    if label.subject == "promotion":
        of_it = promotions.c.id == label.subject_id
        await conn.execute(update(promotions).where(of_it).values(ai=None))
        await touch(conn)
    elif label.subject_id not in await lifted(conn, guild_id):
        await conn.execute(insert(ai_lifts).values(guild_id=guild_id, artist_id=label.subject_id))


async def label_of(
    conn: AsyncConnection, guild_id: int, subject: AppealSubject, subject_id: int
) -> tuple[AiLabel | None, str] | None:
    """Return the label that sticks to something in a server, and its name; None: it is gone."""
    if subject == "artist":
        name = await conn.scalar(select(artists.c.name).where(artists.c.id == subject_id))
        found = (await listed_artists(conn, [subject_id])).get(subject_id)
        gone = found is not None and subject_id in await lifted(conn, guild_id)
        return None if name is None else (None if gone else found, str(name))
    query = select(promotions.c.ai, promotions.c.title, promotions.c.url).where(
        promotions.c.id == subject_id,
        promotions.c.guild_id == guild_id,
        promotions.c.removed_at.is_(None),
    )
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    share = None if row.ai is None else AiShare(row.ai)
    return declared(subject_id, share), row.title or row.url


async def artists_named(conn: AsyncConnection, keys: Collection[str]) -> dict[str, int]:
    """Return the artists of some keys, see `core.catalog.artist_key`: one of each at most."""
    query = select(artists.c.key, artists.c.id).where(artists.c.key.in_(listed(conn, sorted(keys))))
    return {row.key: row.id for row in await conn.execute(query)}


async def artists_by_mbid(conn: AsyncConnection, mbids: Collection[str]) -> dict[str, int]:
    """Return the artists of some ids of MusicBrainz that are known."""
    query = (
        select(acquaintances.c.mbid, artists.c.id)
        .join(artists, artists.c.key == acquaintances.c.key)
        .where(acquaintances.c.mbid.in_(listed(conn, sorted(mbids))))
    )
    return {row.mbid: row.id for row in await conn.execute(query)}


async def last_appeal(
    conn: AsyncConnection, guild_id: int, subject: AppealSubject, subject_id: int
) -> tuple[Verdict, datetime] | None:
    """Return what became of the last appeal about a label in a server, and since when."""
    query = (
        select(ai_appeals.c.state, ai_appeals.c.asked_at, ai_appeals.c.decided_at)
        .where(ai_appeals.c.guild_id == guild_id, _about(subject, subject_id))
        .order_by(ai_appeals.c.id.desc())
        .limit(1)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else (Verdict(row.state), row.decided_at or row.asked_at)


async def asked_since(conn: AsyncConnection, user_id: int, since: datetime) -> int:
    """Return how many appeals somebody has written since then."""
    own = (ai_appeals.c.user_id == user_id, ai_appeals.c.asked_at >= since)
    return int(await conn.scalar(select(func.count()).select_from(ai_appeals).where(*own)) or 0)


async def appeal(
    conn: AsyncConnection,
    guild_id: int,
    user_id: int,
    subject: AppealSubject,
    subject_id: int,
    reason: str,
    *,
    now: datetime,
) -> int:
    """Keep an appeal of somebody, who is known; return its number."""
    values = {
        "guild_id": guild_id,
        "user_id": user_id,
        f"{subject}_id": subject_id,
        "reason": reason,
        "asked_at": now,
        "state": Verdict.OPEN,
    }
    done = await conn.execute(insert(ai_appeals).values(values).returning(ai_appeals.c.id))
    return int(done.scalar_one())


async def open_appeals(conn: AsyncConnection, guild_id: int, *, limit: int) -> list[Appeal]:
    """Return the appeals of a server that wait longest."""
    rows = await conn.execute(
        _appeals().where(ai_appeals.c.guild_id == guild_id, _OPEN).limit(limit)
    )
    return [await _read(conn, row) for row in rows.all()]


async def count_open(conn: AsyncConnection, guild_id: int) -> int:
    """Return how many appeals of a server wait."""
    here = (ai_appeals.c.guild_id == guild_id, _OPEN)
    return int(await conn.scalar(select(func.count()).select_from(ai_appeals).where(*here)) or 0)


async def open_appeal(conn: AsyncConnection, guild_id: int, number: int) -> Appeal | None:
    """Return an appeal of a server that waits; None: it was decided, or is not there."""
    of_it = (ai_appeals.c.guild_id == guild_id, ai_appeals.c.id == number, _OPEN)
    row = (await conn.execute(_appeals().where(*of_it))).first()
    return None if row is None else await _read(conn, row)


async def decide(
    conn: AsyncConnection, number: int, verdict: Verdict, *, by: int, now: datetime
) -> bool:
    """Close an appeal; False: somebody else was quicker."""
    values = {"state": verdict, "decided_by": by, "decided_at": now}
    done = update(ai_appeals).where(ai_appeals.c.id == number, _OPEN).values(values)
    return (await conn.execute(done)).rowcount == 1


async def forget(conn: AsyncConnection, user_id: int) -> None:
    """Let appeals and decisions stand without the person they are of."""
    for person in (ai_appeals.c.user_id, ai_appeals.c.decided_by):
        await conn.execute(update(ai_appeals).where(person == user_id).values({person.name: None}))


def _appeals() -> Select[Any]:
    return select(ai_appeals).order_by(ai_appeals.c.id)


async def _read(conn: AsyncConnection, row: Row[Any]) -> Appeal:
    subject: AppealSubject = "promotion" if row.artist_id is None else "artist"
    found = await label_of(conn, row.guild_id, subject, row.artist_id or row.promotion_id)
    label, name = found or (None, "")
    return Appeal(row.id, row.guild_id, row.user_id, row.reason, row.asked_at, label, name)


def _about(subject: AppealSubject, subject_id: int) -> ColumnElement[bool]:
    return ai_appeals.c[f"{subject}_id"] == subject_id


async def left_out(
    conn: AsyncConnection, guild_id: int | None, rule: AiRule | None = None
) -> Unwanted:
    """Return what a server leaves out because AI made it wholly; nothing where it leaves in.

    Args:
        guild_id: the server; None: outside of any, where nothing is left out.
        rule: of the server, where that is known.
    """
    if guild_id is None:
        return NOTHING_UNWANTED
    if rule is None:
        rule = (await guild_settings.get(conn, guild_id)).ai
    if rule is not AiRule.LEAVE_OUT:
        return NOTHING_UNWANTED
    spared = await lifted(conn, guild_id)
    wholly = [
        number
        for number, one in (await listed_artists(conn)).items()
        if one.share is AiShare.WHOLLY and number not in spared
    ]
    tracks = {number for number, one in await declared_tracks(conn) if one.share is AiShare.WHOLLY}
    return Unwanted(artists=tuple(sorted(wholly)), tracks=tuple(sorted(tracks)))


async def shown_labels(
    conn: AsyncConnection,
    artist_by_track: Mapping[int, int],
    guild_id: int | None,
    promoted: Mapping[int, AiLabel],
) -> dict[int, AiLabel]:
    """Return by track the label that it has in a server (None: outside of any).

    Args:
        promoted: what was declared with the promotions that some tracks are shown for, by track.
    """
    spared: frozenset[int] = frozenset()
    if guild_id is not None:
        if (await guild_settings.get(conn, guild_id)).ai is AiRule.ALLOW:
            return {}
        spared = await lifted(conn, guild_id)
    by_artist = await listed_artists(conn, sorted(set(artist_by_track.values()) - spared))
    said = await declared_tracks(conn, list(artist_by_track))
    found = {}
    for track_id in {*artist_by_track, *promoted}:
        own = (by_artist.get(artist_by_track.get(track_id, 0)), promoted.get(track_id))
        labels = [one for number, one in said if number == track_id]
        label = strongest([*labels, *(one for one in own if one is not None)])
        if label is not None:
            found[track_id] = label
    return found
