"""Lists for several listeners: the invitation, and the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import discord

from bot.core.models import Counted, Cover, Subject, SubjectKind, Thumbs
from bot.core.ranking import FEWEST, LENGTH, MOST, Discovery, PickCard
from bot.core.taste import Common, Trait
from bot.ui import features, pick_buttons, picks, text, theme
from bot.ui.stored import Stored, view

JOIN, LEAVE, MAKE = "I'm in", "Leave", "Make it"
BOTS_CANNOT: Final = "Bots have no taste, so I cannot blend with one. Choose a person."
YOURSELF: Final = "You are in already. Name somebody else, or nobody: then everybody here may join."
NOT_HERE: Final = "They are not in this server. Name somebody who is."
JOINED: Final = "You are in. Until the list is made, *Leave* takes you out again."
IN_ALREADY: Final = "You are in already."
LEFT: Final = "You are out."
NOT_IN: Final = "You were not in."

_LONGEST: Final = 2000
"""So many characters Discord takes above the embeds of a message."""
_WIDTHS: Final = (32, 16, 8)
"""How much of a member's name is shown above the picks: less where ten names do not fit."""
_LEANS: Final = 0.25
"""Owed from before: so much is worth a word."""
_NUMBERS: Final = (
    "-# The numbers say how well a track fits each of you: 1 is the best that I know for them."
)
_SEEN: Final = (
    "**What everyone here will see of those who join:** for each of the tracks, a number that says "
    "how well it fits you; what all of you share, by genre or sound; and one such thing that you "
    "alone have. It comes from what you rated and what you play. Nothing else of your taste is "
    "shown, and nothing of anybody who does not join."
)


class Join(Stored, id="blend:join:{blend_id}:{only}"):
    """Lets whoever presses take part."""

    blend_id: int
    only: int
    """Who may join beside the one who asks; 0: everybody."""


class Leave(Stored, id="blend:leave:{blend_id}:{only}"):
    """Takes whoever presses out again."""

    blend_id: int
    only: int


