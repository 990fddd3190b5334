"""A listener's own digest, and the replies to whoever asks for one."""

from typing import Final

import discord

from bot.core.server import Every, Hitch, OwnDigest, OwnIssue
from bot.ui import digest, mutes, pick_buttons, picks, releases, stored, text, theme
from bot.ui.stored import Stored

END: Final = "No more of these"
NONE: Final = (
    "You have no digest of your own. `/digest me weekly` sends you a direct message: three picks, "
    "a new release that fits, and what is liked in the server where you ask, if that has a digest. "
    "`/digest me monthly` does so once a month."
)
ENDED: Final = "That is over: no more digests for you. `/digest me weekly` begins again."
OPEN: Final = (
    "I may not write to you, so I send you nothing. Right-click (or hold) a server where you meet "
    "me, choose *Privacy Settings* and switch *Direct Messages* on; if you blocked me, take that "
    "back. Then `/digest me weekly` begins again."
)
_HITCHES: Final = {
    Hitch.EMPTY: "The last one was left out, because nothing was left to pick. Rate more of what "
    "you love, or bring in what you play with `/import`.",
    Hitch.LATE: "The last one was left out: I was away when it was due, and a day later is too "
    "late.",
    Hitch.UNSURE: "I was stopped while I sent the last one, and Discord does not tell me whether "
    "it came. I send none twice.",
}


class Stop(Stored, id="digest:stop"):
    """Ends the digest of whoever presses."""


def above(issue: OwnIssue) -> str:
    """Return what stands above the picks."""
    how = picks.how_to_answer(len(issue.found.picks), private=True, apart=False)
    title = f"**Your {issue.every} digest**, which you asked for with `/digest me`"
    left_out = mutes.left_out(issue.found.left_out, issue.found.left_out_by, private=True)
    lines = (title, picks.summary(issue.found), left_out, how)
    return "\n".join(line for line in lines if line)


def embeds(issue: OwnIssue) -> list[discord.Embed]:
    """Show the picks as `/discover` does, and below them what else there is."""
    besides = discord.Embed(color=theme.ACCENT)
    if issue.release is not None:
        line = releases.single(issue.release, issue.said, today=issue.today)
        besides.add_field(name="New, and it fits", value=text.cut(line, 1024), inline=False)
    if issue.liked and issue.server is not None:
        name = f"Liked most in {text.label(issue.server, 80)}"
        liked = "\n".join(digest.liked(one) for one in issue.liked)
        besides.add_field(name=name, value=text.cut(liked, 1024), inline=False)
    below = [besides] if besides.fields else []
    return picks.fitted(
        lambda names: [*picks.numbered(issue.found.picks, private=True, names=names), *below]
    )


def under(issue: OwnIssue) -> discord.ui.View:
    """Return the buttons of the picks, and below them the one that ends it."""
    counted = pick_buttons.of_cards(issue.found.picks)
    return pick_buttons.under_picks(counted, below=[Stop().button(END, row=len(counted))])


def is_digest(message: discord.Message) -> bool:
    """Tell whether a message of ours is a digest, and not the first word about them."""
    ids = [getattr(one, "custom_id", "") for one in _parts(message)]
    return bool(message.embeds) and any(Stop.read(one or "") for one in ids)


def picks_in(message: discord.Message) -> list[tuple[int, int]]:
    """Return track and recommendation of each pick of a digest, in order."""
    read = (pick_buttons.Why.read(getattr(one, "custom_id", "") or "") for one in _parts(message))
    return [(one.track_id, one.recommendation_id) for one in read if one is not None]


def _parts(message: discord.Message) -> list[object]:
    return [part for row in message.components for part in getattr(row, "children", ())]


def ending() -> discord.ui.View:
    """Return the button that ends it, alone."""
    return stored.view(Stop().button(END))


def hello(plan: OwnDigest) -> str:
    """Say, as the first message, what will arrive here."""
    return (
        f"Here comes your digest, {when(plan)}: three picks for your taste, and a new release that "
        f"fits. {_due(plan, 'first')} This button ends it at any time."
    )


def switched_on(plan: OwnDigest) -> str:
    """Confirm what somebody asked for."""
    return (
        f"Your digest comes as a direct message, {when(plan)}. {_due(plan, 'next')} "
        "`/digest me off`, or the button under each, ends it."
    )


def show(plan: OwnDigest, server: str | None, *, tells: bool) -> str:
    """Tell somebody how their digest is set, and how the last one went.

    Args:
        plan: theirs.
        server: the name of the server where they asked.
        tells: that server has a digest of its own.
    """
    if plan.due_at is None:
        return OPEN
    lines = [switched_on(plan)]
    if plan.last_sent_at is not None:
        lines.append(f"The last one came {text.when(plan.last_sent_at)}.")
    if plan.hitch in _HITCHES:
        lines.append(_HITCHES[plan.hitch])
    if server is not None and tells:
        lines.append(
            f"It also tells what is liked in {text.plain(server, 80)}, as long as you may read the "
            "digest of that server."
        )
    elif server is not None:
        lines.append(
            f"{text.plain(server, 80)} has no digest of its own, so yours tells nothing of what is "
            "liked there."
        )
    return "\n".join(lines)


def when(plan: OwnDigest) -> str:
    """Say how often, on which day and at what time."""
    day = digest.WEEKDAYS[plan.weekday]
    days = f"every {day}" if plan.every is Every.WEEK else f"on the first {day} of each month"
    return f"{days} at {plan.hour}:00 UTC"


def _due(plan: OwnDigest, which: str) -> str:
    return "" if plan.due_at is None else f"The {which} one comes {text.at(plan.due_at)}."
