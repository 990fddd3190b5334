"""Ratings: confirmed, taken back, paged through."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

import discord

from bot.core.models import (
    Acquainted,
    Feedback,
    FeedbackKind,
    History,
    Rated,
    SearchHit,
    SubjectKind,
    Undone,
)
from bot.ui import text, theme
from bot.ui.clusters import factor_words
from bot.ui.measures import not_measured
from bot.ui.picks import named
from bot.ui.stored import Page, Stored, page_turner, view

Score = Annotated[int, 5]
"""The largest is read, too."""
STARS: Final = "★★★★★☆☆☆☆☆"
NOT_YOURS: Final = "These are somebody else's ratings. See yours with `/history`."

KINDS: Final = {
    SubjectKind.TRACK: "🎵",
    SubjectKind.ALBUM: "💿",
    SubjectKind.ARTIST: "🎤",
    SubjectKind.GENRE: "🏷️",
    SubjectKind.PROMOTION: "📣",
    SubjectKind.CLUSTER: "🗺️",
    SubjectKind.SORT: "🚫",
}


class TurnHistory(Stored, id="history:{user_id}:{page}:{label}"):
    """Turns to another page of somebody's own ratings."""

    user_id: int
    page: Page
    label: str


class RateChosen(Stored, id="rate:{user_id}:{score}"):
    """Rates what was chosen of several things that may have been meant."""

    user_id: int
    score: Score


class RateWhich(Stored, id="rate:which"):
    """Asks for the score of the track that was chosen from several of a message."""


class RateThis(Stored, id="rate:this:{track_id}:{score}"):
    """Rates the track that its message asks about."""

    track_id: int
    score: Score


NOTHING_RATED: Final = (
    "Nothing was rated. Type `artist – title`, choose a suggestion while you type, or paste a link."
)
WHICH: Final = "Which one do you mean? Nothing is rated yet."


def rated(done: Rated, missing: Sequence[str] = ()) -> str:
    """Confirm a rating, and say what is not measured of the track."""
    line = f"{_stars(done.score)} for {named(done.hit)}."
    if done.before is not None:
        line += f" Before: {value(done.before)}."
    if done.hit.subject.kind in (SubjectKind.ALBUM, SubjectKind.ARTIST):
        line += (
            f" It counts for all tracks of this {done.hit.subject.kind}, but less than a rating of "
            "the track itself."
        )
    if done.muted:
        line += (
            " You have muted them, so you are still not shown them; `/mute show` takes that back."
        )
    if done.entries < 3:
        line += " A few more, and `/discover` knows what you like."
    note = not_measured(missing)
    return f"{line}\n{note}" if note else line


def how_much(hit: SearchHit) -> str:
    """Ask for the score of a track."""
    return f"How much do you like {named(hit)}? 1: not for me … 5: love it. Nothing is rated yet."


def rated_here(done: Rated, missing: Sequence[str] = ()) -> str:
    """Confirm the rating of a track, above the buttons that gave it."""
    return f"{rated(done, missing)}\n-# Another press changes it, and `/undo` takes it back."


def scores(track_id: int, chosen: int | None = None) -> discord.ui.View:
    """Return a button for each score.

    Args:
        track_id: what is rated.
        chosen: the score that it has.
    """
    blue, gray = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
    return view(
        *(
            RateThis(track_id, one).button(f"{one} ★", style=blue if one == chosen else gray)
            for one in range(1, 6)
        )
    )


def getting_to_know(name: str) -> str:
    """Say that we ask around for an artist whom nobody here has."""
    return (
        f"🔎 I am getting to know **{text.plain(name, 80)}**; ask again in a minute. Your rating "
        "is noted as soon as I do."
    )


def known_now(done: Acquainted) -> str:
    """Say what came of it."""
    songs = text.count(done.songs, "song")
    company = f", and {text.count(done.company, 'artist')} like them" if done.company else ""
    lines = [f"🔎 I know {named(done.hit)} now: {songs}{company}."]
    if done.rated is not None:
        lines.append(rated(done.rated))
    return "\n".join([*lines, "`/discover` finds music like theirs."])


