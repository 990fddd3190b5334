"""Small words that every part of the interface uses."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.catalog import seen

_MARKDOWN = re.compile(r"^[#+-]|[\\*_~`|<>\[\]:@]")
_MARKED = re.compile(r"\\(.)|\*\*|`|^-# ", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_NOTHING = "–"
"""Stands for a name that nobody can see."""
_ZERO_WIDTH_SPACE = "\u200b"


def message_link(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the address of a message; also in a server where the bot is no member."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def plain(text: str, limit: int = 200) -> str:
    """Return foreign text as one line that Discord shows as it stands: no markdown, no mention.

    Control characters and those that turn the writing direction are taken out; what is longer
    than `limit` characters ends in an ellipsis (the limit counts before escaping). Of a text in
    which nothing can be seen a dash is left.
    """
    line = cut(" ".join(_CONTROL.sub(" ", text).split()), limit)
    if text.strip() and not seen(line):
        return _NOTHING
    return _MARKDOWN.sub(r"\\\g<0>", line).replace("\\@", "@" + _ZERO_WIDTH_SPACE)


def bare(text: str) -> str:
    """Return our own text without its markdown, and with what `plain` escaped as it was."""
    return _MARKED.sub(lambda found: found[1] or "", text)


def label(text: str, limit: int = 100) -> str:
    """Return foreign text for places without markdown: choices, select options, button labels."""
    line = cut(" ".join(_CONTROL.sub(" ", text).split()), limit)
    return line if seen(line) else _NOTHING


def cut(text: str, limit: int) -> str:
    """Return the text with at most `limit` characters, the last an ellipsis when it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def fitting(lines: Sequence[str], limit: int, more: str = "more") -> str:
    """Join the lines that fit into `limit` characters; the last line says how many do not."""
    whole, shown = "\n".join(lines), len(lines)
    while len(whole) > limit and shown:
        shown -= 1
        whole = "\n".join([*lines[:shown], f"… and {len(lines) - shown:,} {more}"])
    return whole


def parted(lists: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Return what stands in all of several lists, once, and what is left of each; none of one."""
    if len(lists) < 2:
        return [], [list(one) for one in lists]
    common = [word for word in dict.fromkeys(lists[0]) if all(word in one for one in lists)]
    return common, [[word for word in one if word not in common] for one in lists]


def count(number: int, one: str, many: str | None = None) -> str:
    """Return "1 track" or "2,310 tracks"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "3rd", "4th", "11th" and so on."""
    ending = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def capital(words: str) -> str:
    """Return words that begin a line; the others keep their case."""
    return f"{words[:1].upper()}{words[1:]}"


def listing(words: list[str], joint: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def when(moment: datetime) -> str:
    """Return a time that Discord shows in each reader's own zone: "3 hours ago"."""
    return f"<t:{int(moment.timestamp())}:R>"


def percents(shares: Sequence[float]) -> list[int]:
    """Return shares of a whole as percent that add up to 100: the largest rests are rounded up."""
    exact = [share * 100 for share in shares]
    found = [int(one) for one in exact]
    rests = sorted(range(len(exact)), key=lambda place: (found[place] - exact[place], place))
    for place in rests[: round(sum(exact)) - sum(found)]:
        found[place] += 1
    return found


def at(moment: datetime) -> str:
    """Return a day and time that Discord shows in each reader's own zone and words."""
    return f"<t:{int(moment.timestamp())}:F>"


def bar(share: float, width: int = 10) -> str:
    """Return a share 0 … 1 as a bar of blocks."""
    filled = round(min(max(share, 0.0), 1.0) * width)
    return "▰" * filled + "▱" * (width - filled)
