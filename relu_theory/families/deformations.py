"""Reflection arrangements and deformations of the braid arrangement, each as one hidden layer."""

from __future__ import annotations

from itertools import combinations

from relu_theory.errors import InvalidInput
from relu_theory.families.arrangements import arrangement
from relu_theory.network import ReluNetwork

__all__ = ["catalan", "linial", "shi", "threshold", "type_b", "type_d"]


def type_b(n: int) -> ReluNetwork:
    """The hyperplanes x_i = 0 and x_i = +-x_j in R^n: 2^n n! cells, one per signed permutation.

    Examples
    --------
    >>> type_b(3).widths
    (9,)
    """
    n = _size(n, 1)
    axes = [[int(k == i) for k in range(n)] for i in range(n)]
    return arrangement(axes + _pairs(n, (1, -1)))


def type_d(n: int) -> ReluNetwork:
    """The hyperplanes x_i = +-x_j in R^n, n >= 2: 2^(n-1) n! cells.

    Examples
    --------
    >>> type_d(3).widths
    (6,)
    """
    return arrangement(_pairs(_size(n, 2), (1, -1)))


def threshold(n: int) -> ReluNetwork:
    """The hyperplanes x_i + x_j = 0 in R^n, n >= 2: one cell per labelled threshold graph.

    Examples
    --------
    >>> threshold(3).weights[0].astype(int).tolist()
    [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    """
    return arrangement(_pairs(_size(n, 2), (1,)))


def shi(n: int) -> ReluNetwork:
    """The Shi arrangement x_i - x_j = 0, 1 for i < j in R^n: (n + 1)^(n - 1) cells.

    Examples
    --------
    >>> shi(3).widths
    (6,)
    """
    return _deformed(n, (0, 1))


def catalan(n: int) -> ReluNetwork:
    """The Catalan arrangement x_i - x_j = -1, 0, 1 for i < j in R^n: C(2n, n) n! / (n + 1) cells.

    Examples
    --------
    >>> catalan(3).widths
    (9,)
    """
    return _deformed(n, (-1, 0, 1))


def linial(n: int) -> ReluNetwork:
    """The Linial arrangement x_i - x_j = 1 for i < j in R^n: one cell per alternating tree.

    Examples
    --------
    >>> linial(3).biases[0].astype(int).tolist()
    [-1, -1, -1]
    """
    return _deformed(n, (1,))


def _deformed(n: int, levels: tuple[int, ...]) -> ReluNetwork:
    rows = _pairs(_size(n, 2), (-1,))
    return arrangement([r for r in rows for _ in levels], [-s for _ in rows for s in levels])


def _pairs(n: int, signs: tuple[int, ...]) -> list[list[int]]:
    return [
        [(k == i) + sign * (k == j) for k in range(n)]
        for i, j in combinations(range(n), 2) for sign in signs
    ]


def _size(n: int, least: int) -> int:
    if isinstance(n, bool) or not hasattr(n, "__index__") or n < least:
        raise InvalidInput(f"n must be an integer of at least {least}, got {n!r}")
    return n.__index__()
