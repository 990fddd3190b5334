"""New releases, gathered from the music services and ranked for a listener."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.accounts import LinkedAccount, LinkedService
from bot.core.catalog import Catalog, Sort, mask_of, sorts_of_title, text_key
from bot.core.models import Feedback, SubjectKind
from bot.core.releases import (
    LONGEST_DAYS,
    PAGE,
    KnownRelease,
    NewRelease,
    ReleaseRanking,
    ReleaseWish,
    earn,
    judge_releases,
    merged,
    order_releases,
    within,
)
from bot.core.taste import NOTHING_UNWANTED, ListenerTaste, TasteProfile, Unwanted
from bot.errors import SourceError, SourceUnavailableError, UserError
from bot.services.accounts import Accounts
from bot.services.catalog import LiveCatalog
from bot.services.sources import Sources
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.sources.spotify import Spotify
from bot.sources.values import Release, SourceTrack
from bot.store import accounts, batch, feedback
from bot.store import releases as store
from bot.store.engine import Database

log = logging.getLogger(__name__)

_Told: TypeAlias = Release | SourceTrack
_Album: TypeAlias = tuple[int, str]
"""Artist and `text_key` of the title."""

SPANS: Final = (7, 14, 30, LONGEST_DAYS)
"""So many days back the services are asked, so that different wishes share an answer."""
AHEAD: Final = 30
"""What is announced for so many days ahead is shown, and marked."""
MOST_ARTISTS: Final = 20
"""So many of a listener's artists are asked for on Spotify."""
LISTENBRAINZ: Final = "ListenBrainz"
AUDIUS: Final = "Audius"
SPOTIFY: Final = "Spotify"

