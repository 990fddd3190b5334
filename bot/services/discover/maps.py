"""`/map`: where a listener's taste stands among all music, and how much each part of it counts.

Privacy: of others, only those are looked at who opened their profile and used the bot in the server
where the map is asked for; of them the map has one spot each. Whether they are members there now
is for the caller to ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.clock import Clock
from bot.core.catalog import Catalog, seen
from bot.core.models import Subject, SubjectKind
from bot.core.taste import (
    AS_IT_WAS,
    LONGEST_NAME,
    OFF,
    Friend,
    Ground,
    LikedClusters,
    ListenerTaste,
    MapCluster,
    TasteMap,
    cluster_artists,
    ground_of,
    middle_of,
    name_clusters,
    representatives,
    stand,
)
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover.recommender import Recommender
from bot.services.taste import FeedbackLedger, Tastes
from bot.services.threads import compute
from bot.store import cluster_names, listeners, picks, presence, subjects
from bot.store.engine import Database

LAST_PICKS: Final = 8
FRIENDS: Final = 12
"""So many others are placed at the most: those who were here last."""

_NOTHING_MEASURED: Final = (
    "I cannot draw a map: no track of my catalogue is measured. Ask the operator to import more."
)
_NOTHING_SAID: Final = (
    "There is nothing to put on your map yet. `/start` asks you a few questions; `/rate track` "
    "with something you love works even better."
)
_NOTHING_PLACED: Final = (
    "None of what you rated is measured yet, so I do not know where on the map it belongs. Rate "
    "something else with `/rate track`, or ask again tomorrow."
)
_CHANGED: Final = "Your likes have changed since this map was drawn. See them anew with `/map`."
_LAST_ONE: Final = (
    "Then nothing of your taste would count. Turn another part of your map up before this one off."
)
_TOO_LONG: Final = f"A name has at most {LONGEST_NAME} letters. Choose a shorter one."
_TAKEN: Final = "Another part of your map is called so. Choose another name."


@dataclass(frozen=True, slots=True)
class Preview:
    """What turning a cluster would do."""

    cluster: MapCluster
    """As it is now."""
    changed: int
    """So many of the next picks would be others."""
    picks: int
    """How many are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A listener's clusters with their names."""

    catalog: Catalog
    taste: ListenerTaste
    clusters: tuple[MapCluster, ...]

    def place_of(self, track_id: int) -> int:
        """Return the cluster that holds a track.

        Raises:
            NotFoundError: none does.
        """
        row, liked = self.catalog.row_of(track_id), self.taste.profile.clusters
        found = liked.labels[liked.rows == row] if row is not None else []
        if not len(found):
            raise NotFoundError(_CHANGED)
        return int(found[0])


