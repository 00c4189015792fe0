"""Blocked engines of the discrete modulus: coordinates, or float32 products measured again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import dmoc as kernel
from relu_theory.lipschitz.samples import Sample
from relu_theory.lipschitz.staircase import Staircase

__all__ = ["by_coordinates", "by_products", "measure", "seed"]

Floats = NDArray[np.float64]
_TILE, _PRODUCT_TILE, _SEEDS = 4096, 2048, 512
# Coordinates that the first pairs may cost, and pairs that are measured together.
_SEED_WORK, _MEASURED = 4_000_000, 1 << 12


def measure(sample: Sample, pairs: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Distances and values of some pairs (2, m), as powers, in float64."""
    i, j = pairs
    gaps = (np.asarray(sample.x[i], np.float64) - np.asarray(sample.x[j], np.float64))
    jumps = (np.asarray(sample.y[i], np.float64) - np.asarray(sample.y[j], np.float64))
    return (_power(gaps / sample.scale_x, sample.orders[0]),
            _power(jumps / sample.scale_y, sample.orders[1]))


def _power(gaps: Floats, order: int) -> Floats:
    if order == 2:
        return (gaps * gaps).sum(axis=1)
    sizes = np.abs(gaps)
    return sizes.sum(axis=1) if order == 1 else sizes.max(axis=1)


def seed(sample: Sample, stairs: Staircase) -> None:
    """A first staircase from some rows, so that the filter bites from the start."""
    rng = np.random.default_rng(0)
    wanted = int(min(_SEEDS, max(32, (_SEED_WORK / sample.x.shape[1]) ** 0.5)))
    chosen = np.sort(rng.choice(sample.count, min(wanted, sample.count), replace=False))
    first, second = np.triu_indices(len(chosen), 1)
    for start in range(0, len(first), _MEASURED):
        pairs = np.array([chosen[first[start : start + _MEASURED]],
                          chosen[second[start : start + _MEASURED]]])
        stairs.add(*measure(sample, pairs), pairs)


def by_coordinates(sample: Sample, stairs: list[Staircase], bar: Any, memory: int) -> None:
    """All pairs, tile by tile; one thread for each staircase."""
    # Two tiles in each thread, and a copy while one is read.
    size = _tile_size(_TILE, memory // (3 * len(stairs)), sample)

    def work(mine: Staircase, tile: tuple[int, int, int, int]) -> None:
        a, b, c, d = tile
        rows = sample.points(a, b), sample.values(a, b)
        columns = rows if a == c else (sample.points(c, d), sample.values(c, d))
        done, width = 0, np.array([0, d - c])
        while done < b - a:
            done = kernel.scan(rows[0], columns[0], rows[1], columns[1], np.array([done, b - a]),
                               width, a, c, sample.orders, mine.table, mine.kept, mine.indices,
                               mine.counts)
            mine.settle()

    _share(sample.count, size, stairs, work, bar)


def by_products(sample: Sample, stairs: list[Staircase], bar: Any, memory: int) -> None:
    """Euclidean distances by float32 matrix products; what may be a record is measured again.

    Points are shifted to the mean of some of them. The product of two of the shifted points,
    rounded to float32, is off by at most (d + 8) 2^-24 |x| |x'|, whatever the order of the sum.
    """
    size = _tile_size(_PRODUCT_TILE, memory // (6 * len(stairs)), sample)
    centre = np.asarray(sample.x[:size], np.float64).mean(axis=0) / sample.scale_x
    # The slack is relative to |x|^2 + |x'|^2 >= 2 |x| |x'|, where the products count twice.
    slack = (sample.x.shape[1] + 16) * 2.0**-24

    loaded: dict[int, tuple[NDArray[np.float32], Floats]] = {}
    most = memory // 2 // (4 * size * sample.x.shape[1])

    def load(first: int, last: int) -> tuple[NDArray[np.float32], Floats]:
        if first in loaded:
            return loaded[first]
        shifted = np.asarray(sample.x[first:last], np.float64) / sample.scale_x - centre
        tile = shifted.astype(np.float32), (shifted * shifted).sum(axis=1)
        if len(loaded) < most:
            loaded[first] = tile
        return tile

    def work(mine: Staircase, tile: tuple[int, int, int, int]) -> None:
        a, b, c, d = tile
        rows, values = load(a, b), sample.values(a, b)
        columns, others = (rows, values) if a == c else (load(c, d), sample.values(c, d))
        products = rows[0] @ columns[0].T
        done = 0
        while done < b - a:
            done = kernel.scan_products(products, rows[1], columns[1], slack, values, others, a, c,
                                        done, sample.orders[1], mine.table, mine.indices,
                                        mine.counts)
            count = int(mine.counts[kernel.KEPT])
            mine.counts[kernel.KEPT] = 0
            for start in range(0, count, _MEASURED):
                pairs = mine.indices[:, start : min(start + _MEASURED, count)].copy()
                mine.add(*measure(sample, pairs), pairs)

    _share(sample.count, size, stairs, work, bar)


def _tile_size(most: int, memory: int, sample: Sample) -> int:
    """Rows of a tile, fewer where so many bytes do not hold them."""
    width = 8 * (sample.x.shape[1] + sample.y.shape[1])
    return int(min(most, max(1, memory // width)))


def _share(count: int, tile: int, stairs: list[Staircase], work: Any, bar: Any) -> None:
    queue, lock = _tiles(count, tile), Lock()

    def run(mine: Staircase) -> None:
        while True:
            with lock:
                found = next(queue, None)
            if found is None:
                return
            work(mine, found)
            with lock:
                bar.update(1)

    if len(stairs) == 1:
        run(stairs[0])
        return
    with ThreadPoolExecutor(len(stairs)) as pool:
        for future in [pool.submit(run, mine) for mine in stairs]:
            future.result()


def _tiles(count: int, tile: int) -> Iterator[tuple[int, int, int, int]]:
    for a in range(0, count, tile):
        for c in range(a, count, tile):
            yield a, min(a + tile, count), c, min(c + tile, count)
