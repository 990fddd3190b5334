"""Keep the past of popularity."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "popularity_history",
        sa.Column("track_id", _KEY, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False, comment="12 * year + 0 … 11"),
        sa.Column(
            "percentile", sa.SmallInteger(), nullable=False, comment="in its source, 0 … 1000"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_popularity_history_track_id_tracks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", "source", "month", name=op.f("pk_popularity_history")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "popularity_months",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False, comment="12 * year + 0 … 11"),
        sa.Column("tracks", sa.Integer(), nullable=False, comment="whose popularity it knew then"),
        sa.PrimaryKeyConstraint("source", "month", name=op.f("pk_popularity_months")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name != "sqlite":  # compare text as SQLite does, as 0018 has it
        for table in ("popularity_history", "popularity_months"):
            op.execute(f'ALTER TABLE {table} ALTER COLUMN source TYPE VARCHAR(20) COLLATE "C"')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("popularity_months")
    op.drop_table("popularity_history")
