"""The record that nobody can rewrite, and where its head is posted."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table, Text

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

record_openings = Table(
    "record_openings",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("position", BigKey, unique=True, comment="in the log; NULL: it waits to be taken in"),
    Column("kind", String(10), nullable=False, comment="core.record: pick, vote, posted …"),
    Column("fact_id", BigKey, comment="which pick, vote or promotion of that kind"),
    Column("user_id", BigKey, nullable=False, index=True, comment="whose it is"),
    Column("about_id", BigKey, index=True, comment="another person whom it is about"),
    Column("promotion_id", BigKey, index=True, comment="the promotion it is about"),
    Column("seed", LargeBinary(32), nullable=False, comment="its salts are made of it"),
    Column("open", Text, nullable=False, comment="the parts, as core.record.canonical has them"),
    Column("promotion", Text, nullable=False),
    Column("private", Text, nullable=False),
    Index("ix_record_openings_kind_fact_id", "kind", "fact_id"),
    sqlite_autoincrement=True,
)

record_nodes = Table(
    "record_nodes",
    metadata,
    Column(
        "number",
        BigKey,
        primary_key=True,
        autoincrement=False,
        comment="core.record.number_of: a complete subtree; leaves are even",
    ),
    Column("hash", LargeBinary(32), nullable=False),
)

record_posts = Table(
    "record_posts",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("channel_id", BigKey, nullable=False),
    Column("active", Boolean, nullable=False, comment="false: switched off by a failure"),
    Column("last_sent_at", UtcDateTime, comment="NULL: never yet"),
    Column("sending_since", UtcDateTime, comment="after a crash it is taken for posted"),
    Column("problem", Text, comment="why the last one was not posted, as a sentence"),
)
