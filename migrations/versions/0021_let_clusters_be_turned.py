"""Let clusters of likes be turned and named."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Text is compared as SQLite does it; see 0018.
_NAME = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_COMMENTS = {
    "kind": ("rating, thumb, seed, mute or cancel", "rating, thumb, seed, mute, turn or cancel"),
    "subject": (
        "track, album, artist, genre, promotion",
        "track, album, artist, genre, promotion; cluster: by a track of it",
    ),
    "value": (
        "rating 1 … 5; thumb -1 or 1; seed 1; cancel NULL",
        "rating 1 … 5; thumb -1 or 1; seed 1; turn >= 0; cancel NULL",
    ),
}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "cluster_names",
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("track_id", _KEY, nullable=False, comment="it is in the cluster"),
        sa.Column("name", _NAME, nullable=False, comment="as they typed it"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_cluster_names_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_cluster_names_track_id_tracks")
        ),
        sa.PrimaryKeyConstraint("user_id", "track_id", name=op.f("pk_cluster_names")),
        sqlite_with_rowid=False,
    )
    _comment(new=True)


def downgrade() -> None:
    """Take the change back; how clusters were turned is forgotten."""
    op.execute(
        "DELETE FROM feedback WHERE cancels IN (SELECT id FROM feedback WHERE kind = 'turn')"
    )
    op.execute("DELETE FROM feedback WHERE kind = 'turn'")
    op.drop_table("cluster_names")
    _comment(new=False)


def _comment(*, new: bool) -> None:
    """Say what stands in the columns; SQLite keeps no comments."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for column, comments in _COMMENTS.items():
        op.alter_column(
            "feedback", column, comment=comments[new], existing_comment=comments[not new]
        )
