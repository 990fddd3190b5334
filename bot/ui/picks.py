"""A pick as a message, and what surrounds it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import discord

from bot.core.catalog import text_key
from bot.core.models import SearchHit, SubjectKind, Thumbed, Track
from bot.core.ranking import (
    PROMISED,
    Discovery,
    Filter,
    PickCard,
    Removed,
)
from bot.ui import accounts, ai, asking, listen, text, theme, why

WHY, MORE, NEVER = "Why", "More like this", "Never this artist"
REST, VERSION = "Not for 30 days", "Never this version"
PLAY, MENU = "▶", "⋯"
PROMOTED: Final = "📣 Promoted by an artist of this community"

_PRESS: Final = "-# Press 👍 or 👎: your own taste learns from it."
_REACT: Final = "-# Press or react with 👍 or 👎: your own taste learns from it."
_HALF: Final = "-# Press 👍 or 👎: your own taste learns from it. A reaction counts half for each."
LIKE_OR_BASIS: Final = (
    "Choose either `like` (something similar to what you name) or `basis` (a part of what you "
    "play)."
)
BAD_YEARS: Final = (
    "I do not understand these years. Write 1994, 1990-1999, 2010- (and later), -1980 or 90s."
)

_MOST: Final = 6000
"""So many characters Discord takes in the embeds of a message."""
_NAMES: Final = (200, 100, 60, 30)
"""How much of a name is shown: less where several picks with long names do not fit."""

_UNSTATED: Final = "license not stated"
"""What stands in a catalogue where a license should."""
_FILTERS: Final = {
    Filter.UNMEASURED: ("has no measured sound", "have no measured sound"),
    Filter.RATED: (
        "is a version of a song you know already",
        "are versions of songs you know already",
    ),
    Filter.HEARD: ("is a version of a song you played", "are versions of songs you played"),
    Filter.SHOWN: (
        "was shown to you in the last 30 days",
        "were shown to you in the last 30 days (also in other versions)",
    ),
    Filter.RESTING: (
        "is left out, because it was shown too often lately",
        "are left out, because they were shown too often lately",
    ),
    Filter.MUTED: (
        "is by an artist you muted",
        "are by artists you muted",
    ),
    Filter.VERSION: ("is a version you muted", "are versions you muted"),
    Filter.LIVE: (
        "is a live recording, which you do not want",
        "are live recordings, which you do not want",
    ),
    Filter.INSTRUMENTAL: (
        "is an instrumental, which you do not want",
        "are instrumentals, which you do not want",
    ),
    Filter.EXPLICIT: ("is explicit, which you do not want", "are explicit, which you do not want"),
    Filter.AI: ("is made by AI, which you do not want", "are made by AI, which you do not want"),
    Filter.PARTLY_AI: (
        "is made partly by AI, which you do not want",
        "are made partly by AI, which you do not want",
    ),
    Filter.SERVER_AI: (
        "is made by AI, which this server leaves out",
        "are made by AI, which this server leaves out",
    ),
    Filter.JUST_RATED: (
        "is by an artist you rated just now",
        "are by artists you rated just now",
    ),
    Filter.GENRE: ("is of another genre", "are of another genre"),
    Filter.NOT_GENRE: ("is of a genre you do not want", "are of genres you do not want"),
    Filter.MOOD: ("has another mood", "have another mood"),
    Filter.NOT_MOOD: ("has a mood you do not want", "have moods you do not want"),
    Filter.TEMPO: ("is slower or faster", "are slower or faster"),
    Filter.SOUND: ("does not sound as asked", "do not sound as asked"),
    Filter.WITHOUT: ("is by an artist you left out", "are by artists you left out"),
    Filter.YEARS: ("is from another year", "are from other years"),
    Filter.INDEPENDENT: ("is on a label", "are on labels"),
    Filter.NEW_ARTISTS: ("is by an artist you know", "are by artists you know"),
    Filter.DEEP_CUTS: (
        "is no little-known song by a famous artist",
        "are no little-known songs by famous artists",
    ),
    Filter.FAME: (
        "is by an artist who is less or better known than that",
        "are by artists who are less or better known than that",
    ),
    Filter.EXCLUDED: (
        "is promoted here, or by the artist you named",
        "are promoted here, or by the artist you named",
    ),
    Filter.SAME_SONG: ("is another version of a pick", "are other versions of a pick"),
    Filter.PER_ARTIST: ("is by the artist of another pick", "are by artists of other picks"),
}
"""What is said of one track that a filter removed, and of several."""
_MUTES: Final = (
    Filter.MUTED, Filter.VERSION, Filter.LIVE, Filter.INSTRUMENTAL, Filter.EXPLICIT, Filter.AI,
    Filter.PARTLY_AI,
)  # fmt: skip
_ANY_MUTE: Final = {Filter.MUTED: ("is something you muted", "are something you muted")}
"""What is said of all that a listener does not want, where others read along."""
_UNKNOWN: Final = {
    Filter.GENRE: "no genre known",
    Filter.MOOD: "not measured for it",
    Filter.NOT_MOOD: "not measured for it",
    Filter.TEMPO: "no tempo known",
    Filter.SOUND: "not measured for it",
    Filter.YEARS: "no year known",
    Filter.INDEPENDENT: "no source says who released them",
    Filter.FAME: "nobody counts their artists",
}
_LOOSEN: Final = {
    Filter.GENRE: "Any genre",
    Filter.NOT_GENRE: "Unwanted genres, too",
    Filter.MOOD: "Any mood",
    Filter.NOT_MOOD: "Unwanted moods, too",
    Filter.TEMPO: "Any tempo",
    Filter.SOUND: "However it sounds",
    Filter.WITHOUT: "Nobody left out",
    Filter.YEARS: "Any year",
    Filter.INDEPENDENT: "Whoever released it",
    Filter.SHOWN: "Show repeats too",
    Filter.JUST_RATED: "Show who I just rated too",
    Filter.HEARD: "Show what I play too",
    Filter.DEEP_CUTS: "Not only deep cuts",
}


def answer(cards: Sequence[PickCard], *, private: bool = False) -> list[discord.Embed]:
    """Show picks in one message, numbered when there are several.

    Args:
        cards: in order.
        private: only the listener reads it, so it may say what they rated and how.
    """
    return fitted(lambda names: numbered(cards, private=private, names=names))


def numbered(cards: Sequence[PickCard], *, private: bool, names: int) -> list[discord.Embed]:
    """Show picks with so many characters of each name."""
    several = len(cards) > 1
    return [
        pick(card, number=place if several else None, private=private, names=names)
        for place, card in enumerate(cards, start=1)
    ]


def fitted(make: Callable[[int], list[discord.Embed]]) -> list[discord.Embed]:
    """Return embeds that Discord takes in one message: names are cut until they fit.

    Args:
        make: makes them with at most so many characters of each name.
    """
    made: list[discord.Embed] = []
    for names in _NAMES:
        made = make(names)
        if sum(map(len, made)) <= _MOST:
            break
    return made


def how_to_answer(count: int, *, private: bool, apart: bool) -> str:
    """Say how picks are answered: some in one message, or each in its own."""
    if private:
        return _PRESS
    return _REACT if apart or count == 1 else _HALF


def pick(
    card: PickCard,
    *,
    number: int | None = None,
    private: bool = False,
    said: str | None = None,
    names: int = _NAMES[0],
) -> discord.Embed:
    """Show one pick in a few lines, with the cover where one is known.

    Args:
        number: among several in the message; None: it is the only one.
        private: only the listener reads it, so it may say what they rated and how.
        said: stands where else it says why it was picked for one listener.
        names: so many characters of each name are shown.
    """
    track = card.track
    title = text.plain(track.title, names)
    why_this = why.line(card, private=private) if said is None else said
    label = "" if card.ai is None else f"-# {ai.line(card.ai)}"
    lines = (_byline(track, names), why_this, facts(card), label)
    embed = discord.Embed(
        title=text.cut(title if number is None else f"{number} · {title}", 256),
        url=listen.anywhere(track),
        description="\n".join(line for line in lines if line),
        color=theme.PROMOTED if card.promoted else theme.ACCENT,
    )
    if card.promoted:
        embed.set_author(name=PROMOTED)
    if card.cover is not None:
        embed.set_thumbnail(url=card.cover.url)
        if card.cover.accent is not None and not card.promoted:
            embed.color = discord.Color(card.cover.accent)
    return embed


def facts(card: PickCard) -> str:
    """Say how well known a pick is and how likely it is liked, its license, who released it."""
    said, credit = why.facts(card.explanation), card.track.credit
    if card.independent:
        said += f" · {theme.INDEPENDENT} independent"
    if credit is not None and credit.license != _UNSTATED:
        said += f" · {text.plain(credit.license, 40)}"
    return said


def _byline(track: Track, names: int) -> str:
    credit = track.artist_credit or track.artist
    line = f"**{text.plain(credit, min(120, names))}**"
    if track.album:
        line += f" · {text.plain(track.album, min(100, names))}"
    if track.year:
        line += f" · {track.year}"
    return line


def summary(found: Discovery) -> str:
    """Return the line above the picks: what was asked, and whether the dial kept its promise."""
    parts = []
    if found.like is not None:
        parts.append(f"Like {named(found.like)}.")
    if found.wish.basis is not None:
        parts.append(f"By {accounts.BASIS_WORDS[found.wish.basis]}.")
    count = len(found.picks)
    if found.wish.obscurity and count:
        parts += promise(found)
    if 0 < count < found.wish.count:
        parts.append(
            f"Only {text.count(count, 'track')} of {found.wish.count}: {_removals(found)}."
        )
        parts += _few_independent(found)
    return " ".join(parts)


def _few_independent(found: Discovery) -> list[str]:
    """Say how little is known to be independent, where that was asked for."""
    if found.independent is None:
        return []
    if not found.independent:
        return ["Of no track in my catalogue does a source say that its artist released it."]
    known = text.count(found.independent, "track")
    return [
        f"I know of {known} in my catalogue that the artist released; of most, no source tells."
    ]


def understood(found: Discovery) -> str:
    """Say what was understood of a wish in words; nothing of other wishes."""
    if found.understood is None:
        return ""
    return asking.understood(found.wish, found.understood)


def promise(found: Discovery) -> list[str]:
    """Say how many picks kept the promise of the dial, and why the others did not."""
    count, top = len(found.picks), round(100 * (1 - found.ceiling))
    facts = [one.explanation for one in found.picks]
    if all(one.fame is None for one in facts):
        return ["Nobody counts these artists, so the dial of obscurity can change nothing."]
    if top < 1:
        return []
    dial, cuts = f"Obscurity {found.wish.obscurity}", sum(one.deep_cut for one in facts)
    if cuts == count:
        return [f"{dial}: only deep cuts, which are little-known songs by famous artists."]
    parts = [f"{dial}: {found.kept_promise} of {count} by artists outside the best-known {top} %"]
    if cuts:
        parts.append(text.count(cuts, "deep cut"))
    if found.uncounted:
        parts.append(f"{text.count(found.uncounted, 'artist')} nobody counts")
    lines = [f"{'; '.join(parts)}."]
    if _above(found) > count // PROMISED:
        lines.append(
            "Nothing else by artists that little known fits what you asked for. A link of yours, "
            "`/import` or a lower obscurity would help."
        )
    return lines


def _above(found: Discovery) -> int:
    """Return how many picks of the listener's own are by better-known artists than promised."""
    return sum(
        one.explanation.fame is not None
        and one.explanation.fame > found.ceiling
        and not (one.promoted or one.explanation.deep_cut)
        for one in found.picks
    )


