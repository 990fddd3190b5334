"""The catalogue as numbers: tracks, their space, and what names and links say."""

from bot.core.catalog.accent import accent_of
from bot.core.catalog.blocks import block_size, peaks
from bot.core.catalog.building import (
    ARTIST_SHRINKAGE,
    append_tracks,
    build_catalog,
    famed,
    indexed,
    levels_between,
    levels_in,
)
from bot.core.catalog.counted import FameCoverage, count_independence, fame_coverage
from bot.core.catalog.credits import (
    COLLECTIVE_KEYS,
    credited_artists,
    credited_keys,
    parted,
)
from bot.core.catalog.folding import ENTITY, LOOKS_ODD, seen, text_key, unescaped
from bot.core.catalog.frontier import LONGEST_KEY, Acquaintance, Frontier, Neighbor, in_order
from bot.core.catalog.gaussian import QUANTILES, midranks, normal_share
from bot.core.catalog.identity import (
    KEYS,
    LOOKS_TURNED,
    SEPARATOR,
    artist_key,
    is_shared_title,
    recording_key,
    song_key,
)
from bot.core.catalog.independence import (
    Independence,
    independence_by_row,
    independence_of,
    is_self_released,
    released_by,
)
from bot.core.catalog.links import MAX_URL_LENGTH, holds_link, service_of, service_url
from bot.core.catalog.meaning import link_meaning
from bot.core.catalog.music_services import SHORT_HOSTS, LinkKind, identifier
from bot.core.catalog.name_index import (
    CANDIDATES,
    NEIGHBORS,
    SCANNED,
    Keys,
    Named,
    NameIndex,
    NameIndexBuilder,
    is_meant,
    tier,
)
from bot.core.catalog.origins import OPEN_GENRES, UNSAID, is_open, terms_of
from bot.core.catalog.page_links import main_page, pages, project_page, searches
from bot.core.catalog.popularity import (
    FEW_VALUES,
    best_known,
    outgrown_sources,
)
from bot.core.catalog.popularity_past import (
    UNKNOWN,
    Kept,
    compared,
    differs,
    levels_of_counts,
    month_name,
    month_of,
    past_of,
)
from bot.core.catalog.ragged import places
from bot.core.catalog.rising import LEAST_RISE, SourcePast, change_of_artists, most_risen
from bot.core.catalog.sketching import SCENE_WIDTH, WIDTH, sketch, sketched
from bot.core.catalog.sorts import (
    LIVE_ALBUMS,
    SORT_NAMES,
    TOLD,
    Sort,
    is_live_album,
    mask_of,
    sort_bits,
    sorts_of_title,
    with_ai,
)
from bot.core.catalog.space import (
    AXIS_WEIGHTS,
    CROWDING_DIALS,
    FEATURE_WEIGHTS,
    FEATURES,
    MEASURES,
    NEUTRAL_POPULARITY,
    Catalog,
    RawTracks,
    assumed_popularity,
)
from bot.core.catalog.texts import (
    LIST_MARK,
    TRACK_SEPARATORS,
    Asked,
    Chosen,
    Link,
    Names,
    Pair,
    ShortLink,
    read_text,
    track_links,
    unread_site,
)
from bot.core.catalog.titles import (
    LOOKS_NUMBERED,
    MARKED_TITLE,
    song_words,
    title_keys,
)
from bot.core.catalog.versions import Said, read_part
from bot.core.catalog.weights import (
    OPEN,
    PLAIN,
    UPPER,
    PartWeights,
    shipped_weights,
    weights_at,
)
from bot.core.catalog.written_names import parse_artists, parse_genres
