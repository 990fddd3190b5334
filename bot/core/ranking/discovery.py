"""What the answer to a wish is made of."""

from dataclasses import dataclass, field

from bot.core.ai import AiLabel
from bot.core.models import Cover, Feedback, ReleasedBy, SearchHit, Thumbed, Thumbs, Track
from bot.core.ranking.asked import Asked
from bot.core.ranking.filters import Removed
from bot.core.ranking.leaving_out import NOTHING_LEFT_OUT, LeftOut
from bot.core.ranking.query import Filter
from bot.core.ranking.why import Explanation
from bot.core.ranking.wish import Wish


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre with how many tracks it has."""

    id: int
    name: str
    tracks: int


@dataclass(frozen=True, slots=True)
class LikedTrack:
    """A track the listener likes, to compare a pick with."""

    hit: SearchHit
    feedback: Feedback | None = None
    """What they said about it; None when they judged its album or artist, or only play it."""
    plays: int = 0
    """How often they played it, as far as that is known."""


@dataclass(frozen=True, slots=True)
class PickCard:
    """One pick with everything its message says."""

    recommendation_id: int
    """0: it is not kept, because nobody was meant in particular."""
    track: Track
    explanation: Explanation
    closest: LikedTrack | None = None
    """The one that sounds most like the pick."""
    together: LikedTrack | None = None
    """The one it is played with most."""
    promoted: bool = False
    blind: bool = False
    """An audition: nothing in its message may tell whose it is."""
    excerpt: bytes | None = None
    """Of an audition: its sound, as Ogg, where the artist gave one."""
    thumbs: Thumbs = field(default_factory=Thumbs)
    cover: Cover | None = None
    """None: none is known (yet)."""
    ai: AiLabel | None = None
    """That AI made it, and who says so; None: nobody, or the server shows no labels."""
    independent: bool = False
    """A source says that the artist released it, and none names a label."""
    released_by: tuple[ReleasedBy, ...] = ()
    """What sources say of that, where it is told why it was picked."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """An audition that was judged: whose it is."""

    card: PickCard
    thumbed: Thumbed


@dataclass(frozen=True, slots=True)
class Loosening:
    """A wish without one of its filters."""

    filter: Filter
    tracks: int
    """How many tracks come back without it."""
    wish: Wish
    also: Filter | None = None
    """Another one that the wish is without, where one alone brings nothing back."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a wish in words, with the names that belong to it."""

    asked: Asked
    """Without what was dropped."""
    genres: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """The answer to a wish."""

    wish: Wish
    picks: tuple[PickCard, ...]
    kept_promise: int
    """Picks by artists below the ceiling of the dial, as far as anybody knows."""
    uncounted: int
    """Picks by artists whom nobody counts."""
    ceiling: float
    removed: tuple[Removed, ...]
    """What each filter removed, in order."""
    loosenings: tuple[Loosening, ...]
    """For a short list: what could be dropped, most tracks first."""
    like: SearchHit | None = None
    understood: Understood | None = None
    """None: the wish was not in words."""
    independent: int | None = None
    """How many tracks of the catalogue are known to be by independent artists, where only those
    were asked for."""
    apart: bool = False
    """Each pick in a message of its own, as the server wants it."""
    left_out: LeftOut = NOTHING_LEFT_OUT
    """What else would have been picked, had the listener not muted it."""
    left_out_by: tuple[SearchHit, ...] = ()
    """The muted artists among that."""


@dataclass(frozen=True, slots=True)
class StartOffer:
    """What a newcomer can begin with."""

    artists: tuple[SearchHit, ...]
    """A few famous ones of different kinds; empty when the catalogue is."""
    chosen: tuple[SearchHit, ...] = ()
    """The artists they have chosen already, in that order."""
    ratings: int = 0
    """How much they have said already: only what they do not like, or are neutral about."""
