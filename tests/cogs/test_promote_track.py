"""`/promote track`: a link, or a sound file that is listened to here."""

import tempfile
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
import soundfile
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import func, select

from bot.audio.pool import MAX_BYTES
from bot.core.models import AudioFeatures, SubjectKind
from bot.core.promotion.moderation import BlockKind, Decision
from bot.core.promotion.promotion import Promotion, PromotionKind
from bot.core.server import GuildChanges
from bot.store import catalog, promotions
from bot.store.tables import (
    external_ids,
    promotion_audio,
    promotion_excerpts,
    promotion_tracks,
    tracks,
)
from tests.audio.files import file_of, left_in, noise
from tests.audio.songs import STYLES, make_song
from tests.cogs.conftest import World
from tests.cogs.test_promote import answer, labels, posts

TEXT = "Quiet songs for rain"


def song(kind: str, *, seed: int = 1, style: int = 1) -> bytes:
    made = make_song(STYLES[style], 9, 0, np.random.default_rng(seed), seconds=20)
    return file_of(np.stack([made.samples, made.samples], axis=1), kind=kind)


WAV, MP3 = song("WAV"), song("MP3")
OTHER = song("WAV", seed=7, style=3)


async def promote(
    world: World,
    content: bytes | None,
    name: str = "song.wav",
    *,
    by: MemberActor | None = None,
    **options: Any,
) -> InteractionResult:
    given = {"text": TEXT, "title": "Rain"} | options
    if given["title"] is None:
        del given["title"]
    if content is not None:
        given["file"] = (name, content)
    return await (by or world.ann).slash(world.channel, "promote track", **given)


async def kept(world: World) -> list[Promotion]:
    async with world.database.read() as conn:
        found = [await promotions.by_id(conn, number) for number in range(1, 9)]
    return [promotion for promotion in found if promotion is not None]


async def rows(world: World) -> dict[str, int]:
    async with world.database.read() as conn:
        return {
            table.name: int(await conn.scalar(select(func.count()).select_from(table)) or 0)
            for table in (promotion_audio, promotion_excerpts, promotion_tracks, tracks)
        }


def fields(message: discord.Message) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in message.embeds[0].fields}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(("content", "name"), [(WAV, "song.wav"), (MP3, "song.mp3")])
async def test_a_file_is_listened_to_and_shown_with_picture_numbers_and_neighbors(
    world: World, temporary: Path, content: bytes, name: str
) -> None:
    before = await rows(world)

    result = await promote(world, content, name)

    (post,) = posts(world.channel)
    embed = post.embeds[0]
    assert (embed.title, embed.description) == ("ann – Rain", TEXT)
    assert embed.author.name == "Promoted by ann"
    shown = fields(post)
    assert " BPM**, or " in shown["Tempo"]
    assert "A minor" in shown["Key"]
    assert "LUFS" in shown["Loudness"]
    assert "Energy " in shown["Higher than this share of my catalogue"]
    assert "a guess" in shown["Higher than this share of my catalogue"]
    assert shown["Sounds close to"].count("](http") == 3
    (picture,) = post.attachments
    assert picture.filename == "spectrogram.png"
    assert (picture.description or "").startswith("Mel spectrogram of ann – Rain: time goes right")
    assert "I listened to the file" in (embed.footer.text or "")
    assert labels(post) == ["0", "0", "⚑ Report"]
    assert "There is only this post" in answer(result)
    assert "The file is gone" in answer(result)
    after = await rows(world)
    assert {name: after[name] - before[name] for name in after} == {
        "promotion_audio": 1, "promotion_excerpts": 0, "promotion_tracks": 0, "tracks": 0,
    }  # fmt: skip
    assert left_in(temporary) == []


