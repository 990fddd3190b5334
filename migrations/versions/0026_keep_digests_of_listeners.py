"""Keep digests of listeners; `/digest` is theirs, and what managers set is in `/server`."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_WORD = sa.String(length=10).with_variant(sa.String(length=10, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "own_digests",
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("every", _WORD, nullable=False, comment="weekly or monthly"),
        sa.Column("weekday", sa.SmallInteger(), nullable=False, comment="0 is Monday"),
        sa.Column("hour", sa.SmallInteger(), nullable=False, comment="0 … 23, UTC"),
        sa.Column(
            "guild_id", _KEY, nullable=True, comment="the server where they asked; NULL: none"
        ),
        sa.Column("due_at", sa.DateTime(), nullable=True, comment="NULL: they take no messages"),
        sa.Column("last_sent_at", sa.DateTime(), nullable=True, comment="NULL: never yet"),
        sa.Column(
            "sending_since",
            sa.DateTime(),
            nullable=True,
            comment="after a crash it is taken for sent",
        ),
        sa.Column("hitch", _WORD, nullable=True, comment="why the last one did not come"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_own_digests_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_own_digests")),
    )
    _name_command("/digest on", "/server digest on")


def downgrade() -> None:
    """Take the change back; nobody has a digest of their own any more."""
    op.execute("DELETE FROM jobs WHERE kind = 'own-digest'")
    op.drop_table("own_digests")
    _name_command("/server digest on", "/digest on")


def _name_command(before: str, now: str) -> None:
    """Name the command that mends a server's digest where it is kept what is wrong with it."""
    op.execute(f"UPDATE digests SET problem = replace(problem, '`{before}`', '`{now}`')")  # noqa: S608
