"""The catalogue as numbers: tracks, their space, and what names and links say."""

from bot.core.catalog.addresses import pieces_in
from bot.core.catalog.blocks import block_size, peaks
from bot.core.catalog.building import (
    ARTIST_SHRINKAGE,
    append_tracks,
    best_known,
    build_catalog,
    famed,
    indexed,
    levels_in,
)
from bot.core.catalog.collection_links import CollectionLink, ListKind, collection_link
from bot.core.catalog.credits import COLLECTIVE_KEYS, credited_artists, credited_keys
from bot.core.catalog.fame_coverage import FameCoverage, fame_coverage
from bot.core.catalog.gaussian import QUANTILES, midranks, normal_share
from bot.core.catalog.identity import (
    MARKED_TITLE,
    SEPARATOR,
    artist_key,
    read_part,
    recording_key,
    song_key,
    text_key,
    title_keys,
)
from bot.core.catalog.links import MAX_URL_LENGTH, holds_link, service_of, service_url, track_link
from bot.core.catalog.page_links import main_page, pages, searches
from bot.core.catalog.ragged import places
from bot.core.catalog.sketching import SCENE_WIDTH, WIDTH, sketch, sketched
from bot.core.catalog.space import (
    AXIS_WEIGHTS,
    FEATURE_WEIGHTS,
    FEATURES,
    MEASURES,
    NEUTRAL_POPULARITY,
    Catalog,
    RawTracks,
    assumed_popularity,
)

__all__ = [
    "ARTIST_SHRINKAGE",
    "AXIS_WEIGHTS",
    "COLLECTIVE_KEYS",
    "FEATURES",
    "FEATURE_WEIGHTS",
    "MARKED_TITLE",
    "MAX_URL_LENGTH",
    "MEASURES",
    "NEUTRAL_POPULARITY",
    "QUANTILES",
    "SCENE_WIDTH",
    "SEPARATOR",
    "WIDTH",
    "Catalog",
    "CollectionLink",
    "FameCoverage",
    "ListKind",
    "RawTracks",
    "append_tracks",
    "artist_key",
    "assumed_popularity",
    "best_known",
    "block_size",
    "build_catalog",
    "collection_link",
    "credited_artists",
    "credited_keys",
    "fame_coverage",
    "famed",
    "holds_link",
    "indexed",
    "levels_in",
    "main_page",
    "midranks",
    "normal_share",
    "pages",
    "peaks",
    "pieces_in",
    "places",
    "read_part",
    "recording_key",
    "searches",
    "service_of",
    "service_url",
    "sketch",
    "sketched",
    "song_key",
    "text_key",
    "title_keys",
    "track_link",
]