@pytest.mark.both
async def test_with_consent_a_track_joins_the_catalogue_with_where_its_features_come_from(
    world: World,
) -> None:
    result = await promote(world, WAV, consent=True)

    (promotion,) = await kept(world)
    assert (promotion.kind, promotion.title, promotion.url) == (
        PromotionKind.TRACK, "ann – Rain", "",
    )  # fmt: skip
    assert "It is in my catalogue now" in answer(result)
    async with world.database.read() as conn:
        (track_id,) = await promotions.track_ids(conn, promotion.id)
        (track,) = await catalog.tracks_by_ids(conn, [track_id])
    assert (track.title, track.artist) == ("Rain", "ann")
    assert track.features.energy is not None
    assert track.features.valence is None  # a guess decides nothing
    assert [one.namespace for one in track.external_ids] == ["sha256"]
    similar = await world.bot().services.recommender.similar(world.ben.id, track_id)
    assert similar.picks


async def test_an_excerpt_is_kept_when_it_is_wished_and_played_in_an_audition(
    world: World,
) -> None:
    result = await promote(world, MP3, "song.mp3", consent=True, keep=True)

    assert "Of the file I keep half a minute" in answer(result)
    async with world.database.read() as conn:
        sound = await promotions.excerpt(conn, 1)
    assert sound is not None
    assert sound.startswith(b"OggS")
    privacy = await world.ann.slash(world.channel, "privacy show")
    assert privacy.response is not None
    told = privacy.response.embeds[0].fields[0].value or ""
    assert "1 excerpt and 1 fingerprint of their sound" in told
    for track in (1, 2, 3):
        await world.ben.slash(world.channel, "rate track", track=f"track:{track}", score=5)
    await world.ben.slash(world.channel, "audition join")
    world.clock.move(days=8)
    await world.ben.slash(world.channel, "discover", count=5)
    (blind,) = [one for one in posts(world.channel) if one.embeds[0].title == "🎧 Blind audition"]
    assert [one.filename for one in blind.attachments] == ["audition.ogg"]
    assert "Rain" not in str(blind.embeds[0].to_dict())


async def test_who_stands_behind_an_uploaded_track_never_hears_it_blind(world: World) -> None:
    services = world.bot().services
    claim = await services.artists.claim(world.ben.id, guild_id=world.guild.id, name="Rain Dogs")
    await services.artists.accept(
        world.ann.id, guild_id=world.guild.id, claim_id=claim.id, holder_id=world.ben.id
    )
    await promote(world, WAV, consent=True)
    world.clock.move(days=8)

    for actor in (world.ann, world.ben):
        for track in (1, 2, 3):
            await actor.slash(world.channel, "rate track", track=f"track:{track}", score=5)
        await actor.slash(world.channel, "audition join")
        await actor.slash(world.channel, "discover", count=5)

    titles = [one.embeds[0].title for one in posts(world.channel)[1:]]
    assert "🎧 Blind audition" not in titles
    assert not {"Rain"} & set(titles)


async def test_without_consent_there_are_no_auditions(world: World) -> None:
    await promote(world, WAV)
    for track in (1, 2, 3):
        await world.ben.slash(world.channel, "rate track", track=f"track:{track}", score=5)
    await world.ben.slash(world.channel, "audition join")
    world.clock.move(days=8)

    await world.ben.slash(world.channel, "discover", count=5)

    assert "🎧 Blind audition" not in [one.embeds[0].title for one in posts(world.channel)]


@pytest.mark.parametrize("again", [WAV, MP3], ids=["the same file", "another format"])
async def test_the_same_recording_comes_again_after_30_days_only(
    world: World, again: bytes
) -> None:
    await promote(world, WAV)
    world.clock.move(days=29)

    refused = await promote(world, again, by=world.ben, title="Another name")
    other = await promote(world, OTHER, by=world.ben)
    world.clock.move(days=2)
    taken = await promote(world, again)

    assert "This recording was promoted here in the last 30 days" in answer(refused)
    assert "Posted: " in answer(other)
    assert "Posted: " in answer(taken)


