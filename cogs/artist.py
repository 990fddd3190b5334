"""`/artist`: a name with pages, a card and helpers; your tracks among better-known ones."""

import discord
from discord import app_commands

from bot.app import (
    BSide,
    Content,
    Interaction,
    ServerGroup,
    begin_page,
    completion,
    covered,
    message_of,
    on,
    server_of,
    share_page,
)
from bot.core.ai import MOST_APPEAL
from bot.core.catalog import MAX_URL_LENGTH
from bot.core.lists import Telling
from bot.core.models import SubjectKind
from bot.core.promotion import MAX_NAME
from bot.errors import NotAllowedError, UserError
from bot.services import Services
from bot.services.lists import ANY_GENRE, CompanionWish
from bot.ui import ai, shared_pages
from bot.ui import artists as ui
from bot.ui import playlists as lists
from bot.ui.page_buttons import CardPage
from bot.ui.picks import name_choices

Name = app_commands.Range[str, 1, MAX_NAME]
Page = app_commands.Range[str, 1, MAX_URL_LENGTH]

_LONGEST_CHOICE = 100


def _also_called(group: app_commands.Group, name: str) -> app_commands.Group:
    """Return the same commands under a former name, which works until the next version."""
    former = app_commands.Group(name=name, description=f"The former name of /artist {group.name}")
    for one in group.commands:
        if isinstance(one, app_commands.Command):
            former.add_command(
                app_commands.Command(
                    name=one.name, description=one.description, callback=one.callback
                )
            )
    return former


