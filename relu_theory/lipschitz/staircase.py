"""Record pairs: the steps of a discrete modulus of continuity, kept sorted as pairs arrive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import dmoc as kernel
from relu_theory.errors import TooLarge

__all__ = ["Staircase"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ROOM = 1 << 17


class Staircase:
    """Pairs with increasing distance and strictly increasing value; the others are dominated.

    Parameters
    ----------
    limit : int
        The largest number of records that is kept.
    farthest : float
        Pairs at a larger distance (as a power) are dropped.

    Attributes
    ----------
    distances, values : (r,) arrays
        As powers: squares in Euclidean metrics.
    pairs : (2, r) int array
    table, kept, indices, counts
        Work space of the kernels, see `relu_theory._kernels.dmoc`.
    """

    def __init__(self, limit: int, farthest: float = np.inf, room: int = _ROOM) -> None:
        self.limit, self.farthest = limit, farthest
        self.distances, self.values = np.zeros(0), np.zeros(0)
        self.pairs = np.zeros((2, 0), np.int64)
        self.kept, self.indices = np.empty((2, room)), np.empty((2, room), np.int64)
        self.counts = np.zeros(2, np.int64)
        self.table = np.zeros(kernel.BINS)
        self._refill()

    @property
    def visited(self) -> int:
        """How many pairs were looked at."""
        return int(self.counts[kernel.VISITED])

    def settle(self) -> None:
        """Merge what the kernels kept into the records."""
        count = int(self.counts[kernel.KEPT])
        self.counts[kernel.KEPT] = 0
        if count:
            self.add(self.kept[0, :count], self.kept[1, :count], self.indices[:, :count])

    def add(self, distances: Floats, values: Floats, pairs: Ints) -> None:
        """Offer pairs with their exact distances and values."""
        near = (distances <= self.farthest) & (values > 0)
        distances = np.concatenate([self.distances, distances[near]])
        values = np.concatenate([self.values, values[near]])
        pairs = np.concatenate([self.pairs, pairs[:, near]], axis=1)
        order = np.lexsort((pairs[1], pairs[0], -values, distances))
        values = values[order]
        before = np.maximum.accumulate(np.concatenate([[0.0], values[:-1]])) if len(values) else (
            values)
        chosen = order[values > before]
        if len(chosen) > self.limit:
            raise TooLarge(
                f"the modulus has more than {self.limit} steps (values that grow in proportion to "
                "distance make every pair one); raise limit, or give a subsample", len(chosen))
        self.pairs = pairs[:, chosen]
        self.distances = distances[chosen]
        self.values = np.sort(values[values > before])
        self._refill()

    def _refill(self) -> None:
        """The table from the records: each bin the value at its left edge."""
        bins = self.distances.view(np.int64) >> kernel.SHIFT
        self.table[:] = 0.0
        if len(bins):
            first = np.minimum(bins + 1, kernel.BINS)
            steps = np.zeros(kernel.BINS + 1)
            np.maximum.at(steps, first, self.values)
            self.table[:] = np.maximum.accumulate(steps)[: kernel.BINS]
        if np.isfinite(self.farthest):
            edge = np.array([self.farthest]).view(np.int64)[0] >> kernel.SHIFT
            self.table[edge + 1 :] = np.inf
