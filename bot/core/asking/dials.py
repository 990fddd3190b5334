"""The dials that a wish turns, while it is read, and what becomes of them in the end."""

from typing import TypeVar

from bot.core.asking import words
from bot.core.asking.genres import Genre
from bot.core.asking.grammar import (
    FAMOUS,
    FAST,
    LITTLE_KNOWN,
    MOST_UNKNOWN,
    NOT_TOO_UNKNOWN,
    SLOW,
    UNKNOWN,
    VERY_FAST,
    VERY_SLOW,
    Kind,
    Meaning,
)
from bot.core.asking.heard import Heard
from bot.core.asking.numbers import Found, Tempo
from bot.core.asking.settling import Spoken, settle
from bot.core.ranking import Bound, DeepCuts, Mood

T = TypeVar("T")


class Dials:
    """Collects what phrases and numbers mean; `settled` brings it together."""

    def __init__(self, this_year: int) -> None:
        self.heard = Heard()
        self._this_year = this_year
        self._spoken = Spoken()

    def settled(self, keys: list[str]) -> Heard:
        """Return all that was understood.

        Args:
            keys: of all tokens of the wish.
        """
        settle(self.heard, self._spoken, keys)
        return self.heard

    def number(self, found: Found, said: str, place: int, *, denied: bool) -> None:
        """Take a number."""
        if found.obscurity is not None:
            self._spoken.fames.append((found.obscurity, place))
        elif found.bound is not None:
            _add(self.heard.bounds, opposite(found.bound) if denied else found.bound)
        elif found.tempo is not None:
            tempo = found.denied_tempo if denied and found.denied_tempo else found.tempo
            self._spoken.tempos.append((tempo, True, said))
        elif found.years is not None:
            if denied and found.denied is None:
                self.heard.ignored.append(said)
            elif denied:
                self._spoken.years.append(Found(0, years=found.denied, is_bound=True))
            else:
                self._spoken.years.append(found)

    def turn(self, meaning: Meaning, said: str, place: int, *, denied: bool, very: bool) -> None:
        """Take a phrase.

        Args:
            meaning: of it.
            said: as it was typed.
            place: of its first token.
            denied: it is not wanted.
            very: it is wanted more than a little.
        """
        heard, value = self.heard, meaning.value
        match meaning.kind:
            case Kind.GENRE:
                self._genre(value, said, denied=denied)
            case Kind.MOOD:
                _add(heard.not_moods if denied else heard.moods, value)
            case Kind.VOCALS:
                _add(heard.moods if denied else heard.not_moods, Mood.INSTRUMENTAL)
            case Kind.TEMPO:
                self._spoken.tempos.append((_tempo(value, denied=denied, very=very), False, said))
            case Kind.BOUND:
                _add(heard.bounds, opposite(value) if denied else value)
            case Kind.STUDIO:
                live = next(one for one in words.SOUNDS if one.feature == "liveness")
                _add(heard.bounds, live if denied else opposite(live))
            case Kind.FAME:
                self._spoken.fames.append((_fame(value, denied=denied, very=very), place))
            case Kind.INDEPENDENT if denied:
                heard.ignored.append(f"not {said}")
            case Kind.INDEPENDENT:
                heard.independent = True
            case Kind.RECENT | Kind.OLDIES:
                self._age(said, is_recent=meaning.kind is Kind.RECENT, denied=denied)

    def cuts(self, *, denied: bool, also: bool) -> None:
        """Take deep cuts."""
        self.heard.deep_cuts = DeepCuts.NO if denied else DeepCuts.ALSO if also else DeepCuts.ONLY

    def _genre(self, genre: Genre, said: str, *, denied: bool) -> None:
        if genre.ids:
            _add(self.heard.not_genres if denied else self.heard.genres, genre)
            return
        _add(self.heard.strange, genre)
        if genre.wider is not None and not denied:  # less than that is not wanted by who says "no"
            _add(self.heard.genres, genre.wider)

    def _age(self, said: str, *, is_recent: bool, denied: bool) -> None:
        if denied:
            self.heard.ignored.append(said)
            return
        first = self._this_year - words.RECENT_YEARS
        years = (first, None) if is_recent else (None, words.OLDIES_UNTIL)
        self._spoken.years.append(Found(0, years=years, is_bound=True))


def opposite(bound: Bound) -> Bound:
    """Return what holds where a bound on one side does not."""
    return Bound(bound.feature, bound.highest, bound.lowest)


def _tempo(value: Tempo, *, denied: bool, very: bool) -> Tempo:
    slowest, fastest = value
    if denied:
        is_between = slowest is not None and fastest is not None
        return (None, None) if is_between else (fastest, slowest)
    return {FAST: VERY_FAST, SLOW: VERY_SLOW}.get(value, value) if very else value


def _fame(value: int, *, denied: bool, very: bool) -> int:
    if denied:
        return LITTLE_KNOWN if value == FAMOUS else NOT_TOO_UNKNOWN
    return MOST_UNKNOWN if very and value == UNKNOWN else value


def _add(some: list[T], one: T) -> None:
    if one not in some:
        some.append(one)
