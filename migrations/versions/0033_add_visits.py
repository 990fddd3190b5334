"""Add picks that a listener answers in a browser."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _string(length: int) -> sa.types.TypeEngine[str]:
    collated = sa.String(length=length, collation="C")
    return sa.String(length=length).with_variant(collated, "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "visits",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column(
            "message_id",
            _KEY,
            nullable=False,
            comment="recommendations and thumbs name it as if they stood in a message of this id",
        ),
        sa.Column(
            "mark",
            _string(64),
            nullable=False,
            comment="SHA-256 of the secret in its address and, once opened, of that in the cookie",
        ),
        sa.Column(
            "opened_at", sa.DateTime(), nullable=True, comment="NULL: nobody has used the address"
        ),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_visits_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("mark", name=op.f("uq_visits_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Take the change back; addresses that were given lead nowhere then."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_user_id"))
        batch_op.drop_index(batch_op.f("ix_visits_ends_at"))
    op.drop_table("visits")
