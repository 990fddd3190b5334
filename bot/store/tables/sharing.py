"""Pages on the web: those that are meant to be shared, and picks for one listener."""

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

visits = Table(
    "visits",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column(
        "message_id",
        BigKey,
        nullable=False,
        comment="recommendations and thumbs name it as if they stood in a message of this id",
    ),
    Column(
        "mark",
        String(64),
        nullable=False,
        unique=True,
        comment="SHA-256 of the secret in its address and, once opened, of that in the cookie",
    ),
    Column("opened_at", UtcDateTime, comment="NULL: nobody has used the address"),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)
