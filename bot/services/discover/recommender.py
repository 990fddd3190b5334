"""Finds tracks for a listener, keeps what was shown, and explains it."""

import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.ai import AiRule
from bot.core.asking import TitleWords
from bot.core.catalog import Catalog, Independence, count_independence
from bot.core.models import SearchHit, Subject, SubjectKind, Track
from bot.core.ranking import (
    Basis,
    ChosenTrack,
    Counterfactual,
    Discovery,
    Explanation,
    LeftOut,
    Listener,
    PickCard,
    Query,
    StartOffer,
    Wish,
    contrasting_rows,
    explain,
    explained,
    loosenings,
)
from bot.core.taste import TasteProfile, build_taste
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover.answering import (
    AskedWish,
    chosen_for,
    found_elsewhere,
    grounds_of,
    picks_changed,
    ranked_for,
)
from bot.services.discover.asking import GONE
from bot.services.discover.beginning import Beginnings, read_offer
from bot.services.discover.calibration import Calibrator, OwnHits
from bot.services.discover.cards import cards_of
from bot.services.discover.described import described_taste, likeness
from bot.services.discover.exposure import ExposureWatch
from bot.services.discover.hearings import PROMOTED_FOR, Offers, keep_hearing, read_offers
from bot.services.discover.kept_wishes import recalled, understood
from bot.services.discover.line import Line, Tell
from bot.services.discover.titles import Titles
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.store import ai, asking, listeners, picks, promotions, subjects, tastes, track_labels
from bot.store import catalog as catalog_store
from bot.store.asking import Shown
from bot.store.engine import Database
from bot.store.picks import NewPick, Recommendation
from bot.store.record_facts import Terms

log = logging.getLogger(__name__)

SHOWN_FOR: Final = timedelta(days=30)
"""What was shown is not shown again for so long."""
JUST: Final = timedelta(hours=1)
"""For so long somebody who was rated does not come straight back in the next answer."""
POSTING_TAKES: Final = timedelta(minutes=15)
"""A pick without a message after so long was never posted."""
_NOT_KEPT: Final = "I no longer keep that pick. `/discover` makes new ones."
_DELETED_MEANWHILE: Final = "What I knew of you was deleted just now. `/discover` begins anew."


