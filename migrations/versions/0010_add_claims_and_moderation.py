"""Add claims and moderation."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "bans",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("guild_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True, comment="a person, or"),
        sa.Column("key", sa.Text(), nullable=True, comment="core.identity.artist_key of a name"),
        sa.Column("name", sa.Text(), nullable=True, comment="as it was written"),
        sa.Column("until", sa.DateTime(), nullable=True, comment="NULL: for ever"),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (key IS NULL)", name=op.f("ck_bans_bans_a_person_or_a_name")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bans")),
        sa.UniqueConstraint("guild_id", "key", name=op.f("uq_bans_guild_id_key")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_bans_guild_id_user_id")),
    )
    op.create_index(op.f("ix_bans_user_id"), "bans", ["user_id"])

    op.create_table(
        "blocked_terms",
        sa.Column("guild_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="word, domain or name"),
        sa.Column("value", sa.Text(), nullable=False, comment="folded"),
        sa.PrimaryKeyConstraint("guild_id", "kind", "value", name=op.f("pk_blocked_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "moderation_log",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("guild_id", _KEY, nullable=False),
        sa.Column("moderator_id", _KEY, nullable=True, comment="NULL: forgotten"),
        sa.Column(
            "user_id", _KEY, nullable=True, comment="whom it was about; NULL: nobody, forgotten"
        ),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="what it was about, in words"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_log")),
    )
    op.create_index("ix_moderation_log_guild_id_id", "moderation_log", ["guild_id", "id"])
    op.create_index(op.f("ix_moderation_log_moderator_id"), "moderation_log", ["moderator_id"])
    op.create_index(op.f("ix_moderation_log_user_id"), "moderation_log", ["user_id"])

    op.create_table(
        "artist_claims",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("guild_id", _KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="core.identity.artist_key(name)"),
        sa.Column("user_id", _KEY, nullable=False, comment="the holder"),
        sa.Column("artist_id", _KEY, nullable=True),
        sa.Column(
            "verified_by", _KEY, nullable=True, comment="NULL also when that moderator is forgotten"
        ),
        sa.Column("verified_at", sa.DateTime(), nullable=True, comment="NULL: not verified"),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["artist_id"],
            ["artists.id"],
            name=op.f("fk_artist_claims_artist_id_artists"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_artist_claims_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artist_claims")),
        sa.UniqueConstraint("guild_id", "key", name=op.f("uq_artist_claims_guild_id_key")),
    )
    op.create_index(op.f("ix_artist_claims_artist_id"), "artist_claims", ["artist_id"])
    op.create_index(op.f("ix_artist_claims_user_id"), "artist_claims", ["user_id"])

    op.create_table(
        "artist_pages",
        sa.Column("claim_id", _KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["artist_claims.id"],
            name=op.f("fk_artist_pages_claim_id_artist_claims"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("claim_id", "url", name=op.f("pk_artist_pages")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claim_hands",
        sa.Column("claim_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["artist_claims.id"],
            name=op.f("fk_claim_hands_claim_id_artist_claims"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_claim_hands_user_id_users")
        ),
        sa.PrimaryKeyConstraint("claim_id", "user_id", name=op.f("pk_claim_hands")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_hands_user_id"), "claim_hands", ["user_id"])

    op.create_table(
        "promotion_audio",
        sa.Column("promotion_id", _KEY, nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="of the file, hexadecimal"
        ),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False, comment="of the sound"),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_promotion_audio_promotion_id_promotions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", name=op.f("pk_promotion_audio")),
    )
    op.create_table(
        "reports",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("promotion_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True, comment="NULL: forgotten"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, kept or removed"),
        sa.Column("decided_by", _KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_reports_promotion_id_promotions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reports_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "promotion_id", "user_id", name=op.f("uq_reports_promotion_id_user_id")
        ),
    )
    op.create_index("ix_reports_state_promotion_id", "reports", ["state", "promotion_id"])
    op.create_index(op.f("ix_reports_user_id"), "reports", ["user_id"])

    of_settings: tuple[sa.Column[Any], ...] = (
        sa.Column("user_cooldown_hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column(
            "promoted_every",
            sa.Integer(),
            server_default="5",
            nullable=False,
            comment="one pick in so many",
        ),
        sa.Column(
            "moderation_channel_id", _KEY, nullable=True, comment="NULL: reports wait in the queue"
        ),
        sa.Column("reports_until_hidden", sa.Integer(), server_default="3", nullable=False),
        sa.Column("claims_required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("verified_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for column in of_settings:
        op.add_column("guild_settings", column)
    # What was the pause of an artist has been that of a person until now.
    op.execute("UPDATE guild_settings SET user_cooldown_hours = artist_cooldown_hours")

    # Not in batch: SQLite would make the table anew, and dropping the old one takes its tracks along.
    of_promotions: tuple[sa.Column[Any], ...] = (
        sa.Column(
            "kind",
            sa.String(length=10),
            server_default="playlist",
            nullable=False,
            comment="track, album",
        ),
        sa.Column(
            "channel_id", _KEY, nullable=True, comment="where the message is; NULL in old rows"
        ),
        sa.Column("removed_at", sa.DateTime(), nullable=True, comment="NULL: it stands"),
    )
    for column in of_promotions:
        op.add_column("promotions", column)
    owner = sa.ForeignKey("artist_claims.id", name=op.f("fk_promotions_claim_id_artist_claims"))
    op.add_column(
        "promotions", sa.Column("claim_id", _KEY, owner, nullable=True), inline_references=True
    )
    op.create_index(op.f("ix_promotions_claim_id"), "promotions", ["claim_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_promotions_claim_id"), "promotions")
    for name in ("claim_id", "removed_at", "channel_id", "kind"):
        op.drop_column("promotions", name)
    for name in (
        "verified_only",
        "claims_required",
        "reports_until_hidden",
        "moderation_channel_id",
        "promoted_every",
        "user_cooldown_hours",
    ):
        op.drop_column("guild_settings", name)
    op.drop_index(op.f("ix_reports_user_id"), "reports")
    op.drop_index("ix_reports_state_promotion_id", "reports")

    op.drop_table("reports")
    op.drop_table("promotion_audio")
    op.drop_index(op.f("ix_claim_hands_user_id"), "claim_hands")

    op.drop_table("claim_hands")
    op.drop_table("artist_pages")
    op.drop_index(op.f("ix_artist_claims_user_id"), "artist_claims")
    op.drop_index(op.f("ix_artist_claims_artist_id"), "artist_claims")

    op.drop_table("artist_claims")
    op.drop_index(op.f("ix_moderation_log_user_id"), "moderation_log")
    op.drop_index(op.f("ix_moderation_log_moderator_id"), "moderation_log")
    op.drop_index("ix_moderation_log_guild_id_id", "moderation_log")

    op.drop_table("moderation_log")
    op.drop_table("blocked_terms")
    op.drop_index(op.f("ix_bans_user_id"), "bans")

    op.drop_table("bans")
