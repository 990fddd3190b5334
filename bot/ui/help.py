"""`/help`: four first steps and topics, made from the commands, so it cannot be out of date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import discord

from bot.ui import start, text, theme
from bot.ui.stored import Stored, view

WHAT_I_AM: Final = (
    "I find the B-sides: tracks that few people know and that fit *your* taste, and I say honestly "
    "why I picked them."
)
STEPS: Final = (
    "**1** Type `/discover`, and press or name artists you love.",
    "**2** Press ▶ to hear a pick.",
    "**3** Press 👍 or 👎 in its row: your own taste learns from it.",
    "**4** Type `/discover` again.",
)
PRIVACY: Final = (
    "What you tell me stays in this bot's own database; I ask music services about tracks, and "
    "never tell them who asked. See it with `/privacy show`, remove it with `/privacy delete`."
)
MENUS: Final = {
    "message": "Right-click (or hold) a message → Apps",
    "person": "Right-click (or hold) a person → Apps",
}
"""Where the entry of a menu is, by what it is about."""
NOT_YOURS: Final = "These commands are for those who manage this server."
BEGIN: Final = "Begin now"
_ALL: Final = 4000


class Topic(StrEnum):
    """What the help is divided into."""

    FIND = "find"
    SAY = "say"
    TASTE = "taste"
    LISTENING = "listening"
    ARTISTS = "artists"
    PRIVACY = "privacy"
    MORE = "more"
    MANAGERS = "managers"


TITLES: Final = {
    Topic.FIND: ("🔎", "Find music"),
    Topic.SAY: ("👍", "Say what you like"),
    Topic.TASTE: ("🧭", "See your taste, keep your tracks"),
    Topic.LISTENING: ("🎧", "Bring in what you play elsewhere"),
    Topic.ARTISTS: ("📣", "Show your own music"),
    Topic.PRIVACY: ("🔒", "Your data"),
    Topic.MORE: ("➕", "Everything else"),
    Topic.MANAGERS: ("🛠️", "For server managers"),
}
_TOPICS: Final = {
    "discover": Topic.FIND,
    "start": Topic.FIND,
    "similar": Topic.FIND,
    "path": Topic.FIND,
    "releases": Topic.FIND,
    "digest": Topic.FIND,
    "Find similar": Topic.FIND,
    "rate": Topic.SAY,
    "mute": Topic.SAY,
    "settings": Topic.SAY,
    "undo": Topic.SAY,
    "history": Topic.SAY,
    "Rate this": Topic.SAY,
    "profile": Topic.TASTE,
    "map": Topic.TASTE,
    "year": Topic.TASTE,
    "timeline": Topic.TASTE,
    "playlist": Topic.TASTE,
    "See taste": Topic.TASTE,
    "link": Topic.LISTENING,
    "unlink": Topic.LISTENING,
    "import": Topic.LISTENING,
    "promote": Topic.ARTISTS,
    "artist": Topic.ARTISTS,
    "audition": Topic.ARTISTS,
    "privacy": Topic.PRIVACY,
}
"""By the first word of a command; what is not here is under *Everything else*."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One command as the help shows it."""

    group: str | None
    """The word it begins with, for commands with several words; None for the others."""
    usage: str
    """What to type, or the name of a menu entry."""
    description: str
    menu: str | None = None
    """For the entry of a menu: what it is about, see `MENUS`."""
    for_managers: bool = False


class ChooseTopic(Stored, id="help:topic"):
    """Shows the topic that is chosen."""


class ShowHelp(Stored, id="help:show"):
    """Shows the help to whoever presses."""


def topic_of(command: CommandLine) -> Topic:
    """Return where a command is explained."""
    if command.for_managers:
        return Topic.MANAGERS
    return _TOPICS.get(command.group or command.usage, Topic.MORE)


def overview() -> discord.Embed:
    """Show the first steps."""
    return discord.Embed(
        title="B-Side", description="\n".join([WHAT_I_AM, "", *STEPS]), color=theme.ACCENT
    )


def about(topic: Topic, commands: Iterable[CommandLine]) -> discord.Embed:
    """Show the commands of a topic, one line each, within Discord's limits."""
    own = sorted((one for one in commands if topic_of(one) is topic), key=_place)
    lines = [_line(one) for one in own]
    if topic is Topic.PRIVACY:
        lines.insert(0, f"{PRIVACY}\n")
    emoji, title = TITLES[topic]
    shown = text.fitting(lines, _ALL, "commands more: type / to see them all")
    return discord.Embed(title=f"{emoji} {title}", description=shown, color=theme.ACCENT)


def under(
    commands: Sequence[CommandLine], *, manages: bool, shown: Topic | None = None
) -> discord.ui.View:
    """Return the menu of topics, and a button that begins.

    Args:
        commands: all of them.
        manages: whoever asks manages the server; others are not shown what is for managers.
        shown: the topic that is shown now.
    """
    held = {topic_of(one) for one in commands}
    options = [
        discord.SelectOption(
            label=TITLES[topic][1], value=topic, emoji=TITLES[topic][0], default=topic is shown
        )
        for topic in Topic
        if topic in held and (manages or topic is not Topic.MANAGERS)
    ]
    begin = start.Begin().button(BEGIN, style=discord.ButtonStyle.primary)
    if not options:
        return view(begin)
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=ChooseTopic().custom_id, placeholder="What do you want to do?", options=options
    )
    return view(menu, begin)


def _place(command: CommandLine) -> tuple[bool, int, str]:
    word = command.group or command.usage
    order = list(_TOPICS)
    place = order.index(word) if word in order else len(order)
    return command.menu is not None, place, command.usage


def _line(command: CommandLine) -> str:
    name = f"`/{command.usage}`"
    if command.menu is not None:
        name = f"**{command.usage}** ({MENUS[command.menu]})"
    about = f" – {text.plain(command.description, 100)}" if command.description else ""
    return f"{name}{about}"
