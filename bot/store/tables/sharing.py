"""Pages that are meant to be shared."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

shared_pages = Table(
    "shared_pages",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column(
        "mark",
        String(64),
        nullable=False,
        unique=True,
        comment="SHA-256 of the secret in its address, which is kept nowhere",
    ),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False, comment="list, artist, year or map"),
    Column("content", Text, nullable=False, comment="core.sharing.Page.to_json"),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

page_files = Table(
    "page_files",
    metadata,
    Column("page_id", ForeignKey("shared_pages.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("media_type", String(80), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