async def test_a_recording_of_the_catalogue_that_was_promoted_is_refused_as_a_file_too(
    world: World,
) -> None:
    async with world.database.read() as conn:
        (track,) = await catalog.tracks_by_ids(conn, [1])
    services = world.bot().services
    await services.artists.claim(world.ben.id, guild_id=world.guild.id, name=track.artist)
    named = f"{track.artist} – {track.title}"
    url = "https://low.bandcamp.com"
    await world.ann.slash(world.channel, "promote playlist", url=url, text=TEXT, tracks=named)
    world.clock.move(days=1)

    refused = await promote(world, WAV, by=world.ben, title=track.title)

    assert "This recording was promoted here" in answer(refused)


HOSTILE = {
    "empty": (b"", "is empty"),
    "text": (b"Never gonna give you up\n" * 50, "not a sound file"),
    "m4a": (b"\0\0\0\x20ftypM4A " + bytes(500), "MP4 file"),
    "cut off": (MP3[:300], "damaged|shorter|kind"),
    "short": (file_of(noise(3)), "shorter than 10 seconds"),
    "silent": (file_of(np.zeros(22_050 * 12, np.float32)), "silent"),
    "garbage": (b"OggS" + noise().tobytes(), "damaged|kind"),
    "too large": (b"fLaC" + bytes(MAX_BYTES), "larger than 25 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_file_that_cannot_be_used_is_one_sentence_and_leaves_nothing(
    world: World, temporary: Path, name: str
) -> None:
    content, sentence = HOSTILE[name]
    before = await rows(world)

    result = await promote(world, content, "song.mp3")

    told = [one.content for one in result.followups]
    assert len(told) == 1
    assert any(word in told[0] for word in sentence.split("|"))
    assert "Listening" not in [message.content for message in world.channel.history()]
    assert posts(world.channel) == []
    assert await kept(world) == []
    assert await rows(world) == before
    assert left_in(temporary) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": "  "}, "Give the title of your track"),
        ({"title": "https://evil.example"}, "The title holds a link"),
        ({"link": "https://evil.example/x"}, "I only take links to"),
        ({"text": "see https://evil.example"}, "leave links out of the text"),
        ({"keep": True}, "add `consent: True`"),
    ],
)
async def test_bad_options_are_refused_before_anything_is_listened_to(
    world: World, said: dict[str, Any], sentence: str
) -> None:
    result = await promote(world, WAV, **said)

    assert sentence in result.followups[-1].content
    assert await kept(world) == []


async def test_a_track_needs_a_link_or_a_file(world: World) -> None:
    result = await promote(world, None)

    assert "Give a link to your track, or attach its sound file" in answer(result)


async def test_title_and_artist_come_from_the_tags_and_the_registered_name(
    world: World, tmp_path: Path
) -> None:
    tagged = tagged_file(tmp_path, "Weather", "The Clouds")
    await promote(world, tagged, title=None)
    world.clock.move(days=31)
    await world.bot().services.artists.claim(
        world.ann.id, guild_id=world.guild.id, name="Rain Dogs"
    )
    await promote(world, tagged, title=None)

    assert [one.title for one in await kept(world)] == [
        "The Clouds – Weather", "Rain Dogs – Weather",
    ]  # fmt: skip


def tagged_file(folder: Path, title: str, artist: str) -> bytes:
    path = folder / "tagged.ogg"
    with soundfile.SoundFile(path, "w", 22_050, 1, format="OGG", subtype="VORBIS") as file:
        file.title, file.artist = title, artist
        file.write(noise(12))
    return path.read_bytes()


@pytest.mark.parametrize("where", ["title", "tag"])
async def test_what_is_blocked_in_a_title_or_tag_is_not_posted(
    world: World, tmp_path: Path, where: str
) -> None:
    await world.bot().services.moderation.block(
        world.ben.id, guild_id=world.guild.id, kind=BlockKind.WORD, value="nasty"
    )
    content = tagged_file(tmp_path, "Fine", "Nasty Clouds") if where == "tag" else WAV

    result = await promote(world, content, title="So nasty" if where == "title" else "Fine")

    assert "have blocked the word “nasty”" in result.followups[-1].content
    assert await kept(world) == []
    assert posts(world.channel) == []


