"""What a pick's private menus need to know: where it is heard, and what it promotes."""

from bot.clock import Clock
from bot.core.models import Subject, SubjectKind
from bot.store import listeners, picks
from bot.store.engine import Database


class PickMenus:
    """Serves ▶ and ⋯ under a pick."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, message_id: int, track_id: int, promotion_id: int | None = None) -> None:
        """Note what a private message about a pick is about, so that its buttons work."""
        shown = [Subject(SubjectKind.TRACK, track_id)]
        if promotion_id is not None:
            shown.append(Subject(SubjectKind.PROMOTION, promotion_id))
        async with self._database.write() as conn:
            await picks.note_post(conn, message_id, *shown)

    async def promotion_of(self, recommendation_id: int, track_id: int) -> int | None:
        """Return the promotion that a pick is of; None when it is of none, or of another track."""
        async with self._database.read() as conn:
            kept = await picks.by_id(conn, recommendation_id)
        return kept.promotion_id if kept and kept.track_id == track_id else None

    async def service_of(self, user_id: int) -> str | None:
        """Return the name of the service on which a listener chose to hear picks."""
        async with self._database.read() as conn:
            return await listeners.listens_on(conn, user_id)

    async def choose_service(self, user_id: int, service: str) -> None:
        """Remember the service on which a listener wants to hear picks."""
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=self._clock.now())
            await listeners.set_listens_on(conn, user_id, service)