def nobody_knows(name: str) -> str:
    """Say that no service knows an artist."""
    return (
        f"I asked around, and nobody knows an artist called **{text.plain(name, 80)}**. Nothing is "
        "rated. Check the spelling, or rate a track of theirs by its link."
    )


def nothing_by(name: str) -> str:
    """Say that an artist is known, but nothing that they recorded."""
    return (
        f"The music services know **{text.plain(name, 80)}**, but no song of theirs. Nothing is "
        "rated. Try again when there is one, or rate a track of theirs by its link."
    )


def rated_elsewhere(name: str) -> str:
    """Say that a rating does not wait any more: fulfilled, replaced or deleted meanwhile."""
    return (
        f"This rating of **{text.plain(name, 80)}** does not wait any more: it is noted already, "
        "you sent a newer one, or you deleted it. `/history` shows what counts."
    )


def known_later(name: str) -> str:
    """Say that the services do not answer."""
    return (
        f"The music services do not answer right now. I ask for **{text.plain(name, 80)}** again "
        "by myself, and note your rating then."
    )


def undone(done: Undone) -> str:
    """Confirm that something was taken back."""
    line = f"Taken back: {value(done.entry)} for {_what(done.hit)}"
    line += f" and {text.count(done.others, 'other pick')}." if done.others else "."
    if done.restored is not None:
        line += f" Your earlier {value(done.restored)} counts again."
    if done.entry.kind is FeedbackKind.MUTE:
        who = "It" if done.hit.subject.kind is SubjectKind.TRACK else "They"
        return line if done.restored is not None else f"{line} {who} may be shown to you again."
    return line + " Your taste is what it was before."


def history(page: History) -> discord.Embed:
    """Show one page of what somebody said."""
    if not page.total:
        return discord.Embed(
            title="Your ratings",
            description="You have not rated anything yet. `/rate track` or `/discover` is a start.",
            color=theme.QUIET,
        )
    lines = [
        f"{KINDS[hit.subject.kind]} {value(entry)} {_what(hit)} · {text.when(entry.created_at)}"
        for entry, hit in page.lines
    ]
    while len("\n".join(lines)) > 4096:  # ten very long titles; each line goes shorter
        lines = [text.cut(line, max(map(len, lines)) * 3 // 4) for line in lines]
    embed = discord.Embed(title="Your ratings", description="\n".join(lines), color=theme.ACCENT)
    embed.set_footer(
        text=f"{text.count(page.total, 'entry', 'entries')} · page {page.page + 1} of {page.pages}"
    )
    return embed


def pages(user_id: int, shown: History) -> discord.ui.View:
    """Return the buttons under a page of somebody's ratings."""
    return page_turner(partial(TurnHistory, user_id), page=shown.page, pages=shown.pages)


def value(entry: Feedback) -> str:
    """Return what an entry says: stars, a thumb or a word."""
    if entry.kind is FeedbackKind.RATING:
        return _stars(int(entry.value))
    if entry.kind is FeedbackKind.SEED:
        return "chosen"
    if entry.kind is FeedbackKind.MUTE:
        return f"not for {entry.value:.0f} days" if entry.value else "never again"
    if entry.kind is FeedbackKind.TURN:
        return factor_words(entry.value) or "×1"
    thumb = theme.UP if entry.value > 0 else theme.DOWN
    return thumb if abs(entry.value) >= 1 else f"½ {thumb}"


def _what(hit: SearchHit) -> str:
    """Name what an entry is about."""
    cluster = hit.subject.kind is SubjectKind.CLUSTER
    return f"the part of your `/map` with {named(hit)}" if cluster else named(hit)


def _stars(score: int) -> str:
    return STARS[5 - score : 10 - score]
