"""What moderators see: reports, rings, names, bans, blocked terms and the log."""

import re
from collections.abc import Sequence
from typing import Any, Final

import discord

from bot.core.promotion import (
    MAX_REASON,
    Action,
    Ban,
    BlockedTerm,
    Decided,
    Decision,
    HeldClaim,
    LogPage,
    Promotion,
    Reception,
    Reported,
    ReportTaken,
)
from bot.ui import artists, text, theme
from bot.ui.stored import Page, Stored, StoredForm, page_turner, view

NO_REPORTS: Final = "There are no open reports, and no appeals."
NO_RINGS: Final = "No promotion of the last 90 days has suspicious 👍."
NO_CLAIMS: Final = "Nobody has registered an artist's name in this server."
NO_BANS: Final = "Nobody is banned from promoting here."
NOTHING_BLOCKED: Final = "Nothing is blocked here."
EMPTY_LOG: Final = "Moderators have not decided anything yet."
MESSAGE_STANDS: Final = (
    "I could not change its message: it is gone, too old, or in a channel that I cannot see. If it "
    "is still there, delete it yourself."
)
UNDO_BAN: Final = (
    "The name it went under, if any, is muted, too. `/moderate unban` and `/moderate claim unmute` "
    "lift both; the promotion stays removed."
)
_LABELS: Final = {
    Decision.KEEP: ("Keep it", discord.ButtonStyle.success),
    Decision.REMOVE: ("Remove it", discord.ButtonStyle.danger),
    Decision.BAN: ("Remove it and ban who posted it", discord.ButtonStyle.danger),
}
_DONE: Final = {
    Decision.KEEP: "Kept",
    Decision.REMOVE: "Removed",
    Decision.BAN: "Removed, and who posted it is banned",
}
_NOBODY: Final = "nobody, who held it has deleted their data"
_DESCRIPTION: Final = 3900
_REASONS: Final = 10
_POSTED: Final = "Posted"
_MESSAGE: Final = re.compile(r"\[message\]\(https://discord\.com/channels/\d+/\d+/(\d{1,19})\)$")


class Report(StoredForm, id="report:{promotion_id}", title="Report this promotion"):
    """Lets anybody tell the moderators what is wrong with a promotion."""

    promotion_id: int

    def fields(self) -> list[discord.ui.TextInput[Any]]:
        """Return where the reason is written."""
        return [
            discord.ui.TextInput(
                label="What is wrong with it?",
                style=discord.TextStyle.paragraph,
                max_length=MAX_REASON,
                custom_id="reason",
            )
        ]


class Decide(Stored, id="moderate:{promotion_id}:{decision}"):
    """Decides about a reported promotion."""

    promotion_id: int
    decision: Decision


class TurnLog(Stored, id="modlog:{page}:{label}"):
    """Turns to another page of the moderation log."""

    page: Page
    label: str


def taken(report: ReportTaken) -> str:
    """Tell the person who reported what happens next."""
    line = "Thank you. The moderators of this server will decide; nobody else learns who reported."
    if report.hidden:
        line += " Until then it is in nobody's picks."
    return line


def reported(one: Reported) -> discord.Embed:
    """Show a reported promotion to moderators."""
    promotion = one.promotion
    embed = discord.Embed(
        title=f"Reported: promotion {promotion.id}",
        url=promotion.url or None,
        description=_said(promotion),
        color=theme.PROMOTED,
    )
    name = f" as **{text.plain(one.name)}**" if one.name else ""
    embed.add_field(name=_POSTED, value=f"by {_poster(promotion)}{name}{_place(promotion)}")
    reasons = [f"• {text.plain(reason, 80)}" for reason in one.reasons[:_REASONS]]
    if len(one.reasons) > _REASONS:
        reasons.append(f"… and {len(one.reasons) - _REASONS} more")
    embed.add_field(
        name=text.count(len(one.reasons), "open report"),
        value=text.cut("\n".join(reasons), 1024) or "–",
        inline=False,
    )
    embed.add_field(name="Votes", value=votes(one.reception), inline=False)
    return embed


