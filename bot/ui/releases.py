"""New releases as a list, each with a line that says why it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import discord

from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.ranking import Wish
from bot.core.releases import PAGE, Grounds, NewRelease, RankedRelease, ReleaseRanking, ReleaseWish
from bot.ui import features, text, theme, why
from bot.ui.pick_buttons import Again
from bot.ui.stored import Stored, view

START: Final = "Find out what I like"
NEWCOMER: Final = (
    "I do not know your taste yet, so I do not know which new releases suit you. Begin with "
    "`/discover` or the button below, or `/rate artist` somebody you love."
)

_BLUE: Final = discord.ButtonStyle.primary
_ENTRY: Final = 395
"""Ten entries fit into the description of an embed."""
_LIKED: Final = 0.01
"""An artist that earns less than that is not called liked."""
_LABEL: Final = 40


class TurnReleases(Stored, id="releases:{wish}:{owner_id}"):
    """Turns the page of somebody's list."""

    wish: ReleaseWish
    owner_id: int


def page(
    wish: ReleaseWish,
    ranking: ReleaseRanking,
    *,
    today: date,
    pages: int,
    silent: Sequence[str],
    said: Mapping[int, Feedback],
    listener: str | None,
) -> discord.Embed:
    """Show one page of new releases, or say why there is none.

    Args:
        ranking: the releases of this page, and what became of the others.
        today: in UTC.
        silent: services that did not answer.
        said: what the listener said about artists, by their ids.
        listener: the name of whom it is for, where others read along.
    """
    title = f"New in the last {text.count(wish.days, 'day')}"
    if listener:
        title = f"{title}, for {text.label(listener, 60)}"
    if not ranking.shown:
        embed = discord.Embed(title="Nothing new that fits", color=theme.QUIET)
        embed.description = _nothing(wish, ranking)
    else:
        first = wish.page * PAGE + 1
        facts = [_facts(one, said, today=today, private=not listener) for one in ranking.shown]
        common, each = text.parted(facts)
        marked = some_uncounted(ranking.shown)
        entries = [
            entry(one, place, mine, marked=marked and one.fame is None)
            for place, (one, mine) in enumerate(zip(ranking.shown, each, strict=True), first)
        ]
        embed = discord.Embed(title=title, description="\n".join(entries), color=theme.ACCENT)
        about = [*shared(common), *_marks(ranking.shown, first), _summary(wish, ranking)]
        if marked and not wish.obscurity:
            about.append(UNCOUNTED)
        embed.add_field(name="This list", value=text.cut("\n".join(about), 1024), inline=False)
    if silent:
        embed.add_field(name="Not complete", value=incomplete(silent), inline=False)
    if pages > 1:
        embed.set_footer(text=f"Page {wish.page + 1} of {pages}")
    return embed


def single(one: RankedRelease, said: Mapping[int, Feedback], *, today: date) -> str:
    """Return one release that stands alone, as a line for its listener only.

    Args:
        one: the release.
        said: what the listener said about artists, by their ids.
        today: in UTC.
    """
    return _line(one, _facts(one, said, today=today, private=True))


def entry(one: RankedRelease, place: int, facts: Sequence[str], *, marked: bool = False) -> str:
    """Return a release of a list as one line.

    Args:
        marked: others of the list are by artists whom somebody counts, and this one is not.
    """
    return _line(one, facts, place=place, marked=marked)


def _line(
    one: RankedRelease, facts: Sequence[str], *, place: int | None = None, marked: bool = False
) -> str:
    release = one.known.release
    name = f"**{text.plain(release.title, 70)}**"
    by = f" by {text.plain(release.artist, 50)}{' ~' if marked else ''}"
    rest = f"{by}{''.join(f' · {fact}' for fact in facts)}"
    linked = f"{'' if place is None else f'**{place}.** '}[{name}]({release.url}){rest}"
    if release.url and len(linked) < _ENTRY:
        return linked
    return text.cut(f"{'' if place is None else f'{place}. '}{name}{rest}", _ENTRY)


def shared(common: Sequence[str]) -> list[str]:
    """Return a line with what is true of all entries; none where nothing is."""
    return [f"All of them: {', '.join(common)}."] if common else []


def some_uncounted(shown: Sequence[RankedRelease]) -> bool:
    """Return whether nobody counts some of the artists, but not all."""
    return 0 < sum(one.fame is None for one in shown) < len(shown)


def day(release: NewRelease, today: date) -> str:
    """Return the date, marked when it is still to come."""
    on = release.released_on
    if on is None:
        return ""
    words = f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B} {on.year}"
    return f"🗓️ out on {words}" if on > today else words


def _facts(
    one: RankedRelease, said: Mapping[int, Feedback], *, today: date, private: bool
) -> list[str]:
    """Return what there is to say of a release; how its artist was rated stays private."""
    release, explanation = one.known.release, one.explanation
    facts = [word for word in (release.kind, day(release, today)) if word]
    spoken = None if one.known.artist_id is None else said.get(one.known.artist_id)
    liked = explanation is not None and explanation.affinity > _LIKED
    if liked:
        rated = private and spoken is not None and spoken.kind is FeedbackKind.RATING
        gave = f"you gave {spoken.value:.0f}" if rated and spoken is not None else ""
        facts.append(gave or "you like them")
    words = why.matching_words(explanation) if explanation and explanation.similarity > 0 else []
    if words:
        facts += words
    elif explanation is not None and explanation.scene > 0 and not liked:
        facts.append(_COMPANY)
    return facts + known(one)


