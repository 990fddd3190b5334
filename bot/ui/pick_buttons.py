"""The buttons and the menu under picks, and under the answers that hold none."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from bot.core.models import Counted, Subject, SubjectKind, Track
from bot.core.ranking import Basis, Discovery, PickCard, Wish
from bot.ui import ai, listen, moderation, picks, promotions, record, score, theme
from bot.ui.stored import Stored, Thumb, view

LISTEN_ELSEWHERE: Final = "Listen somewhere else …"
_BLUE: Final = discord.ButtonStyle.primary


class Like(Stored, id="pick:{thumb}:{track_id}:{recommendation_id}"):
    """👍 or 👎 under a pick."""

    thumb: Thumb
    track_id: int
    recommendation_id: int


class Why(Stored, id="pick:why:{track_id}:{recommendation_id}"):
    """Takes the score of a pick apart."""

    track_id: int
    recommendation_id: int


class Numbers(Stored, id="pick:numbers:{track_id}:{recommendation_id}"):
    """Shows the score of a pick as numbers."""

    track_id: int
    recommendation_id: int


class Elsewhere(Stored, id="pick:elsewhere:{track_id}:{recommendation_id}"):
    """Works out what another position of the dial would have made of a pick."""

    track_id: int
    recommendation_id: int


class Proof(Stored, id="pick:proof:{track_id}:{recommendation_id}"):
    """Proves to its listener that a pick stands in the record."""

    track_id: int
    recommendation_id: int


class More(Stored, id="pick:more:{track_id}:{recommendation_id}"):
    """Finds more like a pick."""

    track_id: int
    recommendation_id: int


class Play(Stored, id="pick:play:{track_id}:{recommendation_id}"):
    """Lets whoever presses hear a pick."""

    track_id: int
    recommendation_id: int


class ListenOn(Stored, id="pick:listen:{track_id}:{recommendation_id}"):
    """Chooses the service on which a listener hears picks."""

    track_id: int
    recommendation_id: int


class Menu(Stored, id="pick:menu:{track_id}:{recommendation_id}"):
    """Shows what else can be done with a pick."""

    track_id: int
    recommendation_id: int


class Never(Stored, id="pick:never:{track_id}:{recommendation_id}"):
    """Lets nothing by the artist of a pick be picked any more."""

    track_id: int
    recommendation_id: int


class Rest(Stored, id="pick:rest:{track_id}:{recommendation_id}"):
    """Lets nothing by the artist of a pick be picked for a month."""

    track_id: int
    recommendation_id: int


class NeverVersion(Stored, id="pick:version:{track_id}:{recommendation_id}"):
    """Lets this very track not be picked any more."""

    track_id: int
    recommendation_id: int


class Again(Stored, id="again:{wish}"):
    """Answers a wish for whoever presses."""

    wish: Wish


class StartGenres(Stored, id="start:genres:{wish}"):
    """Lets a newcomer choose genres to begin with: on messages of former versions."""

    wish: Wish


class StartTracks(Stored, id="start:tracks:{private}"):
    """Gives a newcomer tracks to judge: on messages of former versions."""

    private: bool


def of_cards(cards: Sequence[PickCard]) -> list[Counted]:
    """Return what the buttons under some picks say."""
    return [
        Counted(Subject(SubjectKind.TRACK, one.track.id), one.recommendation_id, one.thumbs)
        for one in cards
    ]


def below(message: discord.Message, picks_shown: int) -> list[discord.ui.Item[Any]]:
    """Return what stands under the rows of the picks of a message, to be kept when they change."""
    shown = discord.ui.View.from_message(message, timeout=None)
    shown.stop()
    return [one for one in shown.children if one.row is not None and one.row >= picks_shown]


def under_picks(
    shown: Sequence[Counted], *, below: Sequence[discord.ui.Item[Any]] = ()
) -> discord.ui.View:
    """Return a row of buttons for each pick of a message, numbered when there are several.

    Args:
        shown: the picks.
        below: what stands under them, in rows of its own.
    """
    rows: list[discord.ui.Item[Any]] = []
    for row, one in enumerate(shown):
        number = f"{row + 1} {theme.UP}" if len(shown) > 1 else None
        named, up, down = (one.subject.id, one.recommendation_id), one.thumbs.up, one.thumbs.down
        like = Like("up", *named)
        if number:
            first = like.button(f"{number} {up}" if up else number, row=row)
        else:
            first = like.button(str(up) if up else None, emoji=theme.UP, row=row)
        rows += [
            first,
            Like("down", *named).button(str(down) if down else None, emoji=theme.DOWN, row=row),
            Play(*named).button(picks.PLAY, row=row),
            Why(*named).button(picks.WHY, row=row),
            Menu(*named).button(picks.MENU, row=row),
        ]
    return view(*rows, *below)


def menu(track: Track, recommendation_id: int, promotion_id: int | None) -> discord.ui.View:
    """Return what else can be done with a pick."""
    named = (track.id, recommendation_id)
    shown: list[discord.ui.Item[discord.ui.View]] = [
        More(*named).button(picks.MORE, style=_BLUE),
        Never(*named).button(picks.NEVER),
        Rest(*named).button(picks.REST),
        NeverVersion(*named).button(picks.VERSION),
    ]
    if promotion_id is not None:
        shown.append(moderation.Report(promotion_id).button(promotions.REPORT))
    return view(*shown, *listen.links(track))


def under_why(card: PickCard, *, own: bool, in_server: bool = False) -> discord.ui.View:
    """Return what more can be asked: numbers, another position of the dial, a proof, an appeal."""
    named = (card.track.id, card.recommendation_id)
    explanation = card.explanation
    shown = []
    if score.is_scored(explanation) and explanation.basis is not Basis.START:
        shown.append(Numbers(*named).button(score.NUMBERS))
    if own and explanation.wish is not None and explanation.fame is not None:
        shown.append(Elsewhere(*named).button(score.elsewhere_label(explanation.obscurity)))
    if own:
        shown.append(Proof(*named).button(record.PROOF))
    shown += [Never(*named).button(picks.NEVER), Rest(*named).button(picks.REST)]
    if card.ai is not None and in_server:  # elsewhere nobody moderates
        shown.append(ai.appeal_button(card.ai))
    return view(*shown)


def under_player(track: Track, recommendation_id: int, service: str | None) -> discord.ui.View:
    """Return a menu of the services on which a track may be heard instead."""
    options = listen.choices(track, service)
    services: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=ListenOn(track.id, recommendation_id).custom_id,
        placeholder=LISTEN_ELSEWHERE,
        options=options,
    )
    return view(services)


def under_nothing(found: Discovery) -> discord.ui.View:
    """Return buttons that ask again without one of the filters that left nothing."""
    return view(
        *(
            Again(one.wish).button(
                picks.loosen_label(one.filter, one.tracks, one.also), style=_BLUE
            )
            for one in found.loosenings[:4]
        )
    )