_NO_SERVICES: Final = (
    "No music service is connected here, so I do not know what is new. "
    "The bot on Discord (`bside run`) asks ListenBrainz and Audius, without any key."
)
_ALL_SILENT: Final = (
    "None of the music services that tell what is new answers right now ({}). "
    "Try again in a few minutes."
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new."""

    releases: tuple[NewRelease, ...]
    today: date
    silent: tuple[str, ...] = ()
    """Services that did not answer."""


@dataclass(frozen=True, slots=True)
class ReleaseList:
    """One page of what is new for a listener."""

    wish: ReleaseWish
    today: date
    ranking: ReleaseRanking
    silent: tuple[str, ...]
    said: dict[int, Feedback]
    """What the listener said about artists, by their ids."""

    @property
    def pages(self) -> int:
        """How many there are, at least 1."""
        return max(1, -(-self.ranking.fitting // PAGE))


class Releases:
    """Gathers what is new and ranks it."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        clock: Clock,
        sources: Sources | None,
        accounts: Accounts,
    ) -> None:
        """Ask some services.

        Args:
            database: migrated.
            catalog: knows the artists.
            tastes: of the listeners.
            clock: tells the day.
            sources: None: nothing can be asked, and everybody is told so.
            accounts: what listeners have linked.
        """
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock
        self._sources = sources
        self._accounts = accounts
        self._of_accounts: dict[int, tuple[date, list[Release]]] = {}

    async def for_listener(
        self, user_id: int, wish: ReleaseWish, *, ahead: int = AHEAD
    ) -> ReleaseList | None:
        """Return a page of what is new for a listener; None for one who has no taste yet.

        Args:
            user_id: the listener.
            wish: what they ask for.
            ahead: what is announced for so many days counts, too.

        Raises:
            UserError: no service is connected.
            SourceUnavailableError: none answers.
        """
        catalog = await self._catalog.at_hand()
        taste = await self._tastes.of(catalog, user_id)
        async with self._database.read() as conn:
            entries = await feedback.counting(conn, user_id)
            linked = await accounts.of_user(conn, user_id)
        if not taste.profile.has_taste:
            return None
        fresh = await self.fresh(wish.days, linked, ahead=ahead)
        said = {one.subject.id: one for one in entries if one.subject.kind is SubjectKind.ARTIST}
        unwanted = taste.mutes.at(self._clock.now())
        ranking, page = await self._page(catalog, taste, unwanted, fresh, wish)
        return ReleaseList(replace(wish, page=page), fresh.today, ranking, fresh.silent, said)

    async def _page(
        self,
        catalog: Catalog,
        taste: ListenerTaste,
        unwanted: Unwanted,
        fresh: Fresh,
        wish: ReleaseWish,
    ) -> tuple[ReleaseRanking, int]:
        """Rank, and return the page that was asked for, or the first when there is no such page."""
        for page in dict.fromkeys((wish.page, 0)):
            ranking = await self.rank(
                catalog,
                [taste.profile],
                fresh,
                obscurity=wish.obscurity,
                rated=tuple(taste.rated_rows.tolist()),
                unwanted=unwanted,
                first=page * PAGE,
            )
            if ranking.shown:
                break
        return ranking, page

    async def rank(
        self,
        catalog: Catalog,
        tastes: Sequence[TasteProfile],
        fresh: Fresh,
        *,
        obscurity: int,
        rated: tuple[int, ...] = (),
        unwanted: Unwanted = NOTHING_UNWANTED,
        first: int = 0,
    ) -> ReleaseRanking:
        """Rank what is new for one taste or several; see `order_releases`.

        Others may compute between two tastes. What is `unwanted` is left out and counted: what is
        by muted artists, and what says in its title that it is of a sort.
        """
        async with self._database.read() as conn:
            known = await _recognized(conn, catalog, fresh.releases)
        wanted = [one for one in known if not _is_unwanted(catalog, one, unwanted)]
        muted, known = len(known) - len(wanted), wanted
        judged = await compute(judge_releases, catalog, tastes, known, rated=rated)
        earned = [await compute(earn, catalog, taste, judged) for taste in tastes]
        ranking = await compute(
            order_releases,
            catalog,
            tastes,
            judged,
            earned,
            obscurity=obscurity,
            first=first,
            count=PAGE,
        )
        return replace(ranking, muted=muted)

    async def fresh(
        self, days: int, linked: Sequence[LinkedAccount] = (), *, ahead: int = AHEAD
    ) -> Fresh:
        """Return what came out in so many days, each release once; a service may fail.

        Args:
            days: 1 … `LONGEST_DAYS`.
            linked: accounts whose artists are asked for, too.
            ahead: what is announced for so many days counts, too.

        Raises:
            UserError: no service is connected.
            SourceUnavailableError: none answers.
        """
        if self._sources is None:
            raise UserError(_NO_SERVICES)
        today = self._clock.now().date()
        asked: list[tuple[str, Awaitable[Sequence[_Told]]]] = [
            *((SPOTIFY, question) for question in self._asked_on_spotify(linked, today)),
            (AUDIUS, self._sources.audius.underground()),
            (LISTENBRAINZ, self._listed(self._sources, days)),
        ]
        answers = await asyncio.gather(*(_answered(name, question) for name, question in asked))
        silent = tuple(name for (name, _), told in zip(asked, answers, strict=True) if told is None)
        if len(silent) == len(asked):
            raise SourceUnavailableError(_ALL_SILENT.format(", ".join(silent)))
        found = [
            (name, one)
            for (name, _), told in zip(asked, answers, strict=True)
            for one in told or ()
        ]
        return Fresh(await compute(_news, found, today, days, ahead), today, silent)

    async def _listed(self, sources: Sources, days: int) -> list[Release]:
        span = next(span for span in SPANS if span >= days)
        return await sources.listenbrainz.fresh_releases(days=span)

    def _asked_on_spotify(
        self, linked: Sequence[LinkedAccount], today: date
    ) -> list[Awaitable[Sequence[Release]]]:
        if self._sources is None or self._sources.spotify_users is None:
            return []
        api = self._sources.spotify_users.api
        theirs = [one for one in linked if one.service is LinkedService.SPOTIFY]
        return [self._of_account(api, account, today) for account in theirs]

    async def _of_account(
        self, api: Spotify, account: LinkedAccount, today: date
    ) -> Sequence[Release]:
        """Return the latest albums of the artists somebody plays most, asked for once a day."""
        self._of_accounts = {
            number: kept for number, kept in self._of_accounts.items() if kept[0] == today
        }
        if account.id in self._of_accounts:
            return self._of_accounts[account.id][1]
        found = await self._accounts.ask_as(account, lambda token: _albums_of_artists(api, token))
        self._of_accounts[account.id] = (today, found)
        return found


