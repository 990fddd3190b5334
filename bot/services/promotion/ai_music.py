"""Music made by AI: the operator's list, labels, and what people say against them."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.ai import (
    MOST_APPEAL,
    AiLabel,
    AiSource,
    Appeal,
    AppealSubject,
    BadListError,
    Verdict,
    read_list,
)
from bot.core.catalog import COLLECTIVE_KEYS, artist_key
from bot.core.promotion import Action
from bot.errors import NotAllowedError, NotFoundError, TooSoonError, UserError
from bot.services.promotion.permission import own_claim
from bot.services.threads import compute
from bot.store import ai, claims, columns, guild_settings, jobs, listeners, moderation
from bot.store.engine import Database

log = logging.getLogger(__name__)

AI_LIST: Final = "ai-list"
"""The kind of the job that looks whether the operator's list has changed."""
QUEUE: Final = 5
"""So many appeals are shown at once."""
AGAIN_AFTER: Final = timedelta(days=30)
"""After a decision, a label can be appealed again."""
MOST_A_DAY: Final = 5
"""Appeals of one person, in all servers."""
_EVERY: Final = timedelta(minutes=10)
_GONE: Final = "This label is gone already, so there is nothing to appeal."
_DECIDED: Final = "This appeal was decided already, or its label is gone."