_COMPANY: Final = "♫"
UNCOUNTED: Final = "~ nobody counts this artist."
_JUDGED: Final = {
    Grounds.TRACKS: "their own songs",
    Grounds.ARTIST: "their artists' other songs",
    Grounds.GENRES: "their genres",
}


def _marks(shown: Sequence[RankedRelease], first: int) -> list[str]:
    """Say once what marks mean, and by what the releases were judged."""
    by: dict[Grounds, list[str]] = {}
    for place, one in enumerate(shown, first):
        by.setdefault(one.grounds, []).append(str(place))
    usual = max(by, key=lambda grounds: len(by[grounds]))
    others = [f"{text.listing(by[one])} by {_JUDGED[one]}" for one in by if one is not usual]
    lines = [f"{'; '.join([f'Judged by {_JUDGED[usual]}', *others])}."]
    if any(_is_company(one) for one in shown):
        lines.append(f"{_COMPANY} is played with what you like.")
    return lines


def _is_company(one: RankedRelease) -> bool:
    found = one.explanation
    if found is None or found.scene <= 0 or found.affinity > _LIKED:
        return False
    return not (found.similarity > 0 and why.matching_words(found))


def known(one: RankedRelease) -> list[str]:
    """Say how well known the artist is; nothing where that is not counted."""
    return [] if one.fame is None else [features.short_fame(one.fame)]


def _summary(wish: ReleaseWish, ranking: ReleaseRanking) -> str:
    lines = [_promise(wish, ranking)] if wish.obscurity else []
    lines.append(
        f"{text.count(ranking.fitting, 'release fits', 'releases fit')} you. {_rest(ranking)}"
    )
    return "\n".join(line.strip() for line in lines)


def _promise(wish: ReleaseWish, ranking: ReleaseRanking) -> str:
    """Say how many releases kept the promise of the dial."""
    shown, unsure = len(ranking.shown), ranking.uncounted
    if unsure == shown:
        return f"Obscurity {wish.obscurity}: nobody counts these artists."
    top = max(1, round(100 * (1 - ranking.ceiling)))
    line = (
        f"Obscurity {wish.obscurity}: {ranking.kept_promise} of {shown} by artists outside the "
        f"best-known {top} %"
    )
    return f"{line}; {text.count(unsure, 'artist')} nobody counts (~)." if unsure else f"{line}."


def _rest(ranking: ReleaseRanking) -> str:
    left = [
        (ranking.misfits, "that fit less than most music does"),
        (ranking.unknown, "whose artists and genres I do not know"),
        (ranking.rated, "rated already"),
        (ranking.muted, "that you muted"),
    ]
    words = [f"{number:,} {what}" for number, what in left if number]
    return f"Left out: {text.listing(words)}." if words else ""


def _nothing(wish: ReleaseWish, ranking: ReleaseRanking) -> str:
    if not (ranking.misfits or ranking.unknown or ranking.rated or ranking.muted):
        return (
            f"The services I ask reported no release in the last {text.count(wish.days, 'day')}. "
            "Ask for more days."
        )
    return f"{_rest(ranking)} Ask for more days, or rate more of what you love."


def incomplete(silent: Sequence[str]) -> str:
    """Say which services did not answer."""
    whose = "their" if len(silent) > 1 else "its"
    return f"{text.listing(list(silent))} did not answer, so {whose} releases are missing."


def page_buttons(
    shown: Sequence[RankedRelease], wish: ReleaseWish, *, pages: int, owner_id: int
) -> discord.ui.View:
    """Return the buttons under a page: more like its artists, and the pages beside it."""
    turns = [
        TurnReleases(replace(wish, page=page), owner_id).button(label, style=_BLUE, row=4)
        for page, label in ((wish.page - 1, "← Back"), (wish.page + 1, "More →"))
        if 0 <= page < pages
    ]
    return view(*buttons(shown), *turns)


def buttons(shown: Sequence[RankedRelease]) -> list[discord.ui.Button[Any]]:
    """Return a button for each artist of a list that finds more like them."""
    found: dict[int, discord.ui.Button[Any]] = {}
    for one in shown:
        artist_id = one.known.artist_id
        if artist_id is None or one.grounds is Grounds.GENRES:
            continue
        wish = Wish(like=Subject(SubjectKind.ARTIST, artist_id), private=True)
        label = text.label(f"More like {one.known.release.artist}", _LABEL)
        found.setdefault(artist_id, Again(wish).button(label))
    return list(found.values())


def start() -> tuple[discord.Embed, discord.ui.View]:
    """Offer a start to somebody without a taste."""
    button = Again(Wish(private=True)).button(START, style=_BLUE)
    return discord.Embed(description=NEWCOMER, color=theme.ACCENT), view(button)
