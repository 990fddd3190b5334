"""Get to know artists."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TEXTS = {
    "acquaintances": {"key": "TEXT", "name": "TEXT", "mbid": "VARCHAR(36)", "deezer_id": "TEXT"},
    "artist_wishes": {"key": "TEXT", "name": "TEXT"},
}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "acquaintances",
        sa.Column("key", sa.Text(), nullable=False, comment="core.identity.artist_key(name)"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mbid", sa.String(length=36), nullable=True, comment="of MusicBrainz"),
        sa.Column("deezer_id", sa.Text(), nullable=True),
        sa.Column("fans", sa.BigInteger(), nullable=True, comment="who follow them on Deezer"),
        sa.Column("weight", sa.Float(), nullable=False, comment="core.catalog.Acquaintance"),
        sa.Column("met_at", sa.DateTime(), nullable=True, comment="NULL: they wait to be met"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_acquaintances")),
    )
    with op.batch_alter_table("acquaintances", schema=None) as batch_op:
        batch_op.create_index("ix_acquaintances_met_at_weight", ["met_at", "weight"], unique=False)

    op.create_table(
        "artist_wishes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="core.identity.artist_key(name)"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="an artist whom nobody knew, as it was typed"
        ),
        sa.Column("score", sa.SmallInteger(), nullable=False, comment="1 … 5: how they rated them"),
        sa.Column("wished_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_artist_wishes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artist_wishes")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_artist_wishes_user_id_key")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name != "sqlite":  # compare text as SQLite does, as 0018 has it
        for table, columns in _TEXTS.items():
            for column, kind in columns.items():
                op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE "C"')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("artist_wishes")
    with op.batch_alter_table("acquaintances", schema=None) as batch_op:
        batch_op.drop_index("ix_acquaintances_met_at_weight")

    op.drop_table("acquaintances")
