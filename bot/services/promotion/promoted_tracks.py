"""Single tracks on their way to be promoted: found by a link, or listened to here."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audio.analysis import Analysis
from bot.audio.pool import MAX_BYTES, Fetch
from bot.audio.refusal import Refusal, refusal
from bot.clock import Clock
from bot.core.ai import AiRule
from bot.core.catalog import Link, LinkKind, artist_key, read_text, recording_key, service_url
from bot.core.models import SubjectKind
from bot.core.promotion import (
    Claim,
    PreparedPromotion,
    PromotionKind,
    TrackSound,
    claim_name,
    promotion_text,
    track_title,
)
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.services.catalog import Analyses, Heard, LiveCatalog
from bot.services.finding import Lookup
from bot.services.promotion.permission import Asker, may_promote, refuse_banned
from bot.services.promotion.promotions import (
    Draft,
    Kept,
    Promotions,
    fresh_tracks,
    refuse_left_recording,
)
from bot.services.promotion.track_sounds import TrackSounds
from bot.store import catalog as stored
from bot.store import claims
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Upload:
    """A sound file that somebody sent, not fetched yet."""

    name: str
    size: int
    """In bytes."""
    fetch: Fetch


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an artist says about an uploaded track."""

    title: str | None = None
    """None: as its tags say."""
    link: str | None = None
    """Where it can be heard; None: nowhere yet."""
    joins: bool = False
    """Its names and what was measured may join the catalogue."""
    keeps_excerpt: bool = False
    """Half a minute of its sound may be kept for auditions."""
    promoter: str = ""
    """The artist's name where neither a registered name nor a tag says it."""


@dataclass(frozen=True, slots=True)
class PreparedTrack:
    """A track that waits to be posted."""

    prepared: PreparedPromotion
    joining: Heard | None = None
    """What joins the catalogue when it is posted."""