def _poster(promotion: Promotion) -> str:
    if promotion.user_id is None:
        return "somebody who has deleted their data since; a ban still finds them"
    return f"<@{promotion.user_id}>"


def linked_message(report: discord.Message) -> int | None:
    """Return the message of the promotion that a report links; None when it links none."""
    for embed in report.embeds:
        for field in embed.fields:
            link = _MESSAGE.search(field.value or "") if field.name == _POSTED else None
            if link is not None:
                return int(link[1])
    return None


def _said(promotion: Promotion) -> str:
    """Return what was promoted, and what was said about it."""
    said = text.plain(promotion.text, 300)
    return said if promotion.title is None else f"**{text.plain(promotion.title)}**\n{said}"


def votes(reception: Reception) -> str:
    """Say in counts how a promotion was liked, and how many 👍 weigh less."""
    line = f"{theme.UP} {reception.up:,} · {theme.DOWN} {reception.down:,}"
    if reception.narrow_up:
        line += (
            f"; {reception.narrow_up:,} of the {theme.UP} from accounts that like hardly any other "
            f"artist, so that all {theme.UP} weigh {reception.up_weight:.1f}"
        )
    return line


def decisions(promotion_id: int) -> discord.ui.View:
    """Return the buttons under a report."""
    return view(
        *(
            Decide(promotion_id, decision).button(label, style=style)
            for decision, (label, style) in _LABELS.items()
        )
    )


def decided(done: Decided, moderator: str, *, message_stands: bool) -> discord.Embed:
    """Show what was decided, in the place of the report."""
    embed = discord.Embed(
        title=f"{_DONE[done.decision]}: promotion {done.promotion.id}",
        url=done.promotion.url or None,
        description=_said(done.promotion),
        color=theme.GOOD if done.decision is Decision.KEEP else theme.QUIET,
    )
    answered = text.count(done.reports, "report")
    embed.add_field(name="Decided", value=f"by {moderator}, about {answered}")
    if done.decision is Decision.BAN:
        embed.add_field(name="To undo it", value=UNDO_BAN, inline=False)
    if message_stands:
        embed.add_field(name="Its message", value=MESSAGE_STANDS, inline=False)
    return embed


def waiting(shown: int, total: int) -> str:
    """Say how many reported promotions wait."""
    line = f"{text.count(total, 'reported promotion waits', 'reported promotions wait')}."
    if total > shown:
        line += f" These {shown} have waited longest; ask again to see the others."
    return line


def rings(found: Sequence[Reported]) -> discord.Embed:
    """List the promotions that look like the work of a ring, in counts only."""
    lines = [
        f"**Promotion {one.promotion.id}**"
        + (f" as {text.plain(one.name)}" if one.name else "")
        + f"{_place(one.promotion)}\n{votes(one.reception)}"
        for one in found
    ]
    embed = discord.Embed(
        title="👍 from accounts that like hardly any other artist",
        description=text.fitting(lines, _DESCRIPTION) or NO_RINGS,
        color=theme.PROMOTED if lines else theme.QUIET,
    )
    embed.set_footer(
        text="This is a hint, not a proof: new people like few artists too. Such votes count less "
        "than half. Report a promotion to decide about it."
    )
    return embed


def claim_list(held: Sequence[HeldClaim]) -> discord.Embed:
    """List the registered names with their holders."""
    lines = []
    for one in held:
        marks = [artists.VERIFIED] if one.claim.verified else []
        marks += ["muted"] if one.claim.muted else []
        others = "".join(f", <@{hand}>" for hand in one.hands)
        pages = "".join(f"\n<{page}>" for page in one.pages)
        name = " ".join([f"**{text.plain(one.claim.name)}**", *marks])
        holder = _NOBODY if one.claim.user_id is None else f"<@{one.claim.user_id}>"
        lines.append(f"{name}: {holder}{others}{pages}")
    return discord.Embed(
        title="Artists registered here",
        description=text.fitting(lines, _DESCRIPTION) or NO_CLAIMS,
        color=theme.ACCENT if lines else theme.QUIET,
    )


