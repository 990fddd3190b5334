"""What artists promote: kept, posted, voted on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audio.analysis import Analysis
from bot.audio.fingerprint import same_recording
from bot.clock import Clock
from bot.core.ai import AiShare
from bot.core.models import FeedbackSource, Subject, SubjectKind, Thumbs
from bot.core.promotion import (
    SAME_URL_AGAIN_AFTER,
    Promotion,
    PromotionAudio,
    PromotionKind,
    same_audio,
)
from bot.errors import NotFoundError, TooSoonError
from bot.services.catalog import Heard, LiveCatalog, take_in
from bot.services.promotion.permission import Asker, Permission, may_promote
from bot.services.taste import FeedbackLedger
from bot.services.threads import compute
from bot.store import ai, listeners, picks, promotions, tombstones
from bot.store.engine import Database

_SAME_RECORDING: Final = (
    "This recording was promoted here in the last 30 days. Promote another one, or wait."
)
_SAME_TRACKS: Final = (
    "All of these tracks were promoted here in the last 30 days. Name others, or wait."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A promotion that is to be kept, its link and texts checked."""

    kind: PromotionKind
    url: str
    text: str
    title: str | None = None
    track_ids: Sequence[int] = ()
    words: Sequence[str] = ()
    """Titles and names that no blocked term may stand in."""
    analysis: Analysis | None = None
    """Of an uploaded track; its excerpt, if it has one, is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A promotion that was kept."""

    promotion: Promotion
    allowed: Permission
    repeated: int
    """How many of its tracks were promoted here lately, and so are not again."""


