"""Who the listeners are: their settings, and every row about them."""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import PersonalData
from bot.core.promotion import Promotion
from bot.store import accounts, ai, blends, departures, listening, moderation, record, uploads
from bot.store import promotions as own_promotions
from bot.store.dialect import UtcDateTime
from bot.store.tables import (
    ai_appeals,
    artist_claims,
    artist_pages,
    artist_wishes,
    asked_wishes,
    audition_listeners,
    audition_results,
    auditions,
    blend_debts,
    blend_members,
    claim_hands,
    cluster_names,
    digest_members,
    ended_links,
    feedback,
    guild_listeners,
    linked_accounts,
    moderation_log,
    not_me,
    own_digests,
    playlists,
    posts,
    promotion_audio,
    promotion_excerpts,
    promotion_tracks,
    promotions,
    recommendations,
    record_openings,
    reports,
    shared_pages,
    taste,
    users,
    visits,
)

_OWN: Final = (
    artist_wishes,
    asked_wishes,
    cluster_names,
    taste,
    recommendations,
    promotions,
    playlists,
    guild_listeners,
    linked_accounts,
    ended_links,
    not_me,
    digest_members,
    own_digests,
    claim_hands,
    shared_pages,
    visits,
)
"""Tables whose rows about a person are deleted with the person."""


async def ensure(conn: AsyncConnection, user_id: int, *, now: datetime) -> None:
    """Add a listener if they are new."""
    known = select(users.c.id).where(users.c.id == user_id).exists()
    row = select(literal(user_id), literal(now, UtcDateTime()), literal(False)).where(~known)
    columns = ["id", "created_at", "profile_public"]
    await conn.execute(insert(users).from_select(columns, row))


async def is_known(conn: AsyncConnection, user_id: int) -> bool:
    """Return whether anything is kept about somebody."""
    return await conn.scalar(select(users.c.id).where(users.c.id == user_id)) is not None


async def profile_is_public(conn: AsyncConnection, user_id: int) -> bool:
    """Return whether others may see the listener's profile; only if the listener said so."""
    query = select(users.c.profile_public).where(users.c.id == user_id)
    return bool(await conn.scalar(query))


async def set_profile_public(conn: AsyncConnection, user_id: int, public: bool) -> None:
    """Keep whether others may see the listener's profile."""
    await conn.execute(update(users).where(users.c.id == user_id).values(profile_public=public))


async def listens_on(conn: AsyncConnection, user_id: int) -> str | None:
    """Return the service on which somebody chose to hear picks."""
    service: str | None = await conn.scalar(select(users.c.listens_on).where(users.c.id == user_id))
    return service


async def set_listens_on(conn: AsyncConnection, user_id: int, service: str) -> None:
    """Keep the service on which a listener hears picks."""
    await conn.execute(update(users).where(users.c.id == user_id).values(listens_on=service))


async def personal_data(conn: AsyncConnection, user_id: int) -> PersonalData:
    """Count what is kept about a person."""

    async def count(table: Table, about: ColumnElement[bool] | None = None) -> int:
        whose = table.c.user_id == user_id if about is None else about
        return int(await conn.scalar(select(func.count()).select_from(table).where(whose)) or 0)

    own_names = select(artist_claims.c.id).where(artist_claims.c.user_id == user_id)
    log = moderation_log.c
    return PersonalData(
        feedback=await count(feedback),
        wishes=await count(artist_wishes),
        asked=await count(asked_wishes),
        taste=await count(taste),
        cluster_names=await count(cluster_names),
        recommendations=await count(recommendations),
        promotions=await count(promotions),
        playlists=await count(playlists),
        servers=await count(guild_listeners),
        digests=await count(digest_members),
        own_digests=await count(own_digests),
        invitations=await count(blend_members),
        blends=await count(blend_debts),
        shared_pages=await count(shared_pages),
        visits=await count(visits),
        record=await count(record_openings),
        claims=await count(artist_claims),
        pages=await count(artist_pages, artist_pages.c.claim_id.in_(own_names)),
        hands=await count(claim_hands),
        reports=await count(reports),
        appeals=await count(ai_appeals),
        moderation=await count(
            moderation_log, or_(log.user_id == user_id, log.moderator_id == user_id)
        ),
        bans=await moderation.count_bans(conn, user_id),
        fingerprints=int(await conn.scalar(_given(promotion_audio, user_id)) or 0),
        excerpts=int(await conn.scalar(_given(promotion_excerpts, user_id)) or 0),
        auditions=await count(auditions),
        hears_auditions=bool(await count(audition_listeners)),
        plays=await listening.count_plays(conn, user_id),
        listed=await listening.count_listed(conn, user_id),
        not_me=await count(not_me),
        since=await conn.scalar(select(users.c.created_at).where(users.c.id == user_id)),
        profile_public=await profile_is_public(conn, user_id),
        accounts=await accounts.of_user(conn, user_id),
        ended_links=await count(ended_links),
    )


