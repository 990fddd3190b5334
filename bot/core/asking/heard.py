"""What was understood of a wish in words, before anybody is looked up."""

from dataclasses import dataclass, field

from bot.core.asking.genres import Genre
from bot.core.asking.words import FILLERS
from bot.core.ranking import Bound, DeepCuts, Mood, Years


@dataclass(slots=True)
class Heard:
    """The dials that a wish in words turns; what is empty was not spoken of."""

    count: int | None = None
    """As it was said, from 1 on: it may be more than an answer holds."""
    obscurity: int | None = None
    deep_cuts: DeepCuts | None = None
    independent: bool = False
    genres: list[Genre] = field(default_factory=list)
    not_genres: list[Genre] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)
    not_moods: list[Mood] = field(default_factory=list)
    tempo: tuple[float | None, float | None] | None = None
    years: Years | None = None
    bounds: list[Bound] = field(default_factory=list)
    """Of all features but the tempo."""
    likes: list[str] = field(default_factory=list)
    """Whom it is to be like, as it was typed."""
    without: list[str] = field(default_factory=list)
    """Known artists who are not wanted, as they were typed."""
    unsure: list[str] = field(default_factory=list)
    """What is not wanted, but nobody here has that name."""
    words: list[str] = field(default_factory=list)
    """Words that turn no dial, folded, each once."""
    strange: list[Genre] = field(default_factory=list)
    """Genres that the catalogue has not, wanted or not."""
    ignored: list[str] = field(default_factory=list)
    """What was understood, but no dial turns it."""
    clashes: list[tuple[str, str]] = field(default_factory=list)
    """What cannot hold together, in words as they were typed."""

    @property
    def all_words(self) -> list[str]:
        """Words to look for in titles and genres: those of genres the catalogue has not, too."""
        strange = (
            word
            for one in self.strange
            for word in one.name.split()
            if one.wider is None or word not in one.wider.name.split()
        )
        return list(dict.fromkeys([*self.words, *(w for w in strange if w not in FILLERS)]))

    @property
    def turns_something(self) -> bool:
        """Whether any dial was understood."""
        return any(
            (
                self.count,
                self.obscurity is not None,
                self.deep_cuts,
                self.independent,
                self.genres,
                self.not_genres,
                self.moods,
                self.not_moods,
                self.tempo,
                self.years,
                self.bounds,
                self.likes,
                self.without,
            )
        )