class Promotions:
    """Everything about promotions except how they are prepared and their look.

    A promotion travels in three steps: `keep` writes it down, somebody posts it, `posted` notes
    where; when the posting fails, `abandon` forgets it again.
    """

    def __init__(
        self, database: Database, catalog: LiveCatalog, ledger: FeedbackLedger, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._ledger = ledger
        self._clock = clock

    async def keep(self, asker: Asker, draft: Draft) -> Kept:
        """Check a promotion against all rules of the server, and keep it ready to be posted.

        Raises:
            NotAllowedError: the server does not let them promote; see `permission.may_promote`.
            TooSoonError: a cooldown runs, or the link, sound or all tracks were promoted here
                lately.
        """
        now = self._clock.now()
        if draft.analysis is not None:
            await self.refuse_repeated_sound(asker, draft.analysis)
        async with self._database.write() as conn:
            allowed = await may_promote(
                conn, asker, url=draft.url, text=draft.text, words=draft.words, now=now
            )
            fresh = await fresh_tracks(
                conn, draft.track_ids, kind=draft.kind, guild_id=asker.guild_id, now=now
            )
            await listeners.ensure(conn, asker.user_id, now=now)
            promotion = await promotions.add(
                conn,
                asker.user_id,
                guild_id=asker.guild_id,
                url=draft.url,
                text=draft.text,
                track_ids=fresh,
                kind=draft.kind,
                claim_id=None if allowed.claim is None else allowed.claim.id,
                title=draft.title,
                ai=asker.ai,
                now=now,
            )
            if draft.analysis is not None:
                await _keep_sound(conn, promotion.id, draft.analysis)
        return Kept(promotion, allowed, len(draft.track_ids) - len(fresh))

    async def refuse_repeated_sound(self, asker: Asker, analysis: Analysis) -> None:
        """Refuse the same file, or another one of the same recording, for 30 days in a server.

        Raises:
            TooSoonError: it was promoted here lately.
        """
        if asker.guild_id is None:
            return
        now = self._clock.now()
        async with self._database.read() as conn:
            since = now - SAME_URL_AGAIN_AFTER
            earlier = await promotions.audio_since(conn, asker.guild_id, since, now=now)
            left = await tombstones.fingerprints(conn, asker.guild_id, since)
            earlier += [PromotionAudio(0, "", fingerprint) for fingerprint in left]
            marks = await tombstones.marks(conn)
            if marks is not None and await tombstones.last(
                conn, [marks.file(asker.guild_id, analysis.sha256)]
            ):
                raise TooSoonError(_SAME_RECORDING)
        same = await compute(
            same_audio, analysis.sha256, analysis.fingerprint, earlier, same_recording
        )
        if same is not None:
            raise TooSoonError(_SAME_RECORDING)

    async def posted(
        self, promotion: Promotion, message_id: int, *, channel_id: int, heard: Heard | None = None
    ) -> Promotion:
        """Note in which message a promotion stands, so that votes on it count.

        Args:
            promotion: that was kept.
            message_id: of the message.
            channel_id: where it is.
            heard: a recording that joins the catalogue with this; it may be among the picks then.
        """
        scale = None if heard is None else await self._catalog.get()
        async with self._database.write() as conn:
            if heard is not None and scale is not None:
                today = self._clock.now().date()
                track_ids = await take_in(conn, [heard], scale, on=today)
                await promotions.add_tracks(conn, promotion.id, track_ids)
            await promotions.set_posted(conn, promotion.id, message_id, channel_id=channel_id)
            await picks.note_post(conn, message_id, Subject(SubjectKind.PROMOTION, promotion.id))
            if promotion.ai not in (None, AiShare.NONE):
                await ai.touch(conn)
        return replace(promotion, message_id=message_id, channel_id=channel_id)

    async def abandon(self, promotion: Promotion) -> None:
        """Forget a promotion that could not be posted; it costs no turn."""
        async with self._database.write() as conn:
            await promotions.remove_unposted(conn, promotion.id)

    async def get(self, promotion_id: int) -> Promotion:
        """Return a promotion.

        Raises:
            NotFoundError: it was taken back, or removed by moderators.
        """
        async with self._database.read() as conn:
            promotion = await promotions.by_id(conn, promotion_id)
        if promotion is None or promotion.user_id is None:
            raise NotFoundError("Its artist has taken this promotion back; votes no longer count.")
        if promotion.removed_at is not None:
            raise NotFoundError(
                "This promotion was removed by the moderators; votes no longer count."
            )
        return promotion

    async def check_message(self, promotion_id: int, message_id: int | None) -> None:
        """Refuse a button that names a promotion but stands for the message of another one.

        Args:
            promotion_id: what the button names; a promotion that is gone is not refused here.
            message_id: the message that the button stands on, or that a report about it links;
                None: the report links none, as those of old promotions do.

        Raises:
            NotFoundError: the promotion stands in another message.
        """
        async with self._database.read() as conn:
            promotion = await promotions.by_id(conn, promotion_id)
            shown = () if message_id is None else await picks.subjects_of(conn, message_id)
        if promotion is None or promotion.message_id is None:
            return
        linked = promotion.message_id if promotion.channel_id is not None else None
        here = Subject(SubjectKind.PROMOTION, promotion_id) in shown
        if not here and message_id not in (promotion.message_id, linked):
            raise NotFoundError(
                "This button is of a promotion that is gone. Nothing was counted or changed."
            )

    async def vote(self, user_id: int, promotion_id: int, *, up: bool) -> tuple[Promotion, Thumbs]:
        """Take a vote: one a listener, the last word counts. It says nothing about their taste.

        Raises:
            NotFoundError: the promotion was taken back or removed.
            NotAllowedError: it is their own.
        """
        promotion = await self.get(promotion_id)
        if promotion.message_id is None:
            raise NotFoundError(
                "That promotion is only just being posted. Press again in a moment."
            )
        thumbed = await self._ledger.thumb(
            user_id,
            Subject(SubjectKind.PROMOTION, promotion_id),
            up=up,
            source=FeedbackSource.BUTTON,
            message_id=promotion.message_id,
        )
        return promotion, thumbed.thumbs


async def fresh_tracks(
    conn: AsyncConnection,
    track_ids: Sequence[int],
    *,
    kind: PromotionKind,
    guild_id: int | None,
    now: datetime,
) -> list[int]:
    """Return the tracks that were not promoted in this server lately.

    Raises:
        TooSoonError: all of them were.
    """
    if guild_id is None or not track_ids:
        return list(track_ids)
    again = await promotions.repeated(
        conn, track_ids, guild_id=guild_id, since=now - SAME_URL_AGAIN_AFTER, now=now
    )
    fresh = [track_id for track_id in track_ids if track_id not in again]
    if not fresh:
        raise TooSoonError(_SAME_RECORDING if kind is PromotionKind.TRACK else _SAME_TRACKS)
    return fresh


async def refuse_left_recording(conn: AsyncConnection, key: str, *, guild_id: int) -> None:
    """Refuse a recording by its `recording_key` if somebody who is gone promoted it lately.

    Raises:
        TooSoonError: they did.
    """
    marks = await tombstones.marks(conn)
    if marks is not None and await tombstones.last(conn, [marks.recording(guild_id, "key", key)]):
        raise TooSoonError(_SAME_RECORDING)


async def _keep_sound(conn: AsyncConnection, promotion_id: int, analysis: Analysis) -> None:
    audio = PromotionAudio(promotion_id, analysis.sha256, analysis.fingerprint)
    await promotions.keep_audio(conn, audio)
    if analysis.excerpt is not None:
        await promotions.keep_excerpt(conn, promotion_id, analysis.excerpt)
