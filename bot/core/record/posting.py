"""Where the head of the log is posted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

A_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """Where a server has the head posted every week, and how the last post went."""

    guild_id: int
    channel_id: int
    active: bool = True
    """False: it could not be posted and was switched off; `problem` says why."""
    last_sent_at: datetime | None = None
    sending_since: datetime | None = None
    """It is being posted. After a crash it counts as posted: none is better than two."""
    problem: str | None = None
    """Why the last one was not posted, as a sentence."""
