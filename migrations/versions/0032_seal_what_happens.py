"""Seal what happens in a log that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _string(length: int) -> sa.types.TypeEngine[str]:
    collated = sa.String(length=length, collation="C")
    return sa.String(length=length).with_variant(collated, "postgresql")


def upgrade() -> None:
    """Apply the change; the log begins empty."""
    op.create_table(
        "record_openings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column(
            "position", _KEY, nullable=True, comment="in the log; NULL: it waits to be taken in"
        ),
        sa.Column("kind", _string(10), nullable=False, comment="core.record: pick, vote, posted …"),
        sa.Column(
            "fact_id", _KEY, nullable=True, comment="which pick, vote or promotion of that kind"
        ),
        sa.Column("user_id", _KEY, nullable=False, comment="whose it is"),
        sa.Column("about_id", _KEY, nullable=True, comment="another person whom it is about"),
        sa.Column("promotion_id", _KEY, nullable=True, comment="the promotion it is about"),
        sa.Column(
            "seed", sa.LargeBinary(length=32), nullable=False, comment="its salts are made of it"
        ),
        sa.Column(
            "open", _TEXT, nullable=False, comment="the parts, as core.record.canonical has them"
        ),
        sa.Column("promotion", _TEXT, nullable=False),
        sa.Column("private", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_openings")),
        sa.UniqueConstraint("position", name=op.f("uq_record_openings_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("record_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_openings_about_id"), ["about_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_openings_promotion_id"), ["promotion_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_record_openings_user_id"), ["user_id"], unique=False)
        batch_op.create_index("ix_record_openings_kind_fact_id", ["kind", "fact_id"], unique=False)
    op.create_table(
        "record_nodes",
        sa.Column(
            "number",
            _KEY,
            autoincrement=False,
            nullable=False,
            comment="core.record.number_of: a complete subtree; leaves are even",
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_nodes")),
    )
    op.create_table(
        "record_posts",
        sa.Column("guild_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("channel_id", _KEY, nullable=False),
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
            _TEXT,
            nullable=True,
            comment="why the last one was not posted, as a sentence",
        ),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_record_posts")),
    )


def downgrade() -> None:
    """Take the change back; nothing that was proved can be proved any more."""
    op.drop_table("record_posts")
    op.drop_table("record_nodes")
    op.drop_table("record_openings")
