"""Moderators decide what may be promoted in their server; everything they do is logged."""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import artist_key
from bot.core.promotion import (
    Action,
    Ban,
    BlockedTerm,
    BlockKind,
    Claim,
    HeldClaim,
    LogPage,
    blocked_term,
    claim_name,
)
from bot.errors import NotFoundError, UserError
from bot.store import claims, moderation, shared_pages
from bot.store.engine import Database

LOG_LINES: Final = 10
"""Lines on one page of the log."""


class Moderation:
    """Names, bans, blocked terms and the log; `Reports` has what people report."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def claims(self, guild_id: int) -> list[HeldClaim]:
        """Return all names of a server with their holders, by name."""
        async with self._database.read() as conn:
            return [
                HeldClaim(one, await claims.pages(conn, one.id), await claims.hands(conn, one.id))
                for one in await claims.in_guild(conn, guild_id)
            ]

    async def change_claim(
        self, moderator_id: int, *, guild_id: int, name: str, action: Action
    ) -> Claim:
        """Verify, mute, unmute or remove a name.

        Args:
            moderator_id: who does it.
            guild_id: the server.
            name: as somebody registered it.
            action: VERIFIED, UNVERIFIED, MUTED, UNMUTED or CLAIM_REMOVED.

        Raises:
            NotFoundError: nobody has registered that name here.
            UserError: it is so already.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            claim = await claims.by_key(conn, guild_id, artist_key(name))
            if claim is None:
                raise NotFoundError(
                    "Nobody has registered that name here. `/moderate claim list` shows all."
                )
            is_so = {
                Action.VERIFIED: claim.verified,
                Action.UNVERIFIED: not claim.verified,
                Action.MUTED: claim.muted,
                Action.UNMUTED: not claim.muted,
            }
            if claim.user_id is None and action is Action.VERIFIED:
                raise NotFoundError("Nobody holds that name now, so nobody can be verified.")
            if is_so.get(action):
                raise UserError(f"That name is {action} already.")
            match action:
                case Action.VERIFIED:
                    await claims.set_verified(conn, claim.id, by=moderator_id, at=now)
                case Action.UNVERIFIED:
                    await claims.set_verified(conn, claim.id, by=None, at=None)
                case Action.MUTED | Action.UNMUTED:
                    await claims.set_muted(conn, claim.id, action is Action.MUTED)
                    await claims.remove_unheld(conn, claim.id, now=now)
                case Action.CLAIM_REMOVED:
                    await claims.remove(conn, claim.id, now=now)
                case _:
                    raise ValueError(f"{action} is nothing that is done to a name")
            if action in (Action.MUTED, Action.CLAIM_REMOVED):
                await shared_pages.remove_cards(conn, claim.user_id, claim.name)
            await moderation.note_claim(conn, claim, action, moderator_id=moderator_id, now=now)
        return claim

    async def ban(
        self,
        moderator_id: int,
        *,
        guild_id: int,
        user_id: int | None = None,
        name: str | None = None,
        days: int | None = None,
        why: str = "",
    ) -> Ban:
        """Keep a person or a name, just one of them, from promoting: for days, or without end.

        Raises:
            UserError: none or both were given, or the name cannot be one.
        """
        name = _one_of(user_id, name)
        now = self._clock.now()
        until = None if days is None else now + timedelta(days=days)
        async with self._database.write() as conn:
            await moderation.ban(conn, guild_id, user_id=user_id, name=name, until=until)
            length = "without end" if days is None else f"for {days} days"
            await moderation.note(
                conn,
                guild_id,
                Action.BANNED,
                name or "a person",
                moderator_id=moderator_id,
                user_id=user_id,
                why=f"{length}, {why}" if why else length,
                now=now,
            )
        return Ban(user_id, name, until)

    async def unban(
        self,
        moderator_id: int,
        *,
        guild_id: int,
        user_id: int | None = None,
        name: str | None = None,
    ) -> None:
        """Lift a ban.

        Raises:
            UserError: none or both were given.
            NotFoundError: there is no such ban.
        """
        name = _one_of(user_id, name)
        async with self._database.write() as conn:
            if not await moderation.unban(conn, guild_id, user_id=user_id, name=name):
                raise NotFoundError("They are not banned here. `/moderate bans` shows who is.")
            await moderation.note(
                conn,
                guild_id,
                Action.UNBANNED,
                name or "a person",
                moderator_id=moderator_id,
                user_id=user_id,
                now=self._clock.now(),
            )

    async def bans(self, guild_id: int) -> list[Ban]:
        """Return the bans that run, oldest first."""
        async with self._database.read() as conn:
            return await moderation.bans_in(conn, guild_id, now=self._clock.now())

    async def block(
        self, moderator_id: int, *, guild_id: int, kind: BlockKind, value: str
    ) -> BlockedTerm:
        """Block a word, domain or name in this server's promotions.

        Raises:
            UserError: it cannot be one, or is blocked already.
        """
        term = blocked_term(kind, value)
        async with self._database.write() as conn:
            if not await moderation.block(conn, guild_id, term):
                raise UserError(f"The {kind} “{term.value}” is blocked already.")
            await self._note_term(conn, moderator_id, guild_id, Action.BLOCKED, term)
        return term

    async def unblock(
        self, moderator_id: int, *, guild_id: int, kind: BlockKind, value: str
    ) -> BlockedTerm:
        """Allow a word, domain or name again.

        Raises:
            NotFoundError: it is not blocked.
            UserError: it cannot be one.
        """
        term = blocked_term(kind, value)
        async with self._database.write() as conn:
            if not await moderation.unblock(conn, guild_id, term):
                raise NotFoundError(
                    f"The {kind} “{term.value}” is not blocked. `/moderate block show` shows all."
                )
            await self._note_term(conn, moderator_id, guild_id, Action.UNBLOCKED, term)
        return term

    async def blocked(self, guild_id: int) -> list[BlockedTerm]:
        """Return what is blocked in a server, by kind and value."""
        async with self._database.read() as conn:
            return await moderation.blocked(conn, guild_id)

    async def log(self, guild_id: int, page: int) -> LogPage:
        """Return a page of the log; pages count from 0, one that is too high is the last."""
        async with self._database.read() as conn:
            pages = max(1, -(-await moderation.log_length(conn, guild_id) // LOG_LINES))
            page = min(max(page, 0), pages - 1)
            entries = await moderation.log(conn, guild_id, offset=page * LOG_LINES, limit=LOG_LINES)
        return LogPage(tuple(entries), page, pages)

    async def _note_term(
        self,
        conn: AsyncConnection,
        moderator_id: int,
        guild_id: int,
        action: Action,
        term: BlockedTerm,
    ) -> None:
        await moderation.note(
            conn,
            guild_id,
            action,
            f"the {term.kind} {term.value}",
            moderator_id=moderator_id,
            now=self._clock.now(),
        )


def _one_of(user_id: int | None, name: str | None) -> str | None:
    if (user_id is None) == (name is None):
        raise UserError("Give either `user` or `artist`, not both.")
    return None if name is None else claim_name(name)
