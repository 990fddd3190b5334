"""What is sealed of each kind of thing that happens: in each part only who may learn it.

Words of people stand in no leaf, only their hashes, and nobody's id but that of whose leaf it is.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.promotion import Promotion
from bot.core.record import MODERATION, PICK, POSTED, REMOVED, VOTE, WITHDRAWN
from bot.store import guild_settings, state
from bot.store.dialect import listed
from bot.store.record import Fact, add
from bot.store.tables import promotions, record_openings

_KEY: Final = "record_key"
_KEY_BYTES: Final = 32
_openings = record_openings.c
VOTES: Final = frozenset({FeedbackKind.RATING, FeedbackKind.THUMB})
"""What listeners say of music that is a vote; a seed, a mute or a turned cluster is none."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a promotion came into an answer."""

    every: int
    """At most one pick in so many is promoted where it came."""
    before: int
    """So many picks in a row that were none came before it, for the same listener."""
    blind: bool = False


def pick(
    user_id: int,
    recommendation_id: int,
    track_id: int,
    explanation: str,
    *,
    answer: str,
    promotion_id: int | None,
    terms: Terms | None,
) -> Fact:
    """Return the fact that a track was shown; its explanation stands in it as a hash.

    Args:
        answer: a random word that the picks of one answer have in common.
        terms: of a promoted one.
    """
    shown: dict[str, Any] = {"answer": answer}
    about: dict[str, Any] = {}
    if promotion_id is not None:
        shown |= {"promoted": True}
        about = {"promotion": promotion_id}
    if terms is not None:
        shown |= {"every": terms.every, "before": min(terms.before, terms.every - 1)}
        about |= {"blind": terms.blind}
    return Fact(
        PICK,
        user_id,
        {
            "recommendation": recommendation_id,
            "track": track_id,
            "explanation": hashlib.sha256(explanation.encode()).hexdigest(),
        },
        shown,
        about,
        fact_id=recommendation_id,
        promotion_id=promotion_id,
    )


def new_answer() -> str:
    """Return a random word for the picks of one answer."""
    return secrets.token_hex(8)


async def withdraw(
    conn: AsyncConnection, recommendation_ids: Sequence[int], *, now: datetime
) -> None:
    """Seal which picks could not be posted: per answer how many, and the promoted one, if any."""
    columns = (_openings.user_id, _openings.fact_id, _openings.open, _openings.promotion)
    query = select(*columns, _openings.promotion_id).where(
        _openings.kind == PICK, _openings.fact_id.in_(listed(conn, list(recommendation_ids)))
    )
    answers: dict[str, list[Any]] = {}
    for row in await conn.execute(query.order_by(_openings.id)):
        answers.setdefault(json.loads(row.open)["answer"], []).append(row)
    facts = []
    for answer, rows in answers.items():
        promoted = next((row for row in rows if row.promotion_id is not None), None)
        facts.append(
            Fact(
                WITHDRAWN,
                rows[0].user_id,
                {"recommendations": [row.fact_id for row in rows]},
                {"answer": answer, "picks": len(rows), "promoted": promoted is not None},
                {} if promoted is None else json.loads(promoted.promotion),
                promotion_id=None if promoted is None else promoted.promotion_id,
            )
        )
    await add(conn, facts, now=now)


def vote(
    user_id: int,
    entry_id: int,
    kind: FeedbackKind,
    subject: Subject,
    value: float | None,
    *,
    source: str,
    cancels: int | None = None,
) -> Fact:
    """Return the fact that somebody said something of music, or took that back."""
    number = subject.id if subject.kind is SubjectKind.PROMOTION else None
    return Fact(
        VOTE,
        user_id,
        {
            "entry": entry_id,
            "said": kind,
            "of": subject.kind,
            "id": subject.id,
            "value": value,
            "by": source,
            "cancels": cancels,
        },
        promotion={} if number is None else {"promotion": number},
        fact_id=entry_id,
        promotion_id=number,
    )


async def add_vote(
    conn: AsyncConnection,
    user_id: int,
    entry_id: int,
    kind: FeedbackKind,
    subject: Subject,
    value: float,
    *,
    source: str,
    now: datetime,
) -> None:
    """Seal a rating or a thumb; what else can be said is no vote."""
    if kind in VOTES:
        fact = vote(user_id, entry_id, kind, subject, value, source=source)
        await add(conn, [fact], now=now)


async def add_cancel(
    conn: AsyncConnection,
    user_id: int,
    entry_id: int,
    entry: Feedback,
    *,
    source: str,
    now: datetime,
) -> None:
    """Seal that a rating or a thumb was taken back."""
    if entry.kind in VOTES:
        kind = FeedbackKind.CANCEL
        fact = vote(user_id, entry_id, kind, entry.subject, None, source=source, cancels=entry.id)
        await add(conn, [fact], now=now)


async def add_posted(conn: AsyncConnection, promotion: Promotion) -> None:
    """Seal that a promotion was posted, and what it is promised then."""
    if promotion.user_id is None:
        return
    about: dict[str, Any] = {"promotion": promotion.id}
    if promotion.guild_id is not None:
        rules = await guild_settings.get(conn, promotion.guild_id)
        about["server"] = await _server(conn, promotion.guild_id)
        about["hearings"] = rules.guaranteed_hearings
    words = f"{promotion.url}\n{promotion.title or ''}\n{promotion.text}"
    private = {"words": hashlib.sha256(words.encode()).hexdigest()}
    fact = Fact(
        POSTED,
        promotion.user_id,
        private,
        promotion=about,
        fact_id=promotion.id,
        promotion_id=promotion.id,
    )
    await add(conn, [fact], now=promotion.created_at)


async def add_removed(conn: AsyncConnection, promotion_id: int, *, now: datetime) -> None:
    """Seal that moderators took a promotion down."""
    whose = select(promotions.c.user_id).where(promotions.c.id == promotion_id)
    user_id = await conn.scalar(whose)
    if user_id is None:
        return
    fact = Fact(
        REMOVED,
        user_id,
        {},
        promotion={"promotion": promotion_id},
        fact_id=promotion_id,
        promotion_id=promotion_id,
    )
    await add(conn, [fact], now=now)


async def add_decision(
    conn: AsyncConnection,
    guild_id: int,
    action: str,
    subject: str,
    note: str,
    *,
    moderator_id: int,
    user_id: int | None,
    now: datetime,
) -> None:
    """Seal what a moderator decided; whom it is about is not in it, and can have it forgotten."""
    said = hashlib.sha256(f"{subject}\n{note}".encode()).hexdigest()
    private = {"server": guild_id, "action": action, "words": said}
    await add(conn, [Fact(MODERATION, moderator_id, private, about_id=user_id)], now=now)


async def _server(conn: AsyncConnection, guild_id: int) -> str:
    """Return the word for a server in this log, from which nobody can tell its id."""
    key = await state.get(conn, _KEY)
    if key is None:
        key = secrets.token_hex(_KEY_BYTES)
        await state.put(conn, _KEY, key)
    return hashlib.blake2b(
        str(guild_id).encode(), key=bytes.fromhex(key), digest_size=8
    ).hexdigest()
