"""Note in which servers listeners are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "guild_listeners",
        sa.Column(
            "guild_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="a Discord server",
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "last_seen", sa.Date(), nullable=False, comment="the last day they used the bot there"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_guild_listeners_user_id_users")
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_guild_listeners")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("guild_listeners", schema=None) as batch_op:
        batch_op.create_index(
            "ix_guild_listeners_guild_id_last_seen", ["guild_id", "last_seen"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_guild_listeners_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("guild_listeners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guild_listeners_user_id"))
        batch_op.drop_index("ix_guild_listeners_guild_id_last_seen")

    op.drop_table("guild_listeners")
