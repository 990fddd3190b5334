"""Keep linked accounts and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "jobs",
        sa.Column("kind", sa.String(length=20), nullable=False, comment="who does it"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="what it is about",
        ),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column(
            "taken_until",
            sa.DateTime(),
            nullable=True,
            comment="somebody does it; later than that they crashed",
        ),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False, comment="in a row"),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_due_at"), ["due_at"], unique=False)

    op.create_table(
        "linked_accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "service",
            sa.String(length=20),
            nullable=False,
            comment="lastfm, listenbrainz or spotify",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="the user name; on Spotify the account id"
        ),
        sa.Column(
            "display_name", sa.Text(), nullable=True, comment="where it is another than the name"
        ),
        sa.Column(
            "secret",
            sa.LargeBinary(),
            nullable=True,
            comment="what lets us ask, encrypted; NULL: the name is enough",
        ),
        sa.Column(
            "basis", sa.String(length=10), nullable=False, comment="top, recent, saved or playlist"
        ),
        sa.Column("playlist_id", sa.Text(), nullable=True, comment="of the basis playlist"),
        sa.Column("playlist_name", sa.Text(), nullable=True),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("synced_at", sa.DateTime(), nullable=True, comment="NULL: never yet"),
        sa.Column("cursor", sa.DateTime(), nullable=True, comment="all plays up to here are kept"),
        sa.Column(
            "problem", sa.Text(), nullable=True, comment="why it cannot be asked, as a sentence"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_linked_accounts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_accounts")),
        sa.UniqueConstraint("user_id", "service", name=op.f("uq_linked_accounts_user_id_service")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("linked_accounts")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_due_at"))

    op.drop_table("jobs")