class Artist(ServerGroup, group_name="artist", group_description="For artists"):
    """For artists and those who act for them."""

    pages = app_commands.Group(name="pages", description="The pages on your card")
    helpers = app_commands.Group(name="helpers", description="Who else may act for you")

    def __init__(self, services: Services) -> None:
        self._services = services
        self._artists = services.artists

    @app_commands.command()
    @app_commands.describe(
        name="The artist's name, as on their releases",
        page="A link to their page on any known music service",
    )
    @app_commands.autocomplete(name=completion.artist_names)
    async def claim(self, interaction: Interaction, name: Name, page: Page | None = None) -> None:
        """Register your artist name in this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self._artists.claim(
            interaction.user.id, guild_id=server_of(interaction), name=name, page=page
        )
        await interaction.followup.send(ui.claimed(claim), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(name="An artist; yours, if you leave it out")
    @app_commands.autocomplete(name=completion.own_or_known_artists)
    async def card(self, interaction: Interaction, name: Name | None = None) -> None:
        """Show an artist: pages, sound, how well known, and how they were heard here."""
        await interaction.response.defer(thinking=True)
        card = await self._artists.card(
            interaction.user.id, guild_id=server_of(interaction), name=name
        )
        share = interaction.client.shares_pages and ui.may_share(card, interaction.user.id)
        view = ui.buttons(card, share=share) or discord.utils.MISSING
        await interaction.followup.send(embed=ui.card(card), view=view)

    @on(CardPage)
    async def share_card(self, interaction: Interaction, pressed: CardPage) -> None:
        """Share the card of a name they hold as a page."""
        await begin_page(interaction, pressed)
        card, told = await self._services.page_contents.of_artist(
            interaction.user.id, guild_id=server_of(interaction), claim_id=pressed.claim_id
        )

        async def content() -> Content:
            return shared_pages.of_artist(card, await covered(interaction, told)), ()

        await share_page(interaction, pressed, content)

    @app_commands.command()
    @app_commands.describe(
        reason="Why the label is wrong, for the moderators", name="For which of your artists"
    )
    @app_commands.autocomplete(name=completion.own_artists)
    async def appeal(
        self,
        interaction: Interaction,
        reason: app_commands.Range[str, 1, MOST_APPEAL],
        name: Name | None = None,
    ) -> None:
        """Appeal the label that says AI makes your music."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._services.ai_music.appeal_by_name(
            interaction.user.id, guild_id=server_of(interaction), name=name, reason=reason
        )
        await interaction.followup.send(ai.TAKEN, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(name="The name to give up")
    @app_commands.autocomplete(name=completion.own_artists)
    async def release(self, interaction: Interaction, name: Name) -> None:
        """Give up a name you registered in this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self._artists.release(
            interaction.user.id, guild_id=server_of(interaction), name=name
        )
        await interaction.followup.send(ui.released(claim), ephemeral=True)

    @pages.command(name="add")
    @app_commands.describe(
        page="A link to a page on any known music service", name="For which of your artists"
    )
    @app_commands.autocomplete(name=completion.own_artists)
    async def add_page(
        self, interaction: Interaction, page: Page, name: Name | None = None
    ) -> None:
        """Link a page of yours on your card."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim, pages = await self._artists.add_page(
            interaction.user.id, guild_id=server_of(interaction), name=name, page=page
        )
        await interaction.followup.send(ui.pages_now(claim, pages), ephemeral=True)

    @pages.command(name="remove")
    @app_commands.describe(page="The link to take off", name="For which of your artists")
    @app_commands.autocomplete(name=completion.own_artists)
    async def remove_page(
        self, interaction: Interaction, page: Page, name: Name | None = None
    ) -> None:
        """Take a page off your card."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim, pages = await self._artists.remove_page(
            interaction.user.id, guild_id=server_of(interaction), name=name, page=page
        )
        await interaction.followup.send(ui.pages_now(claim, pages), ephemeral=True)

    @helpers.command(name="add")
    @app_commands.describe(name="Your artist", member="Whom to ask")
    @app_commands.autocomplete(name=completion.own_artists)
    async def add_helper(
        self, interaction: Interaction, name: Name, member: discord.Member
    ) -> None:
        """Ask somebody to promote for your artist, too."""
        await interaction.response.defer(thinking=True)
        claim = await self._artists.invite(
            interaction.user.id,
            guild_id=server_of(interaction),
            name=name,
            hand_id=member.id,
        )
        await interaction.followup.send(
            ui.invited(claim, member.mention),
            view=ui.invitation(claim, member.id),
            allowed_mentions=discord.AllowedMentions(users=[member]),
        )

    @on(ui.Invitation)
    async def answer_invitation(self, interaction: Interaction, pressed: ui.Invitation) -> None:
        """Let who was asked act for the artist, if they want to."""
        by_holder = interaction.user.id == pressed.holder_id and pressed.answer == "decline"
        if interaction.user.id != pressed.hand_id and not by_holder:
            raise NotAllowedError(ui.NOT_INVITED)
        await interaction.response.defer()
        if pressed.answer == "decline":
            await interaction.edit_original_response(content=ui.DECLINED, view=None)
            return
        if interaction.created_at - message_of(interaction).created_at > ui.INVITED_FOR:
            raise UserError(ui.INVITED_TOO_LONG_AGO)
        claim = await self._artists.accept(
            pressed.hand_id,
            guild_id=server_of(interaction),
            claim_id=pressed.claim_id,
            holder_id=pressed.holder_id,
        )
        accepted = ui.hand_added(claim, interaction.user.mention)
        await interaction.edit_original_response(content=accepted, view=None)

    @helpers.command(name="remove")
    @app_commands.describe(name="The artist", member="Who no longer acts for it; may be yourself")
    @app_commands.autocomplete(name=completion.own_artists)
    async def remove_helper(
        self, interaction: Interaction, name: Name, member: discord.User
    ) -> None:
        """Let somebody no longer act for your artist, or stop it yourself."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self._artists.remove_hand(
            interaction.user.id,
            guild_id=server_of(interaction),
            name=name,
            hand_id=member.id,
        )
        await interaction.followup.send(ui.hand_removed(claim, member.mention), ephemeral=True)

    @helpers.command(name="show")
    @app_commands.describe(name="The artist; yours, if you leave it out")
    @app_commands.autocomplete(name=completion.own_artists)
    async def show_helpers(self, interaction: Interaction, name: Name | None = None) -> None:
        """See who acts for your artist."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim, others = await self._artists.hands(
            interaction.user.id, guild_id=server_of(interaction), name=name
        )
        await interaction.followup.send(ui.hands(claim, others), ephemeral=True)

    hands = _also_called(helpers, "hands")

    @app_commands.command()
    @app_commands.describe(
        tracks="Tracks of yours: links or “artist – title”, separated by ;",
        size="How long the list is, your tracks included",
        known_from="Companions are more famous than this % of artists (default: than you are)",
        known_to="… and no more famous than this % (default: half of the way to the top)",
        genre="Their genre (default: yours); “any” for all genres",
        public="Show the list to everybody here",
    )
    @app_commands.checks.cooldown(3, 30)
    async def playlist(
        self,
        interaction: Interaction,
        tracks: app_commands.Range[str, 1, 2000],
        size: app_commands.Range[int, 3, 50] = 20,
        known_from: app_commands.Range[int, 0, 100] | None = None,
        known_to: app_commands.Range[int, 0, 100] | None = None,
        genre: str | None = None,
        public: bool = False,
    ) -> None:
        """Set tracks of yours among similar ones of better-known artists, as a list to share."""
        await interaction.response.defer(ephemeral=not public, thinking=True)
        wish = CompanionWish(tracks, size, genre, known_from, known_to, public)
        found = await self._services.companions.make(interaction.user.id, wish)
        if found.made is None:
            await interaction.followup.send(embed=lists.no_companions(found), ephemeral=not public)
            return
        await interaction.followup.send(
            embed=lists.companions(found, found.made),
            view=lists.buttons(
                found.made, page=Telling.COMPANY if interaction.client.shares_pages else None
            ),
            ephemeral=not public,
        )

    @remove_page.autocomplete("page")
    async def suggest_page(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the pages on the user's own cards."""
        pages = await self._artists.pages(interaction.user.id, guild_id=server_of(interaction))
        return name_choices(pages, current)

    @playlist.autocomplete("tracks")
    async def suggest_tracks(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest tracks for the text after the last `;`, and keep what comes before it."""
        before, several, last = current.rpartition(";")
        if not several:
            return await completion.tracks(interaction, current)
        hits = await self._services.lookup.suggest(last, (SubjectKind.TRACK,))
        whole = [f"{before.strip()}; {hit.artist} – {hit.title}" for hit in hits]
        return [
            app_commands.Choice(name=one, value=one)
            for one in dict.fromkeys(whole)
            if len(one) <= _LONGEST_CHOICE
        ]

    @playlist.autocomplete("genre")
    async def suggest_genre(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest genres of the catalogue, or that it does not matter."""
        found = await completion.genres(interaction, current)
        if ANY_GENRE.startswith(current.strip().lower()):
            found.insert(0, app_commands.Choice(name=ANY_GENRE, value=ANY_GENRE))
        return found[:25]


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Artist(bot.services))
