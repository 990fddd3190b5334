"""The first page of a story: what was loved."""

from bot.core.taste import Story
from bot.ui import periods, taste_words
from bot.ui.pictures.canvas import HUGE, MARGIN, QUIET, SMALL, VIOLET, Canvas
from bot.ui.pictures.parts import ROOM, heading, names, only_words
from bot.ui.pictures.picture import Picture


def draw_loved(story: Story, *, name: str) -> Picture:
    """Draw the favorite artists and tracks of a period."""
    canvas = Canvas("Loved", name=name, note=periods.words(story.period), accent=VIOLET)
    profile = story.profile
    if not (profile.artists or profile.tracks):
        only_words(
            canvas, "Nothing liked is known of this time.",
            "Rate what you love with /rate, or bring your listening with /link or /import.",
        )  # fmt: skip
        return Picture(canvas.png(), "loved.png", "Nothing liked is known of this time.", False)
    if profile.artists:
        first = profile.artists[0]
        heading(canvas, MARGIN, 286, "More than anybody", width=ROOM)
        canvas.text(MARGIN, 396, first.name, size=HUGE * 0.72, bold=True, width=ROOM, least=48)
    half = (ROOM - 48) / 2
    top = 500
    if profile.artists[1:]:
        heading(canvas, MARGIN, top, "Artists", width=half)
        names(canvas, profile.artists[1:], x=MARGIN, y=top + 64, width=half, step=92, first=2)
    if profile.tracks:
        left = MARGIN + half + 48 if profile.artists[1:] else MARGIN
        width = half if profile.artists[1:] else ROOM
        heading(canvas, left, top, "Tracks", width=width)
        names(canvas, profile.tracks, x=left, y=top + 64, width=width, step=92)
    if profile.genres:
        genres = " · ".join(one.name for one in profile.genres[:3])
        y = 984 if not profile.artists[1:] else 950
        if len(profile.tracks) < 5 or not profile.artists[1:]:
            canvas.text(MARGIN, y, genres, size=SMALL, color=QUIET, width=ROOM)
    return Picture(canvas.png(), "loved.png", _alt(story))


def _alt(story: Story) -> str:
    profile, parts = story.profile, [f"Loved, {periods.words(story.period)}."]
    if profile.artists:
        parts.append(f"Artists: {taste_words.listing(profile.artists)}.")
    if profile.tracks:
        parts.append(f"Tracks: {taste_words.listing(profile.tracks)}.")
    return " ".join(parts)
