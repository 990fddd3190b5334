"""What moderators decide about: reports, bans and blocked words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from bot.core.catalog import artist_key, text_key
from bot.core.promotion.claims import Claim
from bot.core.promotion.fairness import Reception
from bot.core.promotion.promotion import Promotion
from bot.errors import UserError

MAX_REASON: Final = 300
MAX_TERM: Final = 100


class Decision(StrEnum):
    """What becomes of a reported promotion."""

    KEEP = "keep"
    REMOVE = "remove"
    BAN = "ban"
    """Remove it, and let its artist promote no more."""


class ReportState(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    KEPT = "kept"
    """Decided: the promotion stays."""
    REMOVED = "removed"


class Action(StrEnum):
    """What a moderator did."""

    KEPT = "kept"
    REMOVED = "removed"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    MUTED = "muted"
    UNMUTED = "unmuted"
    CLAIM_REMOVED = "removed the name"
    BANNED = "banned"
    UNBANNED = "unbanned"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    LABEL_LIFTED = "lifted an AI label"
    LABEL_KEPT = "kept an AI label"


class BlockKind(StrEnum):
    """What a blocked term is compared with: words, domains or names."""

    WORD = "word"
    """Words of the text and of names, whole words in a row."""
    DOMAIN = "domain"
    """The host of a link, and all hosts below it."""
    NAME = "name"
    """The whole name of an artist."""


@dataclass(frozen=True, slots=True)
class BlockedTerm:
    """Something that may not appear in a server's promotions and names."""

    kind: BlockKind
    value: str
    """Folded, see `blocked_term`."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A promotion with its open reports, or one that looks like the work of a ring."""

    promotion: Promotion
    name: str | None
    """The registered name it was posted under."""
    reasons: tuple[str, ...]
    """What was written in the open reports, oldest first."""
    reception: Reception


@dataclass(frozen=True, slots=True)
class ReportTaken:
    """A report that was kept."""

    reported: Reported
    hidden: bool
    """True: it is in nobody's picks until moderators decide."""
    channel_id: int | None
    """The channel where moderators want to read about it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What moderators decided about a promotion."""

    promotion: Promotion
    decision: Decision
    reports: int
    """How many open reports this answered."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the moderation log."""

    action: Action
    subject: str
    """What the line is about, in words."""
    moderator_id: int | None
    """None: they had their data deleted."""
    user_id: int | None
    """The person it was about, if it was about one."""
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the moderation log."""

    entries: tuple[LogEntry, ...]
    """The newest first."""
    page: int
    """Counted from 0."""
    pages: int


@dataclass(frozen=True, slots=True)
class Ban:
    """Somebody, or a name, that may not promote."""

    user_id: int | None
    name: str | None
    until: datetime | None
    """None: for ever. With neither person nor name, it is of somebody who deleted their data."""


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A claim as moderators see it."""

    claim: Claim
    pages: tuple[str, ...]
    hands: tuple[int, ...]


def report_reason(text: str) -> str:
    """Return a reason as one line.

    Raises:
        UserError: it is empty or longer than `MAX_REASON` characters.
    """
    line = " ".join(text.split())
    if not any(character.isalnum() for character in line):
        raise UserError("Say in a few words what is wrong with it. Nothing was reported.")
    if len(line) > MAX_REASON:
        raise UserError(
            f"Keep the reason to {MAX_REASON} characters, please; that was {len(line):,}."
        )
    return line


def blocked_term(kind: BlockKind, text: str) -> BlockedTerm:
    """Fold what a moderator typed, so that it is found however it is written.

    Raises:
        UserError: nothing is left of it, or it is not a host name.
    """
    text = text.strip()
    if len(text) > MAX_TERM:
        raise UserError(f"Keep it to {MAX_TERM} characters, please. Nothing was blocked.")
    if kind is BlockKind.DOMAIN:
        host = _host(text if "://" in text else f"https://{text}")
        if "." not in host or any(not label for label in host.split(".")):
            raise UserError("Give a domain such as example.com. Nothing was blocked.")
        return BlockedTerm(kind, host)
    value = text_key(text)
    if not value:
        raise UserError(f"Give the {kind} to block. Nothing was blocked.")
    return BlockedTerm(kind, value)


def blocked_by(
    terms: Iterable[BlockedTerm], *, text: str = "", url: str | None = None, name: str = ""
) -> BlockedTerm | None:
    """Return the first blocked term that a text, a link or an artist's name contains.

    Words are looked for in the text and in the name; all is compared folded, so that neither case
    nor accents nor punctuation get around it.
    """
    words = f" {text_key(text)} ", f" {text_key(name)} "
    host = "" if url is None else _host(url)
    key = artist_key(name)
    for term in terms:
        match term.kind:
            case BlockKind.WORD:
                found = any(f" {term.value} " in line for line in words)
            case BlockKind.DOMAIN:
                found = host == term.value or host.endswith(f".{term.value}")
            case BlockKind.NAME:
                found = key == term.value
        if found:
            return term
    return None


def _host(url: str) -> str:
    """Return the host of an address, folded; "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
