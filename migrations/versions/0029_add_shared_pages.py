"""Add pages that listeners and artists share."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
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
    op.create_table(
        "shared_pages",
        sa.Column("id", _KEY, nullable=False),
        sa.Column(
            "mark",
            _string(64),
            nullable=False,
            comment="SHA-256 of the secret in its address, which is kept nowhere",
        ),
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("kind", _string(10), nullable=False, comment="list, artist, year or map"),
        sa.Column("content", _TEXT, nullable=False, comment="core.sharing.Page.to_json"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_shared_pages_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_pages")),
        sa.UniqueConstraint("mark", name=op.f("uq_shared_pages_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("shared_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_pages_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shared_pages_user_id"), ["user_id"], unique=False)
    op.create_table(
        "page_files",
        sa.Column("page_id", _KEY, nullable=False),
        sa.Column("name", _string(40), nullable=False),
        sa.Column("media_type", _string(80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["shared_pages.id"],
            name=op.f("fk_page_files_page_id_shared_pages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "name", name=op.f("pk_page_files")),
    )


def downgrade() -> None:
    """Take the change back; the addresses of pages lead nowhere then."""
    op.drop_table("page_files")
    with op.batch_alter_table("shared_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_pages_user_id"))
        batch_op.drop_index(batch_op.f("ix_shared_pages_ends_at"))
    op.drop_table("shared_pages")
