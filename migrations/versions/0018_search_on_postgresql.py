"""Search on PostgreSQL, and compare text there as SQLite does."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COMMENTS = (
    ("artist_claims", "user_id", "the holder; NULL: nobody"),
    ("feedback", "kind", "rating, thumb, seed, mute or cancel"),
    ("promotions", "user_id", "NULL: deleted, but reported"),
)
_WORDS = {
    "tracks": "SELECT id, search_rank, recording_key AS words FROM tracks",
    "artists": "SELECT id, search_rank, key AS words FROM artists",
    "albums": (
        "SELECT albums.id, albums.search_rank, albums.key || chr(31) || artists.key AS words "
        "FROM albums JOIN artists ON artists.id = albums.artist_id"
    ),
}


def upgrade() -> None:
    """Apply the change."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column, comment in _COMMENTS:
        op.alter_column(table, column, comment=comment)
    _compare_bytes()
    for name, rows in _WORDS.items():
        op.create_table(
            f"search_{name}",
            sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("words", sa.dialects.postgresql.TSVECTOR(), nullable=False),
            sa.PrimaryKeyConstraint("entry", name=f"pk_search_{name}"),
        )
        op.execute(
            f"INSERT INTO search_{name} (entry, words) "  # noqa: S608
            "SELECT 1099511627776 * search_rank + id, array_to_tsvector(ARRAY("
            "SELECT left(word, 500) FROM regexp_split_to_table(replace(words, chr(31), ' '), ' +') "
            f"AS word WHERE word <> '')) FROM ({rows}) AS one"
        )
        op.create_index(
            f"ix_search_{name}_words", f"search_{name}", ["words"], postgresql_using="gin"
        )


def _compare_bytes() -> None:
    """Let text be compared and ordered as SQLite does it, whatever language the server speaks."""
    inspector = sa.inspect(op.get_bind())
    for table in inspector.get_table_names():
        texts = {
            one["name"]: str(one["type"]).partition(" COLLATE")[0]
            for one in inspector.get_columns(table)
            if isinstance(one["type"], sa.String)
        }
        changes = ", ".join(
            f'ALTER COLUMN "{name}" TYPE {kind} COLLATE "C"' for name, kind in texts.items()
        )
        if changes and table != "alembic_version":
            op.execute(f'ALTER TABLE "{table}" {changes}')


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name != "sqlite":
        for name in _WORDS:
            op.drop_table(f"search_{name}")
