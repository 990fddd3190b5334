"""How good it is: measures, simulated listeners and other recommenders."""

from bot.core.bench.ablation import ablations
from bot.core.bench.evaluation import Estimate, holdout
from bot.core.bench.judging import (
    COVERAGE,
    DEPTH,
    DEPTHS,
    DISTINCT,
    DIVERSITY,
    EMERGING,
    EMERGING_UNDER,
    EVERY,
    FAMOUS,
    FAMOUS_FROM,
    FINDING,
    GINI,
    LIFT,
    MOST_SHOWN,
    NEW,
    PERCENTILE,
    POPULARITY,
    SECONDS,
    TOP,
    UNDER,
    Case,
    Evaluation,
    Judge,
    Tally,
)
from bot.core.bench.learners import BLEND, all_learners
from bot.core.bench.paths import WAYS, PathPair, WayFigures, figures_of, judged_pairs
from bot.core.bench.recommenders import (
    AudioCosine,
    NearestLists,
    PopularTracks,
    RandomTracks,
    RankingMethod,
    SongLists,
    best_rows,
)
from bot.core.bench.simulated_listeners import FAMILIES, World, songs_of_artists, world_of
from bot.core.bench.simulation import (
    SEEDS,
    Difference,
    Simulation,
    SimulationOptions,
    possible_picks,
    simulate,
)
