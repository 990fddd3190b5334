"""What sources say of who released tracks, in the bot of the tests."""

from collections.abc import Sequence
from datetime import date

from bot.core.models import ReleasedBy
from bot.services.catalog import admit
from bot.sources.values import SourceTrack
from bot.store import catalog as catalog_store
from tests.cogs.conftest import World

OWN = ReleasedBy("musicbrainz", independent=True)


async def tell(world: World, told: ReleasedBy, track_ids: Sequence[int]) -> list[str]:
    """Let a source say who released some tracks; return their titles."""
    ids = list(track_ids)
    async with world.database.write() as conn:
        known = await catalog_store.tracks_by_ids(conn, ids)
        songs = [
            SourceTrack(one.title, one.artist, one.external_ids, released_by=told) for one in known
        ]
        assert await admit(conn, songs, on=date(2026, 11, 30)) == ids
    return [one.title for one in known]
