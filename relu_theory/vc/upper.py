"""Upper ends of VC dimensions of architectures, each from a proof that is run and not quoted.

*Line.* A function of one variable with K knots has K + 1 affine pieces and at most K + 1 sign
changes, so alternating labels refute K + 3 points. `alternation` decides whether K + 1 changes
are possible without a linear part.

*Plane, two neurons.* f = +-relu(u) +- relu(v) + c. On finitely many points c may be lowered a
little, so it is not 0 and labels have a margin. With two signs +, the side f <= 0 is empty or
{u <= -c, v <= -c, u + v <= -c}; with two signs -, the side f > 0 is empty or {u < c, v < c,
u + v < c}; if f = relu(u) - relu(v) + c, then for c < 0 the side f > 0 is {u > -c, u - v > -c},
and for c > 0 the side f <= 0 is {v >= c, v - u >= c}. So one of the two sides is an intersection of
three halfplanes. Shattered points may be moved to general position, because of the margin, and have
an orientation on which no labeling contradicts this: `planar_bound` walks all orientations;
`relu_theory.vc.order_types` tells them apart up to symmetry only, and makes certificates.

*Counting.* `counting_bound` multiplies the numbers of activation patterns and of labelings that
the network gives while its pattern is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from math import comb
from typing import Any

import numpy as np

from relu_theory._kernels.orientations import planar_order_types
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact.farkas import nonnegative_combination

__all__ = ["alternation", "counting_bound", "dichotomies", "largest_shattered", "planar_bound",
           "slope_multipliers"]  # fmt: skip


def dichotomies(points: int, dim: int) -> int:
    """The most labelings of so many points by homogeneous halfspaces of R^dim: Cover's number.

    ``2 sum_{i < dim} C(m - 1, i)``, attained when no dim of the points are dependent.

    References
    ----------
    Cover 1965, Theorem 1.

    Examples
    --------
    >>> dichotomies(8, 3)
    58
    """
    if points < 1 or dim < 1:
        raise InvalidInput(f"points and dim must be positive, got {points} and {dim}")
    return 2 * sum(comb(points - 1, i) for i in range(dim))


def alternation(units: int) -> tuple[int, ...] | None:
    """Whether a network of so many ReLUs on the line, without a linear part, can change sign K + 1
    times; the orientations of the neurons (1 right, -1 left) with which it can, or None.

    Notes
    -----
    K + 1 changes need K distinct knots and K + 1 slopes of alternating sign. A neuron with jump j
    adds j to the slope right of its knot, or -j left of it: the first slope is minus the sum of
    the jumps of the neurons that look left. One exact linear system for each of the 2^K choices;
    all None is a proof by Farkas multipliers that none is possible.

    Raises
    ------
    TooLarge
        For more than 12 units.

    Examples
    --------
    >>> [alternation(K) is not None for K in (1, 2, 3)]
    [False, False, True]
    """
    return next((looks for looks, found in _slopes(units) if found is None), None)


def slope_multipliers(units: int) -> dict[str, list[str]] | None:
    """Why `alternation` is None: for each word of looks, R or L, multipliers of the K + 1 rows
    ``(-1)^k slope_k > 0`` that add up to 0; None where it is not.

    Examples
    --------
    >>> slope_multipliers(1), slope_multipliers(3)
    ({'R': ['1', '0'], 'L': ['0', '1']}, None)
    """
    rows = {}
    for looks, found in _slopes(units):
        if found is None:
            return None
        word = "".join("R" if look > 0 else "L" for look in looks)
        rows[word] = [str(multiplier) for multiplier in found]
    return rows


def _slopes(units: int) -> Iterator[tuple[tuple[int, ...], list[Any] | None]]:
    """For each choice of orientations Farkas multipliers, or None where slopes alternate."""
    if units > 12:
        raise TooLarge(f"2^{units} orientations are too many; ask for at most 12 units")
    for looks in product((1, -1), repeat=units):
        # Slope k as a row over the jumps: its sign must be (-1)^k.
        slope = [-1 if look < 0 else 0 for look in looks]
        rows = []
        for k in range(units + 1):
            rows.append([(-1) ** k * a for a in slope])
            if k < units:
                slope[k] += 1
        columns = [[*row, 1] for row in rows]
        yield looks, nonnegative_combination(columns, [0] * units + [1])


@cache
def planar_bound(parts: int, complements: bool) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The most points in the plane of which every labeling has a side that is an intersection of
    `parts` halfplanes: the side labeled 1, or either side with `complements`.

    Parameters
    ----------
    parts : int
        1, 2 or 3.
    complements : bool

    Returns
    -------
    bound : int
        No more points than this satisfy it.
    walked : tuple of pairs
        For each number of points, how many orientations (sorted by x, those that violate nothing
        with one point less) were tested, and how many survived.

    Examples
    --------
    Halfplanes, and intersections of two of them:

    >>> planar_bound(1, False)[0], planar_bound(2, False)[0]
    (3, 5)
    """
    if parts not in (1, 2, 3):
        raise InvalidInput(f"parts must be 1, 2 or 3, got {parts!r}")
    largest = 2 * parts + 2 + (2 if complements else 0)
    counts = np.zeros((largest + 1, 2), np.int64)
    planar_order_types(largest, parts, complements, counts)
    dead = [k for k in range(3, largest + 1) if not counts[k, 1]]
    if not dead:
        raise TooLarge(f"orientations of {largest} points survive; no bound is proved")
    return min(dead) - 1, tuple((int(a), int(b)) for a, b in counts[: min(dead) + 1])


def largest_shattered(growth_bound: Callable[[int], Any], *, limit: int = 10**6) -> int:
    """The m before the first for which ``growth_bound(m) < 2^m``: no more points are shattered.

    The first m with ``growth_bound(m) < 2^m`` refutes m points and all larger sets, because subsets
    of shattered sets are shattered.

    Examples
    --------
    >>> largest_shattered(lambda m: 1 + m)
    1
    """
    m = 1
    while not growth_bound(m) < 1 << m:
        m += 1
        if m > limit:
            raise TooLarge(f"the growth bound excludes no m up to limit={limit}", m)
    return m - 1


def counting_bound(architecture: Any) -> int:
    """A VC bound by counting: activation patterns times labelings with a fixed pattern.

    Halfspaces, OneHidden and GroupConv: neurons with the same sign may be exchanged. Boolean
    functions of halfspaces: multisets of their labelings times Boolean functions.

    Examples
    --------
    >>> from relu_theory.vc import OneHidden
    >>> [counting_bound(OneHidden(1, K)) for K in (1, 2, 3)]
    [13, 27, 43]
    """
    if hasattr(architecture, "growth_bound"):
        return largest_shattered(architecture.growth_bound)
    raise InvalidInput(f"there is no counting bound for {type(architecture).__name__}")
