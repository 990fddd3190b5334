"""The first minutes: three artists, a link or a few tracks to judge, in one private message."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import discord

from bot.core.models import Choice, SearchHit, Track
from bot.core.ranking import PickCard, StartOffer, Wish
from bot.ui import listen, picks, text, theme
from bot.ui.pick_buttons import Play
from bot.ui.stored import Stored, StoredForm, view
from bot.ui.which import NEW, NONE, choice_options

ENOUGH: Final = 3
"""With so many artists chosen the picks come by themselves."""
LONGEST_NAME: Final = 200
TITLE: Final = "Which artists do you love?"
NAME_LABEL, LINK_LABEL, PLAY_LABEL = "Name three artists", "Paste a link", "Just play me something"
PICKS_LABEL: Final = "Show me picks"
BACK_LABEL: Final = "Choose artists instead"
_ONLY_YOU: Final = "-# Only you see this. `/undo` takes back what you chose."
_BLUE: Final = discord.ButtonStyle.primary
_GREEN: Final = discord.ButtonStyle.success
_VALUE: Final = 100


class Begin(Stored, id="start:begin"):
    """Shows the start to whoever presses, to them alone."""


class StartArtist(Stored, id="start:artist:{artist_id}:{wish}"):
    """Chooses an artist to begin with; the wish is answered when there are enough."""

    artist_id: int
    wish: Wish


class NameArtists(StoredForm, id="start:name:{wish}", title="Artists you love"):
    """Takes the names of artists to begin with."""

    wish: Wish

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where they are written; one is enough."""
        return [
            discord.ui.Label(
                text=words,
                component=discord.ui.TextInput(
                    custom_id=f"artist{number}", max_length=LONGEST_NAME, required=number == 0
                ),
            )
            for number, words in enumerate(("An artist you love", "Another one", "And a third"))
        ]


