"""What a wish in words asks for besides the options of `/discover`."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from bot.core.ranking.query import Bound, Filter, Mood

MOST: Final = 8
"""So many genres, artists and words of a kind are kept of one wish; the first ones count."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for in words, beside the `Wish` that holds the rest."""

    genres: tuple[int, ...] = ()
    """Ids of all genres, of which a track must have one."""
    not_genres: tuple[int, ...] = ()
    moods: tuple[Mood, ...] = ()
    """All of them must hold."""
    not_moods: tuple[Mood, ...] = ()
    bounds: tuple[Bound, ...] = ()
    """Between which values features stand, the tempo among them."""
    without: tuple[int, ...] = ()
    """Ids of artists to leave out."""
    words: tuple[str, ...] = ()
    """What lifts a track whose title or genres hold it."""

    def dropping(self, filters: Collection[Filter]) -> Self:
        """Return what is left without some filters."""
        found = self
        for one in filters:
            found = replace(found, **_DROPPED.get(one, _nothing)(found))
        return found

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            bounds=tuple(Bound(**one) for one in fields.pop("bounds")),
            moods=tuple(map(Mood, fields.pop("moods"))),
            not_moods=tuple(map(Mood, fields.pop("not_moods"))),
            **{name: tuple(one) for name, one in fields.items()},
        )


NOTHING_ASKED: Final = Asked()


def _nothing(_: Asked) -> dict[str, Any]:
    return {}


_DROPPED: Final[Mapping[Filter, Any]] = {
    Filter.GENRE: lambda _: {"genres": ()},
    Filter.NOT_GENRE: lambda _: {"not_genres": ()},
    Filter.MOOD: lambda _: {"moods": ()},
    Filter.NOT_MOOD: lambda _: {"not_moods": ()},
    Filter.TEMPO: lambda one: {"bounds": tuple(b for b in one.bounds if b.feature != "tempo")},
    Filter.SOUND: lambda one: {"bounds": tuple(b for b in one.bounds if b.feature == "tempo")},
    Filter.WITHOUT: lambda _: {"without": ()},
}
"""What becomes of it without a filter."""
