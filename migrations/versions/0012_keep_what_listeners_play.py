"""Keep what listeners play."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "histories",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=20),
            nullable=False,
            comment="whose export, or which linked service",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_accounts.id"],
            name=op.f("fk_histories_account_id_linked_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_histories_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_histories")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_histories_user_id_kind")),
    )
    with op.batch_alter_table("histories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_histories_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recordings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="core.identity.recording_key"),
        sa.Column("song_id", sa.BigInteger(), nullable=False, comment="store.columns.song_id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column(
            "namespace",
            sa.String(length=20),
            nullable=True,
            comment="of the value: spotify, mbid or isrc",
        ),
        sa.Column(
            "value",
            sa.Text(),
            nullable=True,
            comment="its name in another system, where one is known",
        ),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "asked_at",
            sa.DateTime(),
            nullable=True,
            comment="when the music services were asked for it",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_recordings_track_id_tracks"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("key", name=op.f("uq_recordings_key")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recordings_song_id"), ["song_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recordings_track_id"), ["track_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recordings_value"), ["value"], unique=False)

    op.create_table(
        "heard",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "recording_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("plays", sa.Integer(), nullable=False, comment="how many rows of listens"),
        sa.Column("last_played_at", sa.BigInteger(), nullable=False, comment="seconds since 1970"),
        sa.ForeignKeyConstraint(
            ["history_id"],
            ["histories.id"],
            name=op.f("fk_heard_history_id_histories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_heard_recording_id_recordings")
        ),
        sa.PrimaryKeyConstraint("history_id", "recording_id", name=op.f("pk_heard")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heard_recording_id"), ["recording_id"], unique=False)

    op.create_table(
        "library_tracks",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="top, saved or playlist"),
        sa.Column(
            "recording_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the list, from 0 on"),
        sa.ForeignKeyConstraint(
            ["history_id"],
            ["histories.id"],
            name=op.f("fk_library_tracks_history_id_histories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_library_tracks_recording_id_recordings"),
        ),
        sa.PrimaryKeyConstraint(
            "history_id", "kind", "recording_id", name=op.f("pk_library_tracks")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("library_tracks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_library_tracks_recording_id"), ["recording_id"], unique=False
        )

    op.create_table(
        "listens",
        sa.Column(
            "history_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "recording_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "played_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="s since 1970",
        ),
        sa.ForeignKeyConstraint(
            ["history_id", "recording_id"],
            ["heard.history_id", "heard.recording_id"],
            name=op.f("fk_listens_history_id_recording_id_heard"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("history_id", "recording_id", "played_at", name=op.f("pk_listens")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("listens", schema=None) as batch_op:
        batch_op.create_index(
            "ix_listens_history_id_played_at", ["history_id", "played_at"], unique=False
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("listens", schema=None) as batch_op:
        batch_op.drop_index("ix_listens_history_id_played_at")

    op.drop_table("listens")
    with op.batch_alter_table("library_tracks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_library_tracks_recording_id"))

    op.drop_table("library_tracks")
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heard_recording_id"))

    op.drop_table("heard")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recordings_value"))
        batch_op.drop_index(batch_op.f("ix_recordings_track_id"))
        batch_op.drop_index(batch_op.f("ix_recordings_song_id"))

    op.drop_table("recordings")
    with op.batch_alter_table("histories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_histories_account_id"))

    op.drop_table("histories")
