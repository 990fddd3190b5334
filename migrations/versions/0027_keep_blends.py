"""Keep invitations to lists for several listeners, and what these owe each other."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Text is compared as SQLite does it; see 0018.
_CODE = sa.String(length=32).with_variant(sa.String(length=32, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "blend_debts",
        sa.Column("people", _CODE, nullable=False, comment="core.ranking.people_key"),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owed", sa.Float(), nullable=False, comment="-1 … 1: core.ranking.owed_after"),
        sa.Column("blended_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_blend_debts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("people", "user_id", name=op.f("pk_blend_debts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("blend_debts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blend_debts_user_id"), ["user_id"], unique=False)

    op.create_table(
        "blends",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="who asks",
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column(
            "making_since",
            sa.DateTime(),
            nullable=True,
            comment="after a crash it may be made again",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_blends_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blends")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("blends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blends_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_blends_user_id"), ["user_id"], unique=False)

    op.create_table(
        "blend_members",
        sa.Column("blend_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blend_id"],
            ["blends.id"],
            name=op.f("fk_blend_members_blend_id_blends"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_blend_members_user_id_users")
        ),
        sa.PrimaryKeyConstraint("blend_id", "user_id", name=op.f("pk_blend_members")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("blend_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blend_members_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("blend_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blend_members_user_id"))

    op.drop_table("blend_members")
    with op.batch_alter_table("blends", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blends_user_id"))
        batch_op.drop_index(batch_op.f("ix_blends_asked_at"))

    op.drop_table("blends")
    with op.batch_alter_table("blend_debts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blend_debts_user_id"))

    op.drop_table("blend_debts")
