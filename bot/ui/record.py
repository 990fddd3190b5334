"""The record that nobody can rewrite, as it is told in Discord."""

from datetime import datetime
from io import BytesIO
from typing import Final

import discord

from bot.core.record import Head, HeadPlan, InclusionProof
from bot.ui import text, theme

PROOF: Final = "Proof"
"""The label of the button."""
NOT_SEALED: Final = (
    "There is no proof of this pick for you: it was made for somebody else, or before the record "
    "began."
)
OFF: Final = "The head of the record is no more posted here."
WAS_OFF: Final = "The head of the record is not posted here. `/server record on` has it posted."
CHANNEL_GONE: Final = (
    "The channel for the head of the record is gone. Choose another one with `/server record on`."
)
FORBIDDEN: Final = (
    "Discord did not let me post the head of the record. Give me View Channel, Send Messages and "
    "Embed Links there and use `/server record on` again."
)


def closed(channel: str, missing: list[str]) -> str:
    """Say which permissions are missing."""
    return (
        f"I may not post the head of the record in {channel}: I need {text.listing(missing)} "
        "there. Give me that and use `/server record on` again."
    )


def switched_on(channel: str) -> str:
    """Say where it is posted from now on."""
    return (
        f"The head of the record is posted in {channel} every week, the first time in a moment. "
        "Whoever keeps it can check later that nothing before it was rewritten."
    )


def plan(found: HeadPlan | None) -> str:
    """Say where the head is posted in a server."""
    if found is None:
        return WAS_OFF
    if not found.active:
        return found.problem or CHANNEL_GONE
    last = "not yet" if found.last_sent_at is None else text.when(found.last_sent_at)
    return f"The head of the record is posted in <#{found.channel_id}> every week, last: {last}."


def posted(head: Head, at: datetime) -> discord.Embed:
    """Return the weekly post."""
    embed = discord.Embed(
        title="The head of the record",
        description=(
            "Every pick, promotion, vote and decision is sealed in a log. Keep this line: with it "
            "anybody can check later that nothing before it was changed, added or left out.\n"
            f"```\n{head}\n```"
        ),
        color=theme.ACCENT,
    )
    embed.add_field(name="Leaves", value=f"{head.size:,}")
    embed.add_field(name="As of", value=f"{at:%Y-%m-%d %H:%M} UTC")
    return embed


def proof(found: InclusionProof) -> tuple[str, discord.File]:
    """Say what proves a pick, with the file that does."""
    name = f"proof-{found.position}.json"
    said = (
        f"This pick is leaf **{found.position:,}** of the record. The file opens it, and proves it "
        f"under this head:\n```\n{found.head}\n```"
        "`bside log verify` checks it without my database. Whoever has the file can read that this "
        "was picked for you: show it only to whom you want to."
    )
    content = BytesIO(found.to_json().encode())
    return said, discord.File(content, name, description="The proof of this pick, as JSON")