class TasteMaps:
    """Draws up maps, and turns and names what is on them."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        ledger: FeedbackLedger,
        recommender: Recommender,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._ledger = ledger
        self._recommender = recommender
        self._clock = clock
        self._ground: tuple[object, Ground | None] | None = None

    async def of(self, user_id: int, *, guild_id: int | None = None) -> TasteMap:
        """Return the map with a listener on it.

        Args:
            user_id: the listener.
            guild_id: the server whose open listeners are placed, too; None: nobody else is.

        Raises:
            NotFoundError: there is nothing to show.
        """
        parts = await self._parts(user_id)
        catalog, profile = parts.catalog, parts.taste.profile
        ground = await self._ground_of(catalog)
        if not len(profile.clusters.rows) and not len(profile.disliked_rows):
            raise NotFoundError(_NOTHING_SAID)
        standing = await compute(stand, catalog, ground, profile)
        if not len(standing.likes) and not len(standing.dislikes):
            raise NotFoundError(_NOTHING_PLACED)
        return TasteMap(
            ground=ground,
            standing=standing,
            clusters=parts.clusters,
            picks=ground.places_of(catalog, await self._last_picks(catalog, user_id)),
            friends=await self._friends(catalog, ground, user_id, guild_id),
            tracks=len(catalog),
        )

    async def preview(self, user_id: int, track_id: int, factor: float) -> Preview:
        """Return what turning the cluster with a track would change; nothing is kept.

        Raises:
            NotFoundError: the track is in no cluster any more.
            UserError: nothing would count.
        """
        parts = await self._parts(user_id)
        place = _turnable(parts, track_id, factor)
        turned = await self._tastes.if_turned(parts.catalog, user_id, track_id, factor)
        changed, compared = await self._recommender.would_change(
            parts.catalog, user_id, turned.profile
        )
        return Preview(parts.clusters[place], changed, compared)

    async def turn(self, user_id: int, track_id: int, factor: float) -> None:
        """Turn the cluster with a track, until `/undo`.

        Raises:
            NotFoundError: the track is in no cluster any more.
            UserError: nothing would count.
        """
        _turnable(await self._parts(user_id), track_id, factor)
        await self._ledger.turn(user_id, track_id, factor)

    async def rename(
        self, user_id: int, track_id: int, name: str, called: Callable[[MapCluster], str]
    ) -> None:
        """Give a name to the cluster with a track; of one that nobody sees, it has its own again.

        Args:
            user_id: the listener.
            track_id: in the cluster.
            name: as they typed it.
            called: says what a cluster is called.

        Raises:
            NotFoundError: the track is in no cluster any more.
            UserError: the name is too long, or another cluster has it.
        """
        name = " ".join(name.split()) if seen(name) else ""
        if len(name) > LONGEST_NAME:
            raise UserError(_TOO_LONG)
        parts = await self._parts(user_id)
        place = parts.place_of(track_id)
        others = [called(one) for one in parts.clusters if one is not parts.clusters[place]]
        if seen(name).casefold() in [seen(one).casefold() for one in others]:
            raise UserError(_TAKEN)
        liked = parts.taste.profile.clusters
        together = parts.catalog.track_ids[liked.rows[liked.labels == place]].tolist()
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=self._clock.now())
            await cluster_names.put(conn, user_id, track_id, name, instead=together)

    async def _parts(self, user_id: int) -> _Parts:
        catalog = await self._catalog.get()
        taste = await self._tastes.of(catalog, user_id)
        liked = taste.profile.clusters
        artists = cluster_artists(catalog, liked)
        asked = [Subject(SubjectKind.ARTIST, one) for each in artists for one in each]
        async with self._database.read() as conn:
            hits = await subjects.names(conn, asked)
            own = await cluster_names.of_user(conn, user_id)
        known = {subject.id: hit.title for subject, hit in hits.items()}
        names = [[known[one] for one in each if one in known] for each in artists]
        clusters = await compute(_clusters_of, catalog, liked, names, own)
        return _Parts(catalog, taste, clusters)

    async def _ground_of(self, catalog: Catalog) -> Ground:
        """Return the map of a catalogue, computed once for each version of it.

        Raises:
            NotFoundError: nothing is measured.
        """
        version = (catalog.version, catalog.built_version)
        if self._ground is None or self._ground[0] != version:
            self._ground = (version, await compute(ground_of, catalog))
        ground = self._ground[1]
        if ground is None:
            raise NotFoundError(_NOTHING_MEASURED)
        return ground

    async def _last_picks(self, catalog: Catalog, user_id: int) -> NDArray[np.int64]:
        async with self._database.read() as conn:
            shown = await picks.last_shown(conn, user_id)
        newest = sorted(shown, key=lambda one: (shown[one], one), reverse=True)[:LAST_PICKS]
        return catalog.rows_of(newest)

    async def _friends(
        self, catalog: Catalog, ground: Ground, user_id: int, guild_id: int | None
    ) -> tuple[Friend, ...]:
        if guild_id is None:
            return ()
        async with self._database.read() as conn:
            found = await presence.comparable(
                conn, guild_id, opted_in=(), without=user_id, on=self._clock.now().date(),
                limit=FRIENDS,
            )  # fmt: skip
        friends = []
        for number, _ in found:
            taste = await self._tastes.of(catalog, number)
            middle = await compute(middle_of, catalog, ground, taste.profile)
            if middle is not None:
                friends.append(Friend(number, (float(middle[0]), float(middle[1]))))
        return tuple(friends)


def _turnable(parts: _Parts, track_id: int, factor: float) -> int:
    """Return the cluster with a track, if it may be turned so."""
    place = parts.place_of(track_id)
    others = [one.factor for one in parts.clusters if one is not parts.clusters[place]]
    if factor == OFF and not any(others):
        raise UserError(_LAST_ONE)
    return place


def _clusters_of(
    catalog: Catalog,
    liked: LikedClusters,
    artists: list[list[str]],
    own: dict[int, str],
) -> tuple[MapCluster, ...]:
    found = []
    automatic = name_clusters(catalog, liked, artists)
    for place, representative in enumerate(representatives(catalog, liked).tolist()):
        here = liked.labels == place
        order = np.argsort(-liked.weights[here], kind="stable")
        tracks = catalog.track_ids[liked.rows[here][order]].tolist()
        found.append(
            MapCluster(
                track_id=int(catalog.track_ids[representative]),
                name=automatic[place],
                own_name=next((own[one] for one in tracks if one in own), None),
                artists=tuple(artists[place]),
                factor=float(liked.factors[place]) if len(artists) > 1 else AS_IT_WAS,
                likes=int(here.sum()),
            )
        )
    return tuple(found)