def named(hit: SearchHit) -> str:
    """Return "**Title** by Artist"."""
    by = f" by {text.plain(hit.artist, 80)}" if hit.artist else ""
    return f"**{text.plain(hit.title, 120)}**{by}"


def nothing_found(found: Discovery) -> discord.Embed:
    """Say which filter emptied the list."""
    lines = (
        understood(found),
        "" if found.like is None else f"Like {named(found.like)}.",
        f"Of {text.count(sum(one.removed for one in found.removed), 'track')}, {_removals(found)}.",
        *_few_independent(found),
    )
    embed = discord.Embed(
        title="Nothing is left",
        description="\n".join(line for line in lines if line),
        color=theme.QUIET,
    )
    if found.loosenings:
        best = found.loosenings[0]
        embed.add_field(
            name="Loosen it?",
            value=f"{_loosened(best.filter, best.also)}: "
            f"{text.count(best.tracks, 'track')} would come back.",
        )
    else:
        embed.add_field(
            name="What helps",
            value="Ask for less at once, or ask the operator to import more tracks "
            "(`bside catalog import`).",
        )
    if any(one.removed for one in found.removed if one.filter in _MUTES):
        embed.add_field(
            name="Muted",
            value="`/mute show` and `/settings me` take back what you do not want to be shown.",
        )
    return embed


