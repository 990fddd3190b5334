"""The catalogue: imported, admitted, measured and kept in memory."""

from bot.services.catalog.admission import (
    CONFIDENCE,
    admit,
    key_of,
    known_track,
    note_released,
    plain_title,
)
from bot.services.catalog.analysis import LEAST, Analyses, Heard, on_scale, take_in
from bot.services.catalog.analysis_table import Row, names_of, read_table, row_of, written_table
from bot.services.catalog.exporting import CatalogExporter, Exported, ending_of
from bot.services.catalog.importing import CatalogImporter, ImportReport
from bot.services.catalog.importing.layouts import OTHER_TABLE, parse_mapping
from bot.services.catalog.importing.merging import Known, by_recording
from bot.services.catalog.importing.tables import Progress
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.open_data import (
    MANY,
    Built,
    Counted,
    Keys,
    Listens,
    OpenData,
    Reading,
    Releases,
    Rows,
    Shuffle,
    holds_listens,
    keys_of,
    places_in,
)
from bot.services.catalog.playlist_files import is_playlist
from bot.services.catalog.popularity_past import POPULARITY, PopularityPast, Risen
from bot.services.catalog.seed_tracks import resolve
from bot.services.catalog.seeds import Seed, header_of, names_tracks, read_seeds
from bot.services.catalog.starter import keep_starter, load_starter
