"""The minibatch estimate of the discrete modulus, and what can honestly be said about it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from relu_theory.errors import InvalidInput
from relu_theory.lipschitz.dmoc import dmoc
from relu_theory.lipschitz.modulus import Modulus
from relu_theory.lipschitz.norms import check_order
from relu_theory.lipschitz.samples import from_power, read_sample
from relu_theory.lipschitz.staircase import Staircase
from relu_theory.lipschitz.tiles import measure

__all__ = ["PairStatement", "minibatch", "pair_statement"]


class PairStatement(NamedTuple):
    """With probability ``1 - delta``, at each of K distances at most a fraction ``exceeding`` of
    the pairs that are no farther apart has a larger value than the estimate there.

    Attributes
    ----------
    exceeding : float
    delta : float
    pairs : int
        Independent pairs no farther apart, M.
    """

    exceeding: float
    delta: float
    pairs: int


def pair_statement(pairs: int, grid: int = 1, delta: float = 0.05) -> PairStatement:
    """The fraction of pairs that may exceed the maximum over independent random pairs.

    Parameters
    ----------
    pairs : int
        M independent pairs, drawn uniformly among those at most t apart.
    grid : int
        K distances at which the statement shall hold at once.
    delta : float
        In (0, 1).

    Notes
    -----
    A fraction above eps is missed by M independent pairs with probability at most (1 - eps)^M <=
    exp(-eps M); eps = ln(K / delta) / M makes that delta / K. Nothing follows about the maximum
    itself: one exceptional pair escapes all but a complete search. Pairs within one batch share
    points, so M counts only pairs that do not, such as one for each two points of a shuffle.

    Examples
    --------
    >>> round(pair_statement(1000, 10).exceeding, 5)
    0.0053
    """
    for name, value in (("pairs", pairs), ("grid", grid)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise InvalidInput(f"{name} must be a positive int, got {value!r}")
    if not 0 < delta < 1:
        raise InvalidInput(f"delta must lie in (0, 1), got {delta}")
    return PairStatement(min(1.0, math.log(grid / delta) / pairs), delta, pairs)


def minibatch(
    x: ArrayLike,
    y: ArrayLike,
    size: int,
    metric_x: Any = 2,
    metric_y: Any = 2,
    *,
    repeats: int = 1,
    cross: int = 0,
    seed: int = 0,
) -> Modulus:
    """An estimate from below: the exact modulus of shuffled batches, and of pairs across them.

    Parameters
    ----------
    x, y, metric_x, metric_y
        As in `dmoc`.
    size : int
        Points in a batch, at least 2; the last batch of a shuffle may be smaller.
    repeats : int
        Independent shuffles.
    cross : int
        For each repeat, this many random pairs from all of the sample besides.
    seed : int

    Returns
    -------
    Modulus
        With ``exact`` False unless one batch held everything. Pairs refer to the given order.

    Raises
    ------
    InvalidInput, ShapeError
        As in `dmoc`, and for a size below 2.

    Notes
    -----
    One shuffle covers a pair with probability (size - 1) / (n - 1), so the pair that attains the
    maximum is missed by R shuffles with probability (1 - that)^R. Batches are shuffled because
    slices of sorted data hold one class each and never see pairs across classes. Cost n size / 2
    pairs for each repeat.

    Examples
    --------
    >>> w = minibatch([0, 1, 3, 7], [0, 2, 3, -1], size=2, repeats=20)
    >>> w.exact, w.lipschitz
    (False, 2.0)
    """
    sample = read_sample(x, y, metric_x, metric_y)
    for name, value, least in (("size", size, 2), ("repeats", repeats, 1), ("cross", cross, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InvalidInput(f"{name} must be an int of at least {least}, got {value!r}")
    if size >= sample.count:
        return dmoc(x, y, metric_x, metric_y)
    rng = np.random.default_rng(seed)
    stairs, visited = Staircase(200_000, room=2), 0
    for _ in range(repeats):
        order = rng.permutation(sample.count)
        for first in range(0, sample.count, size):
            rows = np.sort(order[first : first + size])
            if len(rows) > 1:
                part = dmoc(sample.x[rows], sample.y[rows], metric_x, metric_y)
                visited += part.visited
                if len(part.pairs):
                    pairs = rows[part.pairs.T]
                    stairs.add(*measure(sample, pairs), pairs)
        if cross:
            pairs = np.sort(rng.integers(sample.count, size=(2, cross)), axis=0)
            stairs.add(*measure(sample, pairs), pairs)
            visited += cross
    p, q = check_order("metric_x", metric_x), check_order("metric_y", metric_y)
    return Modulus(from_power(stairs.distances, p, sample.scale_x),
                   from_power(stairs.values, q, sample.scale_y), stairs.pairs.T,
                   sample.count, p, q, math.inf, "minibatch", visited, False, sample.x)
