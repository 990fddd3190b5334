"""Whether somebody may promote something here and now, and under which name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ai import AiRule, AiShare
from bot.core.catalog import artist_key
from bot.core.promotion import SAME_URL_AGAIN_AFTER, Ban, Claim, blocked_by, in_words, time_left
from bot.core.server import GuildSettings
from bot.errors import NotAllowedError, NotFoundError, TooSoonError, UserError
from bot.store import claims, guild_settings, moderation, promotions


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to promote, and where."""

    user_id: int
    guild_id: int | None
    """None outside servers, where the default rules hold and nobody has registered a name."""
    role_ids: Collection[int] = ()
    name: str | None = None
    """The registered name to promote under; None: the only one they have, else their own."""
    ai: AiShare | None = None
    """How much of what they promote AI made, as they declare; None: they declare nothing."""


@dataclass(frozen=True, slots=True)
class Permission:
    """The rules that hold, and the name to promote under."""

    rules: GuildSettings
    claim: Claim | None


async def may_promote(
    conn: AsyncConnection,
    asker: Asker,
    *,
    url: str,
    text: str,
    words: Sequence[str] = (),
    now: datetime,
) -> Permission:
    """Check all rules of a server but those about tracks.

    Args:
        conn: a transaction.
        asker: who wants to promote.
        url: of what; empty: it has none.
        text: what they say about it.
        words: titles and names that would be shown with it.
        now: the time.

    Raises:
        NotAllowedError: role, AI, name, ban, mute or blocked term are against it.
        NotFoundError: they hold no such name.
        TooSoonError: a cooldown runs, or the link was promoted here lately.
        UserError: a name was given outside of servers.
    """
    guild_id = asker.guild_id
    rules = GuildSettings() if guild_id is None else await guild_settings.get(conn, guild_id)
    _check_role(rules, guild_id, asker.role_ids)
    _check_ai(rules, asker.ai)
    claim = await _claim(conn, asker)
    if guild_id is not None:
        await refuse_banned(conn, guild_id, asker.user_id, claim.key if claim else None, now=now)
    _check_claim(rules, claim)
    if guild_id is not None:
        names = [claim.name, *words] if claim else words
        await refuse_blocked(conn, guild_id, text=text, url=url, names=names)
    await _check_time(conn, rules, asker, claim, url=url, now=now)
    return Permission(rules, claim)


async def own_claim(
    conn: AsyncConnection, user_id: int, *, guild_id: int, name: str | None
) -> Claim:
    """Return the claim somebody acts for: the named one, or their only one.

    Raises:
        NotFoundError: they act for no such name, or for none at all.
        UserError: they act for several, so it must be named.
    """
    mine = await claims.acting_for(conn, user_id, guild_id=guild_id)
    if name is not None:
        found = [one for one in mine if one.key == artist_key(name)]
        if not found:
            raise NotFoundError(
                "You do not act for an artist of that name in this server. "
                "Register it with `/artist claim`."
            )
        return found[0]
    if not mine:
        raise NotFoundError("You have no name here yet. Register it with `/artist claim`.")
    if len(mine) > 1:
        raise UserError("You act for several artists here: say which one by its name.")
    return mine[0]


async def refuse_banned(
    conn: AsyncConnection, guild_id: int, user_id: int, key: str | None, *, now: datetime
) -> None:
    """Refuse a person, or a name (`identity.artist_key`), that is banned in a server.

    Raises:
        NotAllowedError: they are.
    """
    ban = await moderation.banned(conn, guild_id, user_id=user_id, key=key, now=now)
    if ban is not None:
        raise NotAllowedError(_ban_words(ban, now))


def _ban_words(ban: Ban, now: datetime) -> str:
    whom = "You are" if ban.name is None else "This name is"
    left = "" if ban.until is None else f" It ends in {in_words(ban.until - now)}."
    return (
        f"{whom} banned from promoting in this server by its moderators.{left} "
        "They can lift it with `/moderate unban`."
    )


