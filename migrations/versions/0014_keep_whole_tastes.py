"""Keep whole tastes, and count the changes of what listeners play."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    # What was kept was the vector alone. A taste can always be derived again, and is when somebody
    # needs it, so nothing is taken over.
    op.drop_table("taste")
    op.create_table(
        "taste",
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="float32, little-endian"),
        sa.Column(
            "rest",
            sa.LargeBinary(),
            nullable=False,
            comment="core.taste.ListenerTaste.to_blobs",
        ),
        sa.Column(
            "feedback_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="ledger position it is derived from",
        ),
        sa.Column("listening", sa.Text(), nullable=False, comment="store.tastes.Position"),
        sa.Column("catalog_version", sa.Integer(), nullable=False),
        sa.Column("built_version", sa.Integer(), nullable=False, comment="of the catalogue, too"),
        sa.Column("scene_version", sa.Text(), nullable=False, comment="empty: no scene"),
        sa.Column("code_version", sa.Text(), nullable=False, comment="services.taste.code"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_taste_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_taste")),
    )
    changed = sa.Column(
        "changed",
        sa.BigInteger(),
        server_default="0",
        nullable=False,
        comment="number of its last change, counted over all",
    )
    op.add_column("histories", changed)


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("histories", "changed")
    op.drop_table("taste")
    op.create_table(
        "taste",
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="float32, little-endian"),
        sa.Column(
            "feedback_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="ledger position it was built from",
        ),
        sa.Column("catalog_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_taste_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_taste")),
    )