class Make(Stored, id="blend:make:{blend_id}:{only}"):
    """Makes the list, for the one who asked."""

    blend_id: int
    only: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation as its message shows it."""

    blend_id: int
    members: Sequence[int]
    """Who joined; who asks is the first."""
    only: int
    until: datetime


def invitation(asked: Asked) -> tuple[str, discord.Embed]:
    """Ask for a list: who asks whom, and what everybody will see."""
    asker = f"<@{asked.members[0]}>"
    whom = f"<@{asked.only}>" if asked.only else "you all"
    who = (
        "Only these two can join." if asked.only else f"Anybody here can join, up to {MOST} in all."
    )
    joined = text.listing([f"<@{one}>" for one in asked.members])
    embed = discord.Embed(
        title=f"One list of {LENGTH} tracks, fair to everyone in it",
        description=f"{who} It lapses {text.when(asked.until)}.\n\n{_SEEN}",
        color=theme.ACCENT,
    )
    return f"{asker} asks {whom} for a blend. In so far: {joined}.", embed


def under_invitation(asked: Asked) -> discord.ui.View:
    """Return its buttons."""
    named, number = (asked.blend_id, asked.only), len(asked.members)
    return view(
        Join(*named).button(JOIN, style=discord.ButtonStyle.success),
        Leave(*named).button(LEAVE),
        Make(*named).button(
            f"{MAKE} ({number})",
            style=discord.ButtonStyle.primary,
            disabled=number < FEWEST,
        ),
    )


def called_off(asker_id: int) -> str:
    """Say what became of an invitation."""
    return f"<@{asker_id}> called this blend off. `/blend` asks anew."


def made(link: str) -> str:
    """Say where the list is."""
    return f"The blend is made: [here is the list]({link})."


@dataclass(frozen=True, slots=True)
class Shared:
    """A list as its message shows it, with the names of those it is for."""

    names: Sequence[str]
    missing: Sequence[str]
    """Mentions of who had joined and could not take part."""
    found: Discovery
    fits: Sequence[Sequence[float]]
    """Of each pick: how well it fits each of them."""
    common: Common
    owed: Sequence[float]
    """What each was owed before."""


def above(shared: Shared) -> str:
    """Return what stands above the picks."""
    for width in _WIDTHS:
        said = _above(shared, [_name(one, width) for one in shared.names])
        if len(said) <= _LONGEST:
            break
    return said


def _above(shared: Shared, names: Sequence[str]) -> str:
    lines = [
        f"**A blend for {text.listing(list(names))}**",
        _common(shared.common, names),
        _leaning(shared.owed, names),
        *picks.promise(shared.found),
        _short(len(shared.found.picks)),
        _without(shared.missing),
        _NUMBERS,
        picks.how_to_answer(len(shared.found.picks), private=False, apart=False),
    ]
    return "\n".join(line for line in lines if line)


def answer(shared: Shared, cards: Sequence[PickCard]) -> list[discord.Embed]:
    """Show the picks, each with how well it fits each listener."""
    several = len(cards) > 1
    return picks.fitted(
        lambda names: [
            picks.pick(
                card, number=place if several else None, said=_fits(shared, place - 1), names=names
            )
            for place, card in enumerate(cards, start=1)
        ]
    )


def under(cards: Sequence[PickCard]) -> discord.ui.View:
    """Return a row of buttons for each pick, as under every answer."""
    return pick_buttons.under_picks(
        [
            Counted(Subject(SubjectKind.TRACK, one.track.id), one.recommendation_id, Thumbs())
            for one in cards
        ]
    )


def with_covers(cards: Sequence[PickCard], found: Mapping[int, Cover]) -> list[PickCard]:
    """Return the picks with the covers that were found."""
    return [replace(card, cover=found.get(card.track.id, card.cover)) for card in cards]


def _fits(shared: Shared, place: int) -> str:
    pairs = zip(shared.names, shared.fits[place], strict=True)
    said = " · ".join(f"for {_name(name)} **{fit_words(fit)}**" for name, fit in pairs)
    return text.capital(said)


def fit_words(fit: float) -> str:
    """Return a fit as ".81": nothing is certain, and nothing fits not at all."""
    return f"{min(max(fit, 0.01), 0.99):.2f}".removeprefix("0")


def _common(common: Common, names: Sequence[str]) -> str:
    """Say in a line what they share, and what each has alone."""
    shared = [word for one in common.shared if (word := _trait(one))]
    parts = [f"You share {text.listing(shared)}." if shared else "I know of nothing you all share."]
    alone = [
        f"only {name}: {word}"
        for name, one in zip(names, common.alone, strict=True)
        if one is not None and (word := _trait(one))
    ]
    if alone:
        parts.append(f"{text.capital(' · '.join(alone))}.")
    return " ".join(parts)


def _trait(trait: Trait) -> str | None:
    """Return a genre, or a word for a sound; None when no word holds."""
    if trait.genre is not None:
        return text.plain(trait.genre, 40)
    if trait.level is None:
        return None
    level = trait.level
    word = features.level_word(level.feature, level.percentile, level.value)
    return word and features.of_music(word)


def _leaning(owed: Sequence[float], names: Sequence[str]) -> str:
    """Say whom the list favors for what they missed in the last one."""
    most = max(owed, default=0.0)
    if most < _LEANS:
        return ""
    name = names[list(owed).index(most)]
    return f"Your last blend gave {name} less, so this one leans their way."


def _short(count: int) -> str:
    """Say that it came out short, and not why: that would tell what one of them knows or mutes."""
    if count >= LENGTH:
        return ""
    return f"Only {text.count(count, 'track')} of {LENGTH}: nothing else is new to all of you."


def _without(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return (
        f"Without {text.listing(list(missing))}: not in this server any more, or with no taste "
        "that I know. `/start` helps with that."
    )


def _name(name: str, width: int = _WIDTHS[0]) -> str:
    return text.plain(name, width)
