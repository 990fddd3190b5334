"""Artists register their names in a server: pages, helpers, and a card to show."""

from dataclasses import replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import Catalog, artist_key, service_url
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.core.promotion import (
    FEWEST_LISTENERS,
    MAX_CLAIMS,
    MAX_HANDS,
    MAX_PAGES,
    ArtistCard,
    CatalogArtist,
    Claim,
    Reception,
    claim_name,
    sound_of,
)
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.promotion.permission import own_claim, refuse_banned, refuse_blocked
from bot.services.threads import compute
from bot.store import claims, listeners, shared_pages, subjects, votes
from bot.store.engine import Database


class Artists:
    """Keeps who holds which name, in each server for itself."""

    def __init__(self, database: Database, catalog: LiveCatalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    async def claim(
        self, user_id: int, *, guild_id: int, name: str, page: str | None = None
    ) -> Claim:
        """Register a name for somebody, with a first page if one is given.

        Raises:
            UserError: the name or page cannot be used, or they hold too many names.
            NotAllowedError: it is held by somebody else, banned or blocked.
        """
        name = claim_name(name)
        url = None if page is None else service_url(page)
        now = self._clock.now()
        async with self._database.write() as conn:
            key = artist_key(name)
            await refuse_banned(conn, guild_id, user_id, key, now=now)
            await refuse_blocked(conn, guild_id, names=[name], url=url)
            held = await claims.by_key(conn, guild_id, key)
            if held is not None and held.user_id is not None:
                raise _held(held, user_id)
            mine = await claims.acting_for(conn, user_id, guild_id=guild_id)
            if sum(one.user_id == user_id for one in mine) >= MAX_CLAIMS:
                raise UserError(
                    f"You hold {MAX_CLAIMS} names here, which is the most. "
                    "Give one up with `/artist release`."
                )
            await listeners.ensure(conn, user_id, now=now)
            if held is None:
                claim = await claims.add(conn, user_id, guild_id=guild_id, name=name, now=now)
            else:
                claim = await claims.take_over(conn, held, user_id, now=now)
            if url is not None:
                await claims.add_page(conn, claim.id, url)
        return claim

    async def release(self, user_id: int, *, guild_id: int, name: str) -> Claim:
        """Give a name up; what was promoted under it stays the promoter's.

        Raises:
            NotFoundError: they act for no such name.
            NotAllowedError: only its holder may, and not while it is muted.
        """
        async with self._database.write() as conn:
            claim = await self._held_by(conn, user_id, guild_id, name)
            if claim.muted:
                raise NotAllowedError(
                    "The moderators have muted this name, so it cannot be given up now. "
                    "They can remove it with `/moderate claim remove`."
                )
            await claims.remove(conn, claim.id, now=self._clock.now())
            await shared_pages.remove_cards(conn, claim.user_id, claim.name)
        return claim

    async def add_page(
        self, user_id: int, *, guild_id: int, name: str | None, page: str
    ) -> tuple[Claim, tuple[str, ...]]:
        """Link a page of the artist; return the claim with all its pages.

        Raises:
            UserError: the page cannot be used, or there are too many.
            NotAllowedError: its domain is blocked here.
            NotFoundError: they act for no such name.
        """
        url = service_url(page)
        async with self._database.write() as conn:
            claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
            await refuse_blocked(conn, guild_id, url=url)
            pages = await claims.pages(conn, claim.id)
            if url in pages:
                raise UserError("That page is on the card already.")
            if len(pages) >= MAX_PAGES:
                raise UserError(
                    f"A card has {MAX_PAGES} pages at most. Take one off with "
                    "`/artist pages remove` first."
                )
            await claims.add_page(conn, claim.id, url)
            return claim, await claims.pages(conn, claim.id)

    async def remove_page(
        self, user_id: int, *, guild_id: int, name: str | None, page: str
    ) -> tuple[Claim, tuple[str, ...]]:
        """Take a page off; return the claim with the pages that are left.

        Raises:
            NotFoundError: it is not there, or they act for no such name.
            UserError: it is no link.
        """
        url = service_url(page)
        async with self._database.write() as conn:
            claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
            if not await claims.remove_page(conn, claim.id, url):
                raise NotFoundError(
                    "That page is not on the card. `/artist card` shows which pages are."
                )
            return claim, await claims.pages(conn, claim.id)

    async def invite(self, user_id: int, *, guild_id: int, name: str, hand_id: int) -> Claim:
        """Check that somebody may be asked to act for a name, too. Nothing is kept about them yet.

        Raises:
            NotFoundError: the asker acts for no such name.
            NotAllowedError: only its holder may say who else acts for it.
            UserError: they may already, or there are too many.
        """
        async with self._database.read() as conn:
            claim = await self._held_by(conn, user_id, guild_id, name)
            await _check_hand(conn, claim, hand_id)
        return claim

    async def accept(self, hand_id: int, *, guild_id: int, claim_id: int, holder_id: int) -> Claim:
        """Let somebody who was asked act for a name from now on.

        Args:
            hand_id: who was asked, and says yes.
            guild_id: the server where they say so.
            claim_id: the name.
            holder_id: who asked.

        Raises:
            NotFoundError: the name is held by somebody else now, or by nobody.
            UserError: they may already, or there are too many.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            claim = await claims.by_id(conn, claim_id)
            if claim is None or (claim.user_id, claim.guild_id) != (holder_id, guild_id):
                raise NotFoundError("Who invited you holds this name no longer.")
            await _check_hand(conn, claim, hand_id)
            await listeners.ensure(conn, hand_id, now=now)
            await claims.add_hand(conn, claim.id, hand_id, now=now)
        return claim

    async def remove_hand(self, user_id: int, *, guild_id: int, name: str, hand_id: int) -> Claim:
        """Let somebody no longer act for a name: its holder may say so, and they themselves.

        Raises:
            NotFoundError: that person does not act for it, or the asker does not.
            NotAllowedError: it is somebody else's to say.
        """
        async with self._database.write() as conn:
            claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
            if user_id not in (claim.user_id, hand_id):
                raise NotAllowedError("Only the holder of the name, or they themselves, can.")
            if not await claims.remove_hand(conn, claim.id, hand_id):
                raise NotFoundError(
                    "They are no hand of this artist. To give your own name up, use "
                    "`/artist release`."
                )
        return claim

    async def hands(
        self, user_id: int, *, guild_id: int, name: str | None
    ) -> tuple[Claim, tuple[int, ...]]:
        """Return who may act for a name beside its holder, to one of them.

        Raises:
            NotFoundError: the asker does not act for it.
        """
        async with self._database.read() as conn:
            claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
            return claim, await claims.hands(conn, claim.id)

    async def acting_for(self, user_id: int, *, guild_id: int) -> list[Claim]:
        """Return the claims that somebody may act for in a server, by name."""
        async with self._database.read() as conn:
            return await claims.acting_for(conn, user_id, guild_id=guild_id)

    async def pages(self, user_id: int, *, guild_id: int) -> list[str]:
        """Return the pages of all artists that somebody acts for in a server, in order."""
        async with self._database.read() as conn:
            mine = await claims.acting_for(conn, user_id, guild_id=guild_id)
            return sorted({url for one in mine for url in await claims.pages(conn, one.id)})

    async def card(self, user_id: int, *, guild_id: int, name: str | None) -> ArtistCard:
        """Return what is known of an artist: registered here, in the catalogue, or both.

        Args:
            user_id: who asks.
            guild_id: the server.
            name: of the artist; None: the only name the asker acts for.

        Raises:
            NotFoundError: neither this server nor the catalogue knows such an artist.
            UserError: the asker acts for several, so one must be named.
        """
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            claim: Claim | None
            if name is None:
                claim = await own_claim(conn, user_id, guild_id=guild_id, name=None)
            else:
                claim = await claims.by_key(conn, guild_id, artist_key(name))
                claim = claim if claim is None or claim.user_id is not None else None
            key = claim.key if claim is not None else artist_key(name or "")
            artist = await _in_catalog(conn, key)
            if claim is None:
                if artist is None:
                    raise NotFoundError(
                        "I know no artist of that name, neither in this server nor in my "
                        "catalogue. `/artist claim` registers one."
                    )
                card = ArtistCard(artist.title, None, (), None, 0, None)
            else:
                card = await _card(conn, claim)
        artist_id = None if artist is None else artist.subject.id
        if claim is not None and artist_id is not None and claim.artist_id is None:
            async with self._database.write() as conn:  # the catalogue has grown since
                await claims.link(conn, claim.id, artist_id)
        return replace(card, known=await compute(describe_artist, catalog, artist_id))

    async def _held_by(
        self, conn: AsyncConnection, user_id: int, guild_id: int, name: str
    ) -> Claim:
        claim = await own_claim(conn, user_id, guild_id=guild_id, name=name)
        if claim.user_id != user_id:
            raise NotAllowedError("Only the person who registered this name can do that.")
        return claim


async def _check_hand(conn: AsyncConnection, claim: Claim, hand_id: int) -> None:
    others = await claims.hands(conn, claim.id)
    if hand_id == claim.user_id or hand_id in others:
        raise UserError("They may act for this artist already.")
    if len(others) >= MAX_HANDS:
        raise UserError(
            f"{MAX_HANDS} people may act for an artist beside its holder at most. Take one off "
            "with `/artist helpers remove` first."
        )


def _held(claim: Claim, user_id: int) -> UserError:
    if claim.user_id == user_id:
        return UserError("You hold this name here already. `/artist card` shows it.")
    return NotAllowedError(
        "Somebody registered this name here before you. If you are this artist, ask the "
        "moderators: they can give it back with `/moderate claim remove`."
    )


async def _in_catalog(conn: AsyncConnection, key: str) -> SearchHit | None:
    artist_id = await claims.catalog_artist(conn, key)
    if artist_id is None:
        return None
    return await subjects.name(conn, Subject(SubjectKind.ARTIST, artist_id))


async def _card(conn: AsyncConnection, claim: Claim) -> ArtistCard:
    """Return what this server knows of an artist."""
    promoted = await votes.of_claim(conn, claim.id)
    heard = _in_total(await votes.reception_of(conn, promoted))
    pages = await claims.pages(conn, claim.id)
    return ArtistCard(claim.name, claim, pages, None, len(promoted), heard)


def _in_total(heard: Reception) -> Reception | None:
    return heard if heard.listeners >= FEWEST_LISTENERS else None


def describe_artist(catalog: Catalog, artist_id: int | None) -> CatalogArtist | None:
    """Return what the catalogue knows of an artist; None when it has no track of theirs."""
    if artist_id is None:
        return None
    rows = catalog.rows_of_artists([artist_id])
    if not len(rows):
        return None
    place = int(catalog.artist_index[rows[0]])
    fame = float(catalog.artist_fame[place])
    sound = sound_of(catalog, catalog.track_ids[rows].tolist())
    return CatalogArtist(
        tracks=len(rows),
        fame=None if np.isnan(fame) else fame,
        counted=bool(catalog.artist_counted[place]),
        levels=() if sound is None else sound.levels,
        measured=0 if sound is None else sound.track_count,
    )
