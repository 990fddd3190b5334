from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot.core.promotion.claims import Claim
from bot.store import claims, listeners, votes
from tests.cogs.conftest import World

PAGE = "https://low.bandcamp.com"
OTHER_PAGE = "https://soundcloud.com/low"
URL = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"
KNOWN = "The UFO:AI Team"
"""An artist of the starter catalogue."""


async def artist(
    world: World, actor: MemberActor, command: str, /, **options: Any
) -> InteractionResult:
    return await actor.slash(world.channel, f"artist {command}", **options)


def answer(result: InteractionResult) -> str:
    """Return the last word to whoever asked; a promotion is for the others."""
    messages = [*([result.response] if result.response else []), *result.followups]
    return [one for one in messages if one.content][-1].content


def shown(result: InteractionResult) -> tuple[discord.Embed, dict[str, str]]:
    assert result.response is not None
    (embed,) = result.response.embeds
    return embed, {field.name or "": field.value or "" for field in embed.fields}


async def answer_invitation(world: World, actor: MemberActor, said: str) -> str:
    """Answer the newest invitation; return what came of it."""
    message = next(
        one for one in reversed(world.channel.history()) if "asks you to act" in one.content
    )
    button = message.components[0].children[said == "decline"]  # type: ignore[union-attr]
    result = await actor.click(message, custom_id=button.custom_id)  # type: ignore[union-attr]
    if result.followups or (result.response is not None and result.response.ephemeral):
        return answer(result)
    return next(one.content for one in world.channel.history() if one.id == message.id)


async def helped(world: World, holder: MemberActor, hand: MemberActor, name: str = "Low") -> None:
    """Let somebody be asked to act for an artist, and accept."""
    await artist(world, holder, "helpers add", name=name, member=hand)
    assert "may now act for" in await answer_invitation(world, hand, "accept")


async def held(world: World) -> list[Claim]:
    async with world.database.read() as conn:
        return await claims.in_guild(conn, world.guild.id)


def another(world: World, name: str = "cara") -> MemberActor:
    return world.guild.add_member(world.env.create_user(name))


async def promote(world: World, actor: MemberActor, **options: Any) -> str:
    given = {"url": URL, "text": "Quiet songs"} | options
    return answer(await actor.slash(world.channel, "promote playlist", **given))


def posts(channel: ChannelHandle) -> list[discord.Message]:
    return [message for message in channel.history() if message.embeds and message.components]


@pytest.mark.both
async def test_a_name_is_claimed_once_however_it_is_typed(world: World) -> None:
    first = await artist(world, world.ann, "claim", name="  Sigur  Rós", page=PAGE)
    again = await artist(world, world.ann, "claim", name="sigur ros")
    other = await artist(world, world.ben, "claim", name="SIGUR RÓS")

    assert first.ephemeral
    assert "**Sigur Rós** is now registered to you in this server" in answer(first)
    assert "You hold this name here already" in answer(again)
    assert "Somebody registered this name here before you" in answer(other)
    (claim,) = await held(world)
    assert (claim.name, claim.user_id, claim.verified, claim.muted) == (
        "Sigur Rós",
        world.ann.id,
        False,
        False,
    )


async def test_a_name_is_held_in_each_server_for_itself(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("music")
    someone = other.add_member(world.env.create_user("someone"))

    result = await someone.slash(channel, "artist claim", name="Low")

    assert "**Low** is now registered to you" in answer(result)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "https://low.bandcamp.com"}, "That is a link"),
        ({"name": "\u200b"}, "Give the name of the artist"),
        ({"name": "Low", "page": "https://evil.example"}, "I only take links to"),
    ],
)
async def test_a_bad_claim_is_refused_in_a_sentence(
    world: World, said: dict[str, Any], sentence: str
) -> None:
    assert sentence in answer(await artist(world, world.ann, "claim", **said))
    assert await held(world) == []


async def test_one_person_holds_ten_names_at_most(world: World) -> None:
    for number in range(10):
        await artist(world, world.ann, "claim", name=f"Band {number}")

    result = await artist(world, world.ann, "claim", name="Band 10")

    assert "You hold 10 names here, which is the most" in answer(result)