def _given(table: Table, user_id: int) -> Select[int]:
    """Return the query for how many rows of a table belong to somebody's promotions."""
    return (
        select(func.count())
        .select_from(table.join(promotions))
        .where(promotions.c.user_id == user_id)
    )


async def delete_everything(
    conn: AsyncConnection, user_id: int, *, now: datetime
) -> list[Promotion]:
    """Remove every row about a person, and what others said to their promotions.

    Tracks they uploaded leave the catalogue, unless somebody else knows them. Reports and the
    moderation log keep what was said and done, without the person, and so does what binds
    (`departures`). A ban stays; otherwise everybody could lift their own.

    Returns:
        What they had promoted, whose messages stand yet.
    """
    promoted = await own_promotions.all_of(conn, user_id, now=now)
    own = select(promotions.c.id).where(promotions.c.user_id == user_id)
    of_own = (feedback.c.subject == "promotion") & feedback.c.subject_id.in_(own)
    of_own_posts = (posts.c.subject == "promotion") & posts.c.subject_id.in_(own)
    await departures.leave_pauses(conn, user_id, now=now)
    numbers = list(await conn.scalars(own))
    await uploads.erase(conn, numbers)
    await record.forget(conn, user_id, numbers)
    await conn.execute(delete(posts).where(of_own_posts))
    await conn.execute(
        update(recommendations)
        .where(recommendations.c.promotion_id.in_(own))
        .values(promotion_id=None)
    )
    await conn.execute(
        update(auditions).where(auditions.c.promotion_id.in_(own)).values(promotion_id=None)
    )
    for table in (promotion_tracks, promotion_audio, promotion_excerpts, audition_results):
        await conn.execute(delete(table).where(table.c.promotion_id.in_(own)))
    for table in (auditions, audition_listeners):  # they point to what was said
        await conn.execute(delete(table).where(table.c.user_id == user_id))
    # A cancel points to the entry it takes back: all of a person's go in one statement.
    entries = select(feedback.c.id).where((feedback.c.user_id == user_id) | of_own)
    await conn.execute(delete(feedback).where(feedback.c.cancels.in_(entries)))
    await conn.execute(delete(feedback).where((feedback.c.user_id == user_id) | of_own))
    await departures.leave_reports(conn, user_id)
    await departures.leave_reported(conn, user_id)  # what waits is nobody's own from here on
    await departures.leave_claims(conn, user_id, now=now)
    await conn.execute(delete(reports).where(reports.c.promotion_id.in_(own)))
    await blends.forget(conn, user_id)
    await ai.forget(conn, user_id)
    for table in _OWN:
        await conn.execute(delete(table).where(table.c.user_id == user_id))
    await listening.remove_of(conn, user_id)
    for person in (
        reports.c.decided_by,
        moderation_log.c.user_id,
        moderation_log.c.moderator_id,
        artist_claims.c.verified_by,
    ):
        nobody = {person.name: None}
        await conn.execute(update(person.table).where(person == user_id).values(nobody))
    await conn.execute(delete(users).where(users.c.id == user_id))
    return promoted
