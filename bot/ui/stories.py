"""A listener's story: pages that one turns, and each of which may be shared."""

from typing import Final, Literal, get_args

import discord

from bot.core.taste import Period, Story
from bot.ui import page_buttons, periods, text, theme
from bot.ui.pictures.picture import Picture
from bot.ui.stored import Stored, view

StoryPage = Literal["loved", "met", "radar", "months", "sides", "early"]
Shown = Literal["profile", "timeline", "loved", "met", "radar", "months", "sides", "early"]

PAGES: Final[tuple[Shown, ...]] = get_args(Shown)
STORY: Final[tuple[StoryPage, ...]] = get_args(StoryPage)
NOT_YOURS: Final = "This is somebody else's story. `/year` tells yours."
NOTHING_YET: Final = (
    "Nothing that you played or rated is known of this time. `/link` or `/import` brings what you "
    "play, `/rate` says what you love; `period:all` looks at everything."
)

_TITLES: Final[dict[StoryPage, str]] = {
    "loved": "What you loved",
    "met": "Who was new",
    "radar": "How far off the radar",
    "months": "Your months",
    "sides": "The sides of your taste",
    "early": "You were early",
}


class Turn(Stored, id="story:{user_id}:{page}:{period}:{way}"):
    """Turns to another page."""

    user_id: int
    page: StoryPage
    period: Period
    way: Literal["back", "on"]
    """Keeps two buttons apart that lead to the same page."""


class Share(Stored, id="story-share:{user_id}:{page}:{period}"):
    """Posts a picture for everybody in the channel."""

    user_id: int
    page: Shown
    period: Period


class WebPage(Stored, id="page:story:{step}:{user_id}:{page}:{period}"):
    """Shares a story, or a picture that stands alone, as a page."""

    step: page_buttons.Step
    user_id: int
    page: Shown
    period: Period


def draw(page: Shown, story: Story, *, name: str) -> Picture:
    """Draw a page. It takes some tenths of a second: call it in a thread."""
    # matplotlib takes a second: not while the bot starts
    from bot.ui.pictures.pages import DRAWN  # noqa: PLC0415

    return DRAWN[page](story, name=name)


def story_words(page: StoryPage, period: Period) -> discord.Embed:
    """Return what stands above a page of a story."""
    place = STORY.index(page) + 1
    embed = discord.Embed(title=f"{_TITLES[page]}, {periods.words(period)}", color=theme.ACCENT)
    return embed.set_footer(text=f"{place} of {len(STORY)}. Only you see this, until you share it.")


def story_buttons(
    user_id: int, page: StoryPage, period: Period, picture: Picture, *, pages: bool
) -> discord.ui.View:
    """Return the buttons under a page: to both neighbors, and *Share* where there is something.

    Args:
        user_id: whose story it is.
        page: the one that is shown.
        period: of the story.
        picture: of the page.
        pages: the story can be shared as a page on the web.
    """
    place = STORY.index(page)
    back = Turn(user_id, STORY[max(place - 1, 0)], period, "back")
    on = Turn(user_id, STORY[min(place + 1, len(STORY) - 1)], period, "on")
    return view(
        back.button("Back", emoji="◀️", disabled=place == 0),
        on.button(
            "Next", emoji="▶️", style=discord.ButtonStyle.primary,
            disabled=place == len(STORY) - 1,
        ),
        *_share(user_id, page, period, picture, pages=pages),
    )  # fmt: skip


def share_button(
    user_id: int, page: Shown, period: Period, picture: Picture, *, pages: bool
) -> discord.ui.View:
    """Return *Share* alone, for a picture that is no page of a story; `pages`: also as a page."""
    return view(*_share(user_id, page, period, picture, pages=pages))


def shared(listener: str) -> str:
    """Return the line above a shared picture."""
    return f"Shared by {text.plain(listener, 100)}"


def _share(
    user_id: int, page: Shown, period: Period, picture: Picture, *, pages: bool
) -> list[discord.ui.Button[discord.ui.View]]:
    if not picture.tells:
        return []
    shown = [Share(user_id, page, period).button("Share", emoji="📣")]
    if pages:
        shown.append(page_buttons.button(WebPage("ask", user_id, page, period)))
    return shown
