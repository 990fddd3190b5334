"""The schema: every table of the bot, for every database it runs on."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.dialect import BigKey, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ----------------------------------------------------------------------------- catalogue

artists = Table(
    "artists",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="core.identity.artist_key(name)"),
    Column("search_rank", SmallInteger, nullable=False, server_default="101", comment="0 first"),
)

albums = Table(
    "albums",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("artist_id", ForeignKey("artists.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("key", Text, nullable=False, comment="core.identity.text_key(title)"),
    Column("search_rank", SmallInteger, nullable=False, server_default="101", comment="0 first"),
    UniqueConstraint("artist_id", "key"),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("title", Text, nullable=False),
    Column("artist_id", ForeignKey("artists.id"), nullable=False, index=True),
    Column("artist_credit", Text, comment="all artists as printed; NULL: just the artist"),
    Column("album_id", ForeignKey("albums.id"), index=True),
    Column("year", SmallInteger),
    Column("duration_ms", Integer),
    Column("explicit", Boolean),
    Column("danceability", Float),
    Column("energy", Float),
    Column("valence", Float),
    Column("acousticness", Float),
    Column("instrumentalness", Float),
    Column("liveness", Float),
    Column("speechiness", Float),
    Column("loudness", Float, comment="dB, about -60 … 0"),
    Column("tempo", Float, comment="beats per minute, > 0"),
    Column("key", SmallInteger, comment="pitch class 0 (C) … 11 (B)"),
    Column("mode", SmallInteger, comment="1 major, 0 minor"),
    Column("time_signature", SmallInteger),
    Column("recording_key", Text, nullable=False, comment="core.identity"),
    Column("search_rank", SmallInteger, nullable=False, server_default="101", comment="0 first"),
    Column("feature_source", String(40), comment="where the features come from"),
    Column("license", Text),
    Column("source_package", Text, comment="what the track was shipped in, for the credit"),
    Column("homepage", Text),
    Column("version", Integer, nullable=False, comment="catalogue version of the last change"),
    Index("ix_tracks_version", "version"),
    Index("ix_tracks_recording_key_search_rank", "recording_key", "search_rank"),
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("namespace", String(20), primary_key=True, comment="spotify, isrc, mbid, starter …"),
    Column("value", Text, primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

genres = Table(
    "genres",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="lower case"),
)

track_genres = Table(
    "track_genres",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("genre_id", ForeignKey("genres.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

popularity = Table(
    "popularity",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(20), primary_key=True, comment="each source has its own scale"),
    Column("value", Float, nullable=False),
    Column("observed_on", Date, comment="NULL: the file does not say"),
    sqlite_with_rowid=False,
)

feature_provenance = Table(
    "feature_provenance",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("feature", String(20), primary_key=True, comment="a column of tracks"),
    Column("source", String(20), nullable=False, comment="in place of tracks.feature_source"),
    Column("confidence", Float, nullable=False, comment="0 … 1"),
    sqlite_with_rowid=False,
)

app_state = Table(
    "app_state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("kind", String(20), primary_key=True, comment="who does it"),
    Column("subject_id", BigKey, primary_key=True, autoincrement=False, comment="what it is about"),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("taken_until", UtcDateTime, comment="somebody does it; later than that they crashed"),
    Column("failures", Integer, nullable=False, server_default="0", comment="in a row"),
)

answers = Table(
    "answers",
    metadata,
    Column("key", Text, primary_key=True, comment="what was asked of which music service"),
    Column("body", Text, comment="JSON; NULL: the service says that there is none"),
    Column("expires_at", UtcDateTime, index=True, comment="NULL: good for ever"),
)

# ----------------------------------------------------------------------------- listeners

users = Table(
    "users",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False, comment="Discord id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("profile_public", Boolean, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigKey, primary_key=True, comment="the ledger position"),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(10), nullable=False, comment="rating, thumb, seed or cancel"),
    Column("subject", String(10), nullable=False, comment="track, album, artist, genre, promotion"),
    Column("subject_id", BigKey, nullable=False),
    Column("value", Float, comment="rating 1 … 5; thumb -1 or 1; seed 1; cancel NULL"),
    Column("source", String(10), nullable=False, comment="command, button, reaction, start"),
    Column("message_id", BigKey, comment="the message it was said to"),
    Column("cancels", ForeignKey("feedback.id"), comment="the entry a cancel takes back"),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("(kind = 'cancel') = (cancels IS NOT NULL)", name="cancel_names_its_entry"),
    CheckConstraint("(kind = 'cancel') = (value IS NULL)", name="entry_has_a_value"),
    Index("ix_feedback_user_id_subject_subject_id", "user_id", "subject", "subject_id", "id"),
    Index("ix_feedback_subject_subject_id", "subject", "subject_id"),
    Index("ix_feedback_message_id", "message_id"),
    Index("uq_feedback_cancels", "cancels", unique=True),
    sqlite_autoincrement=True,
)

taste = Table(
    "taste",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("vector", LargeBinary, nullable=False, comment="float32, little-endian"),
    Column("feedback_id", BigKey, nullable=False, comment="ledger position it was built from"),
    Column("catalog_version", Integer, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("message_id", BigKey, primary_key=True, autoincrement=False),
    Column("subject", String(10), nullable=False, comment="track or promotion"),
    Column("subject_id", BigKey, nullable=False),
    Column("guild_id", BigKey, index=True, comment="NULL: private, or not in a server"),
)

recommendations = Table(
    "recommendations",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("track_id", ForeignKey("tracks.id"), nullable=False, index=True),
    Column("message_id", BigKey, comment="NULL until it is posted"),
    Column("explanation", Text, nullable=False, comment="the score taken apart, as JSON"),
    Column("promotion_id", ForeignKey("promotions.id", ondelete="SET NULL"), index=True),
    Column("shown_at", UtcDateTime, nullable=False),
    Index("ix_recommendations_user_id_shown_at", "user_id", "shown_at"),
    Index("ix_recommendations_message_id", "message_id"),
    Index("ix_recommendations_shown_at_track_id", "shown_at", "track_id"),
    Index("ix_recommendations_user_id_track_id_shown_at", "user_id", "track_id", "shown_at"),
)

# ----------------------------------------------------------------------------- who is where

guild_listeners = Table(
    "guild_listeners",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False, comment="a Discord server"),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("last_seen", Date, nullable=False, comment="the last day they used the bot there"),
    Index("ix_guild_listeners_guild_id_last_seen", "guild_id", "last_seen"),
    sqlite_with_rowid=False,
)

# ----------------------------------------------------------------------------- linked accounts

linked_accounts = Table(
    "linked_accounts",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("service", String(20), nullable=False, comment="lastfm, listenbrainz or spotify"),
    Column("name", Text, nullable=False, comment="the user name; on Spotify the account id"),
    Column("display_name", Text, comment="where it is another than the name"),
    Column("secret", LargeBinary, comment="what lets us ask, encrypted; NULL: the name is enough"),
    Column("basis", String(10), nullable=False, comment="top, recent, saved or playlist"),
    Column("playlist_id", Text, comment="of the basis playlist"),
    Column("playlist_name", Text),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("synced_at", UtcDateTime, comment="NULL: never yet"),
    Column("cursor", UtcDateTime, comment="all plays up to here are kept"),
    Column("problem", Text, comment="why it cannot be asked, as a sentence"),
    UniqueConstraint("user_id", "service"),
    sqlite_autoincrement=True,
)

ended_links = Table(
    "ended_links",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("service", String(20), primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False),
)

# ----------------------------------------------------------------------------- listening

recordings = Table(
    "recordings",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="core.identity.recording_key"),
    Column("song_id", BigInteger, nullable=False, index=True, comment="store.columns.song_id"),
    Column("title", Text, nullable=False),
    Column("artist", Text, nullable=False),
    Column("namespace", String(20), comment="of the value: spotify, mbid or isrc"),
    Column("value", Text, index=True, comment="its name in another system, where one is known"),
    Column("track_id", ForeignKey("tracks.id", ondelete="SET NULL"), index=True),
    Column("asked_at", UtcDateTime, comment="when the music services were asked for it"),
)

histories = Table(
    "histories",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(20), nullable=False, comment="whose export, or which linked service"),
    Column("account_id", ForeignKey("linked_accounts.id", ondelete="CASCADE"), index=True),
    UniqueConstraint("user_id", "kind"),
)

heard = Table(
    "heard",
    metadata,
    Column("history_id", ForeignKey("histories.id", ondelete="CASCADE"), primary_key=True),
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True, index=True),
    Column("plays", Integer, nullable=False, comment="how many rows of listens"),
    Column("last_played_at", BigInteger, nullable=False, comment="seconds since 1970"),
    sqlite_with_rowid=False,
)

listens = Table(
    "listens",
    metadata,
    Column("history_id", BigKey, primary_key=True, autoincrement=False),
    Column("recording_id", BigKey, primary_key=True, autoincrement=False),
    Column("played_at", BigInteger, primary_key=True, autoincrement=False, comment="s since 1970"),
    ForeignKeyConstraint(
        ["history_id", "recording_id"],
        ["heard.history_id", "heard.recording_id"],
        ondelete="CASCADE",
    ),
    Index("ix_listens_history_id_played_at", "history_id", "played_at"),
    sqlite_with_rowid=False,
)

library_tracks = Table(
    "library_tracks",
    metadata,
    Column("history_id", ForeignKey("histories.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True, comment="top, saved or playlist"),
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True, index=True),
    Column("place", Integer, nullable=False, comment="in the list, from 0 on"),
    sqlite_with_rowid=False,
)

# ----------------------------------------------------------------------------- servers and artists

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("promotion_channel_id", BigKey, comment="NULL: where the command is used"),
    Column("promoter_role_id", BigKey, comment="NULL: everybody may promote"),
    Column("artist_cooldown_hours", Integer, nullable=False),
    Column("guild_cooldown_minutes", Integer, nullable=False),
    Column("user_cooldown_hours", Integer, nullable=False, server_default="24"),
    Column(
        "promoted_every", Integer, nullable=False, server_default="5", comment="one pick in so many"
    ),
    Column("moderation_channel_id", BigKey, comment="NULL: reports wait in the queue"),
    Column("reports_until_hidden", Integer, nullable=False, server_default="3"),
    Column("claims_required", Boolean, nullable=False, server_default=false()),
    Column("verified_only", Boolean, nullable=False, server_default=false()),
    Column("guaranteed_hearings", Integer, nullable=False, server_default="5"),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("guild_id", BigKey, comment="NULL: promoted in a direct message"),
    Column("message_id", BigKey, comment="NULL until it is posted"),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("kind", String(10), nullable=False, server_default="playlist", comment="track, album"),
    Column("channel_id", BigKey, comment="where the message is; NULL in old rows"),
    Column("claim_id", ForeignKey("artist_claims.id"), index=True),
    Column("removed_at", UtcDateTime, comment="NULL: it stands"),
    Column("title", Text, comment="of the track or list; NULL: nobody says"),
    Index("ix_promotions_guild_id_created_at", "guild_id", "created_at"),
)

promotion_tracks = Table(
    "promotion_tracks",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", ForeignKey("tracks.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

promotion_audio = Table(
    "promotion_audio",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), nullable=False, comment="of the file, hexadecimal"),
    Column("fingerprint", LargeBinary, nullable=False, comment="of the sound"),
)

# ----------------------------------------------------------------------------- artists, moderators

artist_claims = Table(
    "artist_claims",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, comment="core.identity.artist_key(name)"),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True, comment="the holder"),
    Column("artist_id", ForeignKey("artists.id", ondelete="SET NULL"), index=True),
    Column("verified_by", BigKey, comment="NULL also when that moderator is forgotten"),
    Column("verified_at", UtcDateTime, comment="NULL: not verified"),
    Column("muted", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("guild_id", "key"),
)

artist_pages = Table(
    "artist_pages",
    metadata,
    Column("claim_id", ForeignKey("artist_claims.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, primary_key=True),
    sqlite_with_rowid=False,
)

claim_hands = Table(
    "claim_hands",
    metadata,
    Column("claim_id", ForeignKey("artist_claims.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

reports = Table(
    "reports",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", ForeignKey("users.id"), index=True, comment="NULL: forgotten"),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, comment="open, kept or removed"),
    Column("decided_by", BigKey),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("promotion_id", "user_id"),
    Index("ix_reports_state_promotion_id", "state", "promotion_id"),
)

moderation_log = Table(
    "moderation_log",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("moderator_id", BigKey, index=True, comment="NULL: forgotten"),
    Column("user_id", BigKey, index=True, comment="whom it was about; NULL: nobody, forgotten"),
    Column("action", String(20), nullable=False),
    Column("subject", Text, nullable=False, comment="what it was about, in words"),
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_moderation_log_guild_id_id", "guild_id", "id"),
)

bans = Table(
    "bans",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("user_id", BigKey, index=True, comment="a person, or"),
    Column("key", Text, comment="core.identity.artist_key of a name"),
    Column("name", Text, comment="as it was written"),
    Column("until", UtcDateTime, comment="NULL: for ever"),
    CheckConstraint("(user_id IS NULL) <> (key IS NULL)", name="bans_a_person_or_a_name"),
    UniqueConstraint("guild_id", "user_id"),
    UniqueConstraint("guild_id", "key"),
)

blocked_terms = Table(
    "blocked_terms",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True, comment="word, domain or name"),
    Column("value", Text, primary_key=True, comment="folded"),
    sqlite_with_rowid=False,
)

# ----------------------------------------------------------------------------- playlists

playlists = Table(
    "playlists",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("public", Boolean, nullable=False, comment="whoever sees its message may have it"),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # a button under a list that is gone must not find another one
)

playlist_tracks = Table(
    "playlist_tracks",
    metadata,
    Column("playlist_id", ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("own", Boolean, nullable=False, comment="the artist's, among companions"),
    sqlite_with_rowid=False,
)

# ----------------------------------------------------------------------------- digests

digests = Table(
    "digests",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("channel_id", BigKey, nullable=False),
    Column("weekday", SmallInteger, nullable=False, comment="0 is Monday"),
    Column("hour", SmallInteger, nullable=False, comment="0 … 23, UTC"),
    Column("obscurity", SmallInteger, nullable=False, comment="0 … 100"),
    Column("active", Boolean, nullable=False, comment="false: switched off by a failure"),
    Column("last_sent_at", UtcDateTime, comment="NULL: never yet"),
    Column("sending_since", UtcDateTime, comment="after a crash it is taken for posted"),
    Column("problem", Text, comment="why the last one was not posted, as a sentence"),
)

digest_members = Table(
    "digest_members",
    metadata,
    Column("guild_id", ForeignKey("digests.guild_id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# ----------------------------------------------------------------------------- blind auditions

audition_listeners = Table(
    "audition_listeners",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
)

auditions = Table(
    "auditions",
    metadata,
    Column(
        "recommendation_id",
        ForeignKey("recommendations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="which track was shown to whom, when, where and why",
    ),
    Column("user_id", ForeignKey("users.id"), nullable=False, comment="the listener"),
    Column(
        "promotion_id",
        ForeignKey("promotions.id", ondelete="SET NULL"),
        comment="NULL: its artist had their data deleted",
    ),
    Column("guild_id", BigKey, nullable=False, comment="where the hearing counts"),
    Column("expected", Float, nullable=False, comment="the predicted probability of a like"),
    Column(
        "feedback_id",
        ForeignKey("feedback.id"),
        index=True,
        comment="the thumb given blind, which counts while it stands; NULL: not yet",
    ),
    UniqueConstraint("promotion_id", "user_id"),
    Index("ix_auditions_user_id_guild_id", "user_id", "guild_id"),
    Index("ix_auditions_guild_id", "guild_id"),
)

promotion_excerpts = Table(
    "promotion_excerpts",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("audio", LargeBinary, nullable=False, comment="Ogg, 30 seconds at most, without tags"),
)
