"""Let artists declare what AI made, servers decide about it, and labels be appealed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _string(length: int) -> sa.types.TypeEngine[str]:
    collated = sa.String(length=length, collation="C")
    return sa.String(length=length).with_variant(collated, "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "promotions",
        sa.Column(
            "ai",
            _string(10),
            nullable=True,
            comment="core.ai.AiShare as declared; NULL: nothing is declared",
        ),
    )
    op.add_column(
        "guild_settings",
        sa.Column(
            "ai", _string(10), nullable=False, server_default="label", comment="core.ai.AiRule"
        ),
    )
    op.create_table(
        "ai_artists",
        sa.Column("artist_id", _KEY, nullable=False),
        sa.Column("share", _string(10), nullable=False, comment="partly or wholly"),
        sa.Column("list_name", _TEXT, nullable=False, comment="the file that says so"),
        sa.Column("why", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["artist_id"],
            ["artists.id"],
            name=op.f("fk_ai_artists_artist_id_artists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("artist_id", name=op.f("pk_ai_artists")),
    )
    op.create_table(
        "ai_lifts",
        sa.Column("guild_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("artist_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["artist_id"],
            ["artists.id"],
            name=op.f("fk_ai_lifts_artist_id_artists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "artist_id", name=op.f("pk_ai_lifts")),
    )
    op.create_table(
        "ai_appeals",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("guild_id", _KEY, nullable=False),
        sa.Column("artist_id", _KEY, nullable=True),
        sa.Column("promotion_id", _KEY, nullable=True, comment="either this or the artist"),
        sa.Column("user_id", _KEY, nullable=True, comment="NULL: forgotten"),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", _string(10), nullable=False, comment="open, lifted or kept"),
        sa.Column("decided_by", _KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["artist_id"],
            ["artists.id"],
            name=op.f("fk_ai_appeals_artist_id_artists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_ai_appeals_promotion_id_promotions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ai_appeals_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_appeals")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ai_appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ai_appeals_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ai_appeals_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index("ix_ai_appeals_guild_id_state", ["guild_id", "state"], unique=False)


def downgrade() -> None:
    """Take the change back: what was declared and appealed is gone."""
    op.drop_table("ai_appeals")
    op.drop_table("ai_lifts")
    op.drop_table("ai_artists")
    op.drop_column("guild_settings", "ai")
    op.drop_column("promotions", "ai")
