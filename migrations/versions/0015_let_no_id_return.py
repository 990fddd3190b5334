"""Let no id return, and keep what binds without the person."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_Edits: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]

_MASTER = sa.table("sqlite_master", sa.column("type"), sa.column("name"), sa.column("sql"))
_HANDS = sa.table(
    "claim_hands",
    sa.column("claim_id", sa.BigInteger()),
    sa.column("user_id", sa.BigInteger()),
    sa.column("accepted_at", sa.DateTime()),
)
_CATALOG = ("artists", "albums", "tracks", "genres")
_POSTED = ("promotions", "recommendations", "artist_claims")
_LEAP = 1_000_000
"""So many ids are skipped in a database that was in use: some may have been given away twice."""

_NEVER_AGAIN: _Edits = {
    name: [
        (
            f"CONSTRAINT pk_{name} PRIMARY KEY (id)",
            f"CONSTRAINT pk_{name} PRIMARY KEY (id AUTOINCREMENT)",
        )
    ]
    for name in (*_CATALOG, *_POSTED)
}

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BANNED = "ck_bans_bans_a_person_or_a_name"
_ONE_OF_TWO = "(user_id IS NULL) <> (key IS NULL)"
_ONE_OF_THREE = (
    "CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN key IS NULL THEN 0 ELSE 1 END "
    "+ CASE WHEN mark IS NULL THEN 0 ELSE 1 END = 1"
)
_WITHOUT_THE_PERSON: _Edits = {
    "promotions": [("user_id INTEGER NOT NULL", "user_id INTEGER")],
    "artist_claims": [("user_id INTEGER NOT NULL", "user_id INTEGER")],
    "bans": [(f"CHECK ({_ONE_OF_TWO})", f"CHECK ({_ONE_OF_THREE})")],
}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "tombstones",
        sa.Column(
            "mark",
            sa.String(length=64),
            nullable=False,
            comment="a keyed hash of what binds, and where",
        ),
        sa.Column("guild_id", _KEY, nullable=False, comment="0: outside of servers"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="when it began"),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True, comment="of a sound"),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_tombstones")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tombstones_until"), "tombstones", ["until"])
    op.create_index("ix_tombstones_guild_id_at", "tombstones", ["guild_id", "at"])
    op.create_table(
        "audition_results",
        sa.Column("promotion_id", _KEY, nullable=False),
        sa.Column("totals", sa.Text(), nullable=False, comment="as they were told, as JSON"),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_audition_results_promotion_id_promotions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", name=op.f("pk_audition_results")),
    )
    for table, column, comment in (
        ("promotions", "poster_mark", "store.tombstones: whom a ban means, without user_id"),
        ("reports", "reporter_mark", "store.tombstones: who reported it, forgotten"),
        ("bans", "mark", "store.tombstones: a person who deleted their data"),
    ):
        op.add_column(
            table, sa.Column(column, sa.String(length=64), nullable=True, comment=comment)
        )
    op.create_index("uq_bans_guild_id_mark", "bans", ["guild_id", "mark"], unique=True)
    if op.get_bind().dialect.name != "sqlite":
        for table in ("promotions", "artist_claims"):
            op.alter_column(table, "user_id", nullable=True)
        op.drop_constraint(_BANNED, "bans")
        op.create_check_constraint(op.f(_BANNED), "bans", _ONE_OF_THREE)
    _edit_schema(_WITHOUT_THE_PERSON)
    _keep_hands_that_act()
    _edit_schema(_NEVER_AGAIN)
    _begin_counting()


def downgrade() -> None:
    """Take the change back."""
    hands = op.get_bind().execute(sa.text("SELECT claim_id, user_id FROM claim_hands")).all()
    _make_hands([])
    if hands:
        op.get_bind().execute(sa.insert(_HANDS), [row._asdict() for row in hands])
    op.drop_table("audition_results")
    op.execute("DELETE FROM bans WHERE user_id IS NULL AND key IS NULL")
    op.execute("DELETE FROM promotions WHERE user_id IS NULL")
    op.execute(
        "UPDATE promotions SET claim_id = NULL WHERE claim_id IN "
        "(SELECT id FROM artist_claims WHERE user_id IS NULL)"
    )
    op.execute("DELETE FROM artist_claims WHERE user_id IS NULL")
    _edit_schema(_reversed(_WITHOUT_THE_PERSON))
    if op.get_bind().dialect.name != "sqlite":
        for table in ("promotions", "artist_claims"):
            op.alter_column(table, "user_id", nullable=False)
        op.drop_constraint(_BANNED, "bans")
        op.create_check_constraint(op.f(_BANNED), "bans", _ONE_OF_TWO)
    op.drop_index("uq_bans_guild_id_mark", "bans")
    for table, column in (
        ("bans", "mark"),
        ("reports", "reporter_mark"),
        ("promotions", "poster_mark"),
    ):
        op.drop_column(table, column)
    op.drop_index("ix_tombstones_guild_id_at", "tombstones")
    op.drop_index(op.f("ix_tombstones_until"), "tombstones")
    op.drop_table("tombstones")
    _edit_schema(_reversed(_NEVER_AGAIN))
    if op.get_bind().dialect.name == "sqlite":
        for name in _NEVER_AGAIN:
            op.execute(
                sa.text("DELETE FROM sqlite_sequence WHERE name = :name").bindparams(name=name)
            )


def _keep_hands_that_act() -> None:
    """Keep the helpers who promoted for their artist; the others were never asked."""
    since = sa.text(
        "SELECT h.claim_id, h.user_id, min(p.created_at) AS accepted_at FROM claim_hands AS h "
        "JOIN promotions AS p ON p.claim_id = h.claim_id AND p.user_id = h.user_id "
        "GROUP BY h.claim_id, h.user_id"
    ).columns(_HANDS.c.claim_id, _HANDS.c.user_id, _HANDS.c.accepted_at)
    hands = op.get_bind().execute(since).all()
    accepted = sa.Column(
        "accepted_at", sa.DateTime(), nullable=False, comment="votes count until then"
    )
    _make_hands([accepted])
    if hands:
        op.get_bind().execute(sa.insert(_HANDS), [row._asdict() for row in hands])


def _make_hands(further: list[sa.Column[Any]]) -> None:
    """Make the table of helpers anew, empty; no other points to it."""
    op.drop_table("claim_hands")
    op.create_table(
        "claim_hands",
        sa.Column("claim_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=False),
        *further,
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


def _begin_counting() -> None:
    """Begin above every id that was ever given away; PostgreSQL never gives one twice."""
    conn = op.get_bind()
    if conn.dialect.name != "sqlite":
        return
    used = _last_id(conn, "tracks") or _last_id(conn, "users")
    for name in _NEVER_AGAIN:
        last = _last_id(conn, name) + (_LEAP if used and name in _POSTED else 0)
        start = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        conn.execute(start.bindparams(name=name, last=last))


def _last_id(conn: sa.Connection, name: str) -> int:
    return int(
        conn.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(name))) or 0
    )


def _edit_schema(edits: _Edits) -> None:
    """Change what SQLite has written down of tables, where their rows stay as they are.

    Made anew, a table would take the rows of those that point to it along. This is the way that
    SQLite describes for it (https://www.sqlite.org/lang_altertable.html#otheralter).
    """
    conn = op.get_bind()
    if conn.dialect.name != "sqlite":
        return
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    for name, changes in edits.items():
        written = sa.and_(_MASTER.c.type == "table", _MASTER.c.name == name)
        sql = conn.execute(sa.select(_MASTER.c.sql).where(written)).scalar_one()
        for old, new in changes:
            if sql.count(old) != 1:
                raise RuntimeError(f"the table {name} is not as it was made: it has no {old!r}")
            sql = sql.replace(old, new)
        conn.execute(sa.update(_MASTER).where(written).values(sql=sql))
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = RESET")


def _reversed(edits: _Edits) -> _Edits:
    return {name: [(new, old) for old, new in reversed(changes)] for name, changes in edits.items()}
