"""Finds tracks for a listener, keeps what was shown, and explains it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.accounts import ListeningBasis
from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind, Track
from bot.core.ranking import (
    Basis,
    ChosenTrack,
    Discovery,
    Explanation,
    Listener,
    PickCard,
    Query,
    StartOffer,
    Wish,
    choose,
    contrasting_rows,
    explain,
    explained,
    loosenings,
    query_of,
    rank,
)
from bot.core.server import GuildSettings
from bot.core.taste import ListenerTaste, Opinion, TasteProfile, build_taste, sample
from bot.errors import NotFoundError
from bot.services.catalog import LiveCatalog
from bot.services.discover.calibration import Calibrator, own_hits
from bot.services.discover.cards import cards_of
from bot.services.discover.exposure import ExposureWatch
from bot.services.discover.hearings import keep_hearing, read_offers
from bot.services.taste import Tastes, listening_taste, subject_rows
from bot.services.threads import compute
from bot.store import auditions, guild_settings, listeners, picks, subjects
from bot.store import catalog as catalog_store
from bot.store.engine import Database

log = logging.getLogger(__name__)

SHOWN_FOR: Final = timedelta(days=30)
"""What was shown is not shown again for so long."""
POSTING_TAKES: Final = timedelta(minutes=15)
"""A pick without a message after so long was never posted."""
_HOW: Final = "`/import` takes an export of your music service"
_NOTHING_HEARD: Final = {
    ListeningBasis.TOP: f"None of what you play is in my catalogue. {_HOW}.",
    ListeningBasis.RECENT: f"None of what you play is in my catalogue. {_HOW}.",
    ListeningBasis.SAVED: "I know no tracks that you saved. `/import` takes the CSV that Exportify "
    "makes of your Liked Songs.",
    ListeningBasis.PLAYLIST: "I know no playlist of yours. `/import` takes the CSV that Exportify "
    "makes of a playlist.",
}
START_TRACKS: Final = 5
START_GENRES: Final = 25


class Recommender:
    """Answers wishes."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        exposure: ExposureWatch,
        confidence: Calibrator,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._exposure = exposure
        self._confidence = confidence
        self._clock = clock
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def discover(
        self, user_id: int, wish: Wish, *, guild_id: int | None
    ) -> Discovery | StartOffer:
        """Answer a wish; a listener without any taste (who asks for nothing) is offered a start.

        The picks are kept as shown; call `posted` with the message of each, or `dropped`.

        Raises:
            NotFoundError: the thing to be like is not in the catalogue, or nothing is known of the
                part of the listening that is asked for.
        """
        async with self._turn(user_id):
            if guild_id is None or not await self._hears_auditions(user_id):
                return await self._discover(user_id, wish, guild_id=guild_id)
            async with self._turn(guild_id):  # nor may two listeners take the same hearing
                return await self._discover(user_id, wish, guild_id=guild_id)

    def _turn(self, user_id: int) -> asyncio.Lock:
        """Return what is held while tracks are chosen and kept: two at once would be the same."""
        return self._turns.setdefault(user_id, asyncio.Lock())

    async def _hears_auditions(self, user_id: int) -> bool:
        async with self._database.read() as conn:
            return await auditions.joined(conn, user_id)

    async def _discover(
        self, user_id: int, wish: Wish, *, guild_id: int | None
    ) -> Discovery | StartOffer:
        catalog = await (self._catalog.get() if wish.like else self._catalog.at_hand())
        resting = catalog.rows_of(await self._exposure.resting())
        said = await self._tastes.of(catalog, user_id)
        async with self._database.read() as conn:
            listener = await self._read(conn, catalog, user_id, said, guild_id)
            listener = replace(listener, resting_rows=tuple(resting.tolist()))
            newcomer = not listener.taste.has_taste and wish.basis is None
            asked = (
                await _asked_for(conn, catalog, wish, newcomer=newcomer)
                if wish.basis is None
                else await _listened(conn, catalog, user_id, wish.basis)
            )
            like = None if wish.like is None else await subjects.name(conn, wish.like)
            if asked is None and newcomer:
                return await self._offer(conn, ratings=listener.ratings)
        profile = listener.taste if asked is None else asked
        basis = Basis.TASTE if asked is None else Basis.LISTENING if wish.basis else Basis.LIKE
        query = query_of(catalog, wish, listener)
        calibration = await self._confidence.calibration()
        ranking, chosen = await compute(
            choose, catalog, profile, query, listener, basis, calibration
        )
        cards = await self._keep(catalog, user_id, chosen, guild_id=guild_id)
        return Discovery(
            wish=wish,
            picks=cards,
            kept_promise=ranking.kept_promise,
            uncounted=ranking.uncounted,
            ceiling=ranking.ceiling,
            removed=ranking.removed,
            loosenings=loosenings(ranking, wish),
            like=like,
        )

    async def start_tracks(self, user_id: int) -> tuple[PickCard, ...]:
        """Return a few contrasting tracks for a newcomer to judge, kept as shown.

        Raises:
            NotFoundError: no measured track is new to them.
        """
        async with self._turn(user_id):
            return await self._start_tracks(user_id)

    async def _start_tracks(self, user_id: int) -> tuple[PickCard, ...]:
        catalog = await self._catalog.at_hand()
        said = await self._tastes.of(catalog, user_id)
        async with self._database.read() as conn:
            shown = await picks.shown_since(conn, user_id, self._clock.now() - SHOWN_FOR)
        known = {*said.rated_rows.tolist(), *catalog.rows_of(shown).tolist()}
        rows = await compute(
            contrasting_rows, catalog, START_TRACKS, seed=user_id % 2**32, known=known
        )
        if not rows:
            raise NotFoundError(
                "I have no measured track that is new to you. Ask the operator to import more."
            )
        nothing = build_taste(catalog, [])
        chosen = [ChosenTrack(row, explained(catalog, nothing, row, Basis.START)) for row in rows]
        return await self._keep(catalog, user_id, chosen, guild_id=None)

    async def similar(self, user_id: int, track_id: int, *, count: int = 5) -> Discovery:
        """Return the tracks most like one track, whatever the listener's taste; nothing is kept.

        Raises:
            NotFoundError: the track is not in the catalogue, or nothing of it was measured.
        """
        wish = Wish(count=count, obscurity=0, like=Subject(SubjectKind.TRACK, track_id))
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            profile = await _asked_for(conn, catalog, wish)
            hit = await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))
        row = catalog.row_of(track_id)
        if profile is None or row is None:
            raise NotFoundError("That track is not in my catalogue.")
        query = Query(count=count, rated=(row,))
        ranking = await compute(rank, catalog, profile, query)
        chosen = [
            ChosenTrack(
                p.row, explain(catalog, profile, p.row, p.parts, obscurity=0, basis=Basis.LIKE)
            )
            for p in ranking.picks
        ]
        async with self._database.read() as conn:
            cards = await cards_of(conn, catalog, user_id, chosen, [0] * len(chosen))
        return Discovery(
            wish,
            cards,
            ranking.kept_promise,
            ranking.uncounted,
            1.0,
            ranking.removed,
            (),
            hit,
        )

    async def posted(self, card: PickCard, message_id: int, *, guild_id: int | None = None) -> None:
        """Note in which message a pick was posted, so that reactions to it count.

        What an audition shows is not noted before it was judged, so nothing else can tell it.

        Args:
            card: the pick.
            message_id: its message.
            guild_id: the server where everybody sees it; None: only the listener does.
        """
        async with self._database.write() as conn:
            if card.blind:
                await picks.set_message(conn, card.recommendation_id, message_id)
            elif card.recommendation_id:
                await picks.set_posted(
                    conn,
                    card.recommendation_id,
                    track_id=card.track.id,
                    message_id=message_id,
                    guild_id=guild_id,
                )
            else:
                subject = Subject(SubjectKind.TRACK, card.track.id)
                await picks.note_post(conn, message_id, subject, guild_id=guild_id)

    async def dropped(self, cards: Sequence[PickCard]) -> None:
        """Forget picks that could not be posted, so that they may come again."""
        async with self._database.write() as conn:
            await picks.remove(conn, [card.recommendation_id for card in cards])

    async def tidy(self) -> None:
        """Forget picks that a crash kept from being posted, so that they may come again."""
        async with self._database.write() as conn:
            await picks.remove_unposted(conn, before=self._clock.now() - POSTING_TAKES)

    async def posted_pick(self, message_id: int, track_id: int) -> tuple[Track, int]:
        """Return the track of a post, and the recommendation its buttons carry (0: nobody's)."""
        async with self._database.read() as conn:
            recommendation_id = await picks.posted_as(conn, message_id)
        return await self.card(track_id), recommendation_id or 0

    async def why(
        self, user_id: int, recommendation_id: int, track_id: int
    ) -> tuple[PickCard, bool]:
        """Explain a pick: to the listener it was made for as it was, to others for their own taste.

        What was made for them but shows another track is nobody's pick here.

        The second value is True for the listener it was made for.

        Raises:
            NotFoundError: the track is not in the catalogue any more.
        """
        catalog = await self._catalog.get()
        row = catalog.row_of(track_id)
        if row is None:
            raise NotFoundError("That track is not in my catalogue any more.")
        async with self._database.read() as conn:
            kept = await picks.by_id(conn, recommendation_id)
            own = kept is not None and (kept.user_id, kept.track_id) == (user_id, track_id)
        explanation = Explanation.from_json(kept.explanation) if kept and own else None
        if explanation is None:
            said = await self._tastes.of(catalog, user_id)
            explanation = explained(catalog, said.profile, row, Basis.TASTE)
        chosen = [ChosenTrack(row, explanation)]
        async with self._database.read() as conn:
            cards = await cards_of(conn, catalog, user_id, chosen, [recommendation_id])
        return cards[0], own

    async def card(self, track_id: int) -> Track:
        """Return a track with all that is known about it.

        Raises:
            NotFoundError: it is not in the catalogue.
        """
        async with self._database.read() as conn:
            found = await catalog_store.tracks_by_ids(conn, [track_id])
        if not found:
            raise NotFoundError("That track is not in my catalogue.")
        return found[0]

    async def _offer(self, conn: AsyncConnection, *, ratings: int) -> StartOffer:
        genres = (await catalog_store.genre_counts(conn))[:START_GENRES]
        return StartOffer(tuple(genres), ratings)

    async def _read(
        self,
        conn: AsyncConnection,
        catalog: Catalog,
        user_id: int,
        said: ListenerTaste,
        guild_id: int | None,
    ) -> Listener:
        now = self._clock.now()
        shown = await picks.shown_since(conn, user_id, now - SHOWN_FOR)
        rules = GuildSettings()
        if guild_id is not None:
            rules = await guild_settings.get(conn, guild_id)
        offers = await read_offers(conn, catalog, user_id, guild_id, rules=rules, now=now)
        liked, disliked = await own_hits(conn, user_id)
        return Listener(
            taste=said.profile,
            rated_rows=tuple(said.rated_rows.tolist()),
            heard_rows=tuple(said.heard_rows.tolist()),
            shown_rows=tuple(catalog.rows_of(shown).tolist()),
            promoted=offers.promoted,
            unpromoted_run=await picks.since_last_promoted(
                conn, user_id, limit=rules.promoted_every - 1
            ),
            promoted_every=rules.promoted_every,
            liked=liked,
            disliked=disliked,
            ratings=said.entries,
            hearings=offers.hearings,
            withheld_rows=offers.withheld_rows,
        )

    async def _keep(
        self, catalog: Catalog, user_id: int, chosen: Sequence[ChosenTrack], *, guild_id: int | None
    ) -> tuple[PickCard, ...]:
        now = self._clock.now()
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            kept = [
                await picks.add(
                    conn,
                    user_id,
                    int(catalog.track_ids[one.row]),
                    explanation=one.explanation.to_json(),
                    promotion_id=one.promotion_id,
                    now=now,
                )
                for one in chosen
            ]
            for one, recommendation_id in zip(chosen, kept, strict=True):
                if one.blind and guild_id is not None:
                    await keep_hearing(conn, user_id, one, recommendation_id, guild_id=guild_id)
            return await cards_of(conn, catalog, user_id, chosen, kept)