async def test_the_name_of_somebody_else_is_not_used(world: World, tmp_path: Path) -> None:
    services = world.bot().services
    await services.artists.claim(world.ben.id, guild_id=world.guild.id, name="The Clouds")
    async with world.database.read() as conn:
        (famous,) = await catalog.tracks_by_ids(conn, [1])

    held = await promote(world, tagged_file(tmp_path, "Weather", "the clouds"))
    known = await promote(world, tagged_file(tmp_path, "Weather", famous.artist), consent=True)

    assert "registered here" in held.followups[-1].content
    assert "My catalogue has an artist of that name already" in known.followups[-1].content
    assert await kept(world) == []


async def test_a_failed_post_leaves_nothing_of_an_upload(world: World) -> None:
    before = await rows(world)
    world.env.inject_error("POST", "/webhooks/*", status=400)

    result = await promote(world, WAV, consent=True, keep=True)

    assert "Discord did not accept the message" in result.followups[-1].content
    assert await kept(world) == []
    assert await rows(world) == before


async def test_a_file_goes_to_the_channel_of_the_server_and_away_when_it_is_removed(
    world: World,
) -> None:
    stage = world.guild.create_text_channel("promotions")
    await world.bot().services.rules.change(
        world.guild.id, GuildChanges(promotion_channel_id=stage.id)
    )
    boss = world.guild.add_member(
        world.env.create_user("boss"),
        roles=[world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))],
    )

    await promote(world, WAV)
    (post,) = posts(stage)
    assert len(post.attachments) == 1
    modal = await world.ben.click(post, custom_id="report:1")
    await world.ben.submit_modal(modal, {"reason": "not theirs"})
    queue = await boss.slash(world.channel, "moderate queue")
    report = queue.followups[-1].message if queue.followups else queue.response
    assert report is not None
    assert "**ann – Rain**" in (report.embeds[0].description or "")
    await boss.click(report, custom_id="moderate:1:remove")

    (removed,) = stage.history()
    assert removed.attachments == []
    assert removed.embeds[0].image.url is None


async def test_a_file_in_a_direct_message_is_a_post_and_joins_nothing(world: World) -> None:
    user = world.ann.user
    await user.send_dm("hello")

    refused = await user.slash(
        "promote track", text=TEXT, title="Rain", file=("song.wav", WAV), consent=True
    )
    taken = await user.slash("promote track", text=TEXT, title="Rain", file=("song.wav", WAV))

    assert "Tracks can join the catalogue only from a server" in refused.followups[-1].content
    assert "Posted: " in answer(taken)


async def test_a_link_to_a_known_track_shows_its_sound_and_is_among_the_picks(
    world: World,
) -> None:
    spotify = "6f807x0ima9a1j3VPbc7VN"
    async with world.database.write() as conn:
        await conn.execute(
            external_ids.insert().values(namespace="spotify", value=spotify, track_id=1)
        )
        (track,) = await catalog.tracks_by_ids(conn, [1])

    result = await promote(world, None, link=f"https://open.spotify.com/track/{spotify}?si=1")

    (post,) = posts(world.channel)
    assert post.embeds[0].url == f"https://open.spotify.com/track/{spotify}"
    assert post.embeds[0].title == f"{track.artist} – {track.title}"
    assert fields(post)["Sounds close to"].count("](http") == 3
    assert "*" not in fields(post)["Tempo"].replace("**", "")
    assert "Open on Spotify" in labels(post)
    assert post.attachments == []
    assert answer(result).startswith("Posted: ")
    async with world.database.read() as conn:
        assert await promotions.track_ids(conn, 1) == [1]


@pytest.mark.parametrize("kind", ["playlist", "album"])
async def test_a_link_to_a_list_says_which_command_takes_it(world: World, kind: str) -> None:
    result = await promote(world, None, link=f"https://www.deezer.com/{kind}/7")

    assert f"use `/promote {kind}`" in answer(result)


