"""Lists of tracks to take away: what a listener liked, or an artist among companions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.lists import (
    MAX_TRACKS,
    Content,
    KeptPlaylist,
    MadePlaylist,
    Order,
    Playlist,
    SavedPlaylist,
    dj_order,
)
from bot.core.models import Feedback, FeedbackKind, SubjectKind, Track
from bot.core.taste import opinion_value
from bot.errors import NotAllowedError, NotFoundError
from bot.services.accounts import SpotifyPlaylists
from bot.services.catalog import LiveCatalog
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.store import catalog, feedback, listeners, picks, playlists
from bot.store.engine import Database

LIKED: Final = 4
"""A rating from here on says that a track is liked."""

_TITLES: Final = {
    Content.PICKS: "Picks I liked",
    Content.LIKES: "Tracks I like",
    Content.RATINGS: "Tracks I rated 4 and 5",
    Content.HISTORY: "Tracks B-Side showed me",
}
_NOTHING: Final = {
    Content.PICKS: "You have not liked any of my picks{when}. Ask for some with `/discover` and "
    "press 👍 under those you like.",
    Content.LIKES: "You have liked no track{when}. Press 👍 under a pick, or use `/rate track`.",
    Content.RATINGS: "You have given no track a 4 or 5{when}. Rate some with `/rate track`.",
    Content.HISTORY: "I have shown you no track{when}. Ask for some with `/discover`.",
}

_ALL_MUTED: Final = (
    "All that would be in this list is muted, so there is none. `/mute show` and `/settings me` "
    "take that back."
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A track on its way into a list."""

    track_id: int
    value: float
    """How much it is liked, -1 … 1; 0 where nothing was said."""
    at: datetime


class Playlists:
    """Makes lists, keeps them, and saves them elsewhere."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        saver: SpotifyPlaylists,
        catalog: LiveCatalog,
        tastes: Tastes,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock
        self._saver = saver

    async def export(
        self, user_id: int, content: Content, *, days: int | None = None, order: Order = Order.DJ
    ) -> MadePlaylist:
        """Make a list of what a listener liked or saw, and keep it for them.

        Args:
            days: how far back; None: of all time.

        Raises:
            NotFoundError: there is nothing to put into it; the sentence says why.
        """
        now = self._clock.now()
        since = None if days is None else now - timedelta(days=days)
        muted = await self._muted(user_id, now)
        async with self._database.read() as conn:
            said = await feedback.counting(conn, user_id)
            shown = await picks.last_shown(conn, user_id)
            found = _entries(content, said, shown)
            dated = [one for one in found if since is None or one.at >= since]
            chosen = [one for one in dated if one.track_id not in muted]
            ids = [one.track_id for one in _sorted(chosen, order)[:MAX_TRACKS]]
            tracks = await catalog.tracks_by_ids(conn, ids)
        left_out = len(dated) - len(chosen)
        if not tracks and left_out:
            raise NotFoundError(_ALL_MUTED)
        if not tracks:
            raise NotFoundError(_nothing(content, days, earlier=len(found)))
        if order is Order.DJ:
            tracks = await in_dj_order(tracks)
        kept = await self.keep(user_id, _TITLES[content], tracks, public=False)
        return MadePlaylist(
            kept,
            found=len(chosen),
            can_be_saved=await self.can_save(user_id),
            muted=left_out,
        )

    async def _muted(self, user_id: int, now: datetime) -> set[int]:
        """Return the tracks that somebody does not want to be shown."""
        catalog = await self._catalog.at_hand()
        taste = await self._tastes.of(catalog, user_id)
        unwanted = taste.mutes.at(now)
        return set(catalog.track_ids[unwanted.rows(catalog)].tolist()) if unwanted else set()

    async def keep(
        self,
        user_id: int,
        title: str,
        tracks: Sequence[Track],
        *,
        public: bool,
        own_track_ids: Collection[int] = (),
    ) -> KeptPlaylist:
        """Keep a list, so that it can be had again; the listener's oldest ones give way.

        Args:
            public: everybody who sees its message may have it.
        """
        now = self._clock.now()
        description = f"Made by B-Side on {now:%Y-%m-%d}"
        playlist = Playlist(title, description, tuple(tracks), now)
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            number = await playlists.add(
                conn, user_id, playlist, public=public, own_track_ids=own_track_ids
            )
        return KeptPlaylist(number, user_id, public, playlist, frozenset(own_track_ids))

    async def get(self, user_id: int, playlist_id: int) -> KeptPlaylist:
        """Return a list that was kept.

        Raises:
            NotFoundError: it is not kept any more.
            NotAllowedError: it is somebody else's, and private.
        """
        async with self._database.read() as conn:
            kept = await playlists.by_id(conn, playlist_id)
        if kept is None:
            raise NotFoundError(
                f"I keep the last {playlists.KEPT} lists of everybody, and this one is gone. "
                "Use the same command to make it again."
            )
        if not kept.public and kept.user_id != user_id:
            raise NotAllowedError("This list was made for somebody else. Make yours: `/playlist`.")
        return kept

    async def can_save(self, user_id: int) -> bool:
        """Tell whether the listener's lists can be saved at a music service."""
        return await self._saver.can_save(user_id)

    async def save(self, user_id: int, playlist_id: int) -> SavedPlaylist:
        """Save a list in the account of whoever asks.

        Raises:
            NotFoundError: it is not kept any more, or the service has none of its tracks.
            NotAllowedError: it is somebody else's.
            UserError: no account is linked, or its owner did not agree to this.
            SourceError: the service does not take it.
        """
        kept = await self.get(user_id, playlist_id)
        playlist = kept.playlist
        known = [one for track in playlist.tracks if (one := _spotify_id(track)) is not None]
        if not known:
            raise NotFoundError(
                "None of these tracks is known to be on Spotify, so nothing was saved."
            )
        saved = await self._saver.save(
            user_id, name=playlist.title, description=playlist.description, spotify_ids=known
        )
        missing = saved.missing + len(playlist.tracks) - len(known)
        return SavedPlaylist(saved.url, saved.saved, missing)


