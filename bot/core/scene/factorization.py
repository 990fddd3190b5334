"""Songs as vectors, learned from the lists they stand in: implicit alternating least squares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

SWEEPS: Final = 10
CONFIDENCE: Final = 20.0
"""How much more a song that is in a list counts than one that is not."""
RIDGE: Final = 2.0

_BATCH: Final = 4_000_000
"""Numbers that are solved for at a time: 32 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Which songs stand in which lists, to be read from either side (compressed rows)."""

    starts: NDArray[np.int64]
    """The entries of row r are members[starts[r]:starts[r + 1]]."""
    members: NDArray[np.int64]
    columns: int

    @classmethod
    def of(
        cls, rows: NDArray[np.int64], members: NDArray[np.int64], shape: tuple[int, int]
    ) -> Self:
        """Sort entries by row."""
        order = np.lexsort((members, rows))
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
        return cls(starts, members[order], shape[1])

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row of every entry, ascending."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def turned(self) -> "Incidence":
        """Return the same entries, rows and columns exchanged."""
        return Incidence.of(self.members, self.rows, (self.columns, len(self.starts) - 1))


def song_vectors(
    lists: Incidence,
    *,
    dimensions: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> NDArray[np.float64]:
    """Factorise list × song and return song × dimensions, so that products mean "listed together".

    Weighted least squares for implicit feedback (Hu, Koren & Volinsky, 2008): every pair of list
    and song is a 1 or a 0, a 1 counts 1 + `CONFIDENCE` · idf times. The list factors are then done
    away with: a new list's factor is about (Yᵀ Y + ridge)⁻¹ Σ y over its songs, so the songs are
    whitened by the square root of that matrix, and the mean of some songs' vectors is a list's.
    A song in few lists has a short vector.

    Args:
        lists: list × song; every song is in one list at least.
        dimensions: at most the number of lists or songs.
        progress: is called with the steps that are done and of all steps.
    """
    songs = lists.turned()
    rarity = np.log((len(lists.starts) - 1) / np.diff(songs.starts))
    weights = CONFIDENCE * np.maximum(rarity / max(float(rarity.mean()), 1e-9), 0.05)
    rng = np.random.default_rng(seed)
    factors = 0.01 * rng.standard_normal((lists.columns, dimensions))
    for sweep in range(SWEEPS):
        listed = _solved(lists, factors, weights[lists.members])
        progress(2 * sweep + 1, 2 * SWEEPS)
        factors = _solved(songs, listed, weights[songs.rows])
        progress(2 * sweep + 2, 2 * SWEEPS)
    return factors @ _inverse_root(factors)


def _inverse_root(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (FᵀF + ridge)^-½, symmetric."""
    gram = factors.T @ factors + RIDGE * np.eye(factors.shape[1])
    values, axes = np.linalg.eigh(gram)
    root: NDArray[np.float64] = (axes / np.sqrt(values)) @ axes.T
    return root


def _solved(
    side: Incidence, others: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the best factors of one side, given the other's: one least squares per row.

    x = (FᵀF + ridge + Vᵀ A V)⁻¹ Vᵀ (1 + a) with the row's own factors V and their weights a,
    solved in as many unknowns as the row has entries or as there are dimensions, whatever is less.

    Args:
        weights: one per entry, > 0.
    """
    root = _inverse_root(others)
    known = others @ root
    dimensions = others.shape[1]
    lengths = np.diff(side.starts)
    solved = np.zeros((len(lengths), dimensions))
    for length in np.unique(lengths[lengths > 0]).tolist():
        rows = np.flatnonzero(lengths == length)
        size = length * max(length, dimensions)
        for piece in np.array_split(rows, -(-len(rows) * size // _BATCH)):
            entries = side.starts[piece, None] + np.arange(length)
            solve = _by_entries if length <= dimensions else _by_dimensions
            solved[piece] = solve(known[side.members[entries]], weights[entries]) @ root
    return solved


def _by_entries(known: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve piece × entry unknowns (Woodbury): Vᵀ B (I + B V Vᵀ B)⁻¹ B⁻¹ (1 + a), B = √A."""
    roots = np.sqrt(weights)
    scaled = known * roots[:, :, None]
    inner = scaled @ scaled.transpose(0, 2, 1)
    places = np.arange(inner.shape[1])
    inner[:, places, places] += 1
    found = np.linalg.solve(inner, ((1 + weights) / roots)[:, :, None])
    solved: NDArray[np.float64] = (scaled.transpose(0, 2, 1) @ found)[:, :, 0]
    return solved


def _by_dimensions(known: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = known.transpose(0, 2, 1) @ (known * weights[:, :, None])
    places = np.arange(inner.shape[1])
    inner[:, places, places] += 1
    wanted = known.transpose(0, 2, 1) @ (1 + weights)[:, :, None]
    solved: NDArray[np.float64] = np.linalg.solve(inner, wanted)[:, :, 0].astype(np.float64)
    return solved
