"""The words of the domain, as frozen values that cross the layers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.core.accounts import LinkedAccount

AUDIO_FEATURES: Final = (
    "danceability",
    "energy",
    "valence",
    "acousticness",
    "instrumentalness",
    "liveness",
    "speechiness",
    "loudness",
    "tempo",
    "key",
    "mode",
    "time_signature",
)


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """What is measured of a recording, in the units of the tables; None is unknown.

    The first seven are shares 0 … 1; loudness is in dB (about -60 … 0), tempo in beats per
    minute (> 0), key a pitch class (0 is C … 11 is B), mode 1 for major and 0 for minor.
    """

    danceability: float | None = None
    energy: float | None = None
    valence: float | None = None
    acousticness: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    speechiness: float | None = None
    loudness: float | None = None
    tempo: float | None = None
    key: int | None = None
    mode: int | None = None
    time_signature: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom to thank for a freely licensed track."""

    license: str
    source_package: str | None
    homepage: str | None


@dataclass(frozen=True, slots=True)
class ReleasedBy:
    """What a source says of who released a track."""

    source: str
    independent: bool
    """The artist did; else a label."""
    label: str | None = None
    """Its name, where the source tells it."""


@dataclass(frozen=True, slots=True)
class ExternalId:
    """The name of a track in another system: ("spotify", "6f807x0ima9a1j3VPbc7VN")."""

    namespace: str
    value: str


@dataclass(frozen=True, slots=True)
class Track:
    """One recording of the catalogue."""

    id: int
    title: str
    artist: str
    artist_id: int
    artist_credit: str | None = None
    album: str | None = None
    album_id: int | None = None
    year: int | None = None
    duration_ms: int | None = None
    explicit: bool | None = None
    genres: tuple[str, ...] = ()
    features: AudioFeatures = AudioFeatures()
    external_ids: tuple[ExternalId, ...] = ()
    credit: Credit | None = None


class SubjectKind(StrEnum):
    """The kind of thing that feedback, or a search result, is about."""

    TRACK = "track"
    ALBUM = "album"
    ARTIST = "artist"
    GENRE = "genre"
    PROMOTION = "promotion"
    CLUSTER = "cluster"
    """One of a listener's clusters of likes: the one that holds a track, whose id stands for it."""
    SORT = "sort"
    """A sort of recordings, such as live ones; its id is a number of `core.catalog.Sort`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that can be rated, by kind and database id."""

    kind: SubjectKind
    id: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer of the catalogue search."""

    subject: Subject
    title: str
    artist: str | None
    """The artist of a track or album; None for an artist."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be meant, with what tells it from others of its name."""

    hit: SearchHit
    album: str | None = None
    year: int | None = None


class FeedbackKind(StrEnum):
    """How something was said."""

    RATING = "rating"
    THUMB = "thumb"
    SEED = "seed"
    MUTE = "mute"
    """Not to be shown: an artist, one version of a song, or a sort of recordings. It says nothing
    about the taste, and what was said of the same thing counts beside it."""
    TURN = "turn"
    """How much a cluster of likes counts. It is no opinion about any track."""
    CANCEL = "cancel"


class FeedbackSource(StrEnum):
    """Where something was said."""

    COMMAND = "command"
    BUTTON = "button"
    REACTION = "reaction"
    REACTION_1 = "reaction1"
    REACTION_2 = "reaction2"
    REACTION_3 = "reaction3"
    REACTION_4 = "reaction4"
    REACTION_5 = "reaction5"
    START = "start"
    WEB = "web"

    @classmethod
    def of_skin_tone(cls, tone: int) -> "FeedbackSource":
        """Return the source of a reaction: one person can give each tone, and take it back alone.

        Args:
            tone: 0 for none, else 1 … 5.
        """
        return cls(f"{cls.REACTION}{tone or ''}")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One entry of the ledger that still counts.

    `value` is 1 … 5 for a rating, -1 or 1 for a thumb (±0.5 for half a thumb: a reaction to several
    picks at once), 1 for a seed, for a mute its days (0: for ever), and for a turn what a cluster
    was turned to: 2 up, 0.5 down, 0 off, 1 as it was.
    """

    id: int
    kind: FeedbackKind
    subject: Subject
    value: float
    source: FeedbackSource
    message_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Mute:
    """A thing that somebody does not want to be shown."""

    hit: SearchHit
    until: datetime | None
    """None: for ever."""


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute that was asked for."""

    mute: Mute
    before: Mute | None
    """What held already."""
    love: Feedback | None
    """What they said of the artist, when that was something good."""
    likes: int
    """How many tracks by the artist they like."""
    plays: int
    """How often they played the artist."""

    @property
    def is_old(self) -> bool:
        """Whether nothing has changed: the same held for ever already."""
        return self.before is not None and self.before.until is None and self.mute.until is None


