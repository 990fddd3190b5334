"""The sentences of the bot that stand alone."""

import math

from bot.ui import text

SERVERS_ONLY = "This works in a server, not in a direct message."
COMMANDS_CHANGED = "This command has changed. Wait a minute, reload Discord (Ctrl+R) and try again."
NO_LONGER_WORKS = "This button no longer works. Use the command again."
SOURCE_FAILED = (
    "A music service sent an answer that I cannot read; the details are in the operator's log. "
    "Try the track's title, or another link to it."
)
ANSWER_LOST = (
    "Discord did not take my answer just now. What you asked for may be done already: look before "
    "you ask for it again."
)
TOLD_PRIVATELY = "The answer to this is for one person only."
FORBIDDEN = (
    "Discord does not let me do that here. Ask a moderator to give me the permissions View "
    "Channel, Send Messages and Embed Links in this channel."
)


def cooldown(seconds: float) -> str:
    """Say how long to wait."""
    return f"That was quick! Try again in {text.count(max(1, math.ceil(seconds)), 'second')}."


def in_line(place: int, seconds: float) -> str:
    """Return what somebody is told who has to wait for their answer."""
    return (
        f"Many are asking just now: you are {text.ordinal(place)} in line. Your answer comes here "
        f"in about {math.ceil(seconds)} seconds."
    )


def missing_permissions(names: list[str]) -> str:
    """Say which permission the user needs."""
    words = [name.replace("_", " ").replace("guild", "server").title() for name in names]
    return f"You need the permission {text.listing(words)} for this."


def bad_option(value: str) -> str:
    """Say that a value of a command cannot be used."""
    return f"“{text.plain(value, 80)}” cannot be used there."


def unexpected(reference: str) -> str:
    """Say that it was our fault, with a word the operator finds in the log."""
    return f"Something went wrong on my side; it is in the log as `{reference}`."
