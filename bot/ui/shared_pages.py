"""What stands on a page to share, in words. They are shown as they are: `web` escapes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.core.catalog import pages, project_page, searches, service_of
from bot.core.lists import Playlist, Telling, ToldTrack
from bot.core.models import Track
from bot.core.promotion import ArtistCard
from bot.core.sharing import Entry, Link, Page, PageFile, PageKind, Shown, is_web_address
from bot.core.taste import OFF, Period, TasteMap
from bot.ui import features, map_words, paths, periods, stories, text, why
from bot.ui.clusters import name_of
from bot.ui.pictures.picture import Picture

_LINKS: Final = 2
"""So many players are offered for each track."""
_LONGEST: Final = 80
_WORDS: Final = 3
_OWN: Final = "One of the artist's own"
_LISTS: Final = {
    Telling.SOUND: "{count} that came together with B-Side.",
    Telling.COMPANY: "{count}: an artist's own among others that sound alike.",
    Telling.STEPS: "{count}, each a little nearer to the last one.",
}
_STORY: Final = "What I loved, whom I met and how it changed, in pictures."
_TITLES: Final[Mapping[stories.Shown, str]] = {
    "profile": "What I like",
    "timeline": "How my taste changed",
    "loved": "What I loved",
    "met": "Who was new to me",
    "radar": "How far off the radar",
    "months": "My months",
    "sides": "The sides of my taste",
    "early": "I was early",
}


def of_list(playlist: Playlist, told: Sequence[ToldTrack], telling: Telling) -> Page:
    """Return the page of a list, of which the first tracks are shown."""
    count = text.count(len(playlist.tracks), "track")
    more = len(playlist.tracks) - len(told)
    lines = (f"The first {len(told)} are shown here; the files hold all {count}.",) if more else ()
    return Page(
        PageKind.LIST,
        _name(playlist.title),
        _LISTS[telling].format(count=count),
        lines,
        tuple(_entry(one, telling) for one in told),
    )


def of_artist(card: ArtistCard, told: Sequence[ToldTrack]) -> Page:
    """Return the page of an artist, without anything that listeners said."""
    summary, lines = f"{_name(card.name)}, on B-Side.", []
    if card.claim is not None and card.claim.verified:
        lines.append("Moderators of a server verified who made this page.")
    if card.known is not None:
        known = card.known
        words = features.clear_words(known.levels, most=_WORDS)
        fame = features.fame_words(known.fame, counted=known.counted)
        sound = f"{text.capital(text.listing(words))} music by " if words else ""
        summary = f"{text.capital(sound + fame)}."
        if known.fame is not None and known.counted:
            lines.append(f"{text.capital(features.fame_share(known.fame))}.")
    links = tuple(Link(service_of(page), page) for page in card.pages if is_web_address(page))
    entries = tuple(_entry(replace(one, fame=None), Telling.SOUND) for one in told)
    return Page(PageKind.ARTIST, card.name, summary, tuple(lines), entries, links=links)


def of_story(
    period: Period, drawn: Sequence[tuple[stories.Shown, Picture]]
) -> tuple[Page, list[PageFile]]:
    """Return the page of the pictures of a story, or of one that stands alone."""
    when = periods.words(period)
    only = drawn[0][0] if len(drawn) == 1 else None
    title = f"My music, {when}" if only is None else f"{_TITLES[only]}, {when}"
    summary = _STORY if only is None else "A picture of somebody's taste in music."
    shown = tuple(_shown(picture, _TITLES[page]) for page, picture in drawn)
    page = Page(PageKind.YEAR, title, summary, pictures=shown)
    return page, [_file(picture) for _, picture in drawn]


def of_map(shown: TasteMap, picture: Picture) -> tuple[Page, list[PageFile]]:
    """Return the page of a map, as it is shown to others."""
    parts = [one for one in shown.clusters if one.factor != OFF]
    lines = []
    for one in parts:
        made_of = f": {text.listing([_name(name) for name in one.artists])}" if one.artists else ""
        lines.append(f"{text.capital(_name(name_of(one)))}{made_of}")
    title = map_words.title(shown, shared=True)
    summary = f"A map of one taste among {shown.tracks:,} tracks; what is near sounds alike."
    page = Page(PageKind.MAP, title, summary, tuple(lines), pictures=(_shown(picture, ""),))
    return page, [_file(picture)]


def _shown(picture: Picture, title: str) -> Shown:
    width, height = picture.size
    return Shown(picture.filename, picture.alt, width, height, title)


def _file(picture: Picture) -> PageFile:
    return PageFile(picture.filename, "image/png", picture.png)


def _entry(one: ToldTrack, telling: Telling) -> Entry:
    track = one.track
    about = [_name(track.album)] if track.album else []
    about += [str(track.year)] if track.year else []
    return Entry(
        _name(track.title),
        _name(track.artist_credit or track.artist),
        " · ".join(about),
        _reason(one, telling),
        one.cover if one.cover and is_web_address(one.cover) else None,
        tuple(_links(track)),
    )


def _reason(one: ToldTrack, telling: Telling) -> str:
    fame = "" if one.fame is None else features.short_fame(one.fame)
    if telling is Telling.STEPS:
        said = "" if one.reason is None else paths.hop_words(one.reason)
    elif one.own:
        said, fame = _OWN, ""
    elif one.reason is not None:
        words = why.matching_words(one.reason)
        said = f"{text.listing(words)}, like the artist's own" if words else ""
    else:
        said = text.listing(features.clear_words(one.levels, most=_WORDS))
    return text.capital(" · ".join(part for part in (said, fame) if part))


def _links(track: Track) -> list[Link]:
    """Return where a track can be heard: its own pages first, then searches for it."""
    found = dict(pages(track))
    project = project_page(track)
    if project is not None:
        found.setdefault(*project)
    for service, address in searches(track):
        if len(found) >= _LINKS:
            break
        if service not in found:
            found[f"Search {service}"] = address
    return [Link(label, url) for label, url in found.items() if is_web_address(url)][:_LINKS]


def _name(name: str) -> str:
    return text.label(name, _LONGEST)
