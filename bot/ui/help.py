"""`/help`: made from the commands themselves, so that it cannot be out of date."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import discord

from bot.ui import text, theme

WHAT_I_AM: Final = (
    "I find the B-sides: tracks that few people know and that fit *your* taste. Tell me what you "
    "like, and I show you music, say honestly why I picked it, and learn from every answer."
)
REACTIONS: Final = (
    "Press 👍 or 👎 under a pick, or react with them: both count the same, for everybody's own "
    "taste, and taking a reaction back undoes it."
)
PRIVACY: Final = (
    "What you tell me stays in this bot's own database; I ask music services about tracks, and "
    "never tell them who asked. See it with `/privacy show`, remove it with `/privacy delete`."
)
ALONE: Final = "Commands"
MENUS: Final = "Right-click (or hold) a message → Apps"

_FIRST: Final = (
    "discover", "rate", "profile", "year", "similar", "releases", "link", "unlink", "import",
    "undo", "history", "playlist", "promote", "artist", "audition", "privacy",
)  # fmt: skip
"""The groups that a newcomer needs come first; the rest follows in alphabetical order."""
_FIELD: Final = 1024
_FIELDS: Final = 23
_ALL: Final = 5800
_MANAGERS: Final = " · for server managers"


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One command as the help shows it."""

    group: str | None
    """The word it begins with, for commands with several words; None for the others."""
    usage: str
    """What to type, or the name of a menu entry."""
    description: str
    menu: bool = False
    for_managers: bool = False


def overview(commands: Iterable[CommandLine]) -> discord.Embed:
    """Show all commands, one line each, grouped, within Discord's limits."""
    embed = discord.Embed(
        title="B-Side", description=f"{WHAT_I_AM}\n\n{REACTIONS}", color=theme.ACCENT
    )
    sections: dict[str, list[str]] = {ALONE: []}
    for command in sorted(commands, key=_place):
        sections.setdefault(_title(command), []).append(_line(command))
    left_out = 0
    for title, lines in sections.items():
        for part in _parts(lines):
            fits = len(embed) + len(title) + len(part) + len(PRIVACY) + 100 <= _ALL
            if fits and len(embed.fields) < _FIELDS:
                embed.add_field(name=title, value=part, inline=False)
            else:
                left_out += part.count("\n") + 1
    if left_out:
        more = f"… and {text.count(left_out, 'command')} more: type / to see them all."
        embed.add_field(name="More", value=more, inline=False)
    embed.add_field(name="Privacy", value=PRIVACY, inline=False)
    return embed


def _place(command: CommandLine) -> tuple[bool, bool, int, str]:
    word = command.group or command.usage
    place = _FIRST.index(word) if word in _FIRST else len(_FIRST)
    return command.menu, command.group is not None, place, command.usage


def _title(command: CommandLine) -> str:
    title = MENUS if command.menu else f"/{command.group}" if command.group else ALONE
    return f"{title}{_MANAGERS}" if command.for_managers else title


def _line(command: CommandLine) -> str:
    name = f"**{command.usage}**" if command.menu else f"`/{command.usage}`"
    about = f" – {text.plain(command.description, 100)}" if command.description else ""
    return f"{name}{about}"


def _parts(lines: list[str]) -> list[str]:
    """Join lines to field values that Discord takes."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) + 1 + len(line) <= _FIELD:
            parts[-1] += f"\n{line}"
        else:
            parts.append(text.cut(line, _FIELD))
    return parts
