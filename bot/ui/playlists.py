"""A list of tracks as a message: its beginning, its reasons, and the forms it can be had in."""

import io
from typing import Final

import discord

from bot.core.catalog import main_page
from bot.core.lists import (
    CompanionCard,
    CompanionList,
    Content,
    ExportedFile,
    Form,
    Ground,
    MadePlaylist,
    Order,
    SavedPlaylist,
    Telling,
)
from bot.core.models import Track
from bot.core.ranking import Filter
from bot.ui import page_buttons, picks, text, theme, why
from bot.ui.stored import Stored, view

FORMS: Final = {
    Form.M3U8: "M3U8",
    Form.XSPF: "XSPF",
    Form.JSPF: "JSPF",
    Form.CSV: "CSV",
    Form.LINKS: "Links",
}
FORM_CHOICES: Final = {
    Form.M3U8: "M3U8: for most players",
    Form.XSPF: "XSPF: for players, with everything that is known",
    Form.JSPF: "JSPF: for ListenBrainz",
    Form.CSV: "CSV: for spreadsheets and other services",
    Form.LINKS: "Plain links: for people",
}
CONTENTS: Final = {
    Content.LIKES: "Every track I gave a 👍, a 4 or a 5",
    Content.PICKS: "Only those that B-Side picked for me",
    Content.RATINGS: "Only those I gave a 4 or 5",
    Content.HISTORY: "Everything that B-Side showed me",
}
ORDERS: Final = {
    Order.DJ: "As a DJ would play them",
    Order.NEWEST: "The newest first",
    Order.SCORE: "What I like most first",
}
_ORDER_NOTES: Final = {
    Order.DJ: "As a DJ would play them: keys that mix, tempos that meet, one arc of energy",
    Order.NEWEST: "The newest first",
    Order.SCORE: "What you like most first",
}
_GROUNDS: Final = {
    Ground.SOME_SOUND: "{tracks} not measured: for these I went by their artist and by what they "
    "are played with.",
    Ground.COMPANY: "Your sound is not measured: I went by your other tracks, or the lists they "
    "stand in.",
    Ground.GENRE: "Your sound is not known, so I took tracks that are typical of the genre.",
}
_FILTERED: Final = {
    Filter.RATED: ("is a track you named", "are tracks you named"),
    Filter.EXCLUDED: ("is another one of yours", "are others of yours"),
}
_LOOSEN: Final = {
    Filter.GENRE: "`genre: any`",
    Filter.FAME: "`known_from: 0` and `known_to: 100`",
}
_SHOWN: Final = 10
"""Tracks of a list that its message shows."""
_OWN: Final = "★"
_PERCENT: Final = "The percentage says how many artists are less known."


class WriteDown(Stored, id="playlist:{playlist_id}:{written}"):
    """Gives a list in some form."""

    playlist_id: int
    written: Form


class Save(Stored, id="playlist:{playlist_id}:save"):
    """Saves a list in the listener's account."""

    playlist_id: int


def exported(made: MadePlaylist, order: Order) -> discord.Embed:
    """Show how a listener's own list begins."""
    tracks = made.kept.playlist.tracks
    lines = [f"{place}. {linked(track)}" for place, track in enumerate(tracks[:_SHOWN], 1)]
    if len(tracks) > _SHOWN:
        lines.append(f"… and {text.count(len(tracks) - _SHOWN, 'more', 'more')} in the file")
    embed = discord.Embed(
        title=f"{made.kept.playlist.title} · {text.count(len(tracks), 'track')}",
        description="\n".join(lines),
        color=theme.ACCENT,
    )
    notes = [_ORDER_NOTES[order]]
    if made.found > len(tracks):
        notes.append(f"{len(tracks)} of {made.found:,}: a list holds no more")
    if made.muted:
        notes.append(f"{made.muted:,} left out, because you muted them: /mute show")
    embed.set_footer(text=" · ".join(notes))
    return embed


def companions(found: CompanionList, made: MadePlaylist) -> discord.Embed:
    """Show an artist's tracks among their companions, each with its reasons."""
    playlist = made.kept.playlist
    embed = discord.Embed(title=text.cut(text.plain(playlist.title, 200), 256), color=theme.ACCENT)
    embed.add_field(name="Chosen among", value=bounds(found), inline=False)
    for name, value in _notes(found):
        embed.add_field(name=name, value=text.cut(value, 1024), inline=False)
    embed.set_footer(text=f"{_OWN} yours · {_ORDER_NOTES[Order.DJ]}")
    cards = {one.card.track.id: one for one in found.companions}
    several = len(found.own) > 1
    common, each = text.parted([reasons_of(one, several=several) for one in found.companions])
    reasons = dict(zip(cards, each, strict=True))
    lines = []
    for place, track in enumerate(playlist.tracks, 1):
        if track.id not in cards:
            lines.append(f"{place}. {_OWN} {_names(track)}")
            continue
        rest = "".join(f" · {one}" for one in reasons[track.id])
        lines.append(f"{place}. {_names(track)}{rest}")
    about = [f"All but yours: {', '.join(common)}."] if common else []
    if any(one.artist_fame is not None for one in found.companions):
        about.append(_PERCENT)
    if about:
        embed.add_field(name="Each line", value=text.cut("\n".join(about), 1024), inline=False)
    embed.description = text.fitting(lines, min(4096, 6000 - len(embed)), "more in the file")
    return embed