class Recommender:
    """Answers wishes."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        exposure: ExposureWatch,
        confidence: Calibrator,
        titles: Titles,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._exposure = exposure
        self._confidence = confidence
        self._titles = titles
        self._own_hits = OwnHits(database)
        self._beginnings = Beginnings()
        self.line = Line()
        """Of those whose wishes are answered."""
        self._clock = clock

    async def discover(
        self, user_id: int, wish: Wish, *, guild_id: int | None, tell: Tell | None = None
    ) -> Discovery | StartOffer:
        """Answer a wish; a listener without any taste (who asks for nothing) is offered a start.

        The picks are kept as shown; call `posted` with the message of each, or `dropped`.

        Args:
            user_id: the listener.
            wish: what they ask for.
            guild_id: the server where they ask; None: elsewhere.
            tell: is called when many are asking, with the place in the line.

        Raises:
            NotFoundError: the thing to be like is not in the catalogue, nothing is known of the
                part of the listening that is asked for, or a wish in words is not kept any more.
            TooSoonError: far too many are asking.
        """
        async with self._turn(user_id), self.line.turn(tell):
            now = self._clock.now()
            async with self._database.read() as conn:
                asker = await asking.asker(
                    conn,
                    user_id,
                    guild_id=guild_id,
                    promoted_since=now - PROMOTED_FOR,
                    said_since=now - JUST,
                )
                shown = await asking.shown(
                    conn, user_id, since=now - SHOWN_FOR, run=asker.rules.promoted_every - 1
                )
                kept = await recalled(conn, wish)
            if kept is None:
                raise NotFoundError(GONE)
            asked = AskedWish(user_id, kept[0], guild_id, asker, shown, kept[1])
            if guild_id is None or not (asker.hears_auditions and asker.others_promote):
                return await self._discover(asked)
            # Nor may two listeners take the same hearing.
            async with self._database.turn(f"hearings {guild_id}"):
                return await self._discover(asked)

    def _turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        """Return what is held while tracks are chosen and kept: two at once would be the same."""
        return self._database.turn(f"listener {user_id}")

    async def _discover(self, asked: AskedWish) -> Discovery | StartOffer:
        wish, user_id = asked.wish, asked.user_id
        catalog = await self._catalog.of(asked.asker.catalog_version, at_hand=wish.like is None)
        listener = await self._listener(catalog, asked)
        profile, basis, like = listener.taste, Basis.TASTE, None
        newcomer = not listener.taste.has_taste and wish.basis is None
        if newcomer or wish.like is not None or wish.basis is not None:
            async with self._database.read() as conn:
                wanted = await described_taste(conn, catalog, user_id, wish, newcomer=newcomer)
                if wanted is None:
                    artists = await self._beginnings.artists(catalog)
                    return await read_offer(conn, user_id, artists, ratings=listener.ratings)
                like = None if wish.like is None else await subjects.name(conn, wish.like)
            profile, basis = wanted, Basis.LISTENING if wish.basis else Basis.LIKE
        calibration = await self._confidence.calibration()
        titles = await self._titles_for(catalog, asked)
        ranking, chosen, left = await compute(
            chosen_for,
            catalog,
            profile,
            asked,
            listener,
            basis,
            calibration,
            grounds_of(catalog, asked),
            titles,
        )
        cards = await self._keep(catalog, asked, chosen)
        left_by: tuple[SearchHit, ...] = ()
        told = None
        if left.artist_ids or wish.asked is not None:
            async with self._database.read() as conn:
                left_by = await _named_artists(conn, left)
                if wish.asked is not None:
                    told = await understood(conn, catalog, wish, asked.in_words)
        return Discovery(
            wish=wish,
            picks=cards,
            kept_promise=ranking.kept_promise,
            uncounted=ranking.uncounted,
            ceiling=ranking.ceiling,
            removed=ranking.removed,
            loosenings=loosenings(ranking, wish),
            like=like,
            understood=told,
            independent=_independent(catalog, wish),
            apart=asked.asker.rules.picks_apart,
            left_out=left,
            left_out_by=left_by,
        )

    async def is_stranger(self, user_id: int) -> bool:
        """Tell at once whether nothing at all is known of somebody: neither words nor plays."""
        if self._tastes.remembers(user_id):
            return False
        async with self._database.read() as conn:
            position = await tastes.position(conn, user_id)
        return not position.feedback_id and not position.listening

    async def has_taste(self, user_id: int) -> bool:
        """Tell whether enough is known of somebody to find anything for them."""
        catalog = await self._catalog.at_hand()
        return (await self._tastes.of(catalog, user_id)).profile.has_taste

    async def start(self, user_id: int, artist_ids: Sequence[int] | None = None) -> StartOffer:
        """Return what somebody may begin with, and what they have chosen so far.

        Args:
            user_id: the newcomer.
            artist_ids: the artists that they were offered; None: those that are best now.
        """
        if artist_ids is None:
            artist_ids = await self._beginnings.artists(await self._catalog.at_hand())
        async with self._database.read() as conn:
            return await read_offer(conn, user_id, artist_ids, ratings=0)

    async def start_card(self, user_id: int, *, guild_id: int | None = None) -> PickCard:
        """Return a track for a newcomer to judge, kept as shown: unlike those they were shown.

        Nothing that is promoted in the server where they ask is among them.

        Raises:
            NotFoundError: no measured track is new to them.
        """
        async with self._turn(user_id):
            return await self._start_card(user_id, guild_id)

    async def _start_card(self, user_id: int, guild_id: int | None) -> PickCard:
        catalog = await self._catalog.at_hand()
        said = await self._tastes.of(catalog, user_id)
        async with self._database.read() as conn:
            asked = await self._nothing_asked(conn, user_id)
            promoted = [] if guild_id is None else await self._promoted_in(conn, guild_id)
        shown = catalog.rows_of(asked.shown.track_ids).tolist()
        apart = catalog.rows_of(promoted).tolist()
        unwanted = said.mutes.at(self._clock.now()).rows(catalog)
        known = {*said.rated_rows.tolist(), *unwanted.tolist(), *shown, *apart}
        rows = await compute(
            contrasting_rows,
            catalog,
            1,
            seed=user_id % 2**32,
            known=known,
            besides=sorted({*said.rated_rows.tolist(), *shown}),
        )
        if not rows:
            raise NotFoundError(
                "I have no measured track that is new to you. Ask the operator to import more."
            )
        nothing = build_taste(catalog, [])
        chosen = [ChosenTrack(row, explained(catalog, nothing, row, Basis.START)) for row in rows]
        (card,) = await self._keep(catalog, asked, chosen)
        return card

    async def _promoted_in(self, conn: AsyncConnection, guild_id: int) -> list[int]:
        """Return all tracks that were promoted in a server lately, by anybody."""
        now = self._clock.now()
        return await promotions.tracks_promoted_in(
            conn, guild_id, since=now - PROMOTED_FOR, now=now
        )

    async def _nothing_asked(self, conn: AsyncConnection, user_id: int) -> AskedWish:
        """Return what is known of a listener outside of any server, and a wish for nothing."""
        now = self._clock.now()
        asker = await asking.asker(
            conn, user_id, guild_id=None, promoted_since=now, said_since=now - JUST
        )
        shown = await asking.shown(conn, user_id, since=now - SHOWN_FOR, run=0)
        return AskedWish(user_id, Wish(), None, asker, shown)

    async def similar(self, user_id: int, track_id: int, *, count: int = 5) -> Discovery:
        """Return the tracks most like one track, whatever the listener's taste; nothing is kept.

        Raises:
            NotFoundError: the track is not in the catalogue, or nothing of it was measured.
        """
        wish = Wish(count=count, obscurity=0, like=Subject(SubjectKind.TRACK, track_id))
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            profile = await likeness(conn, catalog, wish)
            hit = await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))
        row = catalog.row_of(track_id)
        if profile is None or row is None:
            raise NotFoundError("That track is not in my catalogue.")
        said = await self._tastes.of(catalog, user_id)
        query = Query(count=count, rated=(row,), unwanted=said.mutes.at(self._clock.now()))
        ranking, left = await compute(ranked_for, catalog, profile, query)
        chosen = [
            ChosenTrack(
                p.row, explain(catalog, profile, p.row, p.parts, obscurity=0, basis=Basis.LIKE)
            )
            for p in ranking.picks
        ]
        async with self._database.read() as conn:
            cards = await cards_of(conn, catalog, user_id, chosen, [0] * len(chosen))
            left_by = await _named_artists(conn, left)
        return Discovery(
            wish,
            cards,
            ranking.kept_promise,
            ranking.uncounted,
            1.0,
            ranking.removed,
            (),
            hit,
            left_out=left,
            left_out_by=left_by,
        )

    async def would_change(
        self, catalog: Catalog, user_id: int, other: TasteProfile, *, count: int = 5
    ) -> tuple[int, int]:
        """Compare the next picks with those for another taste of the listener; nothing is kept.

        Returns:
            How many of the picks would be others, and how many there are: fewer than `count` when
            nothing else is left.
        """
        async with self._database.read() as conn:
            asked = replace(await self._nothing_asked(conn, user_id), wish=Wish(count=count))
        listener = await self._listener(catalog, asked)
        return await compute(picks_changed, catalog, asked.wish, listener, other)

    async def posted(
        self,
        cards: Sequence[PickCard],
        message_id: int,
        *,
        guild_id: int | None = None,
        in_place: bool = False,
    ) -> None:
        """Note in which message picks were posted, so that reactions to it count.

        What an audition shows is not noted before it was judged, so nothing else can tell it.

        Args:
            cards: the picks, in the order in which the message shows them.
            message_id: their message.
            guild_id: the server where everybody sees it; None: only the listener does.
            in_place: the message showed something else before.
        """
        kept = [one.recommendation_id for one in cards if one.recommendation_id]
        shown = [Subject(SubjectKind.TRACK, one.track.id) for one in cards if not one.blind]
        async with self._database.write() as conn:
            if kept:
                await picks.set_message(conn, kept, message_id)
            if in_place:
                await picks.forget_post(conn, message_id)
            if shown:
                await picks.note_post(conn, message_id, *shown, guild_id=guild_id)

    async def dropped(self, cards: Sequence[PickCard]) -> None:
        """Forget picks that could not be posted, so that they may come again."""
        async with self._database.write() as conn:
            ids = [card.recommendation_id for card in cards]
            await picks.remove(conn, ids, now=self._clock.now())

    async def tidy(self) -> None:
        """Forget picks that a crash kept from being posted, so that they may come again."""
        now = self._clock.now()
        async with self._database.write() as conn:
            await picks.remove_unposted(conn, before=now - POSTING_TAKES, now=now)

    def forget(self, user_id: int) -> None:
        """Let go of what is remembered of somebody."""
        self._own_hits.forget(user_id)

    async def why(
        self, user_id: int, recommendation_id: int, track_id: int, *, guild_id: int | None = None
    ) -> tuple[PickCard, bool]:
        """Explain a pick: to the listener it was made for as it was, to others for their own taste.

        What was made for them but shows another track is nobody's pick here.

        The second value is True for the listener it was made for.

        Raises:
            NotFoundError: the track is not in the catalogue any more.
        """
        catalog = await self._catalog.get()
        row = _row_of(catalog, track_id)
        kept = await self._own_pick(user_id, recommendation_id, track_id)
        explanation = None if kept is None else Explanation.from_json(kept.explanation)
        if explanation is None:
            said = await self._tastes.of(catalog, user_id)
            explanation = explained(catalog, said.profile, row, Basis.TASTE)
        chosen = [ChosenTrack(row, explanation, None if kept is None else kept.promotion_id)]
        async with self._database.read() as conn:
            (card,) = await cards_of(
                conn, catalog, user_id, chosen, [recommendation_id], guild_id=guild_id
            )
            card = replace(card, released_by=await track_labels.of_track(conn, track_id))
        return card, kept is not None

    async def elsewhere(
        self, user_id: int, recommendation_id: int, track_id: int
    ) -> Counterfactual | None:
        """Return what another position of the dial would have made of a pick of somebody's own.

        None: that cannot be told any more.

        Raises:
            NotFoundError: the track or the pick is gone, or was made for somebody else.
        """
        catalog = await self._catalog.get()
        row = _row_of(catalog, track_id)
        kept = await self._own_pick(user_id, recommendation_id, track_id)
        explanation = None if kept is None else Explanation.from_json(kept.explanation)
        if kept is None or explanation is None or explanation.wish is None:
            raise NotFoundError(_NOT_KEPT)
        return await self._elsewhere(catalog, kept, explanation, row)

    async def _own_pick(
        self, user_id: int, recommendation_id: int, track_id: int
    ) -> Recommendation | None:
        """Return a pick that was made for somebody and shows a track; None: there is none."""
        async with self._database.read() as conn:
            kept = await picks.by_id(conn, recommendation_id)
        own = kept is not None and (kept.user_id, kept.track_id) == (user_id, track_id)
        return kept if own else None

    async def _elsewhere(
        self, catalog: Catalog, kept: Recommendation, explanation: Explanation, row: int
    ) -> Counterfactual | None:
        """Return what another position of the dial would have made of a pick.

        With the taste and the catalogue of now, as far as they are others.
        """
        wish, user_id = Wish.from_code(explanation.wish or ""), kept.user_id
        async with self._database.read() as conn:
            remembered = await recalled(conn, wish)
            if remembered is None:
                return None
            wish, in_words = remembered
            asked = await self._nothing_asked(conn, user_id)
            asked = replace(asked, wish=wish, in_words=in_words)
            before = await picks.shown_between(
                conn, user_id, kept.shown_at - SHOWN_FOR, kept.shown_at
            )
        asked = replace(asked, shown=Shown(tuple(before), 0))
        listener = await self._listener(catalog, asked)
        newcomer = not listener.taste.has_taste and wish.basis is None
        profile: TasteProfile | None = listener.taste
        if newcomer or wish.like is not None or wish.basis is not None:
            try:
                async with self._database.read() as conn:
                    profile = await described_taste(conn, catalog, user_id, wish, newcomer=newcomer)
            except NotFoundError:  # what was asked for is gone
                return None
        if profile is None:
            return None
        titles = await self._titles_for(catalog, asked)
        found = await compute(found_elsewhere, catalog, profile, asked, listener, row, titles)
        is_now = grounds_of(catalog, asked) != explanation.grounds
        return None if found is None else replace(found, is_now=is_now)

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

    async def _listener(self, catalog: Catalog, asked: AskedWish) -> Listener:
        """Return what the ranking has to know of whoever asks."""
        asker, user_id, rules = asked.asker, asked.user_id, asked.asker.rules
        said = await self._tastes.of(catalog, user_id, asker.position)
        liked, disliked = await self._own_hits.of(user_id, asker.position.feedback_id)
        offers = Offers()
        if asked.guild_id is not None and asker.others_promote:
            async with self._database.read() as conn:
                offers = await read_offers(
                    conn,
                    catalog,
                    user_id,
                    asked.guild_id,
                    rules=rules,
                    joined=asker.hears_auditions,
                    now=self._clock.now(),
                )
        resting = await self._exposure.resting()
        barred: list[int] = []
        taken_out: frozenset[int] = frozenset()
        if rules.ai is AiRule.LEAVE_OUT and asked.guild_id is not None:
            async with self._database.read() as conn:
                left = await ai.left_out(conn, asked.guild_id, rules.ai)
                taken_out = await ai.wholly_declared(conn, asked.guild_id)
            barred = left.rows(catalog).tolist()
        offers = offers.without(barred, taken_out)
        return Listener(
            taste=said.profile,
            rated_rows=tuple(said.rated_rows.tolist()),
            heard_rows=tuple(said.heard_rows.tolist()),
            unwanted=said.mutes.at(self._clock.now()),
            just_rated=asker.just_rated,
            shown_rows=tuple(catalog.rows_of(asked.shown.track_ids).tolist()),
            resting_rows=tuple(catalog.rows_of(resting).tolist()),
            promoted=offers.promoted,
            unpromoted_run=asked.shown.unpromoted_run,
            promoted_every=rules.promoted_every,
            liked=liked,
            disliked=disliked,
            ratings=said.entries,
            hearings=offers.hearings,
            withheld_rows=offers.withheld_rows,
            barred_rows=tuple(barred),
        )

    async def _titles_for(self, catalog: Catalog, asked: AskedWish) -> TitleWords | None:
        """Return the words of titles, for a wish that looks for any."""
        return await self._titles.of(catalog.version) if asked.in_words.words else None

    async def _keep(
        self, catalog: Catalog, asked: AskedWish, chosen: Sequence[ChosenTrack]
    ) -> tuple[PickCard, ...]:
        user_id, now = asked.user_id, self._clock.now()
        new = [
            NewPick(
                int(catalog.track_ids[one.row]),
                one.explanation.to_json(),
                one.promotion_id,
                _terms(asked, one, place),
            )
            for place, one in enumerate(chosen)
        ]
        plays = bool(asked.asker.position.listening)
        async with self._database.read() as conn:  # so that the others who write wait less
            unkept = [0] * len(chosen)
            cards = await cards_of(
                conn, catalog, user_id, chosen, unkept, plays=plays, guild_id=asked.guild_id
            )
        try:
            async with self._database.write() as conn:
                if not asked.asker.is_known:
                    await listeners.ensure(conn, user_id, now=now)
                kept = await picks.add_all(conn, user_id, new, now=now)
                for one, number in zip(chosen, kept, strict=True):
                    if one.blind and asked.guild_id is not None:
                        await keep_hearing(conn, user_id, one, number, guild_id=asked.guild_id)
        except IntegrityError as error:
            raise UserError(_DELETED_MEANWHILE) from error
        return tuple(
            replace(card, recommendation_id=number)
            for card, number in zip(cards, kept, strict=True)
        )


def _independent(catalog: Catalog, wish: Wish) -> int | None:
    return count_independence(catalog)[Independence.INDEPENDENT] if wish.independent else None


def _terms(asked: AskedWish, chosen: ChosenTrack, place: int) -> Terms | None:
    """Return on which terms a promotion came into an answer, at a place counted from 0."""
    if chosen.promotion_id is None:
        return None
    before = asked.shown.unpromoted_run + place
    return Terms(asked.asker.rules.promoted_every, before, chosen.blind)


def _row_of(catalog: Catalog, track_id: int) -> int:
    row = catalog.row_of(track_id)
    if row is None:
        raise NotFoundError("That track is not in my catalogue any more.")
    return row


async def _named_artists(conn: AsyncConnection, left: LeftOut) -> tuple[SearchHit, ...]:
    """Return the muted artists who were left out of an answer."""
    asked = [Subject(SubjectKind.ARTIST, one) for one in left.artist_ids]
    hits = await subjects.names(conn, asked)
    return tuple(hits[one] for one in asked if one in hits)
