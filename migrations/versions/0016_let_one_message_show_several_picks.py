"""Let one message show several picks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = ("message_id", "subject", "subject_id", "guild_id")


def upgrade() -> None:
    """Apply the change."""
    _make_posts(
        "SELECT message_id, subject, subject_id, guild_id, 0 AS place FROM former_posts",
        sa.Column(
            "place", sa.Integer(), autoincrement=False, nullable=False, comment="among its picks"
        ),
    )
    op.add_column(
        "guild_settings",
        sa.Column("picks_apart", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "users",
        sa.Column(
            "listens_on",
            sa.String(length=20),
            nullable=True,
            comment="the service they chose last to hear a pick",
        ),
    )


def downgrade() -> None:
    """Take the change back; of a message that shows several picks, the first stays."""
    _make_posts(
        "SELECT message_id, subject, subject_id, guild_id FROM former_posts WHERE place = 0"
    )
    op.execute(
        "DELETE FROM feedback WHERE cancels IN (SELECT id FROM feedback WHERE kind = 'mute')"
    )
    op.execute("DELETE FROM feedback WHERE kind = 'mute'")
    op.drop_column("guild_settings", "picks_apart")
    op.drop_column("users", "listens_on")


def _make_posts(rows: str, *further: sa.Column[Any]) -> None:
    """Make the table of posts anew, with rows of the former one; no other points to it."""
    op.drop_index(op.f("ix_posts_guild_id"), "posts")
    op.rename_table("posts", "former_posts")
    if op.get_bind().dialect.name != "sqlite":  # there, names of keys are no table's own
        op.execute("ALTER TABLE former_posts RENAME CONSTRAINT pk_posts TO pk_former_posts")
    key = ["message_id", *(one.name for one in further)]
    op.create_table(
        "posts",
        sa.Column("message_id", _KEY, autoincrement=False, nullable=False),
        *further,
        sa.Column("subject", sa.String(length=10), nullable=False, comment="track or promotion"),
        sa.Column("subject_id", _KEY, nullable=False),
        sa.Column("guild_id", _KEY, nullable=True, comment="NULL: private, or not in a server"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_posts")),
    )
    columns = ", ".join([*_COLUMNS, *(one.name for one in further)])
    op.execute(f"INSERT INTO posts ({columns}) {rows}")
    op.drop_table("former_posts")
    op.create_index(op.f("ix_posts_guild_id"), "posts", ["guild_id"])
