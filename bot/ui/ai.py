"""Music made by AI: the label with who says so, and how it is appealed."""

from typing import Any, Final, Literal

import discord

from bot.core.ai import MOST_APPEAL, AiLabel, AiShare, AiSource, Appeal, AppealSubject, Verdict
from bot.ui import text, theme
from bot.ui.stored import Stored, StoredForm, view

FIELD: Final = "AI"
APPEAL: Final = "Appeal the label"
TAKEN: Final = (
    "Thank you. The moderators of this server decide about the label; nobody else learns who asked."
)
GONE: Final = "This button is of a label that is gone. Nothing was sent."
SERVERS_ONLY: Final = "Labels are decided about in servers."
_SHARES: Final = {AiShare.WHOLLY: "Made by AI", AiShare.PARTLY: "Made partly by AI"}
_VERDICTS: Final = {
    Verdict.LIFTED: ("Lift it here", discord.ButtonStyle.success),
    Verdict.KEPT: ("Keep it", discord.ButtonStyle.secondary),
}
_DONE: Final = {Verdict.LIFTED: "Label lifted in this server", Verdict.KEPT: "Label kept"}


class AppealLabel(StoredForm, id="ai:appeal:{subject}:{subject_id}", title="Appeal this label"):
    """Lets anybody tell the moderators why a label is wrong."""

    subject: AppealSubject
    subject_id: int

    def fields(self) -> list[discord.ui.TextInput[Any]]:
        """Return where the reason is written."""
        return [
            discord.ui.TextInput(
                label="Why is the label wrong?",
                style=discord.TextStyle.paragraph,
                max_length=MOST_APPEAL,
                custom_id="reason",
            )
        ]


class DecideAppeal(Stored, id="ai:decide:{appeal_id}:{verdict}"):
    """Decides about an appeal."""

    appeal_id: int
    verdict: Literal["lifted", "kept"]


def line(label: AiLabel) -> str:
    """Return the label with who says so, in a few words."""
    who = "who promoted it" if label.source is AiSource.DECLARED else "this bot's list"
    return f"{_SHARES[label.share]}, says {who}"


def full(label: AiLabel) -> str:
    """Say what the label says, who says so and why; markdown."""
    if label.source is AiSource.DECLARED:
        return f"{_SHARES[label.share]}: whoever promoted it declared that."
    why = f": {text.plain(label.why, 200)}" if label.why else ""
    name = text.plain(label.list_name, 60)
    return f"{_SHARES[label.share]}, says {name}, the list that this bot's operator uses{why}."


def appeal_button(label: AiLabel) -> discord.ui.Button[discord.ui.View]:
    """Return the button that appeals a label."""
    return AppealLabel(label.subject, label.subject_id).button(APPEAL)


def waiting(shown: int, total: int) -> str:
    """Say how many appeals wait."""
    said = f"{text.count(total, 'appeal waits', 'appeals wait')}."
    if total > shown:
        said += f" These {shown} have waited longest; ask again to see the others."
    return said


def appealed(one: Appeal) -> discord.Embed:
    """Show an appeal to moderators."""
    embed = discord.Embed(
        title=text.cut(f"Appeal: {text.plain(one.name, 180)}", 256),
        description="The label is gone already." if one.label is None else full(one.label),
        color=theme.PROMOTED,
    )
    embed.add_field(name="Why it is wrong", value=text.plain(one.reason, 300), inline=False)
    who = "somebody who deleted their data" if one.user_id is None else f"<@{one.user_id}>"
    embed.add_field(name="Asked", value=f"by {who}, {text.when(one.asked_at)}")
    return embed


def decisions(one: Appeal) -> discord.ui.View:
    """Return the buttons under an appeal."""
    return view(
        *(
            DecideAppeal(one.id, verdict.value).button(label, style=style)  # type: ignore[arg-type]
            for verdict, (label, style) in _VERDICTS.items()
        )
    )


def decided(one: Appeal, verdict: Verdict, moderator: str) -> discord.Embed:
    """Show what was decided, in the place of the appeal."""
    return discord.Embed(
        title=text.cut(f"{_DONE[verdict]}: {text.plain(one.name, 160)}", 256),
        description=f"by {moderator}",
        color=theme.GOOD if verdict is Verdict.LIFTED else theme.QUIET,
    )
