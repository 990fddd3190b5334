"""Files as other programs write them: how long they really are, and what they say of themselves."""

import io
from pathlib import Path

import mutagen.apev2
import mutagen.id3
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from bot.audio.containers import kind_of, mended_wav, ogg_streams
from bot.audio.decoding import Sound, read
from bot.audio.refusal import RefusedError, shown_name
from bot.audio.tags import read_tags
from tests.audio.files import RATE, file_of, noise, tone

MP3_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def read_bytes(tmp_path: Path, content: bytes) -> Sound:
    path = tmp_path / "Ann_-_Song"
    path.write_bytes(content)
    return read(path)


def without_first_frame(mp3: bytes) -> bytes:
    """Return an MP3 (MPEG 1, layer 3, without tags) without the frame that says how long it is."""
    assert mp3[:2] == b"\xff\xfb"
    kbps, padded = MP3_RATES[mp3[2] >> 4], mp3[2] >> 1 & 1
    return mp3[144_000 * kbps // 44_100 + padded :]


def variable_mp3(*parts: np.ndarray) -> bytes:
    content = io.BytesIO()
    with soundfile.SoundFile(
        content, "w", 44_100, 1, "MPEG_LAYER_III", format="MP3",
        bitrate_mode="VARIABLE", compression_level=0.2,
    ) as file:  # fmt: skip
        for part in parts:
            file.write(part)
    return content.getvalue()


@pytest.mark.parametrize("quiet_first", [True, False])
def test_an_mp3_without_a_length_is_as_long_as_its_frames(
    tmp_path: Path, *, quiet_first: bool
) -> None:
    quiet, loud = np.zeros(44_100 * 20, np.float32), noise(60)[: 44_100 * 20]
    parts = (quiet, loud) if quiet_first else (loud, quiet)
    mp3 = without_first_frame(variable_mp3(*parts))
    assert abs(soundfile.info(io.BytesIO(mp3)).duration - 40) > 3, "no test: it is guessed right"

    sound = read_bytes(tmp_path, mp3)

    assert sound.duration_s == pytest.approx(40, abs=0.2)
    halves = np.abs(sound.samples[:, 0]).reshape(2, -1).mean(axis=1)
    assert bool(halves[0] < halves[1]) is quiet_first


def test_the_middle_of_a_long_mp3_is_heard(tmp_path: Path) -> None:
    quiet, loud = np.zeros(44_100 * 60, np.float32), noise(180, db=-10)[: 44_100 * 90]
    mp3 = without_first_frame(variable_mp3(quiet, loud, quiet))

    sound = read_bytes(tmp_path, mp3)

    assert sound.duration_s == pytest.approx(210, abs=0.2)
    assert len(sound.samples) == 90 * 44_100
    assert np.abs(sound.samples[: 44_100 // 2]).mean() > 0.01
    assert np.abs(sound.samples[-44_100 // 2 :]).mean() > 0.01


@pytest.mark.parametrize("times", [1, 2, 3])
def test_joined_mp3_files_are_heard_as_one(tmp_path: Path, times: int) -> None:
    mp3 = file_of(noise(20), 44_100, kind="MP3")

    assert read_bytes(tmp_path, mp3 * times).duration_s == pytest.approx(10 * times, abs=0.3)


def test_a_tag_with_a_footer_stands_before_a_flac(tmp_path: Path) -> None:
    tag = b"ID3\x04\0\x10\0\0\0\0" + b"3DI\x04\0\x10\0\0\0\0"

    assert read_bytes(tmp_path, tag + file_of(tone(12), kind="FLAC")).duration_s == 12.0


def test_joined_ogg_files_are_heard_as_one(tmp_path: Path) -> None:
    joined = file_of(tone(12), kind="OGG") + file_of(noise(16), kind="OGG")

    sound = read_bytes(tmp_path, joined)

    assert (sound.format, sound.duration_s) == ("ogg", 28.0)
    assert len(ogg_streams(joined).links) == 2


def test_joined_ogg_files_of_another_kind_are_told(tmp_path: Path) -> None:
    joined = file_of(tone(12), kind="OGG") + file_of(noise(16), 44_100, kind="OGG")

    with pytest.raises(RefusedError, match="joined"):
        read_bytes(tmp_path, joined)


def ogg_crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def ogg_page(packet: bytes, number: int, granule: int, flags: int) -> bytes:
    sizes = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = b"OggS\0" + bytes([flags]) + granule.to_bytes(8, "little") + b"\x01\0\0\0"
    head += number.to_bytes(4, "little")
    whole = head + bytes(4) + bytes([len(sizes)]) + sizes + packet
    return head + ogg_crc(whole).to_bytes(4, "little") + whole[len(head) + 4 :]


def ogg_flac(flac: bytes, frame_size: int = 4096) -> bytes:
    """Return FLAC in Ogg, of a native FLAC file."""
    place, blocks, last = 4, [], False
    while not last:
        last = bool(flac[place] & 0x80)
        size = int.from_bytes(flac[place + 1 : place + 4], "big")
        blocks.append(flac[place : place + 4 + size])
        place += 4 + size
    first = b"\x7fFLAC\x01\0" + (len(blocks) - 1).to_bytes(2, "big") + b"fLaC" + blocks[0]
    sync = flac[place : place + 2]
    audio = flac[place:]
    starts = [0]
    while (found := audio.find(sync, starts[-1] + 2)) > 0:
        while found > 0 and audio[found + 4] != len(starts):  # samples that look like a frame
            found = audio.find(sync, found + 2)
        if found < 0:
            break
        starts.append(found)
    frames = [audio[a:b] for a, b in zip(starts, [*starts[1:], len(audio)], strict=True)]
    packets = [first, *blocks[1:], *frames]
    headers = len(blocks)
    pages = [
        ogg_page(
            packet, number,
            max(number - headers + 1, 0) * frame_size,
            2 if number == 0 else 4 if number == len(packets) - 1 else 0,
        )
        for number, packet in enumerate(packets)
    ]  # fmt: skip
    return b"".join(pages)


def test_flac_in_ogg_is_heard(tmp_path: Path) -> None:
    flac = file_of(tone(12), kind="FLAC")

    sound = read_bytes(tmp_path, ogg_flac(flac))

    assert sound.format == "flac"
    assert sound.duration_s == pytest.approx(12, abs=0.2)
    assert np.abs(sound.samples).max() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("kind", ["AIFF", "W64", "RF64", "WAVEX"])
def test_wav_has_relatives(tmp_path: Path, kind: str) -> None:
    sound = read_bytes(tmp_path, file_of(tone(12), kind=kind, subtype="PCM_24"))

    assert sound.format == {"AIFF": "aiff", "W64": "w64"}.get(kind, "wav")
    assert sound.duration_s == 12.0


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF])
def test_a_wav_from_a_pipe_does_not_know_its_size(tmp_path: Path, size: int) -> None:
    wav = file_of(tone(12))
    place = wav.index(b"data") + 4
    told = size.to_bytes(4, "little")
    piped = wav[:4] + told + wav[8:place] + told + wav[place + 4 :]

    assert read_bytes(tmp_path, piped).duration_s == 12.0
    assert mended_wav(piped) == wav
    assert mended_wav(wav) == wav


def test_a_flac_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    flac = bytearray(file_of(tone(12), kind="FLAC"))
    flac[21] &= 0xF0
    flac[22:26] = bytes(4)

    assert read_bytes(tmp_path, bytes(flac)).duration_s == 12.0


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "AIFF"])
def test_six_channels_are_mixed_down_without_the_deep_effects(tmp_path: Path, kind: str) -> None:
    channels = np.zeros((RATE * 12, 6), np.float32)
    channels[:, 0] = tone(12, db=-10)  # left
    channels[:, 3] = noise(12, db=-3).clip(-1, 1)  # deep effects

    sound = read_bytes(tmp_path, file_of(channels, kind=kind, subtype="PCM_16"))

    left, right = sound.samples.T
    assert sound.samples.shape == (RATE * 12, 2)
    assert np.abs(right).max() < 1e-3
    assert np.abs(left).max() == pytest.approx(10 ** (-10 / 20) / (1 + 2 * 0.5**0.5), rel=0.01)


# ------------------------------------------------------------------------------------------ tags


def mp3(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(file_of(noise(24), 44_100, kind="MP3"))
    return path


def test_a_tag_behind_an_mp3_is_read(tmp_path: Path) -> None:
    path = mp3(tmp_path)
    tag = mutagen.apev2.APEv2()
    tag["Title"], tag["Artist"] = "Ape Title", ["Ann", "Ben"]
    tag.save(path)

    sound = read(path)

    assert (sound.title, sound.artist) == ("Ape Title", "Ann; Ben")


@pytest.mark.parametrize(
    ("page", "title", "artist"),
    [
        ("cp1251", "Группа крови", "Кино"),
        ("cp1251", "Перемен", "Виктор Цой"),
        ("shift_jis", "夜に駆ける", "宇多田ヒカル"),
        ("euc_kr", "좋은 날", "아이유"),
        ("gb18030", "月亮代表我的心", "邓丽君"),
        ("latin-1", "Für Elise", "Björk"),
        ("latin-1", "Ágætis byrjun", "Sigur Rós"),
        ("utf-8", "Für Elise", "Björk"),
    ],
)
def test_names_in_the_code_page_of_a_country(
    tmp_path: Path, page: str, title: str, artist: str
) -> None:
    path = mp3(tmp_path)
    tag = mutagen.id3.ID3()
    for frame, text in ((mutagen.id3.TIT2, title), (mutagen.id3.TPE1, artist)):
        tag.add(frame(encoding=0, text=[text.encode(page).decode("latin-1")]))
    tag.save(path, v2_version=3)

    sound = read(path)

    assert (sound.title, sound.artist) == (title, artist)


def test_the_artist_of_the_album_stands_in_and_several_artists_are_told(tmp_path: Path) -> None:
    path = mp3(tmp_path)
    tag = mutagen.id3.ID3()
    tag.add(mutagen.id3.TIT2(encoding=3, text=["夜"]))
    tag.add(mutagen.id3.TPE2(encoding=3, text=["Ann", "Ben"]))
    tag.save(path)
    assert read(path).artist == "Ann; Ben"

    tag.add(mutagen.id3.TPE1(encoding=1, text=["Cleo"]))
    tag.save(path)
    assert read(path).artist == "Cleo"


def test_what_a_wav_says_of_itself_in_another_code_page() -> None:
    def chunk(kind: bytes, text: bytes) -> bytes:
        return kind + len(text).to_bytes(4, "little") + text + b"\0" * (len(text) % 2)

    info = b"INFO" + chunk(b"INAM", "Песня\0".encode("cp1251")) + chunk(
        b"IART", "Земфира\0".encode("cp1251")
    )  # fmt: skip
    wav = file_of(noise())

    found = read_tags(wav + chunk(b"LIST", info))

    assert found is not None
    assert (found.title, found.artist) == ("Песня", "Земфира")


@given(st.binary(max_size=300))
def test_any_bytes_may_be_tags_or_a_kind(content: bytes) -> None:
    for head in (b"", b"ID3\x03\0\0\0\0\x02\0", b"RIFF\xff\xff\xff\xffWAVE", b"OggS\0\x02"):
        read_tags(head + content)
        kind_of(head + content)
        mended_wav(head + content)
        ogg_streams(head + content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann_-_vbr_take_2.mp3", "Ann_-_vbr_take_2.mp3"),
        ("_hidden_.wav", "hidden.wav"),
        ("my__song__.wav", "my_song_.wav"),
        ("a _b_ c.wav", "a b c.wav"),
        ("Song (Live) #2.mp3", "Song (Live) #2.mp3"),
        ("# big.mp3", "big.mp3"),
        ("**x** <@1> [a](b).mp3", "x 1 a(b).mp3"),
        ("C:\\music\\a.mp3", "a.mp3"),
    ],
)
def test_the_name_of_a_file_is_shown_as_it_is_without_markup(name: str, shown: str) -> None:
    assert shown_name(name) == shown
