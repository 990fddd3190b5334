"""Checks what is promised of promotions, given what a published log opens to anybody.

Each promise is judged by the picks themselves: how many of an answer are promoted, how long the
answer is, and what each promoted pick says of the ones before it. How often each promotion came is
counted, not judged: who was near enough to hear it stands in no log.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot.core.record.leaf import OPEN, PROMOTION, Leaf

ONE_IN: Final = 5
"""At most one pick in so many is promoted; a server may ask for fewer."""
FEWEST_PICKS: Final = 3
"""An answer of fewer holds no promotion."""
PICK, VOTE, POSTED, REMOVED = "pick", "vote", "posted", "removed"
MODERATION, WITHDRAWN = "moderation", "withdrawn"


@dataclass(slots=True)
class Heard:
    """What a log says of one promotion."""

    number: int
    posted: str | None = None
    """The day; None: before the log began, or that leaf is closed."""
    removed: str | None = None
    guaranteed: int | None = None
    """How many blind hearings it is promised before others get more."""
    named: int = 0
    """Picks by its name."""
    blind: int = 0
    """Picks that were blind auditions."""
    votes: int = 0


@dataclass(slots=True)
class _Answer:
    picks: int = 0
    promoted: int = 0


@dataclass(slots=True)
class Fairness:
    """Counts leaf by leaf; the answer is in the properties."""

    leaves: int = 0
    closed: int = 0
    """Leaves of which only the hash is left."""
    promotions: dict[int, Heard] = field(default_factory=dict)
    unnamed: int = 0
    """Promoted picks that do not say of which promotion: too few people met it, or too lately."""
    early: int = 0
    """Promoted picks that came before their turn."""
    _answers: dict[str, _Answer] = field(default_factory=lambda: defaultdict(_Answer))
    _unposted: int = 0
    _unposted_promoted: int = 0
    _kinds: Counter[str] = field(default_factory=Counter)

    def add(self, leaf: Leaf | None) -> None:
        """Count a leaf in; None: only its hash is left.

        Raises:
            RecordError: it is opened, and says nothing that a leaf says.
        """
        self.leaves += 1
        said = {} if leaf is None else leaf.part(OPEN).content()
        if leaf is None or not said:
            self.closed += 1
            return
        kind = str(said.get("kind"))
        self._kinds[kind] += 1
        about = leaf.part(PROMOTION).content()
        number = about.get("promotion")
        heard = None
        if isinstance(number, int):
            heard = self.promotions.setdefault(number, Heard(number))
        if kind == WITHDRAWN:
            self._withdraw(said, about, heard)
        elif kind == PICK:
            self._pick(said, about, heard)
        elif heard is not None:
            _note(kind, said, about, heard)

    def _pick(self, said: Mapping[str, Any], about: Mapping[str, Any], heard: Heard | None) -> None:
        answer = self._answers[str(said.get("answer"))]
        answer.picks += 1
        if not said.get("promoted"):
            return
        answer.promoted += 1
        self.early += not _is_due(said.get("every"), said.get("before"))
        self._hear(about, heard, 1)

    def _withdraw(
        self, said: Mapping[str, Any], about: Mapping[str, Any], heard: Heard | None
    ) -> None:
        """Count picks out that could not be posted; their answer is judged all the same."""
        picks = said.get("picks")
        self._unposted += picks if isinstance(picks, int) else 0
        if said.get("promoted"):
            self._unposted_promoted += 1
            self._hear(about, heard, -1)

    def _hear(self, about: Mapping[str, Any], heard: Heard | None, count: int) -> None:
        if heard is None:
            self.unnamed += count
        elif about.get("blind"):
            heard.blind += count
        else:
            heard.named += count

    def count(self, kind: str) -> int:
        """Return how many opened leaves are of a kind."""
        return self._kinds[kind]

    @property
    def picks(self) -> int:
        """How many picks there are, without those that could not be posted."""
        return sum(one.picks for one in self._answers.values()) - self._unposted

    @property
    def promoted(self) -> int:
        """How many of them are promoted."""
        return sum(one.promoted for one in self._answers.values()) - self._unposted_promoted

    @property
    def is_share_kept(self) -> bool:
        """Whether at most one pick in five is promoted among all that are in this log."""
        return ONE_IN * self.promoted <= self.picks

    @property
    def crowded(self) -> int:
        """How many answers hold more than one promoted pick: there must be none."""
        return sum(one.promoted > 1 for one in self._answers.values())

    @property
    def too_short(self) -> int:
        """How many answers of fewer than three picks hold a promoted one: there must be none."""
        answers = self._answers.values()
        return sum(bool(one.promoted) and one.picks < FEWEST_PICKS for one in answers)

    @property
    def is_kept(self) -> bool:
        """Whether every promise that can be judged is kept."""
        return not (self.crowded or self.too_short or self.early)


def _day(told: Any) -> str | None:
    """Return a day as it is written; None when it is none."""
    try:
        return date.fromisoformat(told).isoformat()
    except (TypeError, ValueError):
        return None


def _is_due(every: Any, before: Any) -> bool:
    """Return whether so many picks before a promoted one are enough, at one in so many."""
    told = isinstance(every, int) and isinstance(before, int)
    return told and every >= ONE_IN and before >= every - 1


def _note(kind: str, said: Mapping[str, Any], about: Mapping[str, Any], heard: Heard) -> None:
    if kind == VOTE:
        heard.votes += 1
    elif kind == POSTED:
        heard.posted = _day(said.get("day"))
        guaranteed = about.get("hearings")
        heard.guaranteed = guaranteed if isinstance(guaranteed, int) else None
    elif kind == REMOVED:
        heard.removed = _day(said.get("day"))
