"""Who the listeners are, what they said and were shown."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

users = Table(
    "users",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False, comment="Discord id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("profile_public", Boolean, nullable=False),
    Column("listens_on", String(20), comment="the service they chose last to hear a pick"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigKey, primary_key=True, comment="the ledger position"),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(10), nullable=False, comment="rating, thumb, seed, mute, turn or cancel"),
    Column(
        "subject",
        String(10),
        nullable=False,
        comment="track, album, artist, genre, promotion, sort; cluster: by a track of it",
    ),
    Column("subject_id", BigKey, nullable=False),
    Column(
        "value",
        Float,
        comment="rating 1 … 5; thumb -1 or 1; seed 1; mute: days; turn >= 0; cancel NULL",
    ),
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
    Column("rest", LargeBinary, nullable=False, comment="core.taste.ListenerTaste.to_blobs"),
    Column("feedback_id", BigKey, nullable=False, comment="ledger position it is derived from"),
    Column("listening", Text, nullable=False, comment="store.tastes.Position"),
    Column("catalog_version", Integer, nullable=False),
    Column("built_version", Integer, nullable=False, comment="of the catalogue, too"),
    Column("scene_version", Text, nullable=False, comment="empty: no scene"),
    Column("code_version", Text, nullable=False, comment="services.taste.code"),
)

artist_wishes = Table(
    "artist_wishes",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("key", Text, nullable=False, comment="core.identity.artist_key(name)"),
    Column("name", Text, nullable=False, comment="an artist whom nobody knew, as it was typed"),
    Column(
        "score", SmallInteger, nullable=False, comment="1 … 5: their rating; 0: chosen at the start"
    ),
    Column("wished_at", UtcDateTime, nullable=False),
    UniqueConstraint("user_id", "key"),
    sqlite_autoincrement=True,
)

asked_wishes = Table(
    "asked_wishes",
    metadata,
    Column("id", BigKey, primary_key=True, comment="stands in buttons, in place of the wish"),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("wish", Text, nullable=False, comment="core.ranking.Wish.to_code"),
    Column("asked", Text, nullable=False, comment="core.ranking.Asked.to_json"),
    Column("asked_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

cluster_names = Table(
    "cluster_names",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("track_id", ForeignKey("tracks.id"), primary_key=True, comment="it is in the cluster"),
    Column("name", String(40), nullable=False, comment="as they typed it"),
    sqlite_with_rowid=False,
)

posts = Table(
    "posts",
    metadata,
    Column("message_id", BigKey, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False, comment="among its picks"),
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
    sqlite_autoincrement=True,
)

guild_listeners = Table(
    "guild_listeners",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False, comment="a Discord server"),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("last_seen", Date, nullable=False, comment="the last day they used the bot there"),
    Index("ix_guild_listeners_guild_id_last_seen", "guild_id", "last_seen"),
    sqlite_with_rowid=False,
)
