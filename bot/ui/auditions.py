"""A blind audition as a message, and the replies to listeners and artists."""

from io import BytesIO
from typing import Final

import discord

from bot.core.promotion import FEWEST_LISTENERS, Miss, PromotionResult, Status, Totals
from bot.core.ranking import Explanation, PickCard, Reason
from bot.ui import features, listen, promotions, text, theme, why
from bot.ui.stored import Stored, Thumb, view

TITLE: Final = "🎧 Blind audition"
LISTEN: Final = "Listen (shows the name)"
FILE_NAME: Final = "audition.ogg"
FILE_WORDS: Final = "An excerpt of the track, without its name"
JOINED: Final = (
    "You now hear blind auditions. In servers, at most one in five of your `/discover` picks is a "
    "promoted track, in answers of three or more, and you learn its name after your 👍 or 👎. For "
    "each one you judge, your own promotions there are heard once more. `/audition leave` ends it."
)
JOINED_BEFORE: Final = "You have joined already. `/discover` in a server brings the next audition."
LEFT: Final = (
    "You will hear no more auditions. Your earlier answers stay; `/privacy delete` would remove "
    "them, too."
)
LEFT_BEFORE: Final = "You hear no auditions. `/audition join` changes that."

_FOOTER: Final = (
    "It was promoted here. Press 👍 or 👎, and I tell you alone who made it. A reaction counts, "
    "too, but everybody sees it. The artist sees totals of "
    f"{FEWEST_LISTENERS} listeners or more, never who."
)
_MOST_WORDS: Final = 4
_EXPLAINED: Final = (
    f"There is no result for fewer than {FEWEST_LISTENERS} listeners, and never who. A result "
    "changes only when three or more new listeners have answered. Listeners who like only one "
    "artist do not count. “Expected” is the share I predicted for these listeners. The range in "
    "brackets is where the share would most likely be with many more listeners (95 %)."
)


class Judge(Stored, id="audition:{audition_id}:{thumb}"):
    """Judges an audition; it names no track."""

    audition_id: int
    thumb: Thumb


def post(card: PickCard, *, listener: str | None = None) -> discord.Embed:
    """Show an audition without anything that gives its artist away.

    Args:
        listener: the name of whom it was picked for, where others read along.
    """
    embed = discord.Embed(
        title=TITLE,
        description=f"{_sound(card.explanation)}\n{_reason(card.explanation)}",
        color=theme.PROMOTED,
    )
    for_whom = f"For {text.label(listener, 60)} · " if listener else ""
    embed.set_footer(text=f"{for_whom}{_FOOTER}")
    return embed


def verdicts(card: PickCard) -> discord.ui.View:
    """Return the buttons under an audition.

    Without an excerpt, a link leads to the track; its label says that it shows the name.
    """
    shown = [
        Judge(card.recommendation_id, "up").button(emoji=theme.UP),
        Judge(card.recommendation_id, "down").button(emoji=theme.DOWN),
    ]
    if card.excerpt is None:
        shown.append(discord.ui.Button(label=LISTEN, url=listen.anywhere(card.track)))
    return view(*shown)


def excerpt(card: PickCard) -> list[discord.File]:
    """Return the sound of an audition as a file, where the artist gave one."""
    if card.excerpt is None:
        return []
    return [discord.File(BytesIO(card.excerpt), FILE_NAME, description=FILE_WORDS)]


def _sound(explanation: Explanation) -> str:
    """Say how it sounds, in the words for what is clearest about it."""
    known = [
        (abs(reason.track_level - 0.5), word)
        for reason in explanation.reasons
        if reason.track_level is not None and (word := features.reason_word(reason))
    ]
    known.sort(key=lambda each: -each[0])
    words = [word for _, word in known[:_MOST_WORDS]]
    if words:
        return f"It sounds **{text.listing(words)}**."
    levels = [one.track_level for one in explanation.reasons if one.track_level is not None]
    if levels:
        return f"It sounds {features.without_words(levels)}."
    return "Its sound has not been measured."


def _reason(explanation: Explanation) -> str:
    """Say why it came to this listener."""
    sound = explanation.similarity - explanation.scene
    if explanation.similarity <= 0:
        return "You hear it because every promotion here is heard; it is not what you usually like."
    if explanation.scene > sound:
        return "You hear it because people play it together with what you like."
    words = why.matching_words(explanation)
    if not words:
        return "You hear it because it is close to your taste."
    return f"You hear it because you like it {text.listing(words)}."


def status(now: Status, *, in_server: bool) -> str:
    """Say what somebody judged and earned."""
    lines = ["You hear blind auditions." if now.joined else LEFT_BEFORE]
    where = "in this server" if in_server else "in all servers"
    lines.append(f"You judged **{now.judged}** {where}.")
    if in_server:
        lines.append(
            f"Each promotion gets {now.guaranteed} hearings. By judging others you have earned "
            f"**{now.quota_left}** more for yours here."
        )
    if now.waits:
        lines.append(
            "One audition still waits for your 👍 or 👎. The next comes after that, or in two days."
        )
    return "\n".join(lines)


def results(found: tuple[PromotionResult, ...]) -> discord.Embed:
    """Tell an artist how their promotions were received."""
    embed = discord.Embed(
        title="Your promotions, heard blind", description=_EXPLAINED, color=theme.ACCENT
    )
    for one in found:
        title = text.label(f"{promotions.headline(one.promotion)}: {one.promotion.text}", 150)
        embed.add_field(name=title, value=_result(one), inline=False)
    return embed


def _result(one: PromotionResult) -> str:
    promoted = f"Promoted {text.when(one.promotion.created_at)}."
    if one.totals is None:
        return f"Not enough listeners yet: fewer than {FEWEST_LISTENERS}. {promoted}"
    lines = [
        f"{theme.UP} **{_share(one.totals)}** of {one.totals.listeners} listeners "
        f"({_percent(one.totals.low)} to {_percent(one.totals.high)}); "
        f"expected {_percent(one.totals.expected)}: {_against_expected(one.totals)}.",
        promoted,
    ]
    if one.totals.misses:
        words = ", ".join(missed(miss) for miss in one.totals.misses)
        lines.insert(1, f"What put off those who said {theme.DOWN}: {words}.")
    return "\n".join(lines)


def _share(totals: Totals) -> str:
    if totals.fewest == totals.most:
        return _percent(totals.most)
    if totals.most == 1:
        return f"at least {_percent(totals.fewest)}"
    return f"at most {_percent(totals.most)}"


def _against_expected(totals: Totals) -> str:
    if totals.low > totals.expected:
        return "better than expected"
    if totals.high < totals.expected:
        return "less than expected"
    return "no clear difference"


def missed(miss: Miss) -> str:
    """Return "much faster than they like"; "fast", or just "its tempo", for a small difference."""
    levels = (miss.track_level, miss.taste_level, miss.track_value, miss.taste_value)
    level = Reason(miss.feature, miss.cost, 0.0, *levels)
    difference = features.difference_word(level)
    if difference:
        return f"{difference} than they like"
    return features.reason_word(level) or f"its {features.NAMES[miss.feature]}"


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"
