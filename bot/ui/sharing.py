"""Pages to share: what is said before and after one is made, and the list of one's own."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias

import discord

from bot.core.lists import Telling
from bot.core.sharing import KeptPage, PageKind
from bot.ui import text, theme
from bot.ui.page_buttons import SHARE, CardPage, ListPage, MapPage
from bot.ui.stored import Page, Stored, page_turner, view
from bot.ui.stories import STORY, WebPage

MAKE: Final = "Make the page"
NOT_YOURS: Final = "These are somebody else's pages. See yours with `/privacy pages`."
OFF: Final = (
    "This bot shares no pages: whoever runs it has not set up a web address for them "
    "(`HTTP_PUBLIC_URL`)."
)
NONE_STAND: Final = (
    f"No page of yours stands. *{SHARE}* makes one: it is under `/playlist`, `/path`, `/artist "
    "playlist`, `/artist card`, `/year`, `/timeline`, `/profile` and `/map`."
)
Pressed: TypeAlias = ListPage | CardPage | WebPage | MapPage
"""What shares something as a page."""
SHOWN: Final = 10
"""So many pages stand in one message."""

_KINDS: Final = {
    PageKind.LIST: "a list",
    PageKind.ARTIST: "an artist's card",
    PageKind.YEAR: "pictures of your taste",
    PageKind.MAP: "a map of your taste",
}
_LISTS: Final = {
    Telling.SOUND: "the tracks of this list in their order, with covers, how each of them sounds "
    "and how well known its artist is, links to players, and the list as files. **That tells of "
    "your taste**, but not how you rated anything, or when",
    Telling.COMPANY: "the tracks of this list in their order, with covers, which of them are "
    "yours, what the others share with these, links to players, and the list as files. **Your "
    "artist's name stands in it**",
    Telling.STEPS: "the tracks of this path in their order, with covers, what stays and what "
    "changes with each step, links to players, and the list as files. Where it ends, it **may tell "
    "what you like**",
}
_CARD: Final = (
    "the name, its links, how it sounds, how well known it is, and its best-known tracks with "
    "links to players. This server is not named, and how promotions were heard is not told"
)
_STORY: Final = (
    "all pictures of this story that tell something, and what is in them in words: **artists and "
    "tracks you love, whom you met when, and how your taste changed**. Some of it may come from "
    "what you play"
)
_PICTURE: Final = (
    "this picture, and what is in it in words. **That tells what you like**, and some of it may "
    "come from what you play"
)
_MAP: Final = (
    "the map with the parts of your taste, **their names (yours, where you gave any) and their "
    "artists**. Parts that are off, your single tracks, your picks and your friends are not on it"
)
_BEFORE: Final = (
    "**A page on the web?** Whoever has its address, with or without Discord, will see {what}."
    "{name}\n\nIt is made as things are now and does not change. It ends {when}, or when you end "
    "it with `/privacy pages`. What somebody has copied by then stays with them."
)
_NO_NAME: Final = " Your name stands nowhere on it."
_MADE: Final = (
    "Your page is made: {url}\n\nGive the address to whom you like: only it leads there, and they "
    "can pass it on. **Keep it:** I do not, so I cannot tell it again. The page ends {when}, or "
    "when you end it with `/privacy pages`."
)
_END_ONE: Final = "End a page …"


class EndPage(Stored, id="pages:end:{user_id}:{page}"):
    """Ends the page that is chosen from the menu."""

    user_id: int
    page: Page


class EndAll(Stored, id="pages:all:{user_id}"):
    """Ends every page of somebody."""

    user_id: int


class TurnPages(Stored, id="pages:list:{user_id}:{page}:{label}"):
    """Turns to other pages of somebody's own."""

    user_id: int
    page: Page
    label: str


def question(pressed: Pressed, ends_at: datetime) -> str:
    """Say what will be seen by whom, and until when, before a page is made."""
    match pressed:
        case ListPage():
            what = _LISTS[pressed.telling]
        case CardPage():
            what = _CARD
        case WebPage():
            what = _STORY if pressed.page in STORY else _PICTURE
        case MapPage():
            what = _MAP
    of_artist = isinstance(pressed, CardPage)
    name = "" if of_artist else _NO_NAME
    return _BEFORE.format(what=what, name=name, when=text.when(ends_at))


def answer(make: Stored) -> discord.ui.View:
    """Return the answer to `question`; who does not want the page leaves it."""
    return view(make.button(MAKE, style=discord.ButtonStyle.primary))


def made(url: str, ends_at: datetime) -> str:
    """Say where a page is."""
    return _MADE.format(url=f"<{url}>", when=text.when(ends_at))


def ended(count: int) -> str:
    """Confirm that pages were ended."""
    gone = "Its address leads" if count == 1 else "Their addresses lead"
    return f"Ended {text.count(count, 'page')}. {gone} nowhere from now on."


def show(kept: Sequence[KeptPage], page: int, *, picks: int = 0, note: str = "") -> discord.Embed:
    """Show some of somebody's own pages, the newest first.

    Args:
        picks: how many pages of picks a browser can open, or has open.
    """
    page, pages = _page_of(kept, page)
    lines = [note, ""] if note else []
    if not kept:
        lines.append(NONE_STAND)
    lines += [
        f"**{text.plain(one.page.title, 80)}** · {_KINDS[one.page.kind]} · made "
        f"{text.when(one.made_at)} · ends {text.when(one.ends_at)}"
        for one in kept[page * SHOWN : (page + 1) * SHOWN]
    ]
    if picks:
        lines.append(
            f"{text.count(picks, 'page')} of picks for your browser alone (`/discover web`)"
        )
    color = theme.ACCENT if kept or picks else theme.QUIET
    embed = discord.Embed(title="Your pages", description="\n".join(lines), color=color)
    if kept:
        more = f" Page {page + 1} of {pages}." if pages > 1 else ""
        embed.set_footer(text=f"Their addresses are kept nowhere, so they cannot be shown.{more}")
    return embed


def under_show(
    user_id: int, kept: Sequence[KeptPage], page: int, *, picks: int = 0
) -> discord.ui.View:
    """Return the menu that ends one, the buttons to others, and the one that ends all."""
    count = len(kept) + picks
    everything = EndAll(user_id).button(f"End all ({count})", style=discord.ButtonStyle.danger)
    if not kept:
        return view(everything) if picks else view()
    page, pages = _page_of(kept, page)
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=EndPage(user_id, page).custom_id, placeholder=_END_ONE
    )
    for one in kept[page * SHOWN : (page + 1) * SHOWN]:
        menu.add_option(
            label=text.label(one.page.title),
            value=str(one.id),
            description=f"{text.capital(_KINDS[one.page.kind])}, made {one.made_at:%Y-%m-%d %H:%M}",
        )
    turner = page_turner(partial(TurnPages, user_id), page=page, pages=pages)
    return view(menu, *turner.children, everything)


def _page_of(kept: Sequence[KeptPage], page: int) -> tuple[int, int]:
    pages = max(1, -(-len(kept) // SHOWN))
    return min(page, pages - 1), pages
