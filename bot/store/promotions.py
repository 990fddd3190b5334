"""What artists promoted, where, and which tracks of the catalogue belong to it.

A row is written before its message is posted. One that never got a message counts for a few minutes
(somebody is posting right now) and then no longer. So a crash in between does not cost anybody
their turn.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ai import AiShare
from bot.core.catalog import link_meaning
from bot.core.promotion import SAME_URL_AGAIN_AFTER, Claim, Promotion, PromotionAudio, PromotionKind
from bot.store import catalog, record_facts, tombstones
from bot.store.claims import acts_for
from bot.store.dialect import listed
from bot.store.moderation import runs
from bot.store.tables import (
    artist_claims,
    bans,
    external_ids,
    promotion_audio,
    promotion_excerpts,
    promotion_tracks,
    promotions,
    reports,
    tracks,
)
from bot.store.tombstones import Marks

POSTING_TAKES: Final = timedelta(minutes=5)

_COLUMNS = [promotions.c[name] for name in Promotion.__dataclass_fields__]


async def add(
    conn: AsyncConnection,
    user_id: int,
    *,
    guild_id: int | None,
    url: str,
    text: str,
    track_ids: Sequence[int],
    kind: PromotionKind = PromotionKind.PLAYLIST,
    claim_id: int | None = None,
    title: str | None = None,
    ai: AiShare | None = None,
    now: datetime,
) -> Promotion:
    """Note a promotion that is about to be posted, with its tracks."""
    values = {
        "user_id": user_id,
        "guild_id": guild_id,
        "url": url,
        "text": text,
        "created_at": now,
        "kind": kind,
        "claim_id": claim_id,
        "title": title,
        "ai": ai,
    }
    done = await conn.execute(insert(promotions).values(values).returning(promotions.c.id))
    number = done.scalar_one()
    await add_tracks(conn, number, track_ids)
    return Promotion(
        number, user_id, guild_id, None, url, text, now, kind, claim_id=claim_id, title=title, ai=ai
    )


async def add_tracks(conn: AsyncConnection, promotion_id: int, track_ids: Sequence[int]) -> None:
    """Note tracks that a promotion shows; it must have none of them yet."""
    if track_ids:
        rows = [{"promotion_id": promotion_id, "track_id": track_id} for track_id in track_ids]
        await conn.execute(insert(promotion_tracks), rows)


async def by_id(conn: AsyncConnection, promotion_id: int) -> Promotion | None:
    """Return one promotion; None when its artist had their data deleted."""
    row = (await conn.execute(select(*_COLUMNS).where(promotions.c.id == promotion_id))).first()
    return None if row is None else _read(row)


async def set_posted(
    conn: AsyncConnection, promotion_id: int, message_id: int, *, channel_id: int
) -> None:
    """Note in which message of which channel a promotion stands, and seal that."""
    done = await conn.execute(
        update(promotions)
        .where(promotions.c.id == promotion_id)
        .values(message_id=message_id, channel_id=channel_id)
        .returning(*_COLUMNS)
    )
    posted = done.first()
    if posted is not None:
        await record_facts.add_posted(conn, _read(posted))


async def set_removed(conn: AsyncConnection, promotion_id: int, *, now: datetime) -> None:
    """Note that moderators took a promotion down, and seal that."""
    await record_facts.add_removed(conn, promotion_id, now=now)
    await conn.execute(
        update(promotions).where(promotions.c.id == promotion_id).values(removed_at=now)
    )


async def remove_unposted(conn: AsyncConnection, promotion_id: int) -> None:
    """Remove a promotion that was never posted; one that was posted stays."""
    unposted = select(promotions.c.id).where(
        promotions.c.id == promotion_id, promotions.c.message_id.is_(None)
    )
    for table in (promotion_tracks, promotion_audio, promotion_excerpts):
        await conn.execute(delete(table).where(table.c.promotion_id.in_(unposted)))
    await conn.execute(delete(promotions).where(promotions.c.id.in_(unposted)))


async def last_by(
    conn: AsyncConnection, user_id: int, *, guild_id: int | None, now: datetime
) -> datetime | None:
    """Return when somebody last promoted in that server (None: outside servers)."""
    own = await _last(conn, promotions.c.user_id == user_id, _in(guild_id), _counts(now))
    return await _or_left(conn, own, lambda marks: marks.person(guild_id, user_id))


async def last_under(conn: AsyncConnection, claim: Claim, *, now: datetime) -> datetime | None:
    """Return when anybody last promoted under a registered name, whoever held it then."""
    under = await _last(conn, promotions.c.claim_id == claim.id, _counts(now))
    return await _or_left(conn, under, lambda marks: marks.name(claim.guild_id, claim.key))


async def last_in(conn: AsyncConnection, guild_id: int, *, now: datetime) -> datetime | None:
    """Return when anybody last promoted in that server."""
    here = await _last(conn, _in(guild_id), _counts(now))
    return await _or_left(conn, here, lambda marks: marks.guild(guild_id))


async def last_of(
    conn: AsyncConnection, url: str, *, guild_id: int, now: datetime
) -> datetime | None:
    """Return when the page of this address was last promoted in that server, however linked.

    Only the last 30 days (`SAME_URL_AGAIN_AFTER`) are looked at.
    """
    meaning, since = link_meaning(url), now - SAME_URL_AGAIN_AFTER
    query = select(promotions.c.url, promotions.c.created_at).where(
        _in(guild_id), _counts(now), promotions.c.created_at > since, promotions.c.url != ""
    )
    same = [row.created_at for row in await conn.execute(query) if link_meaning(row.url) == meaning]
    return await _or_left(conn, max(same, default=None), lambda marks: marks.link(guild_id, url))


async def all_of(conn: AsyncConnection, user_id: int, *, now: datetime) -> list[Promotion]:
    """Return everything that somebody promoted, as far as it counts, oldest first."""
    query = (
        select(*_COLUMNS)
        .where(promotions.c.user_id == user_id, _counts(now))
        .order_by(promotions.c.id)
    )
    return [_read(row) for row in await conn.execute(query)]


async def remove(conn: AsyncConnection, promotion_id: int) -> None:
    """Forget a promotion whose artist is gone, with what was reported about it."""
    await conn.execute(delete(reports).where(reports.c.promotion_id == promotion_id))
    await conn.execute(delete(promotions).where(promotions.c.id == promotion_id))


async def of_artist(
    conn: AsyncConnection, user_id: int, *, guild_id: int | None, limit: int
) -> list[Promotion]:
    """Return what an artist promoted in a server (None: in any), the newest first.

    What was posted under a name that they hold or help with is theirs, whoever posted it.
    """
    own = or_(promotions.c.user_id == user_id, func.coalesce(acts_for(user_id), false()))
    query = (
        select(*_COLUMNS)
        .outerjoin(artist_claims, artist_claims.c.id == promotions.c.claim_id)
        .where(own, promotions.c.message_id.is_not(None))
        .order_by(promotions.c.created_at.desc(), promotions.c.id.desc())
        .limit(limit)
    )
    if guild_id is not None:
        query = query.where(promotions.c.guild_id == guild_id)
    return [_read(row) for row in await conn.execute(query)]


async def excerpt(conn: AsyncConnection, promotion_id: int) -> bytes | None:
    """Return the sound that the artist gave for auditions; None when they gave none."""
    query = select(promotion_excerpts.c.audio).where(
        promotion_excerpts.c.promotion_id == promotion_id
    )
    audio: bytes | None = await conn.scalar(query)
    return audio


async def keep_excerpt(conn: AsyncConnection, promotion_id: int, audio: bytes) -> None:
    """Keep a sound for auditions: Ogg, 30 seconds at most, with no tags that name anybody."""
    values = {"promotion_id": promotion_id, "audio": audio}
    await conn.execute(insert(promotion_excerpts).values(values))


async def track_ids(conn: AsyncConnection, promotion_id: int) -> list[int]:
    """Return the tracks of a promotion that are in the catalogue, ascending."""
    query = (
        select(promotion_tracks.c.track_id)
        .where(promotion_tracks.c.promotion_id == promotion_id)
        .order_by(promotion_tracks.c.track_id)
    )
    return list((await conn.scalars(query)).all())


async def promoted_track_ids(
    conn: AsyncConnection,
    user_id: int,
    *,
    guild_id: int | None,
    since: datetime,
    hidden_after: int,
    now: datetime,
) -> list[tuple[int, int]]:
    """Return (promotion, track) of what was promoted in a server since then, to this listener.

    Newest promotion first, then by track. Left out is what the listener stands behind, what
    moderators took down, what has `hidden_after` open reports, and what comes from a person or a
    name that is muted or banned now. Promotions stay in their server; outside of servers (None)
    there are none, because nobody moderates there.
    """
    if guild_id is None:
        return []
    complaints = select(func.count()).where(
        reports.c.promotion_id == promotions.c.id, reports.c.state == "open"
    )
    silenced = (
        select(bans.c.id)
        .where(bans.c.guild_id == guild_id, runs(now))
        .where(or_(bans.c.user_id == promotions.c.user_id, bans.c.key == artist_claims.c.key))
    )
    unwanted = func.coalesce(or_(artist_claims.c.muted, acts_for(user_id)), false())
    query = (
        select(promotions.c.id, promotion_tracks.c.track_id)
        .join(promotion_tracks, promotion_tracks.c.promotion_id == promotions.c.id)
        .outerjoin(artist_claims, artist_claims.c.id == promotions.c.claim_id)
        .where(
            promotions.c.guild_id == guild_id,
            promotions.c.created_at >= since,
            promotions.c.message_id.is_not(None),
            promotions.c.removed_at.is_(None),
            promotions.c.user_id != user_id,
            ~unwanted,
            complaints.scalar_subquery() < hidden_after,
            ~silenced.exists(),
        )
        .order_by(
            promotions.c.created_at.desc(), promotions.c.id.desc(), promotion_tracks.c.track_id
        )
    )
    return [(row.id, row.track_id) for row in await conn.execute(query)]


async def tracks_promoted_in(
    conn: AsyncConnection, guild_id: int, *, since: datetime, now: datetime
) -> list[int]:
    """Return all tracks that were promoted in a server since then, by anybody, each once."""
    query = (
        select(promotion_tracks.c.track_id)
        .distinct()
        .join(promotions, promotions.c.id == promotion_tracks.c.promotion_id)
        .where(promotions.c.guild_id == guild_id, promotions.c.created_at >= since, _counts(now))
        .order_by(promotion_tracks.c.track_id)
    )
    return list((await conn.scalars(query)).all())


async def repeated(
    conn: AsyncConnection,
    track_ids: Sequence[int],
    *,
    guild_id: int,
    since: datetime,
    now: datetime,
) -> set[int]:
    """Return those tracks whose recording was promoted in that server since then.

    The same recording is the same track, one of the same recording key, or one that shares an ISRC.
    """
    codes, other_codes = external_ids.alias("codes"), external_ids.alias("other_codes")
    earlier, new = tracks.alias("earlier"), tracks.alias("new")
    same_code = (
        select(codes.c.track_id)
        .join(other_codes, other_codes.c.value == codes.c.value)
        .where(codes.c.namespace == "isrc", other_codes.c.namespace == "isrc")
        .where(codes.c.track_id == new.c.id, other_codes.c.track_id == earlier.c.id)
    )
    query = (
        select(new.c.id)
        .distinct()
        .select_from(promotions)
        .join(promotion_tracks, promotion_tracks.c.promotion_id == promotions.c.id)
        .join(earlier, earlier.c.id == promotion_tracks.c.track_id)
        .join(new, new.c.id.in_(listed(conn, track_ids)))
        .where(promotions.c.guild_id == guild_id, promotions.c.created_at > since, _counts(now))
        .where(
            or_(
                new.c.id == earlier.c.id,
                new.c.recording_key == earlier.c.recording_key,
                same_code.exists(),
            )
        )
    )
    return set((await conn.scalars(query)).all()) | await _left_behind(conn, track_ids, guild_id)


async def _left_behind(conn: AsyncConnection, track_ids: Sequence[int], guild_id: int) -> set[int]:
    """Return those tracks whose recording was promoted by somebody who is gone."""
    marks = await tombstones.marks(conn)
    if marks is None:
        return set()
    names = await catalog.recording_names(conn, track_ids)
    marked = {
        marks.recording(guild_id, kind, value): track_id
        for track_id, each in names.items()
        for kind, value in each
    }
    return {marked[mark] for mark in await tombstones.last(conn, list(marked))}


async def keep_audio(conn: AsyncConnection, audio: PromotionAudio) -> None:
    """Keep what identifies the audio of a promotion."""
    values = {"sha256": audio.sha256, "fingerprint": audio.fingerprint}
    await conn.execute(insert(promotion_audio).values(promotion_id=audio.promotion_id, **values))


async def audio_since(
    conn: AsyncConnection, guild_id: int, since: datetime, *, now: datetime
) -> list[PromotionAudio]:
    """Return the audio of what was promoted in a server since then, oldest first."""
    query = (
        select(promotion_audio)
        .join(promotions, promotions.c.id == promotion_audio.c.promotion_id)
        .where(promotions.c.guild_id == guild_id, promotions.c.created_at > since, _counts(now))
        .order_by(promotions.c.id)
    )
    return [PromotionAudio(*row) for row in await conn.execute(query)]


def _read(row: Row[Any]) -> Promotion:
    values = row._asdict()
    ai = None if row.ai is None else AiShare(row.ai)
    return Promotion(**values | {"kind": PromotionKind(row.kind), "ai": ai})


def _in(guild_id: int | None) -> ColumnElement[bool]:
    if guild_id is None:
        return promotions.c.guild_id.is_(None)
    return promotions.c.guild_id == guild_id


def _counts(now: datetime) -> ColumnElement[bool]:
    return or_(promotions.c.message_id.is_not(None), promotions.c.created_at > now - POSTING_TAKES)


async def _or_left(
    conn: AsyncConnection, last: datetime | None, mark: Callable[[Marks], str]
) -> datetime | None:
    """Return the later of when something happened and when somebody who is gone did it."""
    marks = await tombstones.marks(conn)
    if marks is None:
        return last
    found = await tombstones.last(conn, [mark(marks)])
    return max([*found.values(), *([last] if last is not None else [])], default=None)


async def _last(conn: AsyncConnection, *conditions: ColumnElement[bool]) -> datetime | None:
    found: datetime | None = await conn.scalar(
        select(func.max(promotions.c.created_at)).where(*conditions)
    )
    return found
