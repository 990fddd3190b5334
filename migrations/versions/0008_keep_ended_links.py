"""Keep ended links."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "ended_links",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ended_links_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "service", name=op.f("pk_ended_links")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("ended_links")