def no_companions(found: CompanionList) -> discord.Embed:
    """Say which bound left nobody, and what helps."""
    embed = discord.Embed(
        title="No companions found",
        description=f"I looked for {bounds(found)}. Of "
        f"{text.count(sum(one.removed for one in found.removed), 'track')}, "
        f"{picks.removals(found.removed, _FILTERED)}.",
        color=theme.QUIET,
    )
    ways = [
        f"{_LOOSEN[one.filter]}: {text.count(one.alone, 'track')} would come back."
        for one in sorted(found.removed, key=lambda one: -one.alone)
        if one.alone and one.filter in _LOOSEN
    ]
    embed.add_field(
        name="What helps",
        value="\n".join(ways)
        or "Loosen several bounds at once: `genre: any`, `known_from: 0` and "
        "`known_to: 100`; or ask the operator to import more tracks.",
    )
    return embed


def bounds(found: CompanionList) -> str:
    """Say between which bounds companions were chosen."""
    genre = "of any genre" if found.any_genre else "of any genre (I do not know yours)"
    if found.genres:
        names = [text.plain(name, 40) for name in found.genres[:4]]
        genre = f"of {text.listing(names, 'or')}"
    fame = found.bounds.fame
    if fame is None:
        return f"artists {genre}; nobody counts any artist, so anyone may be in it"
    low, high = (round(share * 100) for share in fame)
    own = found.bounds.own_fame
    own_words = "nobody counts you, so I took the middle"
    if own is not None:
        own_words = f"you are better known than {round(own * 100)} %"
    return f"artists {genre} that are better known than {low} to {high} % of all ({own_words})"


def _notes(found: CompanionList) -> list[tuple[str, str]]:
    notes = []
    if len(found.companions) < found.asked:
        notes.append(
            (
                f"Only {len(found.companions)} of {text.count(found.asked, 'companion')}",
                f"{picks.removals(found.removed, _FILTERED)}.",
            )
        )
    ground = _GROUNDS.get(found.ground)
    if ground is not None:
        names = [f"**{text.plain(one.title, 60)}**" for one in found.unmeasured[:5]]
        verb = "is" if len(names) == 1 else "are"
        notes.append(("Your sound", ground.format(tracks=f"{text.listing(names)} {verb}")))
    if found.unknown:
        names = [text.plain(one, 60) for one in found.unknown]
        notes.append(("Not in my catalogue", "\n".join(f"• {name}" for name in names)))
    return notes


def reasons_of(one: CompanionCard, *, several: bool) -> list[str]:
    """Say what a companion shares: sound, company, genre, and how well known its artist is.

    Args:
        several: the artist named several tracks, so that it is worth a word which one it suits.
    """
    explanation = one.card.explanation
    parts = why.matching_words(explanation)
    if several and explanation.scene > 0 and one.card.together is not None:
        parts.append(f"with {text.plain(one.card.together.hit.title, 30)}")
    parts += [text.plain(name, 40) for name in one.genres[:2]]
    if one.artist_fame is not None:
        parts.append(f"{round(one.artist_fame * 100)} %")
    return parts


def _names(track: Track) -> str:
    return f"**{text.plain(track.title, 60)}** by {text.plain(track.artist, 40)}"


def linked(track: Track) -> str:
    """Return title and artist, the title as a link where the track has a page."""
    page = main_page(track)
    if page is None or len(page) > 150 or ")" in page:
        return _names(track)
    return f"**[{text.plain(track.title, 60)}]({page})** by {text.plain(track.artist, 40)}"


def buttons(made: MadePlaylist, *, page: Telling | None) -> discord.ui.View:
    """Return the buttons under a list: one per form, and those to save and share it.

    Args:
        made: the list; to save it must be possible.
        page: what a page of it tells; None: no page can be made.
    """
    shown = [WriteDown(made.kept.id, form).button(label) for form, label in FORMS.items()]
    if made.can_be_saved:
        green = discord.ButtonStyle.success
        shown.append(Save(made.kept.id).button("Save to Spotify", style=green))
    if page is not None:
        shown.append(page_buttons.button(page_buttons.ListPage("ask", made.kept.id, page)))
    return view(*shown)


def attachment(file: ExportedFile) -> discord.File:
    """Return a list that was written down as a file to send."""
    return discord.File(io.BytesIO(file.content), file.name, description="The list of tracks")


def saved(done: SavedPlaylist) -> str:
    """Say where a list was saved, and what is missing there."""
    missing = f" {text.count(done.missing, 'track is', 'tracks are')} not on Spotify."
    return f"Saved {text.count(done.saved, 'track')}: {done.url}" + (
        missing if done.missing else ""
    )