class PasteLink(StoredForm, id="start:link:{wish}", title="Bring what you love"):
    """Takes a track to begin with."""

    wish: Wish

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where its link is written, with what else there is."""
        return [
            discord.ui.Label(
                text="A link to one track you love",
                description="It counts as ★★★★★. For all you play elsewhere, close this and use "
                "/import or /link.",
                component=discord.ui.TextInput(
                    custom_id="link", max_length=300, placeholder="https://…  or  Artist – Title"
                ),
            )
        ]


class StartPicks(Stored, id="start:picks:{wish}"):
    """Answers the wish with what was chosen so far."""

    wish: Wish


class StartCards(Stored, id="start:play:{wish}"):
    """Gives a newcomer tracks to judge, one at a time."""

    wish: Wish


class StartAgain(Stored, id="start:again:{wish}"):
    """Goes back to the artists."""

    wish: Wish


class Judged(Stored, id="start:card:{answer}:{track_id}:{recommendation_id}:{wish}"):
    """Takes the answer to a track, and gives the next one."""

    answer: Literal["up", "down", "skip"]
    track_id: int
    recommendation_id: int
    wish: Wish


class Meant(Stored, id="start:meant:{wish}"):
    """Takes who was meant by the names that were not sure."""

    wish: Wish


def offer(found: StartOffer, *notes: str) -> discord.Embed:
    """Ask a newcomer for artists, or say what they have chosen so far.

    Args:
        found: what they may begin with.
        notes: what became of what they did just now.
    """
    lines = [one for one in notes if one]
    if found.chosen:
        left = ENOUGH - len(found.chosen)
        more = f"{text.count(left, 'more one', 'more')}, or" if left > 0 else "Press"
        lines.append(f"{names(found.chosen)}: noted. {more} **{PICKS_LABEL}**.")
    elif found.ratings:
        lines.append("So far I know of nothing that you like. Name me something you love.")
    else:
        ask = "Press up to three, or name your own" if found.artists else "Name up to three"
        lines.append(f"{ask}: music like theirs, but that few people know, follows at once.")
    return discord.Embed(
        title=TITLE, description="\n".join([*lines, _ONLY_YOU]), color=theme.ACCENT
    )


def under_offer(found: StartOffer, wish: Wish) -> discord.ui.View:
    """Return the artists as buttons, and the other ways to begin."""
    chosen = {hit.subject.id for hit in found.chosen}
    stars = [
        StartArtist(hit.subject.id, wish).button(
            text.label(hit.title, 80),
            emoji="✅" if hit.subject.id in chosen else None,
            style=_GREEN if hit.subject.id in chosen else discord.ButtonStyle.secondary,
            disabled=hit.subject.id in chosen,
            row=0,
        )
        for hit in found.artists
    ]
    ways = [
        NameArtists(wish).button(NAME_LABEL, style=_BLUE, row=1),
        PasteLink(wish).button(LINK_LABEL, row=1),
        StartCards(wish).button(PLAY_LABEL, row=1),
    ]
    if found.chosen:
        ways.insert(0, StartPicks(wish).button(PICKS_LABEL, style=_GREEN, row=1))
    return view(*stars, *ways)


def names(hits: Sequence[SearchHit]) -> str:
    """Return the names of some artists."""
    return text.listing([f"**{text.plain(hit.title, 80)}**" for hit in hits])


def _quoted(typed: Sequence[str]) -> str:
    return text.listing([f"**{text.plain(one, 80)}**" for one in typed], "or")


def unknown(typed: Sequence[str]) -> str:
    """Say that nobody here has some names."""
    if not typed:
        return ""
    return (
        f"I know no artist called {_quoted(typed)}. Write the name as it stands on their records; "
        f"a link belongs under **{LINK_LABEL}**."
    )


def meeting(typed: Sequence[str]) -> str:
    """Say whom we are getting to know."""
    if not typed:
        return ""
    known = text.listing([f"**{text.plain(one, 80)}**" for one in typed])
    return f"🔎 I am getting to know {known}: they count for `/discover` in a minute."


def strangers(typed: Sequence[str]) -> str:
    """Say that no service knows some names."""
    if not typed:
        return ""
    return f"I asked around, and nobody knows {_quoted(typed)}. Check the spelling, or name others."


def silent(typed: Sequence[str]) -> str:
    """Say that the services do not answer."""
    if not typed:
        return ""
    return (
        f"The music services do not answer right now. I ask for {_quoted(typed)} again by myself; "
        "begin with somebody else meanwhile."
    )


def nothing_measured(hits: Sequence[SearchHit]) -> str:
    """Say that what was chosen is not enough to find anything by."""
    if not hits:
        return "Nothing is chosen yet."
    return f"I know {names(hits)} by name only, so I cannot find music like that yet. Add another."


def rated(hit: SearchHit) -> str:
    """Say how a track counts that somebody brought."""
    return f"★★★★★ for {picks.named(hit)}."


def by_artists(hits: Sequence[SearchHit]) -> str:
    """Return the line above the first picks."""
    return f"For somebody who loves {names(hits)}:" if hits else ""


def question(unsure: Sequence[tuple[str, Sequence[Choice]]]) -> str:
    """Ask whom some names mean."""
    return f"Whom do you mean by {_quoted([name for name, _ in unsure])}? Nothing is guessed."


def who(
    unsure: Sequence[tuple[str, Sequence[Choice]]], wish: Wish, *, may_meet: bool, go_on: bool
) -> discord.ui.View:
    """Return one menu for all names that are not sure.

    Args:
        unsure: the names, and whom they may mean.
        wish: is answered afterwards.
        may_meet: an artist whom nobody has may be got to know in place of these.
        go_on: others are chosen already, so picks can come without an answer.
    """
    different = {choice.hit.subject: choice for _, some in unsure for choice in some}
    options = choice_options(list(different.values()))
    for name, _ in unsure:
        if may_meet and len(NEW + name) <= _VALUE:
            label = text.label(f"None of these: get to know “{name}”", 100)
            options.append(discord.SelectOption(label=label, value=NEW + name, emoji="🔎"))
    options.append(discord.SelectOption(label="None of these", value=NONE))
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=Meant(wish).custom_id,
        placeholder="Choose whom you mean",
        max_values=min(len(unsure), len(options)),
        options=options,
    )
    back = StartAgain(wish).button(BACK_LABEL)
    if go_on:
        return view(menu, StartPicks(wish).button(PICKS_LABEL, style=_GREEN), back)
    return view(menu, back)


def card(shown: PickCard, before: str = "") -> discord.Embed:
    """Show a track to judge: just what it is and where to hear it."""
    track = shown.track
    embed = discord.Embed(
        title=text.plain(track.title, 200),
        url=listen.anywhere(track),
        description="\n".join(
            [
                f"**{text.plain(track.artist_credit or track.artist, 120)}**",
                "-# Press ▶ to hear it. Skip what you cannot judge. Only you see this.",
            ]
        ),
        color=theme.ACCENT,
    )
    if before:
        embed.set_author(name=text.cut(before, 256))
    if shown.cover is not None:
        embed.set_thumbnail(url=shown.cover.url)
    return embed


def answered(answer: str, track: Track) -> str:
    """Say how the track before was judged, as plain text."""
    thumb = {"up": theme.UP, "down": theme.DOWN}.get(answer)
    title = text.label(f"{track.title} – {track.artist}", 200)
    return f"{thumb} {title}" if thumb else f"Skipped: {title}"


def under_card(shown: PickCard, wish: Wish, *, liked: bool) -> discord.ui.View:
    """Return what can be said to a track.

    Args:
        shown: the track.
        wish: is answered when they have judged enough.
        liked: they like something already, so there can be picks.
    """
    named = (shown.track.id, shown.recommendation_id)
    play = Play(*named).button(picks.PLAY, style=_BLUE, row=0)
    last = [StartAgain(wish).button(BACK_LABEL, row=1)]
    if liked:
        last.insert(0, StartPicks(wish).button(PICKS_LABEL, style=_GREEN, row=1))
    return view(
        play,
        Judged("up", *named, wish).button(emoji=theme.UP, row=0),
        Judged("down", *named, wish).button(emoji=theme.DOWN, row=0),
        Judged("skip", *named, wish).button("Skip", row=0),
        *last,
    )
