"""A score as a few bars in words, and as numbers for those who ask for them."""

from typing import Final

import discord

from bot.core.ranking import (
    FARTHEST,
    Counterfactual,
    Explanation,
    PickCard,
    Reason,
    Told,
    other_obscurity,
    told_parts,
)
from bot.ui import features, text, theme

NUMBERS: Final = "Numbers"
LEGEND: Final = "+ speaks for it, − against it; the longest bar counts most."
NOT_TOLD: Final = (
    "I cannot work that out any more: what you asked for then is gone, or nobody counts any artist."
)
_WIDTH: Final = 8
_EIGHTHS: Final = "▏▎▍▌▋▊▉█"
_LABELS: Final = {
    Told.SOUND: "how it sounds",
    Told.ARTIST: "the artist's songs",
    Told.COMPANY: "the company it keeps",
    Told.LIKING: "the artist, for you",
    Told.KNOWN: "how well known it is",
    Told.WORDS: "the words you asked",
}
_PLACES: Final = 3
_MOST_PLACES: Final = 9


def is_scored(explanation: Explanation) -> bool:
    """Return whether there is a taste that the score is of."""
    return any(reason.total for reason in explanation.reasons)


def bars(explanation: Explanation) -> str:
    """Draw the three to six parts of a score, the one that counts most first."""
    told = shares(explanation)
    lines = [f"{_sign(share)} {bar(share, 1.0):<{_WIDTH}} {label}" for label, share in told]
    return "```\n" + "\n".join(lines) + f"\n```\n{LEGEND}"


def shares(explanation: Explanation) -> list[tuple[str, float]]:
    """Return the three to six parts of a score in words, the one that counts most first.

    Each with its share of that one: -1 … 1, below 0 for what speaks against the track. Nothing of
    a track that has no score.
    """
    if not is_scored(explanation):
        return []
    parts = sorted(told_parts(explanation), key=lambda one: -abs(one.value))
    most = abs(parts[0].value) or 1.0
    return [(_LABELS[one.about], one.value / most) for one in parts]


def bar(value: float, most: float) -> str:
    """Return a bar as long as a value is large, in eighths of a block; any value but 0 is seen.

    Args:
        value: of either sign.
        most: the largest absolute value, which has the full width.
    """
    if not value:
        return ""
    eighths = max(1, round(abs(value) / most * _WIDTH * len(_EIGHTHS)))
    whole, rest = divmod(eighths, len(_EIGHTHS))
    return _EIGHTHS[-1] * whole + (_EIGHTHS[rest - 1] if rest else "")


def _sign(share: float) -> str:
    if not share:
        return "·"
    return "+" if share > 0 else "−"


def elsewhere_label(obscurity: int) -> str:
    """Return the label of the button that asks for the other position of the dial."""
    return f"What if the dial stood at {other_obscurity(obscurity)}?"


def elsewhere(found: Counterfactual | None) -> str:
    """Say how another position of the dial would have ranked a pick."""
    if found is None:
        return NOT_TOLD
    dial = "With the dial at 0, where fame costs nothing,"
    if found.obscurity:
        dial = f"With the dial at {found.obscurity}"
    would, would_not = "would have been", "would not have been"
    if found.is_now:  # the taste or the catalogue of then is gone
        would, would_not = "would now be", "would now not be"
    if found.place is None:
        return f"{dial} it {would_not} among the first {FARTHEST}."
    return f"{dial} it {would} {text.ordinal(found.place)}."


def numbers(card: PickCard) -> discord.Embed:
    """Show all parts of a score as numbers; they add up to it."""
    embed = discord.Embed(
        title=text.cut(f"{text.plain(card.track.title, 180)} in numbers", 256), color=theme.ACCENT
    )
    if is_scored(card.explanation):
        embed.description = _table(card.explanation)
    else:
        embed.description = "There is no score: it was not picked for a taste I know."
    if card.explanation.confidence is not None:
        share = round(card.explanation.confidence * 100)
        embed.set_footer(text=f"The probability that you like it: {share} %")
    return embed


def _table(explanation: Explanation) -> str:
    rows = [(_name(reason), reason.total) for reason in _merged(explanation.reasons)]
    rows.sort(key=lambda row: -abs(row[1]))
    shown, rest = rows[:7], rows[7:]
    others = sum(value for _, value in rest)
    if round(others, _PLACES):
        shown.append(("everything else", others))
    if explanation.scene:
        shown.append(("played with your likes", explanation.scene))
    if explanation.offset:
        shown.insert(0, ("an average track", explanation.offset))
    if explanation.affinity:
        shown.append(("the artist, for you", explanation.affinity))
    if explanation.listing:
        shown.append(("the artist is in many lists", explanation.listing))
    if explanation.renown:
        shown.append(("the song is known", explanation.renown))
    if explanation.crowding:
        shown.append(("comes up for many", explanation.crowding))
    if explanation.lift:
        shown.append(("words you asked for", explanation.lift))
    if explanation.penalty or explanation.fame is not None:
        shown.append((f"fame (dial at {explanation.obscurity})", explanation.penalty))
    width = max(len(name) for name, _ in shown)
    places = _places(explanation.score)
    lines = [f"{name:<{width}}  {_number(value, places)}" for name, value in shown]
    lines.append(f"{'score':<{width}}  {_number(explanation.score, places)}")
    return "```\n" + "\n".join(lines) + "\n```"


def _places(score: float) -> int:
    """Return how many decimals it takes to see that a score is not nothing."""
    places = _PLACES
    while score and places < _MOST_PLACES and abs(score) < 10.0 ** (1 - places):
        places += 1
    return places


def _number(value: float, places: int) -> str:
    """Return a number with its sign; what is nothing has none."""
    rounded = round(value, places)
    return f"{rounded:+.{places}f}" if rounded else "0"


def _merged(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Join the two axes of the key: they are one thing to a reader."""
    key = [reason for reason in reasons if reason.feature.startswith("key_")]
    rest = [reason for reason in reasons if not reason.feature.startswith("key_")]
    if not key:
        return rest
    audio, context = sum(r.audio for r in key), sum(r.context for r in key)
    return [*rest, Reason("key_cos", audio, context, None, None)]


def _name(reason: Reason) -> str:
    name = features.NAMES.get(reason.feature, reason.feature)
    return f"{name} (artist)" if abs(reason.context) > abs(reason.audio) else name
