"""A listener's taste: a table, words and a picture that say the same."""

from io import BytesIO
from textwrap import fill
from typing import Final

import discord

from bot.core.taste import (
    Counts,
    FavoriteArtist,
    FavoriteGenre,
    FeatureLevel,
    Height,
    ListenerProfile,
    Obscurity,
    height,
)
from bot.ui import features, text, theme

BOTS_HAVE_NONE: Final = "Bots have no taste. Choose a person."

_PICTURE: Final = "taste.png"
_ALT_LIMIT: Final = 1024
_NAME_WIDTH: Final = 12
_BAR_WIDTH: Final = 8
_MIDDLE: Final = 0.5

# The order of table and picture. Short words stand where the picture has little room, at its sides.
_ROWS: Final = {
    "energy": "energy",
    "danceability": "danceability",
    "loudness": "loudness",
    "tempo": "tempo",
    "valence": "cheerfulness",
    "mode": "major key",
    "liveness": "live feel",
    "instrumentalness": "instrumental",
    "acousticness": "acoustic",
    "speechiness": "spoken word",
    "year": "release year",
}


def show(profile: ListenerProfile, *, listener: str | None) -> discord.Embed:
    """Show a profile.

    Args:
        listener: their name, where others read along; None when only they themselves see it.
    """
    you = listener is None
    title = "Your taste" if you else f"The taste of {text.plain(listener or '', 100)}"
    embed = discord.Embed(title=text.cut(title, 256), color=theme.ACCENT)
    if not profile.counts.total:
        embed.description = _nothing_yet(you)
        embed.color = theme.QUIET
        _add(embed, "Played", _plays(profile, you))
        return embed
    embed.description = _table(profile) if profile.levels else _nothing_liked(profile, you)
    if profile.levels:
        _add(embed, "High against the catalogue", _clear(profile, Height.HIGH))
        _add(embed, "Low against the catalogue", _clear(profile, Height.LOW))
    _add(embed, "Favourite artists", _artists(profile.artists))
    _add(embed, "Favourite genres", _genres(profile.genres))
    if profile.obscurity.liked:
        _add(embed, "How obscure", _obscurity(profile.obscurity, you))
    _add(embed, "Said so far", _counts(profile.counts))
    _add(embed, "Played", _plays(profile, you))
    embed.set_footer(text=_seen_by(profile, you))
    return embed


def _plays(profile: ListenerProfile, you: bool) -> str:
    """Say how many plays are known; only their owner is told."""
    if not (you and profile.plays):
        return ""
    return (
        f"{text.count(profile.plays, 'play')} known. Your picks take them into account; this page "
        "shows only what you rated."
    )


def picture(profile: ListenerProfile) -> bytes | None:
    """Draw the taste as PNG; None when too little is known for an area. Call it in a thread."""
    from bot.ui import charts  # noqa: PLC0415  # matplotlib takes a second: not while the bot starts

    axes = []
    for level in _ordered(profile):
        label = fill(
            features.upward(level.feature), 9, break_long_words=False, break_on_hyphens=False
        )
        clear = height(level.percentile) is not Height.MIDDLE
        axes.append(charts.RadarAxis(label=label, share=level.percentile, clear=clear))
    return None if len(axes) < charts.LEAST_AXES else charts.radar(axes)


def attachment(png: bytes, profile: ListenerProfile) -> discord.File:
    """Return the picture as a file beside the embed: inside it, Discord would show no alt text."""
    return discord.File(BytesIO(png), filename=_PICTURE, description=alt_text(profile))


def alt_text(profile: ListenerProfile) -> str:
    """Say in words what the picture shows."""
    groups = {
        one: [level for level in _ordered(profile) if height(level.percentile) is one]
        for one in Height
    }
    parts = ["Radar chart of a music taste against the middle of the catalogue."]
    for one, opening in ((Height.HIGH, "Clearly high"), (Height.LOW, "Clearly low")):
        words = [
            f"{_word(level)} (percentile {_percent(level.percentile)})" for level in groups[one]
        ]
        parts.append(f"{opening}: {text.listing(words) or 'nothing'}.")
    middle = [
        f"{_ROWS[level.feature]} ({_percent(level.percentile)})" for level in groups[Height.MIDDLE]
    ]
    if middle:
        parts.append(f"Near the middle: {text.listing(middle)}.")
    if profile.unknown:
        parts.append(f"Not known: {_unknown(profile)}.")
    return text.cut(" ".join(parts), _ALT_LIMIT)


def _table(profile: ListenerProfile) -> str:
    rows = [
        " ".join(
            (
                f"{_ROWS[level.feature]:<{_NAME_WIDTH}}",
                text.bar(level.percentile, _BAR_WIDTH),
                _short_word(level),
            )
        )
        for level in _ordered(profile)
    ]
    lines = ["```", *rows, "```", "A half-full bar is the middle of my catalogue."]
    if profile.unknown:
        lines.append(f"Not measured in any track liked so far: {_unknown(profile)}.")
    return "\n".join(lines)


