"""Keep the addresses of covers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "covers",
        sa.Column("track_id", _KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=True, comment="NULL: nobody had one"),
        sa.Column("accent", sa.Integer(), nullable=True, comment="a colour of it, 0xRRGGBB"),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_covers_track_id_tracks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_covers")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("covers")
