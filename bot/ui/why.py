"""An explanation in plain words: two lines for the embed, all of it for the button."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.core.models import Feedback, FeedbackKind, ReleasedBy, Track
from bot.core.ranking import Basis, Explanation, LikedTrack, PickCard
from bot.ui import ai, features, score, text, theme

FAME: Final = "How well known"
"""The name of the field that says so."""

PARTS: Final = "What spoke for it"
"""The name of the field with the bars."""

DIFFERENT: Final = "What is different"
"""The name of the field that says so, where the first lines have not."""

_SAYERS: Final = {
    "musicbrainz": "MusicBrainz",
    "discogs": "Discogs",
    "audius": "Audius",
    "fma": "the Free Music Archive",
    "import": "a table of the operator",
}
"""What the sources are called that say who released a track."""
_CLOSE: Final = 0.3
"""A cosine below this is not called close."""
_WORTH_A_WORD: Final = 0.01
"""A feature that earned a smaller share of the score is not named."""
_FEW_KNOW: Final = 0.6
"""Up to this fame, an artist is worth a word for being little known."""
_COMPANY: Final = 0.2
"""A scene part below this is not worth a word."""
_USUAL: Final = {Basis.TASTE: "usually like", Basis.LISTENING: "play"}
_CONFIDENCE: Final = (
    (0.75, "Very likely"),
    (0.55, "Likely"),
    (0.4, "A fair chance"),
    (0.25, "Worth a try"),
    (0.0, "A long shot"),
)
"""From this probability on a pick is called so."""


def short(card: PickCard, *, private: bool = True) -> str:
    """Return the two lines under a pick's title; what was said of a track stays private."""
    explanation = card.explanation
    if explanation.basis is Basis.START:
        return "One of a few very different tracks: tell me with 👍 or 👎, and I learn your taste."
    near = _near(card, private=private)
    lines = [line for line in (near, match(explanation)) if line]
    fame = _fame(explanation)
    if len(lines) < 2 and fame:
        lines.append(fame)
    if not lines and explanation.similarity > 0:
        lines.append("The best remaining match for what you asked for.")
    return "\n".join(lines)


def line(card: PickCard, *, private: bool = True) -> str:
    """Return the one line under a pick among others; what was said of a track stays private."""
    explanation = card.explanation
    if explanation.basis is Basis.START:
        return "Very different from the others: tell me with 👍 or 👎."
    near = _near(card, private=private)
    words = matching_words(explanation) if explanation.similarity > 0 else []
    if near:
        return f"{near.removesuffix('.')} · {text.listing(words)}" if words else near
    matched = match(explanation)
    return matched or ("The best remaining match." if explanation.similarity > 0 else "")


def facts(explanation: Explanation) -> str:
    """Say how well known an artist is and how likely the pick is liked: "Few know it · likely"."""
    words = [fame_words(explanation)]
    if explanation.confidence is not None:
        words.append(_sureness(explanation.confidence).lower())
    joined = " · ".join(words)
    return text.capital(joined)


def full(card: PickCard, *, own: bool) -> discord.Embed:
    """Say all about why a track was picked, in words and a few bars."""
    explanation = card.explanation
    embed = discord.Embed(
        title=text.cut(f"Why {text.plain(card.track.title, 180)}?", 256),
        description=_opening(card, own=own),
        color=theme.ACCENT,
    )
    if score.is_scored(explanation):
        embed.add_field(name=PARTS, value=score.bars(explanation), inline=False)
    words = (features.difference_word(reason) for reason in explanation.reasons)
    differences = [word for word in words if word and word not in (embed.description or "")]
    if differences:
        usual = _USUAL.get(explanation.basis, "asked for")
        embed.add_field(
            name=DIFFERENT,
            value=f"{text.capital(text.listing(differences[:4]))} than what you {usual}.",
            inline=False,
        )
    embed.add_field(name=FAME, value=_fame_line(explanation), inline=False)
    if card.track.genres:
        genres = text.plain(", ".join(card.track.genres[:4]), 100)
        embed.add_field(name="Genre", value=genres, inline=False)
    if card.released_by:
        embed.add_field(name="Released by", value=released(card.released_by), inline=False)
    credit = credit_line(card.track)
    if credit:
        embed.add_field(name="Free music", value=credit, inline=False)
    if card.ai is not None:
        embed.add_field(name=ai.FIELD, value=ai.full(card.ai), inline=False)
    if explanation.confidence is not None:
        embed.add_field(name="Confidence", value=confidence(explanation.confidence), inline=False)
    return embed


def released(told: Sequence[ReleasedBy]) -> str:
    """Say who released a track, and who says so."""
    if not any(one.independent for one in told):
        start = "On a label"
    elif all(one.independent for one in told):
        start = "Independent"
    else:
        start = "Sources do not agree, so it does not count as independent"
    said = [
        f"{_by(one)}, says {text.plain(_SAYERS.get(one.source, one.source), 20)}" for one in told
    ]
    return f"{start}: {'; '.join(said)}."


