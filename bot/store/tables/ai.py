"""What AI made, as an operator's list says it, and what is said against labels."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

ai_artists = Table(
    "ai_artists",
    metadata,
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("share", String(10), nullable=False, comment="partly or wholly"),
    Column("list_name", Text, nullable=False, comment="the file that says so"),
    Column("why", Text, nullable=False),
)

ai_lifts = Table(
    "ai_lifts",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
)

ai_appeals = Table(
    "ai_appeals",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE")),
    Column(
        "promotion_id",
        ForeignKey("promotions.id", ondelete="CASCADE"),
        comment="either this or the artist",
    ),
    Column("user_id", ForeignKey("users.id"), index=True, comment="NULL: forgotten"),
    Column("reason", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, comment="open, lifted or kept"),
    Column("decided_by", BigKey, index=True),
    Column("decided_at", UtcDateTime),
    Index("ix_ai_appeals_guild_id_state", "guild_id", "state"),
    sqlite_autoincrement=True,
)
