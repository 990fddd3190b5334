"""A label, where it comes from, what a server makes of it, and how it is appealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias

MOST_APPEAL: Final = 300
"""So many characters an appeal may have."""

AppealSubject: TypeAlias = Literal["artist", "promotion"]


class AiShare(StrEnum):
    """How much of some music AI made."""

    NONE = "none"
    PARTLY = "partly"
    """Some of what is heard: a voice, an instrument, the words."""
    WHOLLY = "wholly"


class AiRule(StrEnum):
    """What a server makes of labels."""

    ALLOW = "allow"
    """They are not shown."""
    LABEL = "label"
    LEAVE_OUT = "leave out"
    """What AI made wholly is not promoted, and not picked; what it made partly has its label."""


class AiSource(StrEnum):
    """Who says so."""

    DECLARED = "declared"
    """Whoever promoted it."""
    LISTED = "listed"
    """The operator's list."""


class Verdict(StrEnum):
    """What moderators made of an appeal."""

    OPEN = "open"
    LIFTED = "lifted"
    """The label is gone in their server."""
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class AiLabel:
    """That AI made some music, and who says so."""

    share: AiShare
    """Partly or wholly."""
    source: AiSource
    subject: AppealSubject
    """What the label sticks to; an appeal is about that."""
    subject_id: int
    list_name: str = ""
    """Which list says so."""
    why: str = ""
    """What the list says besides."""


def declared(promotion_id: int, share: AiShare | None) -> AiLabel | None:
    """Return the label of a promotion, as whoever posted it declared; None: AI made nothing."""
    if share is None or share is AiShare.NONE:
        return None
    return AiLabel(share, AiSource.DECLARED, "promotion", promotion_id)


@dataclass(frozen=True, slots=True)
class Appeal:
    """What somebody says against a label in one server."""

    id: int
    guild_id: int
    user_id: int | None
    """None: they had their data deleted."""
    reason: str
    asked_at: datetime
    label: AiLabel | None
    """None: it is gone meanwhile."""
    name: str
    """Of the artist, or the title of the promotion."""


def strongest(labels: Iterable[AiLabel]) -> AiLabel | None:
    """Return the label that says most; of equals what the artist declared; None of none."""
    every = sorted(labels, key=lambda one: one.source is not AiSource.DECLARED)
    return max(every, key=lambda one: one.share is AiShare.WHOLLY, default=None)
