"""Playlists made for listeners, digests of servers and of listeners, and lists for several."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, SmallInteger, String, Table, Text

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

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

own_digests = Table(
    "own_digests",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("every", String(10), nullable=False, comment="weekly or monthly"),
    Column("weekday", SmallInteger, nullable=False, comment="0 is Monday"),
    Column("hour", SmallInteger, nullable=False, comment="0 … 23, UTC"),
    Column("guild_id", BigKey, comment="the server where they asked; NULL: none"),
    Column("due_at", UtcDateTime, comment="NULL: they take no messages"),
    Column("last_sent_at", UtcDateTime, comment="NULL: never yet"),
    Column("sending_since", UtcDateTime, comment="after a crash it is taken for sent"),
    Column("hitch", String(10), comment="why the last one did not come"),
)

blends = Table(
    "blends",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True, comment="who asks"),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("making_since", UtcDateTime, comment="after a crash it may be made again"),
    sqlite_autoincrement=True,  # a button under an invitation that is over must find no other one
)

blend_members = Table(
    "blend_members",
    metadata,
    Column("blend_id", ForeignKey("blends.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("joined_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

blend_debts = Table(
    "blend_debts",
    metadata,
    Column("people", String(32), primary_key=True, comment="core.ranking.people_key"),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("owed", Float, nullable=False, comment="-1 … 1: core.ranking.owed_after"),
    Column("blended_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
