"""Keep the answers of the music services."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "answers",
        sa.Column(
            "key", sa.Text(), nullable=False, comment="what was asked of which music service"
        ),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="JSON; NULL: the service says that there is none",
        ),
        sa.Column("expires_at", sa.DateTime(), nullable=True, comment="NULL: good for ever"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_expires_at"), "answers", ["expires_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_answers_expires_at"), "answers")
    op.drop_table("answers")
