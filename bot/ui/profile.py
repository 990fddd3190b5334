"""What stands beside the picture of a taste: what the picture does not say."""

from typing import Final

import discord

from bot.core.taste import (
    Counts,
    Favorite,
    FavoriteGenre,
    Independents,
    ListenerProfile,
    Obscurity,
    Period,
)
from bot.ui import periods, taste_words, text, theme

BOTS_HAVE_NONE: Final = "Bots have no taste. Choose a person."
ONLY_YOUR_PERIODS: Final = (
    "Only your own profile has periods: when others rated and played what is theirs alone. Leave "
    "out `period`."
)


def show(profile: ListenerProfile, period: Period, *, listener: str | None) -> discord.Embed:
    """Show a profile.

    Args:
        profile: of the period.
        period: the days.
        listener: their name, where others read along; None when only they themselves see it.
    """
    you = listener is None
    title = "Your taste" if you else f"The taste of {text.plain(listener or '', 100)}"
    if period.since is not None:
        title = f"{title}, {periods.words(period)}"
    embed = discord.Embed(title=text.cut(title, 256), color=theme.ACCENT)
    if profile.is_empty:
        embed.description = _nothing_yet(you, period)
        embed.color = theme.QUIET
        return embed
    if not (profile.levels or profile.artists):
        embed.description = _nothing_liked(you)
    _add(embed, "Tracks", _tracks(profile.tracks))
    _add(embed, "Genres", _genres(profile.genres))
    if profile.obscurity.liked:
        _add(embed, "How obscure", _obscurity(profile.obscurity, you))
    _add(embed, "Independent artists", _independents(profile.independents, you))
    if profile.unknown and profile.levels:
        names = [name for one, name in taste_words.ORDER.items() if one in profile.unknown]
        _add(embed, "Not measured in anything liked", text.listing(names))
    _add(embed, "From", _from(profile))
    embed.set_footer(text=_seen_by(profile, you))
    return embed


def _from(profile: ListenerProfile) -> str:
    """Say what it is made of."""
    parts = [_counts(profile.counts)] if profile.counts.total else []
    if profile.plays:
        parts.append(f"{text.count(profile.plays, 'play')} known")
    return "\n".join(parts)


def _tracks(tracks: tuple[Favorite, ...]) -> str:
    return "\n".join(
        f"{place}. {text.plain(taste_words.title(one), 120)}" for place, one in enumerate(tracks, 1)
    )


def _genres(genres: tuple[FavoriteGenre, ...]) -> str | None:
    """Name genres with their share and how unusual that is; nothing when no genre is known."""
    lines = [
        f"{place}. {text.plain(one.name, 50)} · {taste_words.percent(one.share)} % of the liked "
        f"tracks whose genre is known, {_times(one.lift)}"
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
        f"**{taste_words.obscurity(found.median)}**: half of what {whose} is by artists no better "
        f"known than {taste_words.percent(found.median)} % of all artists"
    )
    if found.known < found.liked:
        tracks = text.count(found.liked, "liked track")
        line += f" (somebody counts the artists of {found.known:,} of {tracks})"
    return f"{line}."


def _independents(found: Independents, you: bool) -> str | None:
    """Say how much of it is independent; nothing when no source tells."""
    if not found.known:
        return None
    whose = "you like" if you else "they like"
    tracks = text.count(found.known, "track")
    return (
        f"{theme.INDEPENDENT} {found.independent:,} of {tracks} {whose} of which a source tells "
        "who released them."
    )


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


def _nothing_yet(you: bool, period: Period) -> str:
    if you and period.since is not None:
        return (
            "Nothing that you rated or played is known of this time. Choose a longer `period`, or "
            "bring what you play with `/link` or `/import`."
        )
    if you:
        return (
            "You have not rated anything yet, so there is no taste to show. `/discover` begins "
            "with a few questions; `/rate track` with something you love works even better, and "
            "`/link` or `/import` brings what you play."
        )
    return "There is nothing to show yet: nothing has been rated."


def _nothing_liked(you: bool) -> str:
    if you:
        return (
            "So far I know of nothing that you like. `/rate track` with something you love, and I "
            "can describe your taste."
        )
    return "Nothing liked is known so far, so there is no taste to describe."


def _seen_by(profile: ListenerProfile, you: bool) -> str:
    if not you:
        return "From ratings alone; its owner can hide it with /privacy profile."
    if profile.public:
        return "Only you see this. Others see what comes from your ratings, by /profile."
    return "Only you see this, until you share it. /privacy profile lets others look."


def _add(embed: discord.Embed, name: str, value: str | None) -> None:
    if value:
        embed.add_field(name=name, value=text.cut(value, 1024), inline=False)
