"""Every picture of a story by its page."""

from typing import Final, Protocol

from bot.core.taste import Story
from bot.ui.pictures.early import draw_early
from bot.ui.pictures.loved import draw_loved
from bot.ui.pictures.met import draw_met
from bot.ui.pictures.months import draw_months
from bot.ui.pictures.off_radar import draw_off_radar
from bot.ui.pictures.picture import Picture
from bot.ui.pictures.profile import draw_profile
from bot.ui.pictures.sounds import draw_sounds
from bot.ui.pictures.timeline import draw_timeline


class Draws(Protocol):
    """Draws a story."""

    def __call__(self, story: Story, *, name: str) -> Picture:
        """Return the picture of a listener of this name."""
        ...


DRAWN: Final[dict[str, Draws]] = {
    "profile": draw_profile,
    "timeline": draw_timeline,
    "loved": draw_loved,
    "met": draw_met,
    "radar": draw_off_radar,
    "months": draw_months,
    "sides": draw_sounds,
    "early": draw_early,
}