def _by(told: ReleasedBy) -> str:
    if told.independent:
        return "uploaded by the artist" if told.source == "audius" else "self-released"
    return "on a label" if told.label is None else text.plain(told.label, 60)


def credit_line(track: Track) -> str | None:
    """Return whom to thank for a freely licensed track; None for others."""
    if track.credit is None:
        return None
    parts = f"{text.plain(track.artist, 80)} · {text.plain(track.credit.license, 60)}"
    if track.credit.source_package:
        parts += f" · from {text.plain(track.credit.source_package, 60)}"
    if track.credit.homepage:
        parts += f" · {text.label(track.credit.homepage, 200)}"
    return parts


def confidence(probability: float) -> str:
    """Return the probability of a like as a word and a number: "Likely · 58 %"."""
    return f"{_sureness(probability)} · {round(probability * 100)} %"


def _sureness(probability: float) -> str:
    return next(word for least, word in _CONFIDENCE if probability >= least)


def _opening(card: PickCard, *, own: bool) -> str:
    explanation = card.explanation
    if explanation.basis is Basis.START:
        return (
            "It was not picked for your taste: it is one of a few tracks that differ as much as "
            "they can."
        )
    if not score.is_scored(explanation):
        return "You have not rated anything yet, so I cannot say how it fits you. Try `/discover`."
    if own:
        return short(card)
    fits = "" if explanation.similarity > 0 else " It does not fit your taste well."
    return f"This is how it fits **your** taste.{fits}\n{short(card)}"


def _near(card: PickCard, *, private: bool) -> str | None:
    """Say which of the listener's own tracks it is closest to, by company or by sound."""
    return _company(card, private=private) or _closeness(card, private=private)


def _closeness(card: PickCard, *, private: bool) -> str | None:
    closest = card.explanation.closest
    if card.closest is None or closest is None or closest.cosine < _CLOSE:
        return None
    return f"Close to {_liked(card.closest, private=private)}."


def _company(card: PickCard, *, private: bool) -> str | None:
    """Say whom it is played with, when that speaks for it more than its sound does."""
    explanation = card.explanation
    sound = explanation.similarity - explanation.scene
    if card.together is None or explanation.scene < max(_COMPANY, sound):
        return None
    how = "Played and listed with" if explanation.listed else "By artist and sound, close to"
    return f"{how} {_liked(card.together, private=private)}."


def _liked(liked: LikedTrack, *, private: bool) -> str:
    name = f"**{text.plain(liked.hit.title, 80)}**"
    if liked.hit.artist:
        name += f" by {text.plain(liked.hit.artist, 60)}"
    return f"{name}{_told(liked) if private else ''}"


def _told(liked: LikedTrack) -> str:
    """Return what the listener said of a track, or else how often they play it."""
    if liked.feedback is None and liked.plays > 1:
        return f", which you played {liked.plays:,} times"
    return said(liked.feedback)


def said(entry: Feedback | None) -> str:
    """Return what the listener said, to be put behind a name."""
    if entry is None:
        return ""
    if entry.kind is FeedbackKind.RATING:
        return f", which you gave {entry.value:.0f}"
    return ", which you liked" if entry.value > 0 else ", which you did not like"


def matching_words(explanation: Explanation) -> list[str]:
    """Return words for the two or three features that did most for the score."""
    words: list[str] = []
    for reason in sorted(explanation.reasons, key=lambda one: -one.total):
        if reason.total <= _WORTH_A_WORD * abs(explanation.score) or len(words) == 3:
            break
        word = features.reason_word(reason)
        if word is not None:
            words.append(word)
    return words


def match(explanation: Explanation) -> str | None:
    """Say in a sentence what matched; None when nothing is worth a word."""
    words = matching_words(explanation) if explanation.similarity > 0 else []
    if not words:
        return None
    like = "as you like it" if explanation.basis is Basis.TASTE else "like what you asked for"
    joined = text.listing(words)
    line = f"{text.capital(joined)}, {like}"
    difference = _largest_difference(explanation)
    return f"{line}; {difference} than usual." if difference else f"{line}."


def _largest_difference(explanation: Explanation) -> str | None:
    against = sorted((r for r in explanation.reasons if r.total < 0), key=lambda one: one.total)
    return next((word for reason in against if (word := features.difference_word(reason))), None)


def _fame(explanation: Explanation) -> str | None:
    """Say who is little known; None for the others, and where nothing is known."""
    if explanation.fame is None or (explanation.fame > _FEW_KNOW and not explanation.deep_cut):
        return None
    words = fame_words(explanation)
    return f"{text.capital(words)}."


def fame_words(explanation: Explanation) -> str:
    """Say how well known the artist of a track is."""
    return features.fame_words(
        explanation.fame, counted=explanation.counted, deep_cut=explanation.deep_cut
    )


def _fame_line(explanation: Explanation) -> str:
    words = fame_words(explanation)
    if explanation.fame is None:
        words += ", so the dial of obscurity can say nothing of them"
    elif not explanation.counted:
        words += ", so I guess from how many songs of theirs there are"
    else:
        words += f": {features.fame_share(explanation.fame)}"
    return f"{text.capital(words)}."
