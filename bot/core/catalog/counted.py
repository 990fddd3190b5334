"""How many artists of a catalogue somebody counts, and of how many tracks who released them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.core.catalog.independence import Independence
from bot.core.catalog.space import Catalog


@dataclass(frozen=True, slots=True)
class FameCoverage:
    """Numbers of artists; those that stand for many, such as "Various Artists", are left out."""

    artists: int
    counted: int
    by_source: Mapping[str, int]
    """How many each popularity source counts, the largest first."""
    in_lists: int
    """How many stand in a list of the scene."""
    by_lists_alone: int

    @property
    def uncounted(self) -> int:
        """How many nobody counts, so that their fame is a guess."""
        return self.artists - self.counted


def fame_coverage(catalog: Catalog) -> FameCoverage:
    """Count the artists that each kind of evidence speaks of."""
    single = ~np.isin(catalog.artist_keys, catalog.collective_ids)
    told = ~np.isnan(catalog.artist_best) & single
    listed = (catalog.artist_lists > 0) & single
    sizes = dict(zip(catalog.source_names, told.sum(axis=1).tolist(), strict=True))
    return FameCoverage(
        artists=int(single.sum()),
        counted=int((catalog.artist_counted & single).sum()),
        by_source=dict(sorted(sizes.items(), key=lambda one: (-one[1], one[0]))),
        in_lists=int(listed.sum()),
        by_lists_alone=int((listed & ~told.any(axis=0)).sum()),
    )


def count_independence(catalog: Catalog) -> dict[Independence, int]:
    """Count the tracks by what is known of who released them."""
    counts = np.bincount(catalog.independence, minlength=len(Independence)).tolist()
    return {one: counts[one] for one in Independence}
