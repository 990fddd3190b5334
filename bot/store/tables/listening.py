"""What listeners play elsewhere: linked accounts, and what they or an export told."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

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
    Column(
        "changed",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="number of its last change, counted over all",
    ),
    UniqueConstraint("user_id", "kind"),
)

heard = Table(
    "heard",
    metadata,
    Column("history_id", ForeignKey("histories.id", ondelete="CASCADE"), primary_key=True),
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True, index=True),
    Column("plays", Integer, nullable=False, comment="how many rows of listens count, see not_me"),
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

not_me = Table(
    "not_me",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("service", String(20), comment="core.taste.SERVICES; NULL: all of them"),
    Column("since_s", BigInteger, comment="seconds since 1970; NULL: from the beginning"),
    Column("until_s", BigInteger, comment="the second after the last; NULL: without an end"),
    Column("made_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)
"""Plays that are kept and count for nothing, because somebody else was listening."""

library_tracks = Table(
    "library_tracks",
    metadata,
    Column("history_id", ForeignKey("histories.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True, comment="top, saved or playlist"),
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True, index=True),
    Column("place", Integer, nullable=False, comment="in the list, from 0 on"),
    sqlite_with_rowid=False,
)
