"""Greet a server once, and get to know artists who were chosen at the start."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

_BEFORE = "1 … 5: how they rated them"
_NOW = "1 … 5: their rating; 0: chosen at the start"


def _say(comment: str, before: str) -> None:
    with op.batch_alter_table(
        "artist_wishes", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.alter_column(
            "score",
            existing_type=sa.SmallInteger(),
            existing_nullable=False,
            existing_comment=before,
            comment=comment,
        )


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "greetings",
        sa.Column(
            "guild_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="a Discord server",
        ),
        sa.Column("greeted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_greetings")),
    )
    _say(_NOW, _BEFORE)


def downgrade() -> None:
    """Take the change back."""
    op.execute(sa.text("DELETE FROM artist_wishes WHERE score = 0"))
    _say(_BEFORE, _NOW)
    op.drop_table("greetings")
