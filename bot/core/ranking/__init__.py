"""From a taste to a list: filters, scores, search, order and the reasons."""

from bot.core.ranking.asked import MOST as MOST_ASKED
from bot.core.ranking.asked import NOTHING_ASKED, Asked
from bot.core.ranking.blending import (
    FEWEST,
    LENGTH,
    MOST,
    GroupList,
    GroupPick,
    averaged,
    best_sum,
    blend,
    explained_for,
)
from bot.core.ranking.choosing import (
    ChosenTrack,
    Listener,
    choose,
    counterfactual,
    explained,
    left_out,
    loosenings,
    other_obscurity,
    query_of,
)
from bot.core.ranking.confidence import Calibration, Evidence
from bot.core.ranking.discovery import (
    Discovery,
    Genre,
    LikedTrack,
    PickCard,
    Revealed,
    StartOffer,
    Understood,
)
from bot.core.ranking.exposure import Exposure, coverage, gini, measure, rests
from bot.core.ranking.filters import Removed
from bot.core.ranking.hearing import PROMOTED_EVERY, Hearing, Turn
from bot.core.ranking.leaving_out import NOTHING_LEFT_OUT, LeftOut, missing
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.newcomers import contrasting_rows, favorite_artists
from bot.core.ranking.obscurity import (
    DeepCuts,
    ceiling,
    fame_penalty,
    is_deep_cut,
    within_reach,
)
from bot.core.ranking.query import Bound, Filter, Mood, Query
from bot.core.ranking.ranking import Ranking, rank, rank_all
from bot.core.ranking.reranking import PROMISED, may_follow
from bot.core.ranking.scoring import (
    AFFINITY,
    CROWDING,
    PENALTY,
    Parts,
    Typical,
    artist_strength,
    counting_weights,
    likings,
    score_parts,
    typical_score,
)
from bot.core.ranking.sharing import people_key
from bot.core.ranking.told import Part, Told, told_parts
from bot.core.ranking.wallpaper import uncrowded
from bot.core.ranking.weighing import HARDLY_LISTED, LIST_AFFINITY, weighed
from bot.core.ranking.why import (
    FARTHEST,
    Basis,
    Counterfactual,
    Explanation,
    Reason,
    explain,
    reasons_of,
)
from bot.core.ranking.wish import (
    DEFAULT_COUNT,
    DEFAULT_OBSCURITY,
    MAX_COUNT,
    Wish,
    Years,
    parse_years,
)
