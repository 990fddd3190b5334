import numpy as np

from bot.core.catalog.space import FEATURES, Catalog
from bot.demo.listeners import LISTENERS, demo_favorites, demo_ratings
from bot.services.catalog.live import LiveCatalog
from bot.store.engine import Database


def genres_of(catalog: Catalog, row: int) -> set[str | None]:
    return {catalog.genre_name(one) for one in catalog.genres_of(row)}


async def test_every_demo_listener_loves_well_known_music_of_their_genre(shipped: Database) -> None:
    catalog = await LiveCatalog(shipped).get()

    for listener in LISTENERS:
        ratings = demo_ratings(catalog, listener)
        liked = catalog.rows_of([track for track, score in ratings if score >= 4])
        disliked = catalog.rows_of([track for track, score in ratings if score <= 2])

        assert (len(liked), len(disliked)) == (6, 2)
        assert len(set(catalog.artist_ids[liked].tolist())) == 6
        assert all(genres_of(catalog, row) & listener.genres for row in liked.tolist())
        assert not any(genres_of(catalog, row) & listener.genres for row in disliked.tolist())
        assert (catalog.popularity[liked] >= 0.6).all()


async def test_where_nothing_is_of_their_genre_their_leaning_decides(starter: Database) -> None:
    catalog = await LiveCatalog(starter).get()

    ada, bo, _ = LISTENERS
    energy = FEATURES.index("energy")
    for listener in (ada, bo):
        assert not any(name in listener.genres for name in catalog.genre_names)
        ratings = demo_ratings(catalog, listener)
        liked = catalog.rows_of([track for track, score in ratings if score >= 4])
        disliked = catalog.rows_of([track for track, score in ratings if score <= 2])
        gap = catalog.gaussian[liked, energy].mean() - catalog.gaussian[disliked, energy].mean()
        assert np.sign(gap) == np.sign(listener.leaning["energy"])


async def test_the_demo_listeners_differ(shipped: Database) -> None:
    catalog = await LiveCatalog(shipped).get()

    loved = [{track for track, _ in demo_ratings(catalog, one)[:6]} for one in LISTENERS]

    shared = [len(one & other) for place, one in enumerate(loved) for other in loved[place + 1 :]]
    assert max(shared) == 0


async def test_what_they_play_elsewhere_is_what_they_have_not_rated(shipped: Database) -> None:
    catalog = await LiveCatalog(shipped).get()

    for listener in LISTENERS:
        played = demo_favorites(catalog, listener, 40)
        assert len(played) == 40
        assert not {track for track, _ in demo_ratings(catalog, listener)} & set(played)
