"""What somebody asks `/discover` for, and the same as a code short enough for a button."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from bot.core.accounts import ListeningBasis
from bot.core.models import Subject, SubjectKind
from bot.core.ranking.obscurity import DeepCuts
from bot.core.ranking.query import Filter, Mood

DEFAULT_COUNT: Final = 3
DEFAULT_OBSCURITY: Final = 60
MAX_COUNT: Final = 5

Years = tuple[int | None, int | None]
"""First and last year, both included; None is open."""

_BASES: Final = {basis.value[0]: basis for basis in ListeningBasis}
_CUTS: Final = {cuts.value[0]: cuts for cuts in DeepCuts}
_KINDS: Final = {kind.value[:2]: kind for kind in SubjectKind}
_LOOSENED: Final[Mapping[Filter, Mapping[str, Any]]] = {
    Filter.GENRE: {"genre_id": None},
    Filter.MOOD: {"mood": None},
    Filter.YEARS: {"years": None},
    Filter.INDEPENDENT: {"independent": False},
    Filter.SHOWN: {"repeats": True},
    Filter.JUST_RATED: {"repeats": True},
    Filter.HEARD: {"heard": True},
    Filter.DEEP_CUTS: {"deep_cuts": DeepCuts.ALSO},
}
"""What a wish becomes without a filter."""
_LETTERS: Final = {
    Filter.GENRE: "g",
    Filter.NOT_GENRE: "h",
    Filter.MOOD: "m",
    Filter.NOT_MOOD: "n",
    Filter.TEMPO: "t",
    Filter.SOUND: "s",
    Filter.YEARS: "y",
    Filter.INDEPENDENT: "i",
    Filter.WITHOUT: "w",
    Filter.DEEP_CUTS: "d",
}
"""What a wish in words can drop, besides what comes again."""
_FILTERS: Final = {letter: filter_ for filter_, letter in _LETTERS.items()}
_IN_WORDS: Final = "w"
"""How the code of a wish in words begins."""
_YEARS = re.compile(r"(?P<first>\d{4})?\s*(?P<to>-|–|to)?\s*(?P<last>\d{4})?")
_DECADE = re.compile(r"(?P<decade>\d{3})0s|(?P<short>\d)0s")


@dataclass(frozen=True, slots=True)
class Wish:
    """A request for discoveries."""

    count: int = DEFAULT_COUNT
    obscurity: int = DEFAULT_OBSCURITY
    genre_id: int | None = None
    mood: Mood | None = None
    like: Subject | None = None
    years: Years | None = None
    basis: ListeningBasis | None = None
    """The part of the listening that stands for the taste; None: all that is known of it."""
    repeats: bool = False
    """True: what was shown in the last weeks may come again, and who was just rated, too."""
    heard: bool = False
    """True: what the listener has played may come, too."""
    private: bool = False
    web: bool = False
    """True: on a page of their own; then it is private, too."""
    deep_cuts: DeepCuts | None = None
    """Whether little-known songs of famous artists are wanted; None: as the dial has it."""
    independent: bool = False
    """Only what a source says that its artist released."""
    asked: int | None = None
    """Under which number it is kept what was asked for in words; None: it was not in words. The
    code holds this number alone, and what has changed since."""
    dropped: tuple[Filter, ...] = ()
    """Filters of a wish in words that do not count any more."""

    @property
    def is_by_taste(self) -> bool:
        """Whether the listener's own taste is all that it can be answered by."""
        return self.like is None and self.basis is None and self.genre_id is None

    def loosened(self, dropped: Filter) -> Self | None:
        """Return the wish without one filter; None when the wish cannot drop that one."""
        without = _LOOSENED.get(dropped)
        if self.asked is not None and dropped in _LETTERS:
            return replace(self, **(without or {}), dropped=(*self.dropped, dropped))
        return None if without is None else replace(self, **without)

    def since(self, kept: Self) -> Self:
        """Return what a wish in words is now.

        Args:
            kept: what it was when it was asked; this one may know no more of that than its code.
        """
        now = replace(
            kept,
            asked=self.asked,
            dropped=self.dropped,
            private=self.private,
            web=self.web,
            like=self.like or kept.like,
            repeats=self.repeats or kept.repeats,
            heard=self.heard or kept.heard,
        )
        for one in self.dropped:
            now = replace(now, **_LOOSENED.get(one, {}))
        return now

    def to_code(self) -> str:
        """Return the wish in at most 80 characters of `0-9 a-z . -`."""
        if self.asked is not None:
            return self._reference()
        like = "" if self.like is None else f"{self.like.kind.value[:2]}{self.like.id}"
        years = "" if self.years is None else "-".join(str(year or "") for year in self.years)
        fields = (
            str(self.count),
            str(self.obscurity),
            str(self.genre_id or ""),
            self.mood or "",
            like,
            years,
            self._flags(),
            "" if self.basis is None else self.basis[0],
        )
        cuts = () if self.deep_cuts is None else (self.deep_cuts[0],)
        return ".".join((*fields, *cuts))

    def _reference(self) -> str:
        """Return the code of a wish in words."""
        like = "" if self.like is None else f"{self.like.kind.value[:2]}{self.like.id}"
        letters = "".join(_LETTERS[one] for one in self.dropped)
        return ".".join((f"{_IN_WORDS}{self.asked}", self._flags(), like, letters))

    def _flags(self) -> str:
        later = f"{self.independent:d}{self.web:d}".rstrip("0")  # which older codes lack
        return f"{self.repeats:d}{self.private:d}{self.heard:d}{later}"

    @classmethod
    def _referred(cls, code: str) -> Self:
        number, flags, like, letters = code.removeprefix(_IN_WORDS).split(".")
        return cls(
            asked=int(number),
            repeats=flags[0] == "1",
            private=flags[1] == "1",
            heard=flags[2] == "1",
            web=flags[4:5] == "1",
            like=Subject(_KINDS[like[:2]], int(like[2:])) if like else None,
            dropped=tuple(_FILTERS[letter] for letter in letters),
        )

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read a code again, also one of a former version that lacks the last fields.

        Of a wish in words it tells only where the rest is kept; see `since`.

        Raises:
            ValueError: it is not one.
        """
        if code.startswith(_IN_WORDS):
            return cls._referred(code)
        count, obscurity, genre, mood, like, years, flags, *more = code.split(".")
        first, _, last = years.partition("-")
        return cls(
            count=min(max(int(count), 1), MAX_COUNT),
            obscurity=min(max(int(obscurity), 0), 100),
            genre_id=int(genre) if genre else None,
            mood=Mood(mood) if mood else None,
            like=Subject(_KINDS[like[:2]], int(like[2:])) if like else None,
            years=(_year(first), _year(last)) if years else None,
            basis=_BASES[more[0]] if more and more[0] else None,
            repeats=flags[0] == "1",
            heard=flags[2:3] == "1",
            independent=flags[3:4] == "1",
            private=flags[1] == "1",
            web=flags[4:5] == "1",
            deep_cuts=_CUTS[more[1]] if more[1:] and more[1] else None,
        )


def parse_years(text: str) -> Years | None:
    """Read "1994", "1990-1999", "1990-", "-1980" or "90s"; None for blank text.

    Raises:
        ValueError: it is none of these, or the first year comes after the last.
    """
    text = text.strip().lower()
    if not text:
        return None
    decade = _DECADE.fullmatch(text)
    if decade is not None:
        short = decade["short"]
        start = (
            int(f"{decade['decade']}0") if short is None else _century(int(short)) + int(short) * 10
        )
        return start, start + 9
    found = _YEARS.fullmatch(text)
    if found is None or not (found["first"] or found["last"]):
        raise ValueError(text)
    first, last = _year(found["first"]), _year(found["last"])
    if not found["to"]:
        if first is not None and last is not None:
            raise ValueError(text)
        first = last = first or last
    if first is not None and last is not None and first > last:
        raise ValueError(text)
    return first, last


def _century(decade: int) -> int:
    return 2000 if decade <= 2 else 1900


def _year(text: str | None) -> int | None:
    return int(text) if text else None
