"""Keep what is asked for in words, for the buttons under the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "asked_wishes",
        sa.Column("id", _KEY, nullable=False, comment="stands in buttons, in place of the wish"),
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("wish", _TEXT, nullable=False, comment="core.ranking.Wish.to_code"),
        sa.Column("asked", _TEXT, nullable=False, comment="core.ranking.Asked.to_json"),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_asked_wishes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_wishes")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("asked_wishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_wishes_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Take the change back; buttons of wishes in words lead nowhere then."""
    with op.batch_alter_table("asked_wishes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_wishes_user_id"))
    op.drop_table("asked_wishes")
