"""Makes a catalogue of open dumps, and learns the scene from the same listens, read once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.errors import SeedsError
from bot.services.catalog import Built, LiveCatalog, OpenData, Reading
from bot.services.scene.dumps import take_sessions
from bot.services.scene.gathering import Gatherer
from bot.services.scene.sampling import ByListener
from bot.services.scene.training import TrainingOptions, TrainingReport, learn
from bot.store.engine import Database


@dataclass(slots=True)
class CatalogAndScene:
    """What was made of dumps."""

    built: Built
    training: TrainingReport | None = None
    why_none: str = ""
    """Why no scene could be learned; the former one stays."""


async def build(
    database: Database,
    folder: Path,
    work: Path,
    options: TrainingOptions,
    *,
    min_listeners: int,
    clock: Clock,
    timer: Callable[[], float],
    progress: Callable[[str, int, int], None],
) -> CatalogAndScene:
    """Read all dumps of a folder into the catalogue, then learn the scene from their listens.

    Nothing but the dumps and the catalogue is learned from. Who listened to what goes with the
    rest that was put aside.

    Args:
        work: as `OpenData` takes it. It stays when the training is interrupted: nothing is read
            again the next time.

    Raises:
        ImportFileError: as `OpenData.build` does.
        SetupError: a scene cannot be kept beside this database.
    """
    made: list[TrainingReport | str] = []

    async def then(reading: Reading) -> None:
        start = timer()
        progress("Taking sessions", 0, 1)
        catalog = await LiveCatalog(database).get()
        gatherer = Gatherer(database, catalog)
        gatherer.add_sampled(*await take_sessions(database, catalog, reading))
        gathered = await asyncio.to_thread(gatherer.gathered)
        try:
            made.append(
                await learn(
                    database,
                    catalog,
                    gathered,
                    options,
                    names=reading.names_of_listens,
                    reading_s=timer() - start,
                    clock=clock,
                    timer=timer,
                    progress=progress,
                )
            )
        except SeedsError as error:
            made.append(str(error))

    builder = OpenData(database, work, min_listeners=min_listeners, besides=ByListener())
    done = CatalogAndScene(await builder.build(folder, progress, then=then))
    for one in made:
        if isinstance(one, str):
            done.why_none = one
        else:
            done.training = one
    return done
