"""Index what was shown by time."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NAME = "ix_recommendations_shown_at_track_id"


def upgrade() -> None:
    """Apply the change."""
    op.create_index(_NAME, "recommendations", ["shown_at", "track_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(_NAME, "recommendations")
