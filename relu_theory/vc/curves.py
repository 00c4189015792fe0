"""One group-convolutional unit: each function gives a curve of the bias, and levels label them.

With one channel, kernel and unit a function with features a_1..a_r has the curves
``b -> sum_g relu(a_g - b)`` and ``b -> sum_g relu(-a_g - b)``, and a labeling is an upper set of
the values at some b. So labelings are cheap to list, and shattered sets cheap to look for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction
from relu_theory.vc.group_networks import GroupConv
from relu_theory.vc.systems import read_points

__all__ = ["curve_labelings", "is_one_unit", "search_functions"]

Integers = NDArray[np.int64]


def curve_labelings(net: GroupConv, points: Any) -> set[int]:
    """All labelings of functions by one unit, as bit sets: a second route to `labelings`.

    Parameters
    ----------
    net : GroupConv
        With one channel, kernel and unit, and output weight 1.
    points : m distinct functions

    Raises
    ------
    InvalidInput
        For another class.

    Notes
    -----
    The order of the curves is constant between neighbours among their knots and their crossings,
    which are all rational. Cost O(m^2 r) orders of m values.

    Examples
    --------
    >>> from relu_theory.vc import cyclic
    >>> sorted(curve_labelings(GroupConv(cyclic(1)), [[0], [1], [2]]))
    [0, 1, 3, 4, 6, 7]
    """
    _require_one_unit(net)
    exact = read_points(points, net.inputs)
    features = [[fraction(v[0]) for v in net._features(p)] for p in exact]
    found = {0, (1 << len(exact)) - 1}
    for rows in (features, [[-v for v in row] for row in features]):
        knots = sorted({v for row in rows for v in row})
        for low, high in pairwise([knots[0] - 1, *knots]):
            for b in _between(rows, low, high):
                found |= _upper_sets([_curve(row, b) for row in rows])
    return found


def search_functions(
    net: GroupConv, size: int, generator: np.random.Generator, *, steps: int = 2000
) -> list[list[int]]:
    """So many integer functions that get many labelings: all of them when they are shattered.

    Parameters
    ----------
    net : GroupConv
        With one channel, kernel and unit, and output weight 1.
    size : int
    generator : numpy Generator
    steps : int
        How many sets are tried.

    Notes
    -----
    Hill climbing on the number of labelings that are seen at a fine grid of biases; it starts anew
    when 150 changes in a row bring nothing. What it returns is to be decided by `shatters`.

    Examples
    --------
    >>> from relu_theory.vc import cyclic, shatters
    >>> points = search_functions(GroupConv(cyclic(3)), 3, np.random.default_rng(0))
    >>> shatters(GroupConv(cyclic(3)), points).shattered
    True
    """
    _require_one_unit(net)
    unit = np.eye(net.inputs, dtype=int).tolist()
    columns = [[fraction(v[0]) for v in net._features(p)] for p in read_points(unit, net.inputs)]
    matrix = np.array([[float(v) for v in column] for column in columns])
    reach = 12 + 2 * net.inputs
    best, most = np.zeros((size, net.inputs), np.int64), -1
    here, count, idle = best, -1, 150
    for _ in range(steps):
        if idle >= 150:
            here, count, idle = generator.integers(-reach, reach + 1, best.shape), -1, 0
        after = here.copy()
        for _ in range(int(generator.integers(1, 4))):
            at = generator.integers(size), generator.integers(net.inputs)
            after[at] += generator.integers(-reach // 2, reach // 2 + 1)
        after = np.clip(after, -reach, reach)
        seen = _seen(after @ matrix)
        idle = 0 if seen > count else idle + 1
        if seen >= count:
            here, count = after, seen
        if count > most:
            best, most = here, count
        if most == 2**size:
            break
    return [list(map(int, row)) for row in best]


def _seen(features: NDArray[np.float64]) -> int:
    bits = 1 << np.arange(len(features))
    found = [np.array([0, bits.sum()])]
    for rows in (features, -features):
        low, high = rows.min() - 1, rows.max()
        grid = np.linspace(low, high, int(8 * (high - low)) + 1) + 1 / 16
        values = np.maximum(rows[:, :, None] - grid, 0).sum(axis=1)
        order = np.argsort(-values, axis=0)
        ranked = np.take_along_axis(values, order, 0)
        found.append(np.cumsum(bits[order], axis=0)[:-1][ranked[:-1] > ranked[1:]])
    return len(np.unique(np.concatenate(found)))


def _between(rows: list[list[Fraction]], low: Fraction, high: Fraction) -> Iterator[Fraction]:
    """A bias in each interval between crossings in (low, high), where all curves are linear."""
    start, end = ([_curve(row, b) for row in rows] for b in (low, high))
    crossings = {low, high}
    for i, j in combinations(range(len(rows)), 2):
        first, last = start[i] - start[j], end[i] - end[j]
        if first * last < 0:
            crossings.add(low + (high - low) * first / (first - last))
    return ((a + b) / 2 for a, b in pairwise(sorted(crossings)))


def _curve(row: Sequence[Fraction], b: Fraction) -> Fraction:
    return sum((v - b for v in row if v > b), Fraction(0))


def _upper_sets(values: list[Fraction]) -> set[int]:
    return {sum(1 << i for i, v in enumerate(values) if v > level) for level in values}


def is_one_unit(net: GroupConv) -> bool:
    """Whether each function has one curve for each sign of the weight."""
    return not net.signed and net.channels == net.units == len(net.kernels) == 1


def _require_one_unit(net: GroupConv) -> None:
    if not is_one_unit(net):
        raise InvalidInput(
            "curves need one channel, one kernel and one unit with output weight 1; use labelings"
        )
