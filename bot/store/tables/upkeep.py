"""What the bot keeps for itself."""

from sqlalchemy import Column, Integer, String, Table, Text

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

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