def _anything_known(catalog: Catalog, rows: NDArray[np.int64]) -> bool:
    """Tell whether tracks, or others of their artists, were measured or stand in lists."""
    known = catalog.measured | catalog.listed
    return bool(
        known[rows].any()
        or known[catalog.rows_of_artists(np.unique(catalog.artist_ids[rows]))].any()
    )


async def _listened(
    conn: AsyncConnection, catalog: Catalog, user_id: int, basis: ListeningBasis
) -> TasteProfile:
    """Return the taste that one part of the listening shows.

    Raises:
        NotFoundError: nothing of it is known, or in the catalogue.
    """
    profile = await listening_taste(conn, catalog, user_id, basis)
    if not profile.has_taste:
        raise NotFoundError(_NOTHING_HEARD[basis])
    return profile


async def _asked_for(
    conn: AsyncConnection, catalog: Catalog, wish: Wish, *, newcomer: bool = False
) -> TasteProfile | None:
    """Return the taste that a wish itself describes; None when the listener's own is meant.

    A newcomer who names a genre is taken to like what is typical of it.

    Raises:
        NotFoundError: what is to be resembled is not in the catalogue or was never measured.
    """
    like = wish.like
    if like is None and newcomer and wish.genre_id is not None:
        like = Subject(SubjectKind.GENRE, wish.genre_id)
    if like is None:
        return None
    rows = sample(await subject_rows(conn, catalog, like))
    profile = await compute(build_taste, catalog, [Opinion(int(row), 1.0) for row in rows])
    if not len(rows):
        raise NotFoundError(f"That {like.kind} is not in my catalogue.")
    if not _anything_known(catalog, rows):
        raise NotFoundError(
            f"Nothing of that {like.kind} has been measured yet, so I cannot find anything similar."
        )
    return profile