async def test_a_card_shows_the_name_the_pages_and_what_the_catalogue_knows(world: World) -> None:
    await artist(world, world.ann, "claim", name=KNOWN, page=PAGE)

    result = await artist(world, world.ann, "card")

    embed, fields = shown(result)
    assert not result.ephemeral
    assert embed.title == "The UFO\\:AI Team"
    assert "not verified" in (embed.description or "")
    assert fields["In my catalogue"].endswith("tracks")
    assert "measured on" in fields["Sounds"]
    assert fields["Promoted here"] == "0 times"
    assert "fewer than 5 listeners" in fields["How it was heard"]
    assert result.response is not None
    (row,) = result.response.components
    assert [(item["label"], item["url"]) for item in row["components"]] == [("Bandcamp", PAGE)]


async def test_a_card_of_an_unknown_name_is_not_made_up(world: World) -> None:
    await artist(world, world.ann, "claim", name="Nobody Knows Me")

    own = await artist(world, world.ben, "card", name="nobody knows me")
    nobody = await artist(world, world.ben, "card", name="Nobody At All")
    catalog = await artist(world, world.ben, "card", name="the ufo ai team")
    none = await artist(world, world.ben, "card")

    assert shown(own)[1]["In my catalogue"] == "not yet"
    assert "I know no artist of that name" in answer(nobody)
    assert "Nobody registered this name here" in (shown(catalog)[0].description or "")
    assert "Promoted here" not in shown(catalog)[1]
    assert "You have no name here yet" in answer(none)


