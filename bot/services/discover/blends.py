"""Lists for several listeners who agreed to one.

Who may learn what: a list says of each listener who joined how well its tracks fit them, what all
of them share, and one thing that they alone have (`core.taste.in_common`). Of whoever did not join
nothing is read. Everybody's filters hold for all, and nobody is told whose.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import (
    DEFAULT_OBSCURITY,
    FEWEST,
    LENGTH,
    Calibration,
    ChosenTrack,
    Discovery,
    Evidence,
    Explanation,
    GroupList,
    PickCard,
    Query,
    Wish,
    blend,
    explained_for,
)
from bot.core.taste import Common, ListenerTaste, in_common, together
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover.calibration import Calibrator, OwnHits
from bot.services.discover.cards import cards_of
from bot.services.discover.exposure import ExposureWatch
from bot.services.discover.hearings import PROMOTED_FOR
from bot.services.discover.invitations import Invitations
from bot.services.discover.line import Line, Tell
from bot.services.discover.recommender import SHOWN_FOR
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.store import ai, asking, listeners, picks, promotions, tastes
from bot.store import blends as store
from bot.store.blends import Invitation
from bot.store.engine import Database
from bot.store.picks import NewPick

_TOO_FEW_LEFT: Final = (
    "Of those who joined only you are left: the others left the server, or I no longer know a "
    "taste of theirs. `/blend` asks anew."
)
_NOTHING: Final = (
    "I found nothing that fits and that is new to all of you. What was shown to one of you in the "
    "last 30 days can come again later; a larger catalogue would help, too."
)
_DELETED: Final = "One of you had their data deleted just now. Press *Make it* again."


@dataclass(frozen=True, slots=True, eq=False)
class Blended:
    """A list for several listeners."""

    invitation: Invitation
    members: tuple[int, ...]
    """For whom it is; who asked is the first."""
    missing: tuple[int, ...]
    """Who had joined, and has left the server or has no taste any more."""
    found: Discovery
    fits: tuple[tuple[float, ...], ...]
    """Of each pick: how well it fits each of them."""
    common: Common
    owed_before: tuple[float, ...]
    owed: tuple[float, ...]
    kept: tuple[int, ...]
    """The ids under which the picks are kept as shown to each of them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """What the list has to know of one of them."""

    user_id: int
    taste: ListenerTaste
    shown: tuple[int, ...]
    """Rows."""
    history: Evidence