def _removals(found: Discovery) -> str:
    """Say what each filter removed; others do not learn what somebody muted, or never wants."""
    if found.wish.private:
        return removals(found.removed)
    muted = sum(one.removed for one in found.removed if one.filter in _MUTES)
    told = [one for one in found.removed if one.filter not in _MUTES]
    return removals([*told, Removed(Filter.MUTED, muted)], _ANY_MUTE)


def removals(
    removed: Sequence[Removed], words_here: Mapping[Filter, tuple[str, str]] = MappingProxyType({})
) -> str:
    """Say what each filter removed.

    Args:
        words_here: what to say of some filters instead of the usual, for one track and for several.
    """
    words = []
    for one in removed:
        if not one.removed:
            continue
        several = one.removed != 1
        what, unknown = words_here.get(one.filter, _FILTERS[one.filter])[several], ""
        if one.unknown == one.removed and one.filter in _UNKNOWN:
            what = f"{'are' if several else 'is'} left out: {_UNKNOWN[one.filter]}"
        elif one.unknown and one.filter in _UNKNOWN:
            unknown = f" ({one.unknown:,} of them: {_UNKNOWN[one.filter]})"
        words.append(f"{one.removed:,} {what}{unknown}")
    return text.listing(words) or "none are left"


def loosen_label(filter_: Filter, tracks: int, also: Filter | None = None) -> str:
    """Return the label of the button that drops a filter, or two."""
    return f"{_loosened(filter_, also)} ({tracks:,})"


