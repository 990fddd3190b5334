"""An import as a message: its progress and its result."""

from typing import Final

import discord

from bot.core.taste import HistoryReport, Skip
from bot.ui import text, theme

ONE_AT_A_TIME: Final = "I am still reading your last file. Send the next one when that is done."

_SKIPPED: Final = {
    Skip.SHORT: "less than 30 seconds",
    Skip.OTHER: "podcasts, videos, or without a name",
    Skip.BAD: "not readable",
}
_NEXT: Final = (
    "From now on `/discover` leaves out what you have played and leans a little towards what you "
    "play most; what you rate counts more. `/discover basis:` uses only your listening."
)


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
        return discord.Embed(
            title="Nothing new",
            description=f"{_read(done)}: all of it was here already.\n{_skipped(done)}".strip()
            if done.plays + done.listed
            else f"There is nothing in it that counts.\n{_skipped(done)}".strip(),
            color=theme.QUIET,
        )
    embed = discord.Embed(title="Imported", description=_NEXT, color=theme.ACCENT)
    embed.add_field(name="Read", value=_read(done), inline=False)
    if done.new_plays != done.plays or done.new_listed != done.listed:
        new = done.new_plays + done.new_listed
        embed.add_field(name="New", value=f"{new:,}; the rest was here already", inline=False)
    found = f"{done.known:,} of {text.count(done.known + done.unknown, 'recording')}"
    more = " Those you play most are looked up in the next minutes." if done.unknown else ""
    embed.add_field(name="In my catalogue", value=f"{found}.{more}", inline=False)
    skipped = _skipped(done)
    if skipped:
        embed.add_field(name="Left out", value=skipped, inline=False)
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
    return text.listing(parts)


def _skipped(done: HistoryReport) -> str:
    there = [(done.skipped.get(one, 0), words) for one, words in _SKIPPED.items()]
    return "; ".join(f"{words}: {rows:,}" for rows, words in there if rows)