def _clear(profile: ListenerProfile, wanted: Height) -> str:
    """Name the levels that are clearly high or clearly low, the farthest from the middle first."""
    levels = [level for level in _ordered(profile) if height(level.percentile) is wanted]
    levels.sort(key=lambda level: -abs(level.percentile - 0.5))
    if wanted is Height.HIGH:
        words = [f"**{_word(one)}** (above {_percent(one.percentile)} %)" for one in levels]
    else:
        words = [f"**{_word(one)}** (below {_percent(1 - one.percentile)} %)" for one in levels]
    return text.listing(words) or "nothing clearly"


def _artists(artists: tuple[FavoriteArtist, ...]) -> str | None:
    lines = [f"{place}. {text.plain(one.name, 70)}" for place, one in enumerate(artists, 1)]
    return "\n".join(lines) or None


def _genres(genres: tuple[FavoriteGenre, ...]) -> str | None:
    """Name genres with their share and how unusual that is; nothing when no genre is known."""
    lines = [
        f"{place}. {text.plain(one.name, 50)} · {_percent(one.share)} % of the liked tracks "
        f"whose genre is known, {_times(one.lift)}"
        for place, one in enumerate(genres, 1)
    ]
    return "\n".join(lines) or None


def _times(lift: float) -> str:
    if lift < 1.5:
        return "a little more than in the catalogue"
    return f"about {lift:.{0 if lift >= 9.5 else 1}f}× as common as in the catalogue"


def _obscurity(found: Obscurity, you: bool) -> str:
    if found.median is None:
        return "Unknown: no source I have counts these artists."
    whose = "you like" if you else "they like"
    line = (
        f"**{_obscurity_word(found.median)}**: half of what {whose} is by artists no better known "
        f"than {_percent(found.median)} % of all artists"
    )
    if found.known < found.liked:
        tracks = text.count(found.liked, "liked track")
        line += f" (somebody counts the artists of {found.known:,} of {tracks})"
    return f"{line}."


def _obscurity_word(median: float) -> str:
    """Return a word for the median fame 0 … 1."""
    steps = (
        (0.2, "Deep underground"),
        (0.4, "Off the beaten track"),
        (0.6, "A bit of both"),
        (0.8, "Well known"),
    )
    return next((word for limit, word in steps if median < limit), "The hits")


def _counts(counts: Counts) -> str:
    said = []
    if counts.ratings:
        said.append(f"{text.count(counts.ratings, 'rating')} (average {counts.average or 0:.1f})")
    if counts.thumbs_up or counts.thumbs_down:
        said.append(f"{counts.thumbs_up:,} {theme.UP} {counts.thumbs_down:,} {theme.DOWN}")
    if counts.seeds:
        said.append(f"{text.count(counts.seeds, 'choice')} at the start")
    about = [
        text.count(number, word)
        for number, word in (
            (counts.tracks, "track"), (counts.albums, "album"), (counts.artists, "artist"),
        )
        if number
    ]  # fmt: skip
    line = " · ".join(said)
    return f"{line}\nabout {text.listing(about)}" if about else line


def _nothing_yet(you: bool) -> str:
    if you:
        return (
            "You have not rated anything yet, so there is no taste to show. `/discover` begins "
            "with a few questions; `/rate track` with something you love works even better."
        )
    return "There is nothing to show yet: nothing has been rated."


def _nothing_liked(profile: ListenerProfile, you: bool) -> str:
    if profile.obscurity.liked or profile.genres:
        return "None of the tracks liked so far is measured, so I cannot describe how they sound."
    if you:
        return (
            "I know what you do not like, but nothing that you like. `/rate track` with something "
            "you love, and I can describe your taste."
        )
    return "Nothing liked is known so far, so there is no taste to describe."


def _seen_by(profile: ListenerProfile, you: bool) -> str:
    if profile.public:
        return "This profile is public. Its owner can hide it with /privacy profile."
    return "Only you see this. Show it to others with /privacy profile." if you else ""


def _add(embed: discord.Embed, name: str, value: str | None) -> None:
    if value:
        embed.add_field(name=name, value=text.cut(value, 1024), inline=False)


def _ordered(profile: ListenerProfile) -> list[FeatureLevel]:
    known = {level.feature: level for level in profile.levels}
    return [known[feature] for feature in _ROWS if feature in known]


def _unknown(profile: ListenerProfile) -> str:
    return text.listing([name for feature, name in _ROWS.items() if feature in profile.unknown])


def _word(level: FeatureLevel) -> str:
    """Return a word that holds of a level, or how it compares with the catalogue."""
    word = features.level_word(level.feature, level.percentile, level.value)
    if word is not None or height(level.percentile) is Height.MIDDLE:
        return word or "in between"
    return features.against_most(level.feature, level.percentile)


def _short_word(level: FeatureLevel) -> str:
    """Return the word for a row of the table, which has the name of the feature before it."""
    word = _word(level)
    if not word.endswith("than most"):
        return word
    return "more than most" if level.percentile > _MIDDLE else "less than most"


def _percent(share: float) -> int:
    """Return a share as percent: 1 … 99, because nothing stands above all of the catalogue."""
    return min(max(round(share * 100), 1), 99)
