"""Index what was shown by time, and by listener and track."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BY_TIME = "ix_recommendations_shown_at_track_id"
_BY_TRACK = "ix_recommendations_user_id_track_id_shown_at"


def upgrade() -> None:
    """Apply the change."""
    op.create_index(_BY_TIME, "recommendations", ["shown_at", "track_id"])
    op.create_index(_BY_TRACK, "recommendations", ["user_id", "track_id", "shown_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(_BY_TRACK, "recommendations")
    op.drop_index(_BY_TIME, "recommendations")
