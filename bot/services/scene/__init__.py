"""The scene: lists are gathered, and it is learned from them."""

from bot.services.scene.files import find_files
from bot.services.scene.gathering import Gathered, Gatherer
from bot.services.scene.one_pass import CatalogAndScene, build
from bot.services.scene.reading import read_pieces
from bot.services.scene.sampling import Sampled
from bot.services.scene.training import (
    SceneState,
    TrainingOptions,
    TrainingReport,
    current,
    remove,
    train,
)
