"""Makes a catalogue of open dumps: MusicBrainz names, AcousticBrainz features, ListenBrainz plays.

`shuffling` puts millions of rows aside by their recording, so that each part of them fits in
memory. `reading` reads each dump once and goes on where it was interrupted. `plays` counts
listeners, `sounds` takes the middle of what was measured, `discogs` and `genres` tell what kind of
music it is, `names` chooses recordings, and `building` writes them into the catalogue.
"""

from bot.services.catalog.open_data.building import Built, OpenData
from bot.services.catalog.open_data.discogs import Releases
from bot.services.catalog.open_data.plays import Aside, Counted, Listens
from bot.services.catalog.open_data.reading import Reading, holds_listens
from bot.services.catalog.open_data.recordings import Keys, keys_of, places_in
from bot.services.catalog.open_data.shuffling import MANY, Rows, Shuffle

__all__ = [
    "MANY",
    "Aside",
    "Built",
    "Counted",
    "Keys",
    "Listens",
    "OpenData",
    "Reading",
    "Releases",
    "Rows",
    "Shuffle",
    "holds_listens",
    "keys_of",
    "places_in",
]
