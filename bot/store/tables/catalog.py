"""The catalogue: what music there is."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

artists = Table(
    "artists",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="core.identity.artist_key(name)"),
    Column("search_rank", SmallInteger, nullable=False, server_default="101", comment="0 first"),
    sqlite_autoincrement=True,
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
    sqlite_autoincrement=True,
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
    sqlite_autoincrement=True,
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("namespace", String(20), primary_key=True, comment="spotify, isrc, mbid, starter …"),
    Column("value", Text, primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

track_labels = Table(
    "track_labels",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(20), primary_key=True),
    Column("independent", Boolean, nullable=False, comment="the artist released it; else a label"),
    Column("label", Text, comment="NULL: the artist did, or the source names none"),
    sqlite_with_rowid=False,
)

genres = Table(
    "genres",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="lower case"),
    sqlite_autoincrement=True,
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

popularity_history = Table(
    "popularity_history",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(20), primary_key=True),
    Column("month", SmallInteger, primary_key=True, comment="12 * year + 0 … 11"),
    Column("percentile", SmallInteger, nullable=False, comment="in its source, 0 … 1000"),
    sqlite_with_rowid=False,
)

popularity_months = Table(
    "popularity_months",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("month", SmallInteger, primary_key=True, comment="12 * year + 0 … 11"),
    Column("tracks", Integer, nullable=False, comment="whose popularity it knew then"),
    sqlite_with_rowid=False,
)

covers = Table(
    "covers",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, comment="NULL: nobody had one"),
    Column("accent", Integer, comment="a colour of it, 0xRRGGBB"),
    Column("asked_at", UtcDateTime, nullable=False),
)

acquaintances = Table(
    "acquaintances",
    metadata,
    Column("key", Text, primary_key=True, comment="core.identity.artist_key(name)"),
    Column("name", Text, nullable=False),
    Column("mbid", String(36), comment="of MusicBrainz"),
    Column("deezer_id", Text),
    Column("fans", BigInteger, comment="who follow them on Deezer"),
    Column("weight", Float, nullable=False, comment="core.catalog.Acquaintance"),
    Column("met_at", UtcDateTime, comment="NULL: they wait to be met"),
    Index("ix_acquaintances_met_at_weight", "met_at", "weight"),
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
