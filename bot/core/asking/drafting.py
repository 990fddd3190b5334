"""From what was understood to the dials of a wish, as far as nobody has to be looked up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.core.asking.genres import Genre
from bot.core.asking.heard import Heard
from bot.core.asking.in_words import Unsure
from bot.core.ranking import MAX_COUNT, MOST_ASKED, Asked, Bound, Mood, Wish
from bot.core.taste import BOUNDS

_THERE: Final = {Mood.INSTRUMENTAL: "instrumentalness", Mood.ACOUSTIC: "acousticness"}
"""Moods that are there or not; the others are found by comparing with the catalogue."""


@dataclass(slots=True)
class Draft:
    """A wish while it is put together."""

    wish: Wish
    said: Collection[str]
    """The options that were given."""
    asked: Asked = field(default_factory=Asked)
    ignored: list[str] = field(default_factory=list)
    overruled: list[str] = field(default_factory=list)
    unsure: Unsure | None = None

    def turn(self, option: str, **dials: Any) -> None:
        """Turn dials of an option, unless it was given: then it counts more."""
        if option not in self.said:
            self.wish = replace(self.wish, **dials)
        elif any(getattr(self.wish, name) != value for name, value in dials.items()):
            self.overruled.append(option)


def drafted(heard: Heard, given: Wish, said: Collection[str]) -> Draft:
    """Turn the dials that need nobody looked up."""
    draft = Draft(given, said)
    if heard.count:
        draft.turn("count", count=min(heard.count, MAX_COUNT))
    if heard.obscurity is not None:
        draft.turn("obscurity", obscurity=heard.obscurity)
    if heard.years is not None:
        draft.turn("years", years=heard.years)
    if heard.deep_cuts is not None:
        draft.turn("deep_cuts", deep_cuts=heard.deep_cuts)
    if heard.independent:
        draft.turn("independent", independent=True)
    genres = _ids(heard.genres)
    if genres:
        draft.turn("genre", genre_id=genres[0])
    moods, not_moods = tuple(heard.moods), tuple(heard.not_moods)
    if "mood" in said:
        if set(moods) - {given.mood} or given.mood in not_moods:
            draft.overruled.append("mood")
        moods, not_moods = (), tuple(one for one in not_moods if one is not given.mood)
    bounds = (*_there_or_not(moods, not_moods), *heard.bounds)
    if heard.tempo is not None:
        bounds = (Bound("tempo", *heard.tempo), *bounds)
    draft.asked = Asked(
        genres=() if "genre" in said else genres,
        not_genres=tuple(one for one in _ids(heard.not_genres) if one != given.genre_id),
        moods=tuple(one for one in moods if one not in _THERE),
        not_moods=tuple(one for one in not_moods if one not in _THERE),
        bounds=bounds[:MOST_ASKED],
    )
    draft.ignored += heard.ignored
    return draft


def _there_or_not(moods: Sequence[Mood], not_moods: Sequence[Mood]) -> list[Bound]:
    """Return bounds for moods that hold or not, whatever the rest of the catalogue is like.

    Nothing is sung that is instrumental, even where nearly everything is.
    """
    there = [Bound(one, BOUNDS[one].high, None) for mood in moods if (one := _THERE.get(mood))]
    absent = [Bound(one, None, BOUNDS[one].high) for mood in not_moods if (one := _THERE.get(mood))]
    return [*there, *absent]


def _ids(genres: Sequence[Genre]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for one in genres[:MOST_ASKED] for number in one.ids))


def too_many(heard: Heard, said: Collection[str]) -> int | None:
    """Return how many were asked for, where that is more than there can be."""
    is_too_many = heard.count is not None and heard.count > MAX_COUNT and "count" not in said
    return heard.count if is_too_many else None
