"""Promotions, the rules for their texts, and how an artist's list of tracks is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.ai import AiShare
from bot.core.catalog import LIST_MARK, TRACK_SEPARATORS, Asked, holds_link, read_text, text_key
from bot.core.promotion.claims import Claim
from bot.core.promotion.suiting import PlaylistSound, Suitability
from bot.core.promotion.track_sound import TrackSound
from bot.errors import UserError

MAX_TEXT: Final = 300
MAX_TITLE: Final = 120
MAX_TRACKS: Final = 20
MAX_TRACKLIST: Final = 2000
MOST_PROMOTED: Final = 100
"""At most this many tracks of one list may appear among the picks."""
SAME_URL_AGAIN_AFTER: Final = timedelta(days=30)


class PromotionKind(StrEnum):
    """What is promoted."""

    PLAYLIST = "playlist"
    TRACK = "track"
    ALBUM = "album"


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion as it is kept."""

    id: int
    user_id: int | None
    """Who posted it; None: they had their data deleted, and a report about it waits."""
    guild_id: int | None
    message_id: int | None
    """None until it is posted."""
    url: str
    """The address of its page; empty for an uploaded track without one."""
    text: str
    created_at: datetime
    kind: PromotionKind = PromotionKind.PLAYLIST
    channel_id: int | None = None
    """Where the message is; None until it is posted."""
    claim_id: int | None = None
    """The registered name it was posted under; None: the person's own."""
    removed_at: datetime | None = None
    """When moderators took it down."""
    title: str | None = None
    """The name of the track ("Artist – Title") or list, where it is known."""
    poster_mark: str | None = None
    """By what a ban finds who posted it when `user_id` is None."""
    ai: AiShare | None = None
    """How much of it AI made, as whoever posted it declares; None: nothing is declared."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What was read of a playlist or an album."""

    tracks: int
    """How many of its tracks could be read."""
    known: int
    """How many of those were in the catalogue before."""
    total: int | None
    """How many tracks it has; None: unknown."""
    unread: str | None
    """Why a part, or all of it, is missing, as a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class PreparedPromotion:
    """A promotion that is stored and waits to be posted."""

    promotion: Promotion
    channel_id: int | None
    """The server's channel for promotions; None: where the command is used."""
    recognized: int
    """How many of the named tracks are in the catalogue."""
    unknown: tuple[str, ...]
    """The named tracks that are not in the catalogue, as they were written."""
    sound: PlaylistSound | None
    claim: Claim | None = None
    """The registered name under which it is posted."""
    repeated: int = 0
    """How many of the recognized tracks are left out because they were promoted here lately."""
    listing: Listing | None = None
    """None for tracks, and for lists of services that do not say what is on them."""
    suits: Suitability | None = None
    """Whom in the server a list suits; None for a track, or outside of a server."""
    heard: TrackSound | None = None
    """How a single track sounds; None: for lists, and where nothing is measured."""
    joins: bool = False
    """An uploaded track joins the catalogue when it is posted."""
    excerpt_kept: bool = False
    """An excerpt of its sound is kept for auditions."""
    shows_ai: bool = True
    """The server shows labels of what AI made."""


@dataclass(frozen=True, slots=True)
class PromotionAudio:
    """What identifies the audio of a promotion."""

    promotion_id: int
    sha256: str
    """Of the file, in hexadecimal."""
    fingerprint: bytes
    """Of the sound."""


def promotion_text(text: str) -> str:
    """Return what the artist says as one line.

    Raises:
        UserError: it is empty, longer than `MAX_TEXT` characters or holds a link.
    """
    line = " ".join(text.split())
    if not any(character.isalnum() for character in line):
        raise UserError("Say a few words about your music.")
    if len(line) > MAX_TEXT:
        raise UserError(
            f"Keep it to {MAX_TEXT} characters, please; that was {len(line):,}. Nothing was posted."
        )
    if holds_link(line):
        raise UserError("Please leave links out of the text: a link has its own place and button.")
    return line


def track_title(text: str) -> str:
    """Return the title of a track as one line.

    Raises:
        UserError: it is empty, longer than `MAX_TITLE` characters or holds a link.
    """
    line = " ".join(text.split())
    if not text_key(line) or not line.isprintable():
        raise UserError("Give the title of your track as it stands on the release, with `title`.")
    if len(line) > MAX_TITLE:
        raise UserError(
            f"Keep the title to {MAX_TITLE} characters, please; that was {len(line):,}."
        )
    if holds_link(line):
        raise UserError("The title holds a link. Give the title alone; `link` is the place for it.")
    return line


def read_tracklist(text: str) -> tuple[Asked, ...]:
    """Read tracks separated by `;` or new lines, each a link or `artist – title`.

    A track that is named twice counts once. An empty text has no tracks.

    Raises:
        UserError: more than `MAX_TRACKS` tracks or `MAX_TRACKLIST` characters.
    """
    if len(text) > MAX_TRACKLIST:
        raise UserError(
            f"Keep the list of tracks to {MAX_TRACKLIST:,} characters, please; "
            f"that was {len(text):,}. Nothing was posted."
        )
    pieces = (LIST_MARK.sub("", " ".join(piece.split())) for piece in TRACK_SEPARATORS.split(text))
    mentions = list(dict.fromkeys(piece for piece in pieces if piece))
    if len(mentions) > MAX_TRACKS:
        raise UserError(
            f"Name {MAX_TRACKS} tracks at most, please; that was {len(mentions)}. "
            "Nothing was posted."
        )
    return tuple(map(read_text, mentions))


def same_audio(
    sha256: str,
    fingerprint: bytes,
    earlier: Iterable[PromotionAudio],
    same_recording: Callable[[bytes, bytes], bool],
) -> PromotionAudio | None:
    """Return the first earlier audio that is the same file or the same recording; None for new.

    Args:
        sha256: of the new file, in hexadecimal.
        fingerprint: of its sound.
        earlier: what was promoted here lately.
        same_recording: compares two fingerprints; asked only where the files differ.
    """
    for one in earlier:
        if one.sha256 == sha256 or same_recording(one.fingerprint, fingerprint):
            return one
    return None


def time_left(last: datetime | None, cooldown: timedelta, now: datetime) -> timedelta | None:
    """Return how long a cooldown still runs; None when it is over or never began."""
    if last is None or now - last >= cooldown:
        return None
    return cooldown - (now - last)


def in_words(duration: timedelta) -> str:
    """Return "45 seconds", "3 hours" or "12 days", rounded up: waiting that long is enough."""
    seconds = max(1.0, duration.total_seconds())
    for unit, size, enough in (("second", 1, 90), ("minute", 60, 90), ("hour", 3600, 48)):
        number = int(-(-seconds // size))
        if number <= enough:
            return f"{number} {unit}" + ("s" if number != 1 else "")
    return f"{int(-(-seconds // 86400))} days"