def claim_changed(name: str, action: Action) -> str:
    """Confirm what was done to a name."""
    if action is Action.CLAIM_REMOVED:
        return (
            f"**{text.plain(name)}** is free again; anybody may register it. "
            "`/moderate ban artist:` keeps everybody from it."
        )
    if action is Action.MUTED:
        return (
            f"**{text.plain(name)}** is muted: nobody can promote under it, and what it promoted "
            "is in nobody's picks. `/moderate claim unmute` lifts it."
        )
    return f"**{text.plain(name)}** is {action}."


def banned(ban: Ban) -> str:
    """Confirm a ban."""
    until = "without end" if ban.until is None else f"until {text.when(ban.until)}"
    return f"{_whom(ban)} may not promote here, {until}. `/moderate unban` lifts it."


def unbanned(ban: Ban) -> str:
    """Confirm that a ban was lifted."""
    return f"{_whom(ban)} may promote here again."


def ban_list(bans: Sequence[Ban]) -> discord.Embed:
    """List the bans that run."""
    lines = [
        f"{_whom(ban)}: " + ("without end" if ban.until is None else f"ends {text.when(ban.until)}")
        for ban in bans
    ]
    return discord.Embed(
        title="Banned from promoting here",
        description=text.fitting(lines, _DESCRIPTION) or NO_BANS,
        color=theme.ACCENT if lines else theme.QUIET,
    )


def block_changed(term: BlockedTerm, *, blocked: bool) -> str:
    """Confirm that a term was blocked or allowed again."""
    state = "blocked in" if blocked else "allowed again in"
    return f"The {term.kind} “{text.plain(term.value)}” is {state} promotions and names here."


def block_list(terms: Sequence[BlockedTerm]) -> discord.Embed:
    """List what is blocked."""
    lines = [f"{term.kind}: {text.plain(term.value)}" for term in terms]
    return discord.Embed(
        title="Blocked in promotions and names",
        description=text.fitting(lines, _DESCRIPTION) or NOTHING_BLOCKED,
        color=theme.ACCENT if lines else theme.QUIET,
    )


def log(shown: LogPage) -> discord.Embed:
    """Show one page of the moderation log."""
    lines = []
    for entry in shown.entries:
        who = "somebody" if entry.moderator_id is None else f"<@{entry.moderator_id}>"
        about = "" if entry.user_id is None else f" (<@{entry.user_id}>)"
        note = f" – {text.plain(entry.note, 100)}" if entry.note else ""
        subject = text.plain(entry.subject, 100)
        lines.append(f"{text.when(entry.at)} {who} {entry.action}: {subject}{about}{note}")
    embed = discord.Embed(
        title="Moderation log",
        description=text.fitting(lines, _DESCRIPTION) or EMPTY_LOG,
        color=theme.ACCENT if lines else theme.QUIET,
    )
    embed.set_footer(text=f"Page {shown.page + 1} of {shown.pages}")
    return embed


def log_pages(shown: LogPage) -> discord.ui.View:
    """Return the buttons under a page of the log."""
    return page_turner(TurnLog, page=shown.page, pages=shown.pages)


def _whom(ban: Ban) -> str:
    if ban.user_id is not None:
        return f"<@{ban.user_id}>"
    if ban.name is None:
        return "Somebody who deleted their data (`/moderate unban` takes who asks for it)"
    return f"The name **{text.plain(ban.name or '')}**"


def _place(promotion: Promotion) -> str:
    if promotion.guild_id is None or promotion.channel_id is None or promotion.message_id is None:
        return ""
    link = text.message_link(promotion.guild_id, promotion.channel_id, promotion.message_id)
    return f" · [message]({link})"