async def in_dj_order(tracks: Sequence[Track]) -> list[Track]:
    """Return some tracks in the order a DJ would play them."""
    order = await compute(dj_order, [track.features for track in tracks])
    return [tracks[place] for place in order]


def _entries(
    content: Content, said: Sequence[Feedback], shown: dict[int, datetime]
) -> list[_Entry]:
    about = {one.subject.id: one for one in said if one.subject.kind is SubjectKind.TRACK}
    if content is Content.HISTORY:
        values = {number: opinion_value(one) for number, one in about.items()}
        return [_Entry(number, values.get(number, 0.0), at) for number, at in shown.items()]
    return [
        _Entry(number, opinion_value(one), one.created_at)
        for number, one in about.items()
        if _is_liked(one)
        and (content is not Content.RATINGS or one.kind is FeedbackKind.RATING)
        and (content is not Content.PICKS or number in shown)
    ]


def _is_liked(entry: Feedback) -> bool:
    least = LIKED if entry.kind is FeedbackKind.RATING else 1
    return entry.value >= least


def _sorted(entries: Sequence[_Entry], order: Order) -> list[_Entry]:
    """Return what is cut last first: the newest, or what is liked most; ties by track."""
    newest = sorted(entries, key=lambda one: (-one.at.timestamp(), one.track_id))
    if order is not Order.SCORE:
        return newest
    return sorted(newest, key=lambda one: -one.value)


def _nothing(content: Content, days: int | None, *, earlier: int) -> str:
    when = "" if days is None else f" in the last {days} days" if days > 1 else " in the last day"
    sentence = _NOTHING[content].format(when=when if earlier else " yet")
    if not earlier:
        return sentence
    tracks = "1 track" if earlier == 1 else f"{earlier:,} tracks"
    return f"{sentence} Without `days` there would be {tracks}."


def _spotify_id(track: Track) -> str | None:
    return next((one.value for one in track.external_ids if one.namespace == "spotify"), None)
