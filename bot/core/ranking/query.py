"""What is wanted of a list, in the terms of the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.obscurity import UPPER_HALF, DeepCuts
from bot.core.taste import NOTHING_UNWANTED, Unwanted


class Mood(StrEnum):
    """A mood that can be asked for."""

    CALM = "calm"
    ENERGETIC = "energetic"
    HAPPY = "happy"
    SAD = "sad"
    DANCEABLE = "danceable"
    ACOUSTIC = "acoustic"
    INSTRUMENTAL = "instrumental"


_AT_LEAST: Final = 1.0
_AT_MOST: Final = -1.0
MOODS: Final = {
    Mood.CALM: (("energy", _AT_MOST, -0.5), ("loudness", _AT_MOST, 0.0)),
    Mood.ENERGETIC: (("energy", _AT_LEAST, 0.5),),
    Mood.HAPPY: (("valence", _AT_LEAST, 0.5), ("energy", _AT_LEAST, -0.5)),
    Mood.SAD: (("valence", _AT_MOST, -0.5), ("energy", _AT_MOST, 0.25)),
    Mood.DANCEABLE: (("danceability", _AT_LEAST, 0.5),),
    Mood.ACOUSTIC: (("acousticness", _AT_LEAST, 0.5),),
    Mood.INSTRUMENTAL: (("instrumentalness", _AT_LEAST, 0.8),),
}
"""Per mood what must hold, on the Gaussian scale of the catalogue: 0.5 is its best 31 %, -0.5 its
lowest 31 %, 0.8 its best 21 %. A track fails when the first feature is unknown; what is unknown of
the others stands in the middle and passes."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Between which values a feature is to stand, both included; None is open."""

    feature: str
    """One of `MEASURES` that has a height, in the units of `core.models.AudioFeatures`."""
    lowest: float | None
    highest: float | None


class Filter(StrEnum):
    """Why a track is not among the candidates, in the order in which filters are counted."""

    UNMEASURED = "unmeasured"
    """No audio feature of it is known."""
    RATED = "rated"
    """The listener has rated it or another version of the same song."""
    HEARD = "heard"
    """The listener has played it or another version of the same song."""
    SHOWN = "shown"
    """The same for what was shown to them lately."""
    RESTING = "resting"
    """It was shown to many listeners lately, and rests."""
    JUST_RATED = "just_rated"
    """The listener has just said something of its artist, and does not get them straight back."""
    MUTED = "muted"
    """The listener does not want to be shown its artist."""
    VERSION = "version"
    """The listener does not want to be shown this version of the song."""
    LIVE = "live"
    """The listener wants nothing of this sort; the same of the next four."""
    INSTRUMENTAL = "instrumental"
    EXPLICIT = "explicit"
    AI = "ai"
    PARTLY_AI = "partly_ai"
    SERVER_AI = "server_ai"
    """AI made it, and the server leaves such music out."""
    GENRE = "genre"
    NOT_GENRE = "not_genre"
    """It has a genre that is not wanted."""
    MOOD = "mood"
    NOT_MOOD = "not_mood"
    """It has a mood that is not wanted."""
    TEMPO = "tempo"
    """It is slower or faster than asked for."""
    SOUND = "sound"
    """Another feature lies out of its bounds."""
    YEARS = "years"
    INDEPENDENT = "independent"
    """No source says that its artist released it, or one names a label."""
    WITHOUT = "without"
    """It is by an artist who is not wanted this time."""
    NEW_ARTISTS = "new_artists"
    """The listener already knows its artist."""
    DEEP_CUTS = "deep_cuts"
    """It is no little-known song of a famous artist."""
    FAME = "fame"
    """Its artist is less or better known than asked for."""
    EXCLUDED = "excluded"
    """The caller does not want these rows."""
    SAME_SONG = "same_song"
    """Another version of a song that was picked."""
    PER_ARTIST = "per_artist"
    """Its artist already has as many picks as allowed."""


WISHED: Final = frozenset(
    {
        Filter.GENRE,
        Filter.NOT_GENRE,
        Filter.MOOD,
        Filter.NOT_MOOD,
        Filter.TEMPO,
        Filter.SOUND,
        Filter.YEARS,
        Filter.INDEPENDENT,
        Filter.WITHOUT,
        Filter.DEEP_CUTS,
        Filter.SHOWN,
        Filter.HEARD,
    }
)
"""Those that whoever asks may loosen."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted. Rows are rows of the catalogue."""

    count: int = 5
    obscurity: int = 0
    """0 (fame does not matter) … 100; see `scoring.ceiling`."""
    deep_cuts: DeepCuts | None = None
    """None: not in the upper half of the dial, which is about artists that few know."""
    genres: Collection[int] = ()
    """Database ids, one of which the track must have; empty: any."""
    not_genres: Collection[int] = ()
    """Database ids, none of which the track may have."""
    mood: Mood | None = None
    moods: Collection[Mood] = ()
    """Further ones; all of them must hold."""
    not_moods: Collection[Mood] = ()
    bounds: Collection[Bound] = ()
    without: Collection[int] = ()
    """Artists to leave out, by their database ids."""
    years: tuple[int | None, int | None] | None = None
    """First and last release year, both included; None is open."""
    independent: bool = False
    """Only what a source says that its artist released."""
    rated: Collection[int] = ()
    heard: Collection[int] = ()
    shown: Collection[int] = ()
    resting: Collection[int] = ()
    just_rated: Collection[int] = ()
    """All that is by artists of whom the listener has just said something."""
    unwanted: Unwanted = NOTHING_UNWANTED
    """What the listener does not want to be shown; another version of a song may be."""
    barred: Collection[int] = ()
    """What the server where they ask leaves out."""
    excluded: Collection[int] = ()
    only: Collection[int] = ()
    """When there are any: nothing else is a candidate."""
    new_artists: bool = False
    """Only artists with no rated, liked or disliked track."""
    artist_fame: tuple[float, float] | None = None
    """Percentiles of fame between which the artist stands, the first one excluded; whom nobody
    counts does not."""
    per_artist: int | None = 1
    """How many picks an artist may have; None: any number."""
    affinity: float = 0.05
    """What a fully loved artist adds to the score (a fully hated one takes away); 0 … 1."""
    relevance_weight: float = 1.0
    """1: the best first. Below, tracks unlike those before go first; see `reranking.mmr_order`."""
    lift: Lift = NO_LIFT
    """What some tracks earn for holding words that were asked for."""

    @property
    def admitted_cuts(self) -> DeepCuts:
        """What holds of deep cuts where nothing is said of them, too."""
        if self.deep_cuts is not None:
            return self.deep_cuts
        return DeepCuts.NO if self.obscurity > UPPER_HALF else DeepCuts.ALSO
