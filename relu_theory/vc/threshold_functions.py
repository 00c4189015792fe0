"""The number of linear threshold functions of n variables, by symmetry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import factorial, prod
from typing import Any

from relu_theory.errors import InvalidInput, TooLarge

__all__ = ["count_threshold_functions", "threshold_classes"]


def count_threshold_functions(variables: int) -> int:
    """How many functions {0, 1}^n -> {0, 1} are ``[w . x > t]``.

    Parameters
    ----------
    variables : int
        From 0 to 7.

    Raises
    ------
    InvalidInput, TooLarge
        Outside of this range.

    Notes
    -----
    They correspond to the self-dual threshold functions ``[w . e > 0]`` of e in {-1, 1}^(n + 1):
    add a variable for the threshold. Those are the cells of the arrangement of all hyperplanes
    w . e = 0, on which the 2^N N! signed permutations of N = n + 1 coordinates act. Each orbit has
    one cell that meets the chamber w_1 >= ... >= w_N >= 0, since the sums of e over the true points
    (Chow parameters) are ordered as the weights are and determine the function; the stabiliser of
    the function is that of these sums. `threshold_classes` finds the cells in the chamber with the
    exact region engine.

    References
    ----------
    Chow 1961; Winder 1965; OEIS A000609.

    Examples
    --------
    >>> [count_threshold_functions(n) for n in range(6)]
    [2, 4, 14, 104, 1882, 94572]
    """
    if isinstance(variables, bool) or not isinstance(variables, int) or variables < 0:
        raise InvalidInput(f"variables must be an int of at least 0, got {variables!r}")
    if variables > 7:
        raise TooLarge(
            f"{variables} variables have more than 100000 classes; at most 7 variables are counted"
        )
    return sum(_orbit(sums) for sums in threshold_classes(variables + 1))


def threshold_classes(size: int) -> list[tuple[int, ...]]:
    """Chow parameters of one self-dual threshold function of each class, in descending order.

    Examples
    --------
    The dictator and the majority of three:

    >>> sorted(threshold_classes(3))
    [(2, 2, 2), (4, 0, 0)]
    """
    from relu_theory import families, regions
    from relu_theory.domain import Polytope

    signs = [(1, *rest) for rest in product((1, -1), repeat=size - 1)]
    cutting = [row for row in signs if _changes_sign(row)]
    if not cutting:
        return [_chow(signs, list(range(size, 0, -1)))]
    chamber = [[int(j == i + 1) - int(j == i) for j in range(size)] for i in range(size)]
    domain = Polytope(chamber, [0] * size)
    cells = regions.cells(families.arrangement(cutting), domain)
    return [_chow(signs, cell.interior_point) for cell in cells]


def _changes_sign(row: Sequence[int]) -> bool:
    """Whether row . w takes both signs in the chamber: on the ray 1..1 0..0 it is a partial sum."""
    total, low, high = 0, 0, 0
    for value in row:
        total += value
        low, high = min(low, total), max(high, total)
    return low < 0 < high


def _chow(signs: Sequence[Sequence[int]], weights: Sequence[Any]) -> tuple[int, ...]:
    sums = [0] * len(weights)
    for row in signs:
        positive = sum(a * w for a, w in zip(row, weights, strict=True)) > 0
        # One of each pair of opposite points: it, or the other one, is true.
        for i, value in enumerate(row):
            sums[i] += value if positive else -value
    return tuple(sums)


def _orbit(sums: tuple[int, ...]) -> int:
    size = len(sums)
    groups = Counter(map(abs, sums))
    stabiliser = prod(factorial(count) for count in groups.values()) * 2 ** groups[0]
    return 2**size * factorial(size) // stabiliser