@dataclass(frozen=True, slots=True)
class Thumbs:
    """How many listeners hold which opinion of a post, each counted once."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture of a track's album, where a service shows it."""

    url: str
    accent: int | None = None
    """A colour of it, 0xRRGGBB."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One of the things that a message shows, as its buttons say it."""

    subject: Subject
    recommendation_id: int
    """0: it was recommended to nobody in particular."""
    thumbs: Thumbs


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How many rows are kept about one person, by kind, and since when."""

    feedback: int
    wishes: int
    """Artists they rated whom the bot is still getting to know."""
    asked: int
    """Wishes they asked for in words."""
    taste: int
    cluster_names: int
    """Names they gave to clusters of their likes."""
    recommendations: int
    promotions: int
    playlists: int
    servers: int
    """Where they used the bot lately."""
    digests: int
    """Servers for whose digest their taste counts."""
    own_digests: int
    """1 when they asked for a digest of their own."""
    invitations: int
    """Lists for several listeners that they joined and nobody has made yet."""
    blends: int
    """Groups with which they had such a list."""
    shared_pages: int
    """Pages they made for whoever has the address."""
    visits: int
    """Picks of theirs that a browser can answer now."""
    record: int
    """Leaves of the record that can be opened still, and are theirs."""
    claims: int
    """Names of artists they hold."""
    pages: int
    hands: int
    """Names that others hold and that they may act for."""
    reports: int
    appeals: int
    """Against labels of what AI made."""
    moderation: int
    """Lines of moderation logs, about them or by them."""
    bans: int
    """These are the only rows that stay when everything else is deleted."""
    fingerprints: int
    """Fingerprints of tracks they uploaded, so that none is promoted twice."""
    excerpts: int
    """Excerpts of sound given with promotions."""
    auditions: int
    hears_auditions: bool
    """Whether they asked for blind auditions."""
    plays: int
    """Plays, imported or read from a linked account."""
    listed: int
    """Entries of their saved tracks, playlists and top tracks, imported or read."""
    not_me: int
    """Times and accounts that they left out of their listening."""
    since: datetime | None
    profile_public: bool
    accounts: tuple[LinkedAccount, ...]
    ended_links: int

    @property
    def total(self) -> int:
        """How many rows can be deleted, including the one that says since when."""
        apart = ("since", "profile_public", "accounts", "bans")
        rows = sum(getattr(self, name) for name in self.__dataclass_fields__ if name not in apart)
        return int(rows) + len(self.accounts) + (self.since is not None)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that was taken."""

    hit: SearchHit
    score: int
    before: Feedback | None
    """The rating that it replaced."""
    entries: int
    """How many things the listener has judged now."""
    muted: bool = False
    """Whether the listener has muted the artist all the same."""


@dataclass(frozen=True, slots=True)
class Acquainted:
    """An artist whom nobody knew when they were named, and whom we know now."""

    hit: SearchHit
    rated: Rated | None
    """The rating that waited; None: they were chosen as a favorite."""
    songs: int
    """How many of theirs we have."""
    company: int
    """Artists like them whom we met with them."""


@dataclass(frozen=True, slots=True)
class Thumbed:
    """A thumb that was given or taken back."""

    hit: SearchHit
    up: bool
    changed: bool
    """False when the listener had already said the same."""
    thumbs: Thumbs
    """The new count of the post."""
    half: bool = False
    """One of several that a reaction was for."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Feedback that was taken back."""

    hit: SearchHit
    entry: Feedback
    restored: Feedback | None
    """The earlier feedback about the same thing, which counts again."""
    others: int = 0
    """How many more things the same reaction was about; it is taken back as a whole."""


@dataclass(frozen=True, slots=True)
class History:
    """One page of a listener's feedback."""

    lines: tuple[tuple[Feedback, SearchHit], ...]
    total: int
    page: int
    pages: int
