"""Makes a catalogue of open dumps: MusicBrainz names, AcousticBrainz features, ListenBrainz plays.

`shuffling` puts millions of rows aside by their recording, so that each part of them fits in
memory. `plays` counts listeners, `sounds` takes the middle of what was measured, `names` chooses
recordings and writes them into the catalogue; `building` does all of it, and goes on where it was
interrupted.
"""

from bot.services.catalog.open_data.building import Built, OpenData

__all__ = ["Built", "OpenData"]