class Blends:
    """Makes lists."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        invitations: Invitations,
        exposure: ExposureWatch,
        confidence: Calibrator,
        line: Line,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._invitations = invitations
        self._exposure = exposure
        self._confidence = confidence
        self._own_hits = OwnHits(database)
        self._line = line
        self._clock = clock

    async def make(
        self,
        blend_id: int,
        user_id: int,
        *,
        guild_id: int,
        here: Collection[int],
        tell: Tell | None = None,
    ) -> Blended:
        """Make the list; call `posted` with its message, or `dropped`.

        Args:
            blend_id: the invitation.
            user_id: who presses.
            guild_id: the server.
            here: who is in it.
            tell: is called when many are asking, with the place in the line.

        Raises:
            NotFoundError: it is over, or nothing is found.
            NotAllowedError: somebody else asked for it.
            TooSoonError: it is being made, or far too many are asking.
            UserError: they are too few.
        """
        found = await self._invitations.take(blend_id, user_id)
        try:
            async with self._line.turn(tell):
                return await self._made(found, guild_id, here)
        except BaseException:
            await self._invitations.give_back(blend_id)
            raise

    async def posted(self, made: Blended, message_id: int, *, guild_id: int) -> None:
        """Note in which message a list stands, and what is owed now. The invitation is over."""
        tracks = [Subject(SubjectKind.TRACK, one.track.id) for one in made.found.picks]
        async with self._database.write() as conn:
            await picks.set_message(conn, made.kept, message_id)
            await picks.note_post(conn, message_id, *tracks, guild_id=guild_id)
            await store.remove(conn, made.invitation.id)
            known = [await listeners.is_known(conn, one) for one in made.members]
            if all(known):  # else somebody had their data deleted meanwhile
                debts = dict(zip(made.members, made.owed, strict=True))
                await store.keep_owed(conn, debts, now=self._clock.now())

    async def dropped(self, made: Blended) -> None:
        """Forget a list that could not be posted: it can be made again."""
        async with self._database.write() as conn:
            await picks.remove(conn, made.kept, now=self._clock.now())
            await store.end_making(conn, made.invitation.id)

    def forget(self, user_id: int) -> None:
        """Let go of what is remembered of somebody."""
        self._own_hits.forget(user_id)

    async def _made(self, invitation: Invitation, guild_id: int, here: Collection[int]) -> Blended:
        catalog = await self._catalog.at_hand()
        asked = [await self._member(catalog, one) for one in invitation.members if one in here]
        members = [one for one in asked if one.taste.profile.has_taste]
        ids = tuple(one.user_id for one in members)
        if invitation.user_id not in ids or len(ids) < FEWEST:
            raise UserError(_TOO_FEW_LEFT)
        now = self._clock.now()
        async with self._database.read() as conn:
            owed = await store.owed(conn, ids)
            left = await ai.left_out(conn, guild_id)
            promoted = await promotions.tracks_promoted_in(
                conn, guild_id, since=now - PROMOTED_FOR, now=now
            )
        resting = await self._exposure.resting()
        query = _query(
            members,
            resting=catalog.rows_of(resting).tolist(),
            excluded=catalog.rows_of(promoted).tolist(),
            barred=left.rows(catalog).tolist(),
            now=self._clock.now(),
        )
        tastes = [one.taste.profile for one in members]
        listed = await compute(blend, catalog, tastes, query, owed)
        if not listed.picks:
            raise NotFoundError(_NOTHING)
        calibration = await self._confidence.calibration()
        explanations = await compute(_explanations, catalog, members, listed, query, calibration)
        cards, kept = await self._keep(catalog, members, listed, explanations)
        return Blended(
            invitation=invitation,
            members=ids,
            missing=tuple(one for one in invitation.members if one not in ids),
            found=_discovery(listed, cards),
            fits=tuple(one.fits for one in listed.picks),
            common=await compute(in_common, catalog, tastes),
            owed_before=tuple(owed),
            owed=listed.owed,
            kept=kept,
        )

    async def _member(self, catalog: Catalog, user_id: int) -> _Member:
        now = self._clock.now()
        async with self._database.read() as conn:
            shown = await asking.shown(conn, user_id, since=now - SHOWN_FOR, run=0)
            position = await tastes.position(conn, user_id)
        taste = await self._tastes.of(catalog, user_id, position)
        liked, disliked = await self._own_hits.of(user_id, position.feedback_id)
        history = Evidence(0.0, liked=liked, disliked=disliked, ratings=taste.entries)
        return _Member(user_id, taste, tuple(catalog.rows_of(shown.track_ids).tolist()), history)

    async def _keep(
        self,
        catalog: Catalog,
        members: Sequence[_Member],
        listed: GroupList,
        explanations: Sequence[Sequence[Explanation]],
    ) -> tuple[tuple[PickCard, ...], tuple[int, ...]]:
        """Keep the picks as shown to each; return them as the message shows them, and their ids.

        What they carry in the message is of who asked, and says nothing of any taste.
        """
        asker = members[0].user_id
        rows = [one.row for one in listed.picks]
        neutral = [_telling_nothing(one) for one in explanations[0]]
        chosen = [ChosenTrack(row, one) for row, one in zip(rows, neutral, strict=True)]
        track_ids = [int(catalog.track_ids[row]) for row in rows]
        async with self._database.read() as conn:
            cards = await cards_of(conn, catalog, asker, chosen, [0] * len(chosen), plays=False)
        kept: list[int] = []
        try:
            async with self._database.write() as conn:
                # Who asked comes last: the buttons carry what was kept last of a track.
                for member, told in reversed(list(zip(members, explanations, strict=True))):
                    new = [
                        NewPick(track_id, one.to_json(), None)
                        for track_id, one in zip(track_ids, told, strict=True)
                    ]
                    own = await picks.add_all(conn, member.user_id, new, now=self._clock.now())
                    kept += own
        except IntegrityError as error:
            raise UserError(_DELETED) from error
        shown = tuple(
            replace(card, recommendation_id=number) for card, number in zip(cards, own, strict=True)
        )
        return shown, tuple(kept)


def _query(
    members: Sequence[_Member],
    *,
    resting: list[int],
    excluded: list[int],
    barred: list[int],
    now: datetime,
) -> Query:
    """Return the question that holds for all: what any of them knows or never wants is left out."""

    def any_of(rows: Iterable[NDArray[np.int64] | tuple[int, ...]]) -> tuple[int, ...]:
        return tuple(sorted({int(row) for one in rows for row in one}))

    return Query(
        count=LENGTH,
        obscurity=DEFAULT_OBSCURITY,
        rated=any_of(one.taste.rated_rows for one in members),
        heard=any_of(one.taste.heard_rows for one in members),
        unwanted=together(one.taste.mutes.at(now) for one in members),
        shown=any_of(one.shown for one in members),
        resting=tuple(resting),
        excluded=tuple(excluded),
        barred=tuple(barred),
    )


def _explanations(
    catalog: Catalog,
    members: Sequence[_Member],
    listed: GroupList,
    query: Query,
    calibration: Calibration,
) -> list[list[Explanation]]:
    """Explain the picks to each of them."""
    rows = [one.row for one in listed.picks]
    return [
        explained_for(catalog, one.taste.profile, rows, query, calibration, one.history)
        for one in members
    ]


def _telling_nothing(explanation: Explanation) -> Explanation:
    """Return what an explanation says of the track alone."""
    return replace(
        explanation, reasons=(), closest=None, together=None, evidence=None, confidence=None
    )


def _discovery(listed: GroupList, cards: tuple[PickCard, ...]) -> Discovery:
    """Return the list as the answer to a wish; it does not tell what was left out, or for whom."""
    fames = [one.explanation.fame for one in cards]
    return Discovery(
        wish=Wish(count=LENGTH),
        picks=cards,
        kept_promise=sum(fame is not None and fame <= listed.ceiling for fame in fames),
        uncounted=sum(not one.explanation.counted for one in cards),
        ceiling=listed.ceiling,
        removed=(),
        loosenings=(),
    )
