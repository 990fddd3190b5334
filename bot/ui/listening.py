"""An import as a message: its progress and its result."""

from typing import Final

import discord

from bot.core.taste import Cut, HistoryReport, Skip
from bot.ui import text, theme

ONE_AT_A_TIME: Final = "I am still reading your last file. Send the next one when that is done."

_SKIPPED: Final = {
    Skip.SHORT: "less than 30 seconds",
    Skip.OTHER: "podcasts, videos, or without a name",
    Skip.BAD: "not readable",
}
_CUT: Final = {
    Cut.ROWS: (
        "This file has more rows than I read of one. Unpack it, and send the files in it one by "
        "one: nothing counts twice."
    ),
    Cut.LIMITS: (
        "Reading the rest takes more time or memory than I give to one file. Unpack it, and send "
        "the files in it one by one: nothing counts twice."
    ),
    Cut.KEPT: (
        "I keep no more than about 500,000 plays of one listener, and these are yours. What you "
        "play at a linked account counts on; `/privacy delete` makes room."
    ),
}
_NEXT: Final = (
    "From now on `/discover` leaves out what you have played and leans a little towards what you "
    "play most; what you rate counts more. `/discover basis:` uses only your listening."
)
_NEXT_SAID: Final = "From now on it counts for your taste, as if you had said it here."
_NEXT_KEPT: Final = "What you made elsewhere is kept as yours here, too."


def too_large(limit: int) -> str:
    """Say that a file is too large, and how to split it."""
    return (
        f"That file is larger than {limit >> 20} MB. Unpack the zip and send the files in it one "
        "by one, zipped again: each counts, in any order, and nothing counts twice."
    )


def progress(rows: int, share: float) -> str:
    """Show how far an import is."""
    return f"{text.bar(share)} {text.count(rows, 'row')} read …"


def report(done: HistoryReport) -> discord.Embed:
    """Say what an import brought."""
    if not done.is_news:
        return _with_cut(_nothing_new(done), done)
    said = _NEXT_SAID if done.said else _NEXT_KEPT
    following = _NEXT if done.plays + done.listed else said
    embed = discord.Embed(title="Imported", description=following, color=theme.ACCENT)
    embed.add_field(name="Read", value=_read(done), inline=False)
    if done.new != done.read:
        rest = "the rest was here already"
        if done.unknown_said:
            rest += f", or is not in my catalogue ({done.unknown_said:,})"
        embed.add_field(name="New", value=f"{done.new:,}; {rest}", inline=False)
    if done.plays + done.listed:
        found = f"{done.known:,} of {text.count(done.known + done.unknown, 'recording')}"
        more = " Those you play most are looked up in the next minutes." if done.unknown else ""
        embed.add_field(name="In my catalogue", value=f"{found}.{more}", inline=False)
    skipped = _skipped(done)
    if skipped:
        embed.add_field(name="Left out", value=skipped, inline=False)
    return _with_cut(embed, done)


def _nothing_new(done: HistoryReport) -> discord.Embed:
    if done.read:
        found = f"{_read(done)}: all of it was here already."
        if done.unknown_said:
            found = (
                f"{_read(done)}: what I know of it was here already. Not in my catalogue: "
                f"{text.count(done.unknown_said, 'entry', 'entries')}."
            )
    elif done.cut is not None:
        found = "I read nothing of it."
    else:
        found = "There is nothing in it that counts."
    description = f"{found}\n{_skipped(done)}".strip()
    return discord.Embed(title="Nothing new", description=description, color=theme.QUIET)


def _with_cut(embed: discord.Embed, done: HistoryReport) -> discord.Embed:
    """Say what was not read, and what to do about it."""
    if done.cut is not None:
        embed.add_field(name="Not all of it", value=_CUT[done.cut], inline=False)
    return embed


def _read(done: HistoryReport) -> str:
    parts = []
    if done.plays:
        period = ""
        if done.first_s is not None and done.last_s is not None:
            period = f", <t:{done.first_s}:d> – <t:{done.last_s}:d>"
        parts.append(f"{text.count(done.plays, 'play')}{period}")
    if done.listed:
        parts.append(f"{text.count(done.listed, 'track')} of a list")
    if done.said:
        parts.append(f"{text.count(done.said, 'entry', 'entries')} of what you rated")
    if done.playlists:
        parts.append(text.count(done.playlists, "playlist"))
    if done.away:
        parts.append(f"{text.count(done.away, 'time')} when it was not you")
    if done.parts:
        parts.append(f"{text.count(done.parts, 'name')} on your map")
    return text.listing(parts)


def _skipped(done: HistoryReport) -> str:
    there = [(done.skipped.get(one, 0), words) for one, words in _SKIPPED.items()]
    told = "; ".join(f"{words}: {rows:,}" for rows, words in there if rows)
    return f"{told} (such as “{done.example}”)" if done.example else told
