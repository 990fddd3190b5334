"""Add blind auditions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "audition_listeners",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_audition_listeners_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_audition_listeners")),
    )
    op.create_table(
        "promotion_excerpts",
        sa.Column(
            "promotion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "audio",
            sa.LargeBinary(),
            nullable=False,
            comment="Ogg, 30 seconds at most, without tags",
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_promotion_excerpts_promotion_id_promotions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", name=op.f("pk_promotion_excerpts")),
    )
    op.create_table(
        "auditions",
        sa.Column(
            "recommendation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="which track was shown to whom, when, where and why",
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the listener",
        ),
        sa.Column(
            "promotion_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="NULL: its artist had their data deleted",
        ),
        sa.Column(
            "guild_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="where the hearing counts",
        ),
        sa.Column(
            "expected", sa.Float(), nullable=False, comment="the predicted probability of a like"
        ),
        sa.Column(
            "feedback_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the thumb given blind, which counts while it stands; NULL: not yet",
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_auditions_feedback_id_feedback")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_auditions_promotion_id_promotions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_auditions_recommendation_id_recommendations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_auditions_user_id_users")),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_auditions")),
        sa.UniqueConstraint(
            "promotion_id", "user_id", name=op.f("uq_auditions_promotion_id_user_id")
        ),
    )
    with op.batch_alter_table("auditions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auditions_feedback_id"), ["feedback_id"], unique=False)
        batch_op.create_index("ix_auditions_guild_id", ["guild_id"], unique=False)
        batch_op.create_index(
            "ix_auditions_user_id_guild_id", ["user_id", "guild_id"], unique=False
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("auditions", schema=None) as batch_op:
        batch_op.drop_index("ix_auditions_user_id_guild_id")
        batch_op.drop_index("ix_auditions_guild_id")
        batch_op.drop_index(batch_op.f("ix_auditions_feedback_id"))

    op.drop_table("auditions")
    op.drop_table("promotion_excerpts")
    op.drop_table("audition_listeners")
