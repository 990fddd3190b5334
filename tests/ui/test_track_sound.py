"""How a promoted track looks."""

from dataclasses import replace

import discord
import pytest

from bot.core.models import AudioFeatures, Track
from bot.core.promotion.promotion import PreparedPromotion, Promotion, PromotionKind
from bot.core.promotion.track_sound import SoundLevel, TrackSound
from bot.ui import promotions, track_sound
from tests.conftest import NOON
from tests.levels import value_at

LEVELS = tuple(
    SoundLevel(name, 0.95, trust, value_at(name, 0.95))
    for name, trust in (
        ("danceability", 0.56), ("energy", 0.83), ("valence", 0.25), ("acousticness", 0.87),
        ("instrumentalness", 0.4), ("speechiness", 0.25),
    )
)  # fmt: skip
SOUND = TrackSound(
    AudioFeatures(tempo=128.3, key=9, mode=0, loudness=-9.34),
    LEVELS,
    tuple(Track(n, "*" * 300, "_" * 300, n) for n in (1, 2, 3)),
    other_tempo=64.2,
    tempo_trust=0.9,
    key_trust=0.2,
    spectrogram=b"\x89PNG\r\n\x1a\n",
)
PROMOTION = Promotion(
    7, 1, 2, None, "", "x" * 300, NOON, PromotionKind.TRACK, title=f"{'A' * 80} – {'B' * 120}"
)
PREPARED = PreparedPromotion(
    PROMOTION, channel_id=None, recognized=0, unknown=(), sound=None, heard=SOUND
)


def fields(embed: discord.Embed) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in embed.fields}


def test_every_number_says_how_sure_it_is() -> None:
    shown = fields(promotions.post(PREPARED, promoter="ann", avatar_url=None))

    assert shown["Tempo"] == "**128 BPM**, or 64\n*sure*"
    assert shown["Key"] == "**A minor**\n*a guess*"
    assert shown["Loudness"] == "**−9.3 LUFS**"
    lines = shown["Higher than this share of my catalogue"].split("\n")
    assert lines[0].endswith("Energy 95 % · *sure*")
    assert [line.rpartition("*")[0].rpartition("*")[2] for line in lines] == [
        "sure", "fairly sure", "sure", "unsure", "a guess", "a guess",
    ]  # fmt: skip


def test_what_services_tell_has_no_picture_and_no_doubts() -> None:
    told = TrackSound(SOUND.features, tuple(replace(one, trust=None) for one in LEVELS))
    prepared = replace(PREPARED, heard=told)

    embed = promotions.post(prepared, promoter="ann", avatar_url=None)

    assert fields(embed)["Tempo"] == "**128 BPM**"
    assert fields(embed)["Loudness"] == "**−9.3 dB**"
    assert "*" not in fields(embed)["Higher than this share of my catalogue"]
    assert embed.image.url is None
    assert track_sound.files(prepared) == []
    assert "what music services say" in (embed.footer.text or "")


def test_the_picture_has_an_alt_text_that_says_what_is_sure() -> None:
    (file,) = track_sound.files(PREPARED)

    assert file.description is not None
    assert len(file.description) <= 1024
    assert "energetic" in file.description
    assert "cheerful" not in file.description
    embed = promotions.post(PREPARED, promoter="ann", avatar_url=None)
    assert embed.image.url == f"attachment://{file.filename}"


def test_without_the_right_to_attach_files_there_is_no_broken_picture() -> None:
    embed = promotions.post(PREPARED, promoter="ann", avatar_url=None, picture=False)

    assert embed.image.url is None


def test_the_longest_names_fit_into_a_message() -> None:
    embed = promotions.post(PREPARED, promoter="p" * 100, avatar_url=None)

    assert len(embed.title or "") <= 256
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert len(embed) <= 6000


@pytest.mark.parametrize(
    ("joins", "keeps", "sentence"),
    [
        (False, False, "There is only this post"),
        (True, False, "The file is gone; I keep a fingerprint"),
        (True, True, "Of the file I keep half a minute"),
    ],
)
def test_the_artist_is_told_what_becomes_of_the_file(
    joins: bool, keeps: bool, sentence: str
) -> None:
    prepared = replace(PREPARED, joins=joins, excerpt_kept=keeps)

    assert sentence in promotions.posted(prepared, link="https://discord.test/1", note=None)