class AiMusic:
    """Reads the list, and has moderators decide about labels in their server."""

    def __init__(self, database: Database, clock: Clock, file: Path | None = None) -> None:
        """Take the operator's list; None: there is none."""
        self._database = database
        self._clock = clock
        self._file = file
        self._complained: str | None = None
        self._seen: tuple[int, int, int] | None = None

    async def begin(self) -> None:
        """Read the list, or forget what a former one said, and look again from time to time."""
        async with self._database.write() as conn:
            await jobs.plan(conn, AI_LIST, 0, self._clock.now())
        await self.look(0)

    async def look(self, _subject_id: int) -> datetime | None:
        """Read the list when it has changed, or the catalogue has; return when to look again.

        A list that cannot be read is told once in the log, and the last good one counts.
        """
        now = self._clock.now()
        if self._file is None:
            async with self._database.write() as conn:
                await ai.replace_listed(conn, {})
            return None
        try:
            changed = await self._read(self._file)
        except (BadListError, OSError) as error:
            why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            if self._complained != why:
                log.warning(
                    "AI_ARTISTS (%s) is not used: %s; the last good one counts", self._file, why
                )
            self._complained = why
            return now + _EVERY
        self._complained = None
        if changed:
            log.info("AI_ARTISTS: %s", changed)
        return now + _EVERY

    async def _read(self, file: Path) -> str:
        """Read the list; return what changed in words, if anything did.

        Raises:
            BadListError: it is none.
            OSError: it cannot be read.
        """
        there = await asyncio.to_thread(file.stat)
        async with self._database.read() as conn:
            seen = there.st_mtime_ns, there.st_size, await columns.catalog_version(conn)
        if seen == self._seen:
            return ""
        content = await asyncio.to_thread(file.read_bytes)
        entries = await compute(read_list, content)
        by_key = {artist_key(one.name): one for one in entries if one.name is not None}
        by_id = {one.mbid: one for one in entries if one.mbid is not None}
        for key in COLLECTIVE_KEYS:  # stands for nobody in particular
            by_key.pop(key, None)
        async with self._database.write() as conn:
            named = await ai.artists_named(conn, by_key)
            known = await ai.artists_by_mbid(conn, by_id)
            found = {artist_id: by_key[key] for key, artist_id in named.items()}
            found |= {artist_id: by_id[mbid] for mbid, artist_id in known.items()}
            labels = {
                artist_id: AiLabel(
                    one.share, AiSource.LISTED, "artist", artist_id, file.name, one.why
                )
                for artist_id, one in found.items()
            }
            changed = await ai.replace_listed(conn, labels)
            self._seen = (*seen[:2], await columns.catalog_version(conn))
        return (
            f"{len(labels):,} of {len(entries):,} artists are in the catalogue" if changed else ""
        )

    async def appeal_by_name(
        self, user_id: int, *, guild_id: int, name: str | None, reason: str
    ) -> None:
        """Take an appeal of who acts for an artist, against the label on that artist.

        Raises:
            NotFoundError: they act for no such artist, or it has no label here.
            NotAllowedError: an appeal waits already, or was decided lately.
            UserError: the reason cannot be used, or they act for several.
            TooSoonError: they have written too many today.
        """
        async with self._database.read() as conn:
            claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
            artist_id = await claims.catalog_artist(conn, claim.key)
        if artist_id is None:
            raise NotFoundError("I know no music by that artist, so there is no label on it.")
        await self.appeal(user_id, guild_id, "artist", artist_id, reason)

    async def appeal(
        self, user_id: int, guild_id: int, subject: AppealSubject, subject_id: int, reason: str
    ) -> int | None:
        """Take an appeal; return the channel where moderators want to read about it, if any.

        Raises:
            NotFoundError: the label is gone.
            NotAllowedError: an appeal waits already, or was decided lately.
            UserError: the reason cannot be used.
            TooSoonError: they have written too many today.
        """
        reason, now = _reason(reason), self._clock.now()
        async with self._database.write() as conn:
            found = await ai.label_of(conn, guild_id, subject, subject_id)
            if found is None or found[0] is None:
                raise NotFoundError(_GONE)
            last = await ai.last_appeal(conn, guild_id, subject, subject_id)
            if last is not None and last[0] is Verdict.OPEN:
                raise NotAllowedError(
                    "An appeal against this label waits for the moderators already."
                )
            if last is not None and last[1] + AGAIN_AFTER > now:
                raise NotAllowedError(
                    "Moderators have decided about this label in the last 30 days. It can be "
                    "appealed again after that."
                )
            if await ai.asked_since(conn, user_id, now - timedelta(days=1)) >= MOST_A_DAY:
                raise TooSoonError(f"You wrote {MOST_A_DAY} appeals today. Go on tomorrow.")
            await listeners.ensure(conn, user_id, now=now)
            await ai.appeal(conn, guild_id, user_id, subject, subject_id, reason, now=now)
            return (await guild_settings.get(conn, guild_id)).moderation_channel_id

    async def declared_for(self, track_ids: Sequence[int]) -> frozenset[int]:
        """Return the promotions that show one of some tracks and declare that AI made something."""
        async with self._database.read() as conn:
            return await ai.declared_with(conn, track_ids)

    async def queue(self, guild_id: int) -> tuple[list[Appeal], int]:
        """Return the appeals that wait longest, and how many wait in all."""
        async with self._database.read() as conn:
            found = await ai.open_appeals(conn, guild_id, limit=QUEUE)
            return found, await ai.count_open(conn, guild_id)

    async def decide(
        self, moderator_id: int, *, guild_id: int, appeal_id: int, verdict: Verdict
    ) -> Appeal:
        """Lift a label in a server, or keep it.

        Raises:
            NotFoundError: the appeal was decided, or the label is gone.
            NotAllowedError: it is their own appeal, or about music of theirs.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            found = await ai.open_appeal(conn, guild_id, appeal_id)
            if found is None:
                raise NotFoundError(_DECIDED)
            if await _is_theirs(conn, moderator_id, found):
                raise NotAllowedError(
                    "This appeal is yours, or about music you act for, so somebody else has to "
                    "decide about it."
                )
            if not await ai.decide(conn, appeal_id, verdict, by=moderator_id, now=now):
                raise NotFoundError(_DECIDED)
            if found.label is not None and verdict is Verdict.LIFTED:
                await ai.lift(conn, guild_id, found.label)
            await moderation.note(
                conn,
                guild_id,
                Action.LABEL_LIFTED if verdict is Verdict.LIFTED else Action.LABEL_KEPT,
                found.name,
                moderator_id=moderator_id,
                user_id=found.user_id,
                why=found.reason,
                now=now,
            )
        return found


async def _is_theirs(conn: AsyncConnection, moderator_id: int, found: Appeal) -> bool:
    if found.user_id == moderator_id:
        return True
    if found.label is None:
        return False
    if found.label.subject == "promotion":
        return moderator_id in await claims.people_behind(conn, found.label.subject_id)
    mine = await claims.acting_for(conn, moderator_id, guild_id=found.guild_id)
    own = [await claims.catalog_artist(conn, one.key) for one in mine]
    return found.label.subject_id in own


def _reason(text: str) -> str:
    line = " ".join(text.split())
    if not any(character.isalnum() for character in line):
        raise UserError("Say in a few words why the label is wrong. Nothing was sent.")
    if len(line) > MOST_APPEAL:
        raise UserError(f"Keep it to {MOST_APPEAL} characters, please; that was {len(line):,}.")
    return line
