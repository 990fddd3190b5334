"""Keep where each feature comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "feature_provenance",
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feature", sa.String(length=20), nullable=False, comment="a column of tracks"),
        sa.Column(
            "source",
            sa.String(length=20),
            nullable=False,
            comment="in place of tracks.feature_source",
        ),
        sa.Column("confidence", sa.Float(), nullable=False, comment="0 … 1"),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_feature_provenance_track_id_tracks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", "feature", name=op.f("pk_feature_provenance")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("feature_provenance")
