from bot.audio.pool import Analyzer
from bot.demo.piece import NAME, TEMPO, demo_piece


async def test_the_piece_of_the_demo_is_heard_as_it_was_made() -> None:
    heard = await Analyzer().analyze(demo_piece(), NAME)

    assert abs(heard.tempo.bpm - TEMPO) < 1
    assert (heard.key.pitch_class, heard.key.mode) in {(0, 1), (9, 0)}  # C major, A minor
    assert heard.duration_s > 40
