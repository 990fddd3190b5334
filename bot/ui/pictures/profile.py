"""A taste in one picture: radar, artists, genres, and how well known it is."""

from typing import Final

from bot.core.taste import ListenerProfile, Story
from bot.ui import periods, taste_words
from bot.ui.pictures.canvas import BODY, MARGIN, QUIET, SMALL, WIDTH, Canvas
from bot.ui.pictures.parts import ROOM, fame_scale, heading, names, only_words
from bot.ui.pictures.picture import Picture
from bot.ui.pictures.radar import LEAST_AXES, RadarAxis, draw_key, draw_radar

_LEFT: Final = 630
"""How wide the radar is."""


def draw_profile(story: Story, *, name: str) -> Picture:
    """Draw a taste; where nothing liked is known the picture says so."""
    profile = story.profile
    canvas = Canvas("Taste", name=name, note=periods.words(story.period))
    axes = _axes(profile)
    beside = len(axes) >= LEAST_AXES
    if not (beside or profile.artists or profile.genres):
        words = "Nothing that is liked is known yet."
        only_words(canvas, words, "Rate what you love: /rate track.")
        return Picture(canvas.png(), "taste.png", words, False)
    if beside:
        draw_radar(canvas, axes, x=MARGIN + 292, y=500, radius=200, room=340)
        draw_key(canvas, x=MARGIN + 112, y=806)
    _draw_lists(canvas, profile, left=MARGIN + _LEFT if beside else MARGIN)
    median = profile.obscurity.median
    if median is not None:
        canvas.text(MARGIN, 876, taste_words.obscurity(median), size=BODY, bold=True, width=ROOM)
        fame_scale(canvas, median, y=904)
    return Picture(canvas.png(), "taste.png", taste_words.profile_alt(profile))


def _draw_lists(canvas: Canvas, profile: ListenerProfile, *, left: float) -> None:
    width = WIDTH - MARGIN - left
    y = 284.0
    if profile.artists:
        heading(canvas, left, y, "Artists", width=width)
        names(canvas, profile.artists, x=left, y=y + 54, width=width, step=54, size=34)
        y += 54 * len(profile.artists) + 84
    if profile.genres:
        heading(canvas, left, y, "Genres", width=width)
        for number, one in enumerate(profile.genres[:3]):
            canvas.text(left, y + 50 + 46 * number, one.name, size=SMALL + 4, width=width)
    elif not profile.artists:
        canvas.lines(left, y, "No artist is known yet.", width=width, size=SMALL, color=QUIET)


def _axes(profile: ListenerProfile) -> list[RadarAxis]:
    return [
        RadarAxis(label, level, clear) for label, level, clear in taste_words.directions(profile)
    ]