async def _albums_of_artists(client: Spotify, token: str) -> list[Release]:
    artists = (await client.top_artists(token))[:MOST_ARTISTS]
    ids = [known.value for artist in artists for known in artist.ids]
    albums = [await client.albums_of(token, one) for one in ids]
    return [release for some in albums for release in some]


def _news(
    told: Sequence[tuple[str, _Told]], today: date, days: int, ahead: int
) -> tuple[NewRelease, ...]:
    releases = merged(_release(one, service) for service, one in told)
    return tuple(within(releases, today, days=days, ahead=ahead))


async def _answered(name: str, question: Awaitable[Sequence[_Told]]) -> Sequence[_Told] | None:
    """Return what a service tells; None when it does not answer, which is logged."""
    try:
        return await question
    except SourceError as error:
        log.info("going on without the new releases of %s: %s", name, error)
        return None


def _release(one: _Told, service: str) -> NewRelease:
    kind = one.kind if isinstance(one, Release) else "track"
    return NewRelease(one.title, one.artist, one.released_on, kind, one.genres, one.url, (service,))


def _is_by_ai(catalog: Catalog, one: KnownRelease, unwanted: Unwanted) -> bool:
    """Tell whether all that is known of its artist is labelled as somebody does not want it."""
    mask = mask_of({*unwanted.sorts} & {Sort.AI, Sort.PARTLY_AI})
    if not mask or one.artist_id is None:
        return False
    rows = catalog.rows_of_artists([one.artist_id])
    return bool(len(rows)) and bool((catalog.sorts[rows] & mask).all())


def _is_unwanted(catalog: Catalog, one: KnownRelease, unwanted: Unwanted) -> bool:
    if one.artist_id in unwanted.artists or _is_by_ai(catalog, one, unwanted):
        return True
    return bool(unwanted.sorts) and not sorts_of_title(one.release.title).isdisjoint(unwanted.sorts)


async def _recognized(
    conn: AsyncConnection, catalog: Catalog, releases: Sequence[NewRelease]
) -> list[KnownRelease]:
    """Find what the catalogue knows of releases."""
    keys = sorted({one.artist_key for one in releases})
    artists = await store.artist_ids(conn, keys)
    known = [one for one in releases if one.artist_key in artists]
    titles = await compute(_titles, known, artists)
    albums = await store.album_tracks(conn, titles)
    songs = await batch.by_recording_key(conn, [one.key for one in known])
    return await compute(_known, catalog, releases, artists, albums, songs)


def _titles(releases: Sequence[NewRelease], artists: Mapping[str, int]) -> set[_Album]:
    return {(artists[one.artist_key], text_key(one.title)) for one in releases}


def _known(
    catalog: Catalog,
    releases: Sequence[NewRelease],
    artists: Mapping[str, int],
    albums: Mapping[_Album, tuple[int, ...]],
    songs: Mapping[str, int],
) -> list[KnownRelease]:
    """Join releases with what was found of them by name."""
    genres = {
        text_key(name): int(key)
        for name, key in zip(catalog.genre_names, catalog.genre_keys, strict=True)
    }

    def known(one: NewRelease) -> KnownRelease:
        artist_id = artists.get(one.artist_key)
        found = () if artist_id is None else albums.get((artist_id, text_key(one.title)), ())
        if not found and one.key in songs:
            found = (songs[one.key],)
        named = {genres[key]: None for key in map(text_key, one.genres) if key in genres}
        return KnownRelease(one, artist_id, found, tuple(named))

    return [known(one) for one in releases]
