"""Leave out what others played."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_NAME = sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql")
_RECOUNT = """
UPDATE heard SET
    plays = (
        SELECT count(*) FROM listens
        WHERE listens.history_id = heard.history_id AND listens.recording_id = heard.recording_id
    ),
    last_played_at = (
        SELECT coalesce(max(played_at), 0) FROM listens
        WHERE listens.history_id = heard.history_id AND listens.recording_id = heard.recording_id
    )
WHERE heard.history_id IN (SELECT histories.id FROM histories JOIN not_me USING (user_id))
"""
_BEFORE, _NOW = "how many rows of listens", "how many rows of listens count, see not_me"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "not_me",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column(
            "service", _NAME, nullable=True, comment="core.taste.SERVICES; NULL: all of them"
        ),
        sa.Column(
            "since_s",
            sa.BigInteger(),
            nullable=True,
            comment="seconds since 1970; NULL: from the beginning",
        ),
        sa.Column(
            "until_s",
            sa.BigInteger(),
            nullable=True,
            comment="the second after the last; NULL: without an end",
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_not_me_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_me")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_not_me_user_id"), "not_me", ["user_id"], unique=False)
    _comment(_NOW, _BEFORE)


def downgrade() -> None:
    """Take the change back; what was left out counts again."""
    op.execute(_RECOUNT)
    _comment(_BEFORE, _NOW)
    op.drop_index(op.f("ix_not_me_user_id"), table_name="not_me")
    op.drop_table("not_me")


def _comment(comment: str, before: str) -> None:
    """Say what stands in the column; SQLite keeps no comments."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("heard", "plays", comment=comment, existing_comment=before)
