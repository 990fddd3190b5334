"""Let no id return, and keep what binds without the person."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_Edits: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]

_MASTER = sa.table("sqlite_master", sa.column("type"), sa.column("name"), sa.column("sql"))
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


def upgrade() -> None:
    """Apply the change."""
    _edit_schema(_NEVER_AGAIN)
    _begin_counting()


def downgrade() -> None:
    """Take the change back."""
    _edit_schema(_reversed(_NEVER_AGAIN))
    if op.get_bind().dialect.name == "sqlite":
        for name in _NEVER_AGAIN:
            op.execute(
                sa.text("DELETE FROM sqlite_sequence WHERE name = :name").bindparams(name=name)
            )


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
