"""Let mutes end by themselves, and let what was said of an artist count beside a mute."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_COMMENTS = {
    "subject": (
        "track, album, artist, genre, promotion; cluster: by a track of it",
        "track, album, artist, genre, promotion, sort; cluster: by a track of it",
    ),
    "value": (
        "rating 1 … 5; thumb -1 or 1; seed 1; turn >= 0; cancel NULL",
        "rating 1 … 5; thumb -1 or 1; seed 1; mute: days; turn >= 0; cancel NULL",
    ),
}
_END = """
INSERT INTO feedback (
    user_id, kind, subject, subject_id, value, source, message_id, cancels, created_at
)
SELECT
    muted.user_id, 'cancel', muted.subject, muted.subject_id, NULL, muted.source, NULL, muted.id,
    max(later.created_at)
FROM feedback muted
JOIN feedback later
    ON later.user_id = muted.user_id
    AND later.subject = muted.subject
    AND later.subject_id = muted.subject_id
    AND later.id > muted.id
WHERE muted.kind = 'mute'
    AND later.kind NOT IN ('mute', 'cancel')
    AND NOT EXISTS (SELECT 1 FROM feedback c WHERE c.cancels IN (muted.id, later.id))
GROUP BY muted.user_id, muted.subject, muted.subject_id, muted.source, muted.id
ORDER BY muted.id
"""
"""Adds what takes a mute back that a later rating has ended, as ratings did until now."""
_UNSAY = """
DELETE FROM feedback WHERE cancels IN (
    SELECT id FROM feedback WHERE kind = 'mute' AND (subject <> 'artist' OR value <> 0)
)
"""
_FORGET = "DELETE FROM feedback WHERE kind = 'mute' AND (subject <> 'artist' OR value <> 0)"


def upgrade() -> None:
    """Apply the change; a mute that has ended stays ended."""
    op.execute(_END)
    _comment(new=True)


def downgrade() -> None:
    """Take the change back; what is muted for some time, or is no artist, is forgotten."""
    op.execute(_UNSAY)
    op.execute(_FORGET)
    _comment(new=False)


def _comment(*, new: bool) -> None:
    """Say what stands in the columns; SQLite keeps no comments."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for column, comments in _COMMENTS.items():
        op.alter_column(
            "feedback", column, comment=comments[new], existing_comment=comments[not new]
        )
