"""Add titles of promotions and guaranteed hearings."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    # Not in batch: dropping a table that SQLite made anew takes the rows of others along.
    op.add_column(
        "guild_settings",
        sa.Column("guaranteed_hearings", sa.Integer(), server_default="5", nullable=False),
    )
    title = sa.Column(
        "title", sa.Text(), nullable=True, comment="of the track or list; NULL: nobody says"
    )
    op.add_column("promotions", title)


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("promotions", "title")
    op.drop_column("guild_settings", "guaranteed_hearings")
