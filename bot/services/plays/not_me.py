"""Leaves out of somebody's listening what somebody else has played; nothing is deleted."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.taste import MOST_AWAY, SERVICES, Away, LeftAway, away_of, read_days, service_of
from bot.errors import NotFoundError, UserError
from bot.services.taste import Tastes
from bot.store import accounts, listeners, listening, not_me
from bot.store.engine import Database

_HOW_TO_WRITE: Final = "Write a day (2026-07-03), a month (July 2026) or a year (2026)."
_NOTHING_NAMED: Final = (
    f"Say which days were not yours, which account, or both. {_HOW_TO_WRITE} For example: "
    "`/mute history from: July account: Spotify`."
)
_NOTHING_KEPT: Final = (
    "I keep nothing that you played, so there is nothing to leave out. `/link` or `/import` brings "
    "it in."
)
_BACKWARDS: Final = "That ends before it begins: it is from {0} to {1}. Swap the two days."
_FUTURE: Final = (
    "{0} is still to come, so nothing was played yet. Leave out a time that has begun; without "
    "`to` it goes on until you take it back."
)
_TOO_MANY: Final = (
    f"You have left out {MOST_AWAY} times already, and I keep no more. `/mute show` takes one back."
)
_ALREADY: Final = "That is left out already. `/mute show` lists what is, and takes it back."
_GONE: Final = "That counts again already. `/mute show` lists what does not."


class NotMe:
    """Keeps which plays were not a listener's own."""

    def __init__(self, database: Database, tastes: Tastes, clock: Clock) -> None:
        self._database = database
        self._tastes = tastes
        self._clock = clock

    async def leave_out(
        self, user_id: int, *, first: str = "", last: str = "", service: str | None = None
    ) -> LeftAway:
        """Let the plays of some days, of a service, or both count for nothing.

        Args:
            user_id: the listener.
            first: the first day as they wrote it, or a month or a year; empty: from the beginning,
                or with `service` alone all of it.
            last: the last one; empty: the end of what `first` names, a month or a year, and of a
                day: without an end.
            service: one of `SERVICES`; None: all.

        Raises:
            UserError: the days make no sense, or too many are left out.
            NotFoundError: nothing of that is kept.
        """
        away = self._read(first.strip(), last.strip(), service)
        now = self._clock.now()
        async with self._database.write() as conn:
            others = await _check_kept(conn, user_id, service)
            spans = await not_me.of_user(conn, user_id)
            if any(one.away == away for one in spans):
                raise UserError(_ALREADY)
            if len(spans) >= MOST_AWAY:
                raise UserError(_TOO_MANY)
            await listeners.ensure(conn, user_id, now=now)
            number = await not_me.add(conn, user_id, away, now=now)
            await listening.recount(conn, user_id, away)
            plays = await listening.plays_within(conn, user_id, away)
        self._tastes.follow(user_id)
        return LeftAway(number, away, plays, others)

    async def take_back(self, user_id: int, number: int) -> LeftAway:
        """Let a span count again, as far as no other one holds the same plays.

        Raises:
            NotFoundError: there is none of that number (any more).
        """
        async with self._database.write() as conn:
            away = await not_me.remove(conn, user_id, number)
            if away is None:
                raise NotFoundError(_GONE)
            await listening.recount(conn, user_id, away)
            plays = await listening.plays_within(conn, user_id, away)
        self._tastes.follow(user_id)
        return LeftAway(number, away, plays)

    async def of(self, user_id: int) -> tuple[LeftAway, ...]:
        """Return what is left out of somebody's listening, in the order in which they said it."""
        async with self._database.read() as conn:
            return tuple(
                [
                    LeftAway(
                        one.id, one.away, await listening.plays_within(conn, user_id, one.away)
                    )
                    for one in await not_me.of_user(conn, user_id)
                ]
            )

    def _read(self, first: str, last: str, service: str | None) -> Away:
        if not (first or last or service):
            raise UserError(_NOTHING_NAMED)
        today = self._clock.now().date()
        begin, end = _days(first, today), _days(last, today)
        since = None if begin is None else begin[0]
        until = None if end is None else end[1]
        if begin is not None and end is None and begin[0] != begin[1]:
            until = begin[1]  # "from: July" is July
        if since is not None and since > today:
            raise UserError(_FUTURE.format(f"{since:%Y-%m-%d}"))
        if since is not None and until is not None and until < since:
            raise UserError(_BACKWARDS.format(f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}"))
        return away_of(service, since, until)


def _days(text: str, today: date) -> tuple[date, date] | None:
    if not text:
        return None
    try:
        return read_days(text, today)
    except (ValueError, OverflowError):
        raise UserError(f"I do not understand which days you mean. {_HOW_TO_WRITE}") from None


async def _check_kept(conn: AsyncConnection, user_id: int, service: str | None) -> tuple[str, ...]:
    """Return the other services of somebody, if there is anything of the one that they name."""
    kept = [service_of(one.kind) for one in await listening.histories_of(conn, user_id)]
    kept += [one.service for one in await accounts.of_user(conn, user_id)]
    if not kept:
        raise NotFoundError(_NOTHING_KEPT)
    if service is not None and service not in kept:
        raise NotFoundError(
            f"I keep nothing of {SERVICES[service]} for you: no account is linked, and no export "
            f"was imported. What I keep is of {_named(kept)}."
        )
    return tuple(one for one in dict.fromkeys(kept) if service is not None and one != service)


def _named(services: Sequence[str]) -> str:
    return " and ".join(SERVICES.get(one, one) for one in dict.fromkeys(services))