async def refuse_blocked(
    conn: AsyncConnection,
    guild_id: int,
    *,
    text: str = "",
    url: str | None = None,
    names: Sequence[str] = (),
) -> None:
    """Refuse what holds a term that a server has blocked.

    Raises:
        NotAllowedError: it does.
    """
    terms = await moderation.blocked(conn, guild_id)
    found = (blocked_by(terms, text=text, url=url, name=name) for name in names or ("",))
    term = next((one for one in found if one is not None), None)
    if term is not None:
        raise NotAllowedError(
            f"The moderators of this server have blocked the {term.kind} “{term.value}”. "
            "Nothing was posted or kept: leave it out and try again."
        )


def _check_role(rules: GuildSettings, guild_id: int | None, role_ids: Collection[int]) -> None:
    role_id = rules.promoter_role_id
    if role_id is not None and role_id != guild_id and role_id not in role_ids:
        raise NotAllowedError(
            f"Only members with the role <@&{role_id}> may promote in this server. "
            "People with Manage Server can change that with `/server promotions`."
        )


def _check_ai(rules: GuildSettings, share: AiShare | None) -> None:
    if rules.ai is AiRule.LEAVE_OUT and share is AiShare.WHOLLY:
        raise NotAllowedError(
            "This server leaves out music that AI made wholly, so nothing was posted. People with "
            "Manage Server can change that with `/server ai`."
        )


async def _claim(conn: AsyncConnection, asker: Asker) -> Claim | None:
    if asker.guild_id is None:
        if asker.name is not None:
            raise UserError("Names belong to servers: leave `as` out here.")
        return None
    if asker.name is not None:
        return await own_claim(conn, asker.user_id, guild_id=asker.guild_id, name=asker.name)
    mine = await claims.acting_for(conn, asker.user_id, guild_id=asker.guild_id)
    return mine[0] if len(mine) == 1 else None


def _check_claim(rules: GuildSettings, claim: Claim | None) -> None:
    if claim is None and (rules.claims_required or rules.verified_only):
        raise NotAllowedError(
            "In this server you can promote only under a registered name. Register yours with "
            "`/artist claim`; if you act for several, choose one with `as`."
        )
    if claim is not None and claim.muted:
        raise NotAllowedError(
            "The moderators of this server have muted this artist's name; nothing can be promoted "
            "under it. They can change that with `/moderate claim unmute`."
        )
    if claim is not None and rules.verified_only and not claim.verified:
        raise NotAllowedError(
            "In this server only verified artists may promote. Ask the moderators to verify your "
            "name with `/moderate claim verify`."
        )


async def _check_time(
    conn: AsyncConnection,
    rules: GuildSettings,
    asker: Asker,
    claim: Claim | None,
    *,
    url: str,
    now: datetime,
) -> None:
    guild_id = asker.guild_id
    last = await promotions.last_by(conn, asker.user_id, guild_id=guild_id, now=now)
    pause = timedelta(hours=rules.user_cooldown_hours)
    left = time_left(last, pause, now)
    if left is not None:
        raise TooSoonError(
            f"You may promote once in {in_words(pause)} here. Try again in {in_words(left)}."
        )
    if claim is not None:
        last = await promotions.last_under(conn, claim, now=now)
        pause = timedelta(hours=rules.artist_cooldown_hours)
        left = time_left(last, pause, now)
        if left is not None:
            raise TooSoonError(
                f"An artist may be promoted only once in {in_words(pause)} here, whoever does it. "
                f"Try again in {in_words(left)}."
            )
    if guild_id is None:
        return
    last = await promotions.last_of(conn, url, guild_id=guild_id, now=now) if url else None
    left = time_left(last, SAME_URL_AGAIN_AFTER, now)
    if left is not None:
        raise TooSoonError(
            "This link was promoted here less than 30 days ago. "
            f"It may be promoted again in {in_words(left)}."
        )
    last = await promotions.last_in(conn, guild_id, now=now)
    pause = timedelta(minutes=rules.guild_cooldown_minutes)
    left = time_left(last, pause, now)
    if left is not None:
        raise TooSoonError(
            f"Somebody promoted here just now; this server takes one promotion in "
            f"{in_words(pause)}. Try again in {in_words(left)}."
        )