class TrackPromotions:
    """Prepares promotions of single tracks."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        promotions: Promotions,
        lookup: Lookup,
        analyses: Analyses,
        clock: Clock,
    ) -> None:
        self._database = database
        self._promotions = promotions
        self._lookup = lookup
        self._analyses = analyses
        self._clock = clock
        self._sounds = TrackSounds(database, catalog)

    async def by_link(self, asker: Asker, *, url: str, text: str) -> PreparedTrack:
        """Find the track of a link, check it against all rules and keep it, ready to be posted.

        Args:
            asker: the artist, or who acts for them.
            url: see `core.catalog.service_url`.
            text: see `core.promotion.promotion_text`.

        Raises:
            UserError: the link or text cannot be used.
            NotAllowedError: the server does not let them promote; see `permission.may_promote`.
            NotFoundError: nobody knows the track of that link.
            SourceError: the services that may know it do not answer.
            TooSoonError: a cooldown runs, or the recording was promoted here lately.
        """
        url, text = service_url(url), promotion_text(text)
        asked = read_text(url)
        if isinstance(asked, Link) and asked.is_list:
            kind = "playlist" if asked.kind is LinkKind.PLAYLIST else "album"
            raise UserError(f"That link leads to a list of tracks: use `/promote {kind}`.")
        async with self._database.read() as conn:
            # Nobody is asked anything for a promotion that is not allowed.
            await may_promote(conn, asker, url=url, text=text, now=self._clock.now())
        try:
            hit = await self._lookup.resolve(asked, (SubjectKind.TRACK,))
        except NotFoundError as error:
            raise NotFoundError(
                "No music service tells me which track that link leads to. Give a link to the "
                "track on another service, or attach its sound file: then I listen to it myself."
            ) from error
        async with self._database.read() as conn:
            (track,) = await stored.tracks_by_ids(conn, [hit.subject.id])
        sound = await self._sounds.of_known(track)
        names = (track.title, track.artist_credit or track.artist)
        kept = await self._promotions.keep(
            asker,
            Draft(
                PromotionKind.TRACK,
                url,
                text,
                title=_artist_and_title(*names),
                track_ids=[track.id],
                words=names,
            ),
        )
        return PreparedTrack(_prepared(kept, sound))

    async def by_file(
        self, asker: Asker, upload: Upload, wishes: Wishes, *, text: str
    ) -> PreparedTrack:
        """Listen to a track, check it against all rules and keep it, ready to be posted.

        Of the file nothing is kept but what tells its sound from others, and the excerpt where
        that is wished. The track joins the catalogue, where that is wished, when it is posted.

        Args:
            asker: the artist, or who acts for them.
            upload: the file.
            wishes: what they say about it.
            text: see `core.promotion.promotion_text`.

        Raises:
            UserError: the link, text, title or file cannot be used.
            NotAllowedError: the server does not let them promote, or the name is somebody else's.
            TooSoonError: a cooldown runs, or the recording was promoted here lately.
        """
        url = "" if wishes.link is None else service_url(wishes.link)
        text, title = promotion_text(text), wishes.title and track_title(wishes.title)
        _check_wishes(wishes, asker)
        if upload.size > MAX_BYTES:
            raise refusal(Refusal.TOO_LARGE, upload.name)
        async with self._database.read() as conn:
            await may_promote(
                conn, asker, url=url, text=text, words=_some(title), now=self._clock.now()
            )
        analysis = await self._analyses.analyze(
            upload.fetch, upload.name, excerpt=wishes.keeps_excerpt
        )
        title = title or track_title(analysis.title or "")
        words = _some(title, analysis.title, analysis.artist)
        async with self._database.read() as conn:
            allowed = await may_promote(
                conn, asker, url=url, text=text, words=words, now=self._clock.now()
            )
            artist = _artist(allowed.claim, analysis, wishes.promoter)
            own_id = await self._check_artist(conn, asker, allowed.claim, artist, wishes)
            await self._refuse_repeated(conn, asker, title, artist)
        sound = await self._sounds.of_file(analysis, without=[] if own_id is None else [own_id])
        draft = Draft(
            PromotionKind.TRACK,
            url,
            text,
            title=_artist_and_title(title, artist),
            words=[*words, artist],
            analysis=analysis,
        )
        kept = await self._promotions.keep(asker, draft)
        prepared = _prepared(kept, sound, joins=wishes.joins, excerpt=wishes.keeps_excerpt)
        return PreparedTrack(prepared, Heard(title, artist, analysis) if wishes.joins else None)

    async def _check_artist(
        self,
        conn: AsyncConnection,
        asker: Asker,
        claim: Claim | None,
        artist: str,
        wishes: Wishes,
    ) -> int | None:
        """Refuse a name that is banned or somebody else's; return its artist in the catalogue."""
        key = artist_key(artist)
        artist_id = await claims.catalog_artist(conn, key)
        if asker.guild_id is None or (claim is not None and claim.key == key):
            return artist_id
        await refuse_banned(conn, asker.guild_id, asker.user_id, key, now=self._clock.now())
        if await claims.by_key(conn, asker.guild_id, key) is not None:
            raise NotAllowedError(
                "The artist that the file names is registered here. If you act for that artist, "
                "choose the name with `as`. If not, do not promote their music as yours."
            )
        if wishes.joins and artist_id is not None:
            raise NotAllowedError(
                "My catalogue has an artist of that name already. If that is you, register the "
                "name with `/artist claim` first; without `consent` it is posted as it is."
            )
        return artist_id

    async def _refuse_repeated(
        self, conn: AsyncConnection, asker: Asker, title: str, artist: str
    ) -> None:
        key = recording_key(title, artist)
        if asker.guild_id is not None:
            await refuse_left_recording(conn, key, guild_id=asker.guild_id)
        known = await stored.track_ids_by_recording(conn, key)
        await fresh_tracks(
            conn,
            known,
            kind=PromotionKind.TRACK,
            guild_id=asker.guild_id,
            now=self._clock.now(),
        )


def _check_wishes(wishes: Wishes, asker: Asker) -> None:
    if wishes.keeps_excerpt and not wishes.joins:
        raise UserError(
            "An excerpt is kept for blind auditions, which are for tracks of the catalogue: add "
            "`consent: True`, or leave `keep` out. Nothing was posted."
        )
    if wishes.joins and asker.guild_id is None:
        raise UserError(
            "Tracks can join the catalogue only from a server, because its moderators look after "
            "it. Leave `consent` out here, or promote it in a server."
        )


def _artist(claim: Claim | None, analysis: Analysis, promoter: str) -> str:
    """Return the registered name, else what the tags say, else the name of who promotes."""
    if claim is not None:
        return claim.name
    try:
        return claim_name(analysis.artist or promoter)
    except UserError:  # a tag can be anything
        return claim_name(promoter)


def _artist_and_title(title: str, artist: str) -> str:
    return f"{artist} – {title}"


def _some(*words: str | None) -> list[str]:
    return [word for word in words if word]


def _prepared(
    kept: Kept, sound: TrackSound | None, *, joins: bool = False, excerpt: bool = False
) -> PreparedPromotion:
    return PreparedPromotion(
        kept.promotion,
        channel_id=kept.allowed.rules.promotion_channel_id,
        recognized=0,
        unknown=(),
        sound=None,
        claim=kept.allowed.claim,
        heard=sound,
        joins=joins,
        excerpt_kept=excerpt,
        shows_ai=kept.allowed.rules.ai is not AiRule.ALLOW,
    )
