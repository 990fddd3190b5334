"""What is kept about a person, and the question before it is deleted."""

from pathlib import Path
from typing import Final, Literal

import discord

from bot.core.accounts import SERVICE_NAMES
from bot.core.models import PersonalData
from bot.ui import text, theme
from bot.ui.stored import Stored, view

PROFILE_PUBLIC = (
    "Others may now see what of your `/profile` comes from your ratings and, in servers where you "
    "use me, a spot with your name on their `/map`, and I may tell artists here that their list "
    "suits you. Change it back with `/privacy profile`."
)
PROFILE_PRIVATE = "Only you can see your `/profile` now."
NOTHING_KEPT = "There is nothing about you in my database."
KEPT_AFTER_ALL = "Nothing was deleted."
EXPORTED: Final = (
    "Everything I keep about you, as of now: tables (CSV), and `b-side.json`, which says whose it "
    "is. `/import` takes it back, here or at another B-Side, for you alone. Keep it to yourself."
)
BANS_STAY = "which only their moderators can lift"

QUESTION: Final = (
    "This removes everything I know about you, for good. Your messages in Discord stay."
)
_RULES = (
    "Everything stays in this bot's own database, nothing is used for training, and I read no "
    "messages. I ask music services about tracks, and never say for whom. From a linked account I "
    "read only what you listen to. `/privacy export` gives you all of it, `/privacy delete` "
    "removes it at once, `/privacy profile` decides whether others may see your profile."
)


class Answer(Stored, id="privacy:{answer}:{user_id}"):
    """Deletes everything about a person, or does not."""

    answer: Literal["delete", "keep"]
    user_id: int


def show(data: PersonalData) -> discord.Embed:
    """Show what is kept about a person."""
    embed = discord.Embed(title="What I keep about you", description=_RULES, color=theme.ACCENT)
    kept = _lines(data)
    if data.bans:
        kept.append(f"• {text.count(data.bans, 'ban')} by servers, {BANS_STAY}")
    embed.add_field(name="Kept", value="\n".join(kept), inline=False)
    embed.add_field(
        name="Profile", value="visible to others" if data.profile_public else "visible to you only"
    )
    if data.since is not None:
        embed.add_field(name="Since", value=text.when(data.since))
    return embed


def deleted(data: PersonalData) -> str:
    """Say what was removed."""
    lines = ["Deleted, for good:", *_lines(data)]
    if data.bans:
        lines.append(f"Not deleted: {text.count(data.bans, 'ban')} by servers, {BANS_STAY}.")
    return "\n".join(lines)


def exported(path: Path, part: int, parts: int) -> tuple[str, discord.File]:
    """Return one zip of an export, with what is said of it."""
    said = EXPORTED if part == 1 else ""
    if parts > 1:
        said = f"{said}\nPart {part} of {parts}: each can be imported by itself.".strip()
    return said, discord.File(path, path.name)


def _lines(data: PersonalData) -> list[str]:
    """Return a line for each kind of thing that is kept."""
    linked = [
        f"{SERVICE_NAMES[one.service]} ({text.plain(one.shown_name, 60)})" for one in data.accounts
    ]
    joined = " (you joined them)" if data.hears_auditions else ""
    notes = text.count(data.ended_links, "note")
    kinds = (
        (data.feedback, f"{_entries(data)} of what you rated, muted and took back"),
        (
            data.wishes,
            f"{text.count(data.wishes, 'artist')} you rated whom I am getting to know",
        ),
        (data.asked, f"{text.count(data.asked, 'wish', 'wishes')} you asked for in words"),
        (data.taste, text.count(data.taste, "taste vector")),
        (
            data.cluster_names,
            f"{text.count(data.cluster_names, 'name')} you gave to parts of your `/map`",
        ),
        (data.recommendations, f"{text.count(data.recommendations, 'pick')} shown to you"),
        (
            data.promotions,
            f"{text.count(data.promotions, 'promotion')} you posted, "
            f"{text.count(data.excerpts, 'excerpt')} and "
            f"{text.count(data.fingerprints, 'fingerprint')} of their sound",
        ),
        (
            data.auditions + data.hears_auditions,
            f"{text.count(data.auditions, 'blind audition')} you heard{joined}",
        ),
        (data.playlists, f"{text.count(data.playlists, 'playlist')} made for you"),
        (
            data.servers,
            f"{text.count(data.servers, 'server')} in which you used me, each with the last day",
        ),
        (len(linked), f"{text.count(len(linked), 'linked account')}: {text.listing(linked)}"),
        (data.digests, f"{text.count(data.digests, 'weekly digest')} you joined"),
        (data.own_digests, "how often you want a digest of your own, and where you asked for it"),
        (data.invitations, f"{text.count(data.invitations, 'blend')} you joined that waits"),
        (
            data.blends,
            f"{text.count(data.blends, 'group')} you blended with: what its next list owes you",
        ),
        (
            data.shared_pages,
            f"{text.count(data.shared_pages, 'page')} you shared (`/privacy pages` ends them)",
        ),
        (data.visits, f"{text.count(data.visits, 'page')} of picks that your browser can open"),
        (
            data.record,
            f"{text.count(data.record, 'entry', 'entries')} of the record that you can prove",
        ),
        (
            data.claims + data.hands,
            f"{text.count(data.claims, 'artist name')} you hold, with "
            f"{text.count(data.pages, 'page')}; {data.hands:,} that others hold and you act for",
        ),
        (
            data.reports,
            f"{text.count(data.reports, 'report')} you wrote (the reason stays, without you)",
        ),
        (
            data.appeals,
            f"{text.count(data.appeals, 'appeal')} against a label (the reason stays, without you)",
        ),
        (
            data.moderation,
            f"{text.count(data.moderation, 'line')} about or by you in moderation logs (the line "
            "stays, without you)",
        ),
        (
            data.plays + data.listed,
            f"{text.count(data.plays, 'play')} and {text.count(data.listed, 'track')} of your "
            "lists, imported or from a linked account",
        ),
        (data.not_me, f"{text.count(data.not_me, 'time')} when what was played was not yours"),
        (data.ended_links, f"{notes} that the link to an account ended"),
    )
    return [f"• {line}" for number, line in kinds if number] or ["• nothing"]


def _entries(data: PersonalData) -> str:
    return text.count(data.feedback, "entry", "entries")


def question(user_id: int) -> discord.ui.View:
    """Return the two answers to `QUESTION`."""
    return view(
        Answer("delete", user_id).button("Delete everything", style=discord.ButtonStyle.danger),
        Answer("keep", user_id).button("Keep it"),
    )
