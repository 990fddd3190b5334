"""What somebody else played: left out of a listener's history, and let count again."""

from typing import Final

import discord

from bot.core.taste import SERVICES, Away, LeftAway
from bot.ui import text
from bot.ui.stored import Stored, view

COUNT_AGAIN: Final = "Let it count again"


class CountAgain(Stored, id="mute:count:{user_id}:{number}"):
    """Lets plays count again."""

    user_id: int
    number: int


def left_away(done: LeftAway) -> str:
    """Confirm that plays count for nothing."""
    plays = text.count(done.plays, "play")
    held = f"{plays} in all" if done.plays else "no play so far"
    lines = [
        f"Left out: {away_words(done.away)} ({held}).",
        "It counts for nothing any more: not for your taste and profile, not for `/year` and "
        "`/timeline`, and not as heard. Nothing is deleted.",
    ]
    if not done.away.is_whole:
        lines.append("Saved tracks and playlists have no time, so they count as before.")
    if done.others:
        names = text.listing([SERVICES.get(one, one) for one in done.others])
        lines.append(
            f"The same plays may stand at {names}, too: without `account`, the days are left out "
            "everywhere."
        )
    lines.append("`/mute show` takes it back.")
    return " ".join(lines)


def under_away(user_id: int, done: LeftAway) -> discord.ui.View:
    """Return the button that lets plays count again."""
    return view(CountAgain(user_id, done.id).button(COUNT_AGAIN))


def counts_again(done: LeftAway) -> str:
    """Confirm that plays count again."""
    return f"It counts again: {away_words(done.away)} ({text.count(done.plays, 'play')})."


def away_words(away: Away) -> str:
    """Name what was left out."""
    first, last = away.first, away.last
    where = "" if away.service is None else f" of {SERVICES.get(away.service, away.service)}"
    if first is None and last is None:
        return f"all{where}"
    if first is not None and first == last:
        return f"{first:%Y-%m-%d}{where}"
    begin = "the beginning" if first is None else f"{first:%Y-%m-%d}"
    end = "now on" if last is None else f"{last:%Y-%m-%d}"
    if last is None:
        return f"everything{where} from {begin} on"
    return f"{begin} to {end}{where}"
