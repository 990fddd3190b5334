"""Keep who released tracks."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _string(length: int) -> sa.types.TypeEngine[str]:
    collated = sa.String(length=length, collation="C")
    return sa.String(length=length).with_variant(collated, "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "track_labels",
        sa.Column("track_id", _KEY, nullable=False),
        sa.Column("source", _string(20), nullable=False),
        sa.Column(
            "independent",
            sa.Boolean(),
            nullable=False,
            comment="the artist released it; else a label",
        ),
        sa.Column(
            "label", _TEXT, nullable=True, comment="NULL: the artist did, or the source names none"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_track_labels_track_id_tracks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", "source", name=op.f("pk_track_labels")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("track_labels")
