"""The scene: who is played with whom, learned from public lists."""

from bot.core.scene.scene import (
    DIMENSIONS,
    PREDICTION_DOUBT,
    PRIOR_SHARE,
    Crowding,
    Scene,
    coverage,
    train_scene,
    with_scene,
)
from bot.core.scene.sessions import session_numbers