async def test_a_card_says_how_promotions_were_heard_from_five_listeners_on(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    voters = [another(world, f"voter{number}") for number in range(5)]
    for voter in voters[:4]:
        await voter.click(posts(world.channel)[0], custom_id="promotion:1:up")
    assert (
        "fewer than 5"
        in shown(await artist(world, world.ben, "card", name="Low"))[1]["How it was heard"]
    )

    await voters[4].click(posts(world.channel)[0], custom_id="promotion:1:down")

    fields = shown(await artist(world, world.ben, "card", name="Low"))[1]
    assert fields["Promoted here"] == "1 time"
    assert fields["How it was heard"] == "5 listeners; 👍 has 80 % of the weight of all votes"


async def test_pages_are_added_and_taken_off(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low", page=PAGE)

    added = await artist(world, world.ann, "pages add", page=OTHER_PAGE + "/")
    again = await artist(world, world.ann, "pages add", page=PAGE, name="low")
    foreign = await artist(world, world.ben, "pages add", page=PAGE, name="Low")
    removed = await artist(world, world.ann, "pages remove", page=PAGE)
    missing = await artist(world, world.ann, "pages remove", page=PAGE)

    assert answer(added) == f"Pages of **Low**:\n• <{PAGE}>\n• <{OTHER_PAGE}>"
    assert "on the card already" in answer(again)
    assert "You do not act for an artist of that name" in answer(foreign)
    assert answer(removed) == f"Pages of **Low**:\n• <{OTHER_PAGE}>"
    assert "not on the card" in answer(missing)


async def test_a_card_has_five_pages_at_most(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low", page=PAGE)
    for number in range(4):
        await artist(world, world.ann, "pages add", page=f"https://a{number}.bandcamp.com")

    result = await artist(world, world.ann, "pages add", page=OTHER_PAGE)

    assert "5 pages at most" in answer(result)


async def test_who_acts_for_several_artists_says_which(world: World) -> None:
    for name in ("Low", "Can"):
        await artist(world, world.ann, "claim", name=name)

    unclear = await artist(world, world.ann, "pages add", page=PAGE)
    clear = await artist(world, world.ann, "pages add", page=PAGE, name="Can")

    assert "say which one by its name" in answer(unclear)
    assert "Pages of **Can**" in answer(clear)


async def test_only_the_holder_gives_a_name_up(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low", page=PAGE)
    await helped(world, world.ann, world.ben, "Low")

    refused = await artist(world, world.ben, "release", name="Low")
    done = await artist(world, world.ann, "release", name="low")
    taken = await artist(world, world.ben, "claim", name="Low")

    assert "Only the person who registered this name" in answer(refused)
    assert "**Low** can be registered by anybody" in answer(done)
    assert "**Low** is now registered to you" in answer(taken)


async def test_hands_are_asked_in_public_and_may_leave(world: World) -> None:
    cara = another(world)
    await artist(world, world.ann, "claim", name="Low")

    asked = await artist(world, world.ann, "helpers add", name="Low", member=world.ben)
    question = answer(asked)
    added = await answer_invitation(world, world.ben, "accept")
    again = await artist(world, world.ann, "helpers add", name="Low", member=world.ben)
    own = await artist(world, world.ann, "helpers add", name="Low", member=world.ann)
    by_hand = await artist(world, world.ben, "helpers add", name="Low", member=cara)
    seen = await artist(world, world.ben, "helpers show")
    left = await artist(world, world.ben, "helpers remove", name="Low", member=world.ben)
    gone = await artist(world, world.ann, "helpers remove", name="Low", member=world.ben)
    alone = await artist(world, world.ann, "helpers show", name="Low")

    assert not asked.ephemeral
    assert f"<@{world.ben.id}>, <@{world.ann.id}> asks you to act for **Low**" in question
    assert f"<@{world.ben.id}> may now act for **Low**" in added
    assert "may act for this artist already" in answer(again)
    assert "may act for this artist already" in answer(own)
    assert "Only the person who registered this name" in answer(by_hand)
    assert f"held by <@{world.ann.id}>; <@{world.ben.id}> may act" in answer(seen)
    assert "no longer acts for **Low**" in answer(left)
    assert "no hand of this artist" in answer(gone)
    assert "nobody else may act for it. `/artist helpers add`" in answer(alone)


async def test_hands_take_off_only_themselves_and_are_five_at_most(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    others = [another(world, f"hand{number}") for number in range(6)]
    for hand in others[:5]:
        await helped(world, world.ann, hand)

    sixth = await artist(world, world.ann, "helpers add", name="Low", member=others[5])
    foreign = await artist(world, others[0], "helpers remove", name="Low", member=others[1])

    assert "5 people may act for an artist" in answer(sixth)
    assert "Only the holder of the name" in answer(foreign)


async def test_a_promotion_goes_under_the_only_name_by_itself(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")

    await promote(world, world.ann)

    assert posts(world.channel)[0].embeds[0].author.name == "Promoted by Low"


async def test_a_promotion_goes_under_the_name_that_is_chosen(world: World) -> None:
    for name in ("Low", "Can"):
        await artist(world, world.ann, "claim", name=name)

    refused = await promote(world, world.ann, **{"as": "Neu!"})
    await promote(world, world.ann, **{"as": "can"})

    assert "You do not act for an artist of that name" in refused
    assert posts(world.channel)[0].embeds[0].author.name == "Promoted by Can"


async def test_names_cannot_be_used_outside_of_servers(world: World) -> None:
    await world.ann.user.send_dm("hello")

    result = await world.ann.user.slash(
        "promote playlist", url=URL, text="Quiet songs", **{"as": "Low"}
    )

    assert "Names belong to servers" in answer(result)
    assert not [c for c in world.ann.user.available_commands() if c.startswith("artist")]


async def test_an_artist_waits_whoever_promotes_for_them(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await helped(world, world.ann, world.ben, "Low")
    await promote(world, world.ann)
    world.clock.move(hours=23)

    early = await promote(world, world.ben, url=OTHER_PAGE)
    world.clock.move(hours=1)
    later = await promote(world, world.ben, url=OTHER_PAGE)

    assert "An artist may be promoted only once in 24 hours here, whoever does it" in early
    assert "Try again in 60 minutes" in early
    assert "Posted: " in later


async def test_hands_have_no_vote_from_when_they_accept_and_keep_what_they_said_before(
    world: World,
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    post = posts(world.channel)[0]
    await world.ben.click(post, custom_id="promotion:1:up")
    world.clock.move(hours=1)
    await helped(world, world.ann, world.ben)

    refused = await world.ben.click(post, custom_id="promotion:1:down")
    await another(world).click(post, custom_id="promotion:1:down")

    assert "your own 👍 and 👎 do not count" in answer(refused)
    assert await counts(world) == (["1", "1"], (1, 1))


async def test_an_invitation_silences_nobody_and_keeps_nothing_about_them(world: World) -> None:
    critics = [another(world, f"critic{number}") for number in range(5)]
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    post = posts(world.channel)[0]
    for critic in critics:
        await artist(world, world.ann, "helpers add", name="Low", member=critic)

    async with world.database.read() as conn:
        known = [await listeners.is_known(conn, critic.id) for critic in critics]
    for critic in critics:
        await critic.click(post, custom_id="promotion:1:down")
        form = await critic.click(post, custom_id="report:1")
        taken = await critic.submit_modal(form, {"reason": "spam"})
        assert "Thank you" in answer(taken)

    assert known == [False] * 5
    assert await counts(world) == (["0", "5"], (0, 5))


async def test_only_who_was_asked_accepts_and_the_holder_may_take_it_back(world: World) -> None:
    cara = another(world)
    await artist(world, world.ann, "claim", name="Low")
    await artist(world, world.ann, "helpers add", name="Low", member=world.ben)

    foreign = [await answer_invitation(world, cara, one) for one in ("accept", "decline")]
    by_holder = await answer_invitation(world, world.ann, "accept")
    await answer_invitation(world, world.ann, "decline")

    assert [*foreign, by_holder] == ["This invitation is for somebody else."] * 3
    message = world.channel.history()[-1]
    assert message.content == "The invitation was declined or taken back. Nothing was kept."
    assert message.components == []
    async with world.database.read() as conn:
        (claim,) = await claims.in_guild(conn, world.guild.id)
        assert await claims.hands(conn, claim.id) == ()


async def test_an_invitation_ends_with_the_name_of_who_sent_it(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await artist(world, world.ann, "helpers add", name="Low", member=world.ben)
    await artist(world, world.ann, "release", name="Low")
    await artist(world, another(world), "claim", name="Low")

    assert "holds this name no longer" in await answer_invitation(world, world.ben, "accept")


async def counts(world: World) -> tuple[list[str | None], tuple[int, int]]:
    """Return the counts under the promotion, and those of its reception."""
    buttons = posts(world.channel)[0].components[0].children  # type: ignore[union-attr]
    async with world.database.read() as conn:
        total = await votes.reception_of(conn, [1])
    return [getattr(one, "label", None) for one in buttons[:2]], (total.up, total.down)


async def test_names_are_suggested_while_they_are_typed(world: World) -> None:
    for name in ("Low", "Lowland"):
        await artist(world, world.ann, "claim", name=name, page=PAGE)

    async def suggested(actor: MemberActor, command: str, option: str, typed: str) -> list[str]:
        choices = await actor.autocomplete(world.channel, command, option, typed)
        return [choice["name"] for choice in choices]

    assert await suggested(world.ann, "artist release", "name", "lan") == ["Lowland"]
    assert await suggested(world.ben, "artist release", "name", "") == []
    assert await suggested(world.ann, "promote playlist", "as", "") == ["Low", "Lowland"]
    assert await suggested(world.ann, "artist pages remove", "page", "band") == [PAGE]
    assert await suggested(world.ben, "artist pages remove", "page", "") == []
    assert KNOWN in await suggested(world.ann, "artist claim", "name", "ufo ai")
    assert await suggested(world.ann, "artist card", "name", "low") == ["Low", "Lowland"]


async def test_deleting_everything_frees_names_and_ends_helping(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low", page=PAGE)
    await artist(world, world.ben, "claim", name="Can")
    await helped(world, world.ben, world.ann, "Can")
    await helped(world, world.ann, world.ben, "Low")
    await promote(world, world.ben, **{"as": "Low"})
    kept = shown(await world.ann.slash(world.channel, "privacy show"))[1]["Kept"]
    assert "1 artist name you hold, with 1 page; 1 that others hold and you act for" in kept

    async with world.database.write() as conn:
        await listeners.delete_everything(conn, world.ann.id, now=world.clock.now())

    assert [claim.name for claim in await held(world)] == ["Can"]
    async with world.database.read() as conn:
        assert (await listeners.personal_data(conn, world.ann.id)).total == 0
        (claim,) = await claims.in_guild(conn, world.guild.id)
        assert await claims.hands(conn, claim.id) == ()
        assert await claims.people_behind(conn, 1) == {world.ben.id}


async def test_the_former_name_of_the_commands_for_helpers_still_works(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")

    asked = await artist(world, world.ann, "hands add", name="Low", member=world.ben)
    seen = await artist(world, world.ann, "hands show", name="Low")

    assert world.ben.mention in answer(asked)
    assert "nobody else may act for it" in answer(seen)
