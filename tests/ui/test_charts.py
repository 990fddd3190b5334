import struct
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.ui.charts import SIZE, RadarAxis, radar

WORDS = (
    "energetic", "danceable", "loud", "fast", "cheerful", "in a\nmajor key", "live-sounding",
    "instrumental", "acoustic", "wordy", "recent",
)  # fmt: skip
AXES = tuple(
    RadarAxis(word, place / (len(WORDS) - 1), clear=place % 2 == 0)
    for place, word in enumerate(WORDS)
)


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Row × column × red, green, blue, opacity."""
    with Image.open(BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"))


def test_a_radar_is_a_small_square_png() -> None:
    png = radar(AXES)

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (SIZE, SIZE)
    assert len(png) < 100_000


def test_the_same_axes_give_the_same_bytes() -> None:
    assert radar(AXES) == radar(AXES)


def test_pictures_drawn_at_the_same_time_do_not_mix() -> None:
    alone = radar(AXES)

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(radar, [AXES, AXES[:5], AXES, AXES[:3]] * 2))

    assert [together[place] == alone for place in range(4)] == [True, False, True, False]
    assert together[:4] == together[4:]


def test_a_higher_share_covers_more_of_the_picture() -> None:
    low, high = (
        np.count_nonzero(pixels(radar([RadarAxis("word", share)] * 5))[:, :, 2] > 100)
        for share in (0.2, 0.9)
    )

    assert high > 2 * low


def test_the_ground_is_dark_and_the_corners_let_discord_through() -> None:
    image = pixels(radar(AXES))

    assert image[30, SIZE // 2, :3].max() < 60
    assert image[30, SIZE // 2, 3] == 255
    assert image[0, 0, 3] == 0


def test_no_word_leaves_the_picture() -> None:
    image = pixels(radar([RadarAxis("live-sounding", 0.9, clear=True)] * 4))

    for x in (8, SIZE - 9):
        assert len(np.unique(image[40:-40, x], axis=0)) == 1


def test_shares_beyond_the_scale_stay_on_its_rim() -> None:
    beyond = [RadarAxis("word", share) for share in (-1, 2, 0.5)]
    rim = [RadarAxis("word", share) for share in (0, 1, 0.5)]

    assert radar(beyond) == radar(rim)


def test_two_axes_make_no_area() -> None:
    with pytest.raises(ValueError, match="3 axes"):
        radar(AXES[:2])
