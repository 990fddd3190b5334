"""A taste: what was said and played, and the curves learned from it."""

from bot.core.taste.absolute import BOUNDS, cautious_value, is_high, is_low, steps_apart
from bot.core.taste.away import MOST as MOST_AWAY
from bot.core.taste.away import SERVICES, Away, LeftAway, away_of, read_days, service_of
from bot.core.taste.cluster_names import (
    ARTISTS,
    LONGEST_NAME,
    ClusterName,
    cluster_artists,
    name_clusters,
)
from bot.core.taste.common import Common, Trait, in_common
from bot.core.taste.early import Early, early_likes
from bot.core.taste.explanation import FeatureLevel, describe, most_together, nearest_liked
from bot.core.taste.listener import ListenerTaste, taste_from_blobs
from bot.core.taste.listening import (
    MOST,
    NOTHING_PLAYED,
    RECENT_DAYS,
    RECENT_PLAYS,
    SHORTEST_MS,
    Cut,
    HistoryKind,
    HistoryReport,
    Played,
    Recording,
    Skip,
    linked_kind,
    listening_opinions,
    next_cursor,
    wait_until_sync,
)
from bot.core.taste.logistic import maximum_a_posteriori, shares
from bot.core.taste.map import (
    AxisEnd,
    Friend,
    Ground,
    MapCluster,
    Standing,
    TasteMap,
    ground_of,
    middle_of,
    representatives,
    stand,
)
from bot.core.taste.mutes import (
    FOR_EVER,
    MONTH,
    NO_MUTES,
    NOTHING_UNWANTED,
    Mutes,
    StandingWishes,
    Unwanted,
    ends_at,
    holds,
    together,
)
from bot.core.taste.opinion import (
    NO_OPINION,
    SEED,
    THUMB,
    entry_value,
    opinion_value,
    opinions,
    sample,
)
from bot.core.taste.periods import (
    MOST_MONTHS,
    Period,
    Span,
    calendar_year,
    month_starts,
    period_of,
)
from bot.core.taste.preference import Judged, Preference, preference_parts, preference_scores
from bot.core.taste.profile import (
    ArtistStrength,
    Counts,
    Favorite,
    FavoriteGenre,
    Height,
    Independents,
    ListenerProfile,
    Obscurity,
    Sound,
    artist_strengths,
    artists_behind,
    count_feedback,
    counted_among,
    describe_sound,
    favorite_genres,
    genre_mix,
    height,
    likes_said,
    ranked,
)
from bot.core.taste.story import Cluster, EarlyLike, Month, NewName, Part, Story
from bot.core.taste.storytelling import (
    LEAST_MONTHS,
    clusters_of,
    level_in,
    month_of_taste,
    new_names,
    quiet_favorites,
    since_began,
    telling,
)
from bot.core.taste.taste import Opinion, TasteProfile, build_taste, levels_of, likes_among
from bot.core.taste.turning import AS_IT_WAS, DOWN, OFF, UP, LikedClusters, Turn
