"""The weekly digest of a server, and the replies to its members and managers."""

from datetime import datetime
from typing import Final

import discord

from bot.core.releases import RankedRelease
from bot.core.server import FEWEST, DigestState, Issue, LikedPick, TasteOf
from bot.ui import picks, releases, stored, text, theme

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
JOINED: Final = (
    "You joined: from now on your taste counts for this server's weekly digest. It says how many "
    f"members a release fits, never which ones, and nothing of fewer than {FEWEST}. "
    "`/digest leave` takes it back."
)
JOINED_BEFORE: Final = "You have joined already. `/digest leave` takes it back."
LEFT: Final = "You left: your taste no longer counts for this server's weekly digest."
NOT_JOINED: Final = "You had not joined this server's weekly digest."
OFF: Final = "The weekly digest is off. I removed the list of members who had joined it."
WAS_OFF: Final = "This server has no weekly digest."
CHANNEL_GONE: Final = (
    "The channel of the digest is gone. Choose another one with `/server digest on`; members who "
    "joined stay joined."
)
NOT_HERE: Final = (
    "I am not a member of this server (the app is only installed for you). Ask a manager to invite "
    "me."
)
BUSY: Final = "This digest is just being posted. Look into its channel in a minute."
FORBIDDEN: Final = (
    "Discord did not let me post the digest in its channel. Give me View Channel, Send Messages "
    "and Embed Links there and use `/server digest on` again; members who joined stay joined."
)
NOT_POSTED: Final = "Discord did not accept the message. Try again in a minute."

_OF: Final = {
    TasteOf.MEMBERS: "by the tastes of {} who joined",
    TasteOf.LIKED: "by what was liked under the picks of this server",
    TasteOf.SHOWN: "by what I was asked for in this server",
}
_JOIN: Final = "/digest join lets your taste count"


def post(issue: Issue) -> discord.Embed:
    """Show a digest."""
    embed = discord.Embed(
        title=f"New music of the last {text.count(issue.days, 'day')}", color=theme.ACCENT
    )
    shown = () if issue.ranking is None else issue.ranking.shown
    if shown:
        common, each = text.parted([_facts(one, issue) for one in shown])
        marked = releases.some_uncounted(shown)
        lines = [
            releases.entry(one, place, facts, marked=marked and one.fame is None)
            for place, (one, facts) in enumerate(zip(shown, each, strict=True), 1)
        ]
        embed.description = "\n".join(
            [*lines, *releases.shared(common), *([releases.UNCOUNTED] if marked else [])]
        )
    elif issue.taste_of is None:
        embed.description = (
            "I do not know this server's taste yet, so I cannot choose new releases."
        )
    else:
        embed.description = "No new release that I know of fits this server."
    if issue.liked:
        best = "\n".join(liked(one) for one in issue.liked)
        embed.add_field(name="Liked most here", value=text.cut(best, 1024), inline=False)
    if issue.silent:
        told = releases.incomplete(issue.silent)
        embed.add_field(name="Not complete", value=told, inline=False)
    whose = "" if issue.taste_of is None else f"Chosen {_OF[issue.taste_of]} · "
    embed.set_footer(text=f"{whose.format(text.count(issue.members, 'member'))}{_JOIN}")
    return embed


def view(issue: Issue) -> discord.ui.View:
    """Return the buttons under a digest, which outlive restarts."""
    return stored.view(*releases.buttons(() if issue.ranking is None else issue.ranking.shown))


def _facts(one: RankedRelease, issue: Issue) -> list[str]:
    """Say how many it fits, and nothing that tells who they are."""
    release = one.known.release
    facts = [word for word in (release.kind, releases.day(release, issue.today)) if word]
    if issue.taste_of is TasteOf.MEMBERS and one.fits >= FEWEST:
        facts.append(f"fits {one.fits} of {issue.members}")
    facts += [text.plain(name, 30) for name in release.genres[:3]]
    return facts + releases.known(one)


def liked(one: LikedPick) -> str:
    """Return a liked pick as a line."""
    mark = f" · {theme.INDEPENDENT} independent" if one.independent else ""
    return f"{theme.UP} {one.likes:,} · {picks.named(one.hit)}{mark}"


def show(state: DigestState) -> discord.Embed:
    """Show how a digest is set."""
    digest = state.digest
    embed = discord.Embed(
        title="The weekly digest of this server",
        color=theme.ACCENT if digest.active else theme.QUIET,
    )
    when = f"{WEEKDAYS[digest.weekday]}s at {digest.hour}:00 UTC in <#{digest.channel_id}>"
    embed.add_field(name="When" if digest.active else "Switched off", value=when, inline=False)
    embed.add_field(name="Obscurity", value=str(digest.obscurity))
    own = ", you among them" if state.joined else ""
    joined = text.count(state.members, "member")
    if 0 < state.members < FEWEST:
        joined = f"fewer than {FEWEST} members"
    embed.add_field(name="Joined", value=f"{joined}{own}")
    last = "never yet" if digest.last_sent_at is None else text.when(digest.last_sent_at)
    embed.add_field(name="Last", value=last)
    if state.next_at is not None:
        embed.add_field(name="Next", value=text.when(state.next_at))
    if digest.problem:
        embed.add_field(name="What went wrong", value=digest.problem, inline=False)
    return embed


def switched_on(channel: str, due: datetime) -> str:
    """Say where and when it begins."""
    return (
        f"The weekly digest goes to {channel}, for the first time {text.when(due)}. It goes by the "
        f"tastes of those who `/digest join`, once they are {FEWEST}; until then by what {FEWEST} "
        "or more like under my picks here. "
        "`/server digest now` posts one at once."
    )


def posted(link: str) -> str:
    """Say where the digest was posted."""
    return f"Posted: {link}"


def closed(channel: str, missing: list[str]) -> str:
    """Say which permissions are missing."""
    return (
        f"I may not post the digest in {channel}: I need {text.listing(missing)} there. Give me "
        "that and use `/server digest on` again; members who joined stay joined."
    )