async def test_a_link_nobody_knows_says_what_else_works(world: World) -> None:
    result = await promote(world, None, link=f"https://open.spotify.com/track/{'z' * 22}")

    assert "attach its sound file" in answer(result)
    assert await kept(world) == []


async def test_a_try_that_fails_costs_neither_artist_nor_server_a_turn(world: World) -> None:
    await promote(world, None, link=f"https://open.spotify.com/track/{'z' * 22}")
    await promote(world, b"no sound")
    world.env.inject_error("POST", "/webhooks/*", status=400)
    failed = await promote(world, WAV)

    again = await promote(world, WAV)

    assert "Discord did not accept the message" in answer(failed)
    assert answer(again).startswith("Posted: ")


async def test_votes_on_an_uploaded_track_count_after_a_restart(world: World) -> None:
    await promote(world, WAV)
    await world.restart()

    await world.ben.click(posts(world.channel)[0], custom_id="promotion:1:up")

    (post,) = posts(world.channel)
    assert labels(post)[:2] == ["1", "0"]
    assert len(post.attachments) == 1


async def test_deleting_ones_data_takes_the_excerpt_and_the_fingerprint_along(
    world: World,
) -> None:
    await promote(world, WAV, consent=True, keep=True)

    await world.bot().services.privacy.delete(world.ann.id)

    left = await rows(world)
    assert (left["promotion_audio"], left["promotion_excerpts"], left["promotion_tracks"]) == (
        0, 0, 0,
    )  # fmt: skip


async def test_nobody_keeps_the_bot_busy_listening(world: World) -> None:
    found = [await promote(world, b"no sound") for _ in range(6)]

    assert "not a sound file" in found[4].followups[-1].content
    assert found[5].response is not None
    assert "That was quick! Try again in" in found[5].response.content


@pytest.mark.parametrize("how", ["removed", "deleted"])
async def test_what_joined_leaves_the_catalogue_when_it_is_removed_or_its_artist_is_forgotten(
    world: World, how: str
) -> None:
    await promote(world, WAV, consent=True)
    services = world.bot().services
    async with world.database.read() as conn:
        (track_id,) = await promotions.track_ids(conn, 1)
    await world.ben.slash(world.channel, "rate track", track=f"track:{track_id}", score=5)
    before = await services.lookup.suggest("Rain", [SubjectKind.TRACK])
    assert "Rain" in {hit.title for hit in before}

    if how == "removed":
        await services.reports.decide(
            9, guild_id=world.guild.id, promotion_id=1, decision=Decision.REMOVE
        )
    else:
        await services.privacy.delete(world.ann.id)

    hits = await services.lookup.suggest("Rain", [SubjectKind.TRACK])
    hits += await services.lookup.suggest("ann", [SubjectKind.ARTIST])
    assert not {"Rain", "ann"} & {hit.title for hit in hits}
    async with world.database.read() as conn:
        (track,) = await catalog.tracks_by_ids(conn, [track_id])
        assert (
            await conn.scalar(select(func.count()).where(external_ids.c.track_id == track_id)) == 0
        )
    assert "Rain" not in track.title
    assert "ann" not in track.artist
    assert (track.features, track.duration_ms) == (AudioFeatures(), None)
    now = await services.catalog.get()
    row = now.row_of(track_id)
    assert row is not None
    assert not now.measured[row]


async def test_a_track_that_a_service_knows_too_stays_when_its_promotion_is_removed(
    world: World,
) -> None:
    await promote(world, WAV, consent=True)
    async with world.database.write() as conn:
        (track_id,) = await promotions.track_ids(conn, 1)
        known = {"namespace": "deezer", "value": "7", "track_id": track_id}
        await conn.execute(external_ids.insert().values(known))

    await world.bot().services.reports.decide(
        9, guild_id=world.guild.id, promotion_id=1, decision=Decision.REMOVE
    )

    async with world.database.read() as conn:
        (track,) = await catalog.tracks_by_ids(conn, [track_id])
    assert track.title == "Rain"
