"""Keep weekly digests."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "digests",
        sa.Column(
            "guild_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("weekday", sa.SmallInteger(), nullable=False, comment="0 is Monday"),
        sa.Column("hour", sa.SmallInteger(), nullable=False, comment="0 … 23, UTC"),
        sa.Column("obscurity", sa.SmallInteger(), nullable=False, comment="0 … 100"),
        sa.Column(
            "active", sa.Boolean(), nullable=False, comment="false: switched off by a failure"
        ),
        sa.Column("last_sent_at", sa.DateTime(), nullable=True, comment="NULL: never yet"),
        sa.Column(
            "sending_since",
            sa.DateTime(),
            nullable=True,
            comment="after a crash it is taken for posted",
        ),
        sa.Column(
            "problem",
            sa.Text(),
            nullable=True,
            comment="why the last one was not posted, as a sentence",
        ),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_digests")),
    )
    op.create_table(
        "digest_members",
        sa.Column("guild_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["digests.guild_id"],
            name=op.f("fk_digest_members_guild_id_digests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_digest_members_user_id_users")
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_digest_members")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("digest_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_members_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "guild_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="NULL: private, or not in a server",
            )
        )
        batch_op.create_index(batch_op.f("ix_posts_guild_id"), ["guild_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_guild_id"))
        batch_op.drop_column("guild_id")

    with op.batch_alter_table("digest_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_members_user_id"))

    op.drop_table("digest_members")
    op.drop_table("digests")
