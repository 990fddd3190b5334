"""No personal table is forgotten by an export, and no secret or other person is in one."""

from sqlalchemy import Table

from bot.store.personal import SHEETS, columns_of
from bot.store.tables import metadata

PEOPLE = ("user_id", "about_id", "moderator_id", "decided_by", "verified_by")
"""Columns that hold somebody's Discord id."""
CHILDREN = {
    "heard", "listens", "library_tracks", "playlist_tracks", "promotion_tracks",
    "promotion_audio", "promotion_excerpts", "audition_results", "artist_pages",
}  # fmt: skip
"""What hangs on a personal row, and is deleted with it."""


def is_personal(table: Table) -> bool:
    people = any(column.name in PEOPLE for column in table.c)
    users = any(key.column.table.name == "users" for key in table.foreign_keys)
    return people or users or table.name == "users"


def test_every_table_with_somebody_in_it_is_in_a_sheet() -> None:
    told = {table.name for sheet in SHEETS for table in sheet.tables}

    personal = {table.name for table in metadata.sorted_tables if is_personal(table)}

    assert personal <= told
    assert told >= CHILDREN
    hanging = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in personal - {"users"} and key.ondelete == "CASCADE"
    }
    assert hanging <= told


def test_no_sheet_has_a_column_with_a_secret_or_somebody_elses_id() -> None:
    for sheet in SHEETS:
        names = set(columns_of(sheet))
        assert not names & {*PEOPLE, "secret", "poster_mark", "reporter_mark", "mark"}, sheet.name


def test_every_column_of_a_personal_table_is_told_or_left_out_on_purpose() -> None:
    left_out = {"id", "key", "user_id", "artist_id", "secret", "mark", "name", "cursor", "people"}
    for sheet in SHEETS:
        if sheet.counted_as and len(sheet.tables) == 1 and sheet.name not in _JOINED:
            told = set(columns_of(sheet))
            columns = {column.name for column in sheet.tables[0].c}
            assert columns - told <= left_out | {*PEOPLE, "reporter_mark"}, sheet.name


_JOINED = ("said", "parts", "picks", "auditions", "moderation", "pages", "acting-for")
