"""What somebody does not want to be shown: confirmed, taken back, and told beside an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import discord

from bot.core.models import FeedbackKind, Muted, SearchHit, SubjectKind
from bot.core.ranking import LeftOut
from bot.core.taste import MONTH
from bot.ui import text
from bot.ui.stored import Stored, view
from bot.ui.wishes import NO

WHICH: Final = "Which one do you mean? Nobody is muted yet."
NOBODY_MUTED: Final = (
    "Nobody was muted. Choose a suggestion while you type, or write the name as it stands on "
    "their records."
)
SHOW_AGAIN: Final = "Show them again"
_OFTEN: Final = 5
"""Who was played less often is not called played."""
_WAY: Final = "`/mute show` lists what is muted, and takes it back."

Days = Annotated[int, 365]
Kind = Literal["artist", "track"]


class MuteChosen(Stored, id="mute:which:{user_id}:{days}"):
    """Mutes who was chosen of several who may have been meant."""

    user_id: int
    days: Days


class ShowAgain(Stored, id="mute:back:{user_id}:{kind}:{subject_id}"):
    """Takes a mute back."""

    user_id: int
    kind: Kind
    subject_id: int


def muted(done: Muted) -> str:
    """Confirm that something is not shown any more."""
    if done.is_old:
        return f"{named(done.mute.hit)} is muted for ever already, so nothing has changed. {_WAY}"
    lines = [_what_holds(done), _love(done), f"`/undo` takes it back. {_WAY}"]
    return " ".join(line for line in lines if line)


def _what_holds(done: Muted) -> str:
    hit, until = done.mute.hit, done.mute.until
    if hit.subject.kind is SubjectKind.TRACK:
        return (
            f"You will not be shown this version of {named(hit)} again; another version of the "
            "song may come."
        )
    before = ""
    if done.before is not None:
        was = done.before.until
        before = f" Before, they were muted {'for ever' if was is None else until_words(was)}."
    if until is None:
        return (
            f"You will not be shown {named(hit)} again: nothing by them, and nothing with them "
            f"as a guest.{before}"
        )
    return (
        f"You will not be shown {named(hit)} for {MONTH} days, {until_words(until)}: nothing by "
        f"them, and nothing with them as a guest.{before}"
    )


def _love(done: Muted) -> str:
    """Say what speaks against it, when they love whom they mute."""
    facts = []
    if done.love is not None:
        rated = done.love.kind is FeedbackKind.RATING
        facts.append(f"gave them {done.love.value:.0f} of 5" if rated else "said you like them")
    if done.likes:
        facts.append(f"like {text.count(done.likes, 'track')} of theirs")
    if done.plays >= _OFTEN:
        facts.append(f"played them {done.plays:,} times")
    if not facts:
        return ""
    return (
        f"You {text.listing(facts)}: that stays, so your taste is as it was, and what is like them "
        f"still comes. If it was a slip, press *{SHOW_AGAIN}*."
    )


def under_muted(user_id: int, hit: SearchHit) -> discord.ui.View:
    """Return the button that takes a mute back."""
    kind: Kind = "track" if hit.subject.kind is SubjectKind.TRACK else "artist"
    label = "Show it again" if kind == "track" else SHOW_AGAIN
    return view(ShowAgain(user_id, kind, hit.subject.id).button(label))


def lifted(hit: SearchHit) -> str:
    """Confirm that a mute was taken back."""
    return f"You may be shown {named(hit)} again."


def until_words(until: datetime) -> str:
    """Say when something ends."""
    return f"until <t:{int(until.timestamp())}:D>"


def named(hit: SearchHit) -> str:
    """Return "**Title** by Artist"."""
    by = f" by {text.plain(hit.artist, 80)}" if hit.artist else ""
    return f"**{text.plain(hit.title, 120)}**{by}"


def left_out(found: LeftOut, artists: Sequence[SearchHit], *, private: bool) -> str:
    """Return a line that says what an answer would have held besides; nothing where that is none.

    Args:
        artists: the muted ones among that.
        private: only the listener reads it. Others do not learn what somebody muted.
    """
    if not found.tracks:
        return ""
    if not private:
        return f"-# {found.tracks} left out, because you muted them: `/mute show`."
    reasons = []
    if found.by_artists:
        names = [f"**{text.plain(one.title, 60)}**" for one in artists[:3]]
        if len(artists) > len(names):
            names.append(f"{len(artists) - len(names)} more")
        reasons.append(f"you muted {text.listing(names) or 'their artists'}")
    if found.versions:
        reasons.append(f"you muted {text.count(found.versions, 'version')}")
    if found.sorts:
        unwanted = text.listing([NO[sort] for sort, _ in found.sorts], "and")
        reasons.append(f"you want {unwanted}")
    way = "`/mute show`" if found.by_artists or found.versions else "`/settings me`"
    return f"-# {found.tracks} left out, because {text.listing(reasons)}: {way}."
