import numpy as np

from bot.core.catalog.space import FEATURES
from bot.demo.listeners import LISTENERS, demo_ratings
from bot.services.catalog.live import LiveCatalog
from bot.store.engine import Database


async def test_every_demo_listener_rates_tracks_that_fit_their_leaning(starter: Database) -> None:
    catalog = await LiveCatalog(starter).get()
    energy = FEATURES.index("energy")

    for listener in LISTENERS:
        ratings = demo_ratings(catalog, listener)
        liked = catalog.rows_of([track for track, score in ratings if score >= 4])
        disliked = catalog.rows_of([track for track, score in ratings if score <= 2])

        assert (len(liked), len(disliked)) == (6, 2)
        assert len(set(catalog.artist_ids[liked].tolist())) == 6
        lean = listener.leaning["energy"]
        gap = catalog.gaussian[liked, energy].mean() - catalog.gaussian[disliked, energy].mean()
        assert np.sign(gap) == np.sign(lean)


async def test_the_demo_listeners_differ(starter: Database) -> None:
    catalog = await LiveCatalog(starter).get()

    loved = [{track for track, _ in demo_ratings(catalog, one)[:6]} for one in LISTENERS]

    shared = [len(one & other) for place, one in enumerate(loved) for other in loved[place + 1 :]]
    assert max(shared) <= 2
