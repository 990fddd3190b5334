"""What a text that is still being typed may mean: given to `app_commands.autocomplete`."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from discord import app_commands

from bot.app.answers import Interaction
from bot.core.models import SubjectKind
from bot.services.finding import token
from bot.ui import picks, text

Choices: TypeAlias = list[app_commands.Choice[str]]
LIKABLE = (SubjectKind.ARTIST, SubjectKind.TRACK, SubjectKind.ALBUM)


def _of_catalog(*kinds: SubjectKind) -> Callable[[Interaction, str], Coroutine[Any, Any, Choices]]:
    async def suggest(interaction: Interaction, current: str) -> Choices:
        lookup = interaction.client.services.lookup
        if current.strip():
            hits = await lookup.suggest(current, kinds)
        else:
            hits = await lookup.suggest_own(interaction.user.id, kinds)
        return [
            app_commands.Choice(
                name=picks.suggestion(hit, among=len(kinds)), value=token(hit.subject)
            )
            for hit in hits
        ]

    return suggest


tracks = _of_catalog(SubjectKind.TRACK)
albums = _of_catalog(SubjectKind.ALBUM)
artists = _of_catalog(SubjectKind.ARTIST)
likable = _of_catalog(*LIKABLE)
ends = _of_catalog(SubjectKind.TRACK, SubjectKind.ARTIST)


async def genres(interaction: Interaction, current: str) -> Choices:
    """Return the genres of the catalogue whose name holds what is being typed."""
    return [
        app_commands.Choice(
            name=text.label(f"{one.name} ({one.tracks:,})"), value=text.cut(one.name, 100)
        )
        for one in await interaction.client.services.genres.suggest(current)
    ]


async def artist_names(interaction: Interaction, current: str) -> Choices:
    """Return artists of the catalogue, by their names."""
    hits = await interaction.client.services.lookup.suggest(current, (SubjectKind.ARTIST,))
    return picks.name_choices([hit.title for hit in hits], "")


async def own_artists(interaction: Interaction, current: str) -> Choices:
    """Return the artists that somebody acts for in this server, whose name holds the text."""
    if interaction.guild_id is None:
        return []
    mine = await interaction.client.services.artists.acting_for(
        interaction.user.id, guild_id=interaction.guild_id
    )
    return picks.name_choices([one.name for one in mine], current)


async def own_or_known_artists(interaction: Interaction, current: str) -> Choices:
    """Return one's own artists, then those of the catalogue."""
    own, known = await own_artists(interaction, current), await artist_names(interaction, current)
    names = {choice.value for choice in own}
    return [*own, *(choice for choice in known if choice.value not in names)][:25]