def _loosened(filter_: Filter, also: Filter | None) -> str:
    if also is None:
        return _LOOSEN[filter_]
    second = _LOOSEN[also]
    return f"{_LOOSEN[filter_]}, {second[:1].lower()}{second[1:]}"


def menu(track: Track) -> str:
    """Say what a menu is about."""
    by = text.plain(track.artist_credit or track.artist, 120)
    return f"**{text.plain(track.title, 200)}** by {by}"


GONE: Final = "This button is of a pick that is gone. `/discover` finds others."
SEVERAL_PICKS: Final = (
    "This answer shows several tracks. Press ⋯ beside the one you mean, then *More like this*."
)


def thumbed(done: Thumbed) -> str:
    """Confirm a thumb."""
    thumb = theme.UP if done.up else theme.DOWN
    if not done.changed:
        return f"{thumb} {named(done.hit)} – you said that before, so it counts only once."
    if done.hit.subject.kind is SubjectKind.PROMOTION:
        return f"{thumb} Counted. The artist sees only the numbers, never who."
    direction = "more" if done.up else "less"
    counted = f"{thumb} Counted: {named(done.hit)}. Your next picks will be {direction} like it."
    return f"{counted} `/undo` takes it back."


def suggestion(hit: SearchHit, *, among: int) -> str:
    """Return a hit as a choice; the kind is named where several kinds are offered."""
    words = f"{hit.artist} – {hit.title}" if hit.artist else hit.title
    return text.label(f"{words} ({hit.subject.kind})" if among > 1 else words)


def name_choices(names: Iterable[str], current: str) -> list[discord.app_commands.Choice[str]]:
    """Return those of some names that hold a text as choices, as many as Discord takes.

    Names longer than a choice may be are left out: one that is cut would name somebody else.
    """
    wanted = text_key(current)
    fitting = [one for one in names if len(one) <= 100 and wanted in text_key(one)]
    return [discord.app_commands.Choice(name=text.label(one), value=one) for one in fitting[:25]]
