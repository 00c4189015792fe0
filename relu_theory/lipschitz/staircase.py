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
    room : int
        Pairs that the kernels may keep before they are merged.
    bits : int
        The table has 2^bits bins: 2^(bits - 11) for each doubling of a distance. Fewer are faster,
        more let fewer pairs through.

    Attributes
    ----------
    distances, values : (r,) arrays
        As powers: squares in Euclidean metrics.
    pairs : (2, r) int array
    table, kept, indices, counts
        Work space of the kernels, see `relu_theory._kernels.dmoc`.
    """

    def __init__(self, limit: int, farthest: float = np.inf, room: int = _ROOM,
                 bits: int = 17) -> None:
        self.limit, self.farthest = limit, farthest
        self.distances, self.values = np.zeros(0), np.zeros(0)
        self.pairs = np.zeros((2, 0), np.int64)
        self.kept, self.indices = np.empty((2, room)), np.empty((2, room), np.int64)
        self.counts = np.zeros(2, np.int64)
        self.table = np.zeros(1 << bits)
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
        at = np.searchsorted(self.distances, distances, side="right")
        reached = np.append(0.0, self.values)[at]
        new = np.flatnonzero((distances <= self.farthest) & (values > reached))
        if not len(new):
            return
        new = new[np.lexsort((pairs[1, new], pairs[0, new], -values[new], distances[new]))]
        # At equal distances a new pair has the larger value and goes before the old one.
        at = np.searchsorted(self.distances, distances[new], side="left")
        self.distances = np.insert(self.distances, at, distances[new])
        self.values = np.insert(self.values, at, values[new])
        self.pairs = np.insert(self.pairs, at, pairs[:, new], axis=1)
        before = np.maximum.accumulate(np.append(0.0, self.values[:-1]))
        kept = self.values > before
        if np.count_nonzero(kept) > self.limit:
            raise TooLarge(
                f"the modulus has more than {self.limit} steps (values that grow in proportion to "
                "distance make every pair one); raise limit, or give a subsample",
                int(np.count_nonzero(kept)))
        self.distances, self.values = self.distances[kept], self.values[kept]
        self.pairs = self.pairs[:, kept]
        self._refill()

    def _refill(self) -> None:
        """The table from the records: each bin the value at its left edge."""
        shift, count = kernel.shift_of(self.table), len(self.table)
        bins = self.distances.view(np.int64) >> shift
        steps = np.zeros(count + 1)
        # Of several records in one bin the last, which is the largest, remains.
        steps[np.minimum(bins + 1, count)] = self.values
        self.table[:] = np.maximum.accumulate(steps)[:count]
        if np.isfinite(self.farthest):
            edge = np.array([self.farthest]).view(np.int64)[0] >> shift
            self.table[edge + 1 :] = np.inf
