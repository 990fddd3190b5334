"""New releases: which ones suit a listener, and on what grounds."""

from bot.core.releases.release_grounds import Grounds, judge_releases
from bot.core.releases.release_ranking import RankedRelease, ReleaseRanking, earn, order_releases
from bot.core.releases.releases import (
    DEFAULT_DAYS,
    LONGEST_DAYS,
    PAGE,
    KnownRelease,
    NewRelease,
    ReleaseWish,
    merged,
    within,
)
