"""One hidden layer as a hyperplane arrangement: neuron i is relu(normal_i . x + offset_i).

The proper activation regions of such a network over R^d are the cells of the arrangement, so every
classical count of cells is a known answer for a network.
"""

from collections.abc import Sequence
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np

from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork

__all__ = [
    "arrangement",
    "braid",
    "central_arrangement",
    "generic_arrangement",
    "grid",
    "resonance",
]


def arrangement(normals: Any, offsets: Any = None, output: Any = None) -> ReluNetwork:
    """One hidden layer with the given rows; the output is the sum of the neurons.

    Parameters
    ----------
    normals : array-like of shape (n, d)
        Floats, ints or Fractions.
    offsets : array-like of shape (n,), optional
        Zero by default (hyperplanes through the origin).
    output : array-like of shape (n,), optional
        Output weights, all one by default.

    Examples
    --------
    >>> arrangement([[1, 0], [0, 1]], [0, -1]).forward_exact([3, 5])
    (Fraction(7, 1),)
    """
    n = len(normals)
    offsets = [0] * n if offsets is None else offsets
    output = [1] * n if output is None else output
    return ReluNetwork([normals, [list(output)]], [offsets, [0]])


def generic_arrangement(
    hyperplanes: int, dim: int, seed: int | None = None, inside_cube: bool = False
) -> ReluNetwork:
    r"""Hyperplanes in general position, by proof and not by chance, with integer coefficients.

    Hyperplane i is ``sum_j y_j t_i^j = t_i^d`` (j < d) for distinct integers t_i. Any d normals are
    independent (Vandermonde), and a common point of d + 1 hyperplanes would be a monic polynomial
    of degree d with d + 1 roots. Every vertex is the coefficient vector of ``prod (T - t_i)`` over
    d of the nodes, which bounds it: with ``inside_cube`` the coordinates are moved so that all
    vertices lie in the open cube (0, 1)^d.

    Parameters
    ----------
    hyperplanes, dim : int
    seed : int, optional
        Draws the nodes t_i from -3n..3n; by default they are n consecutive integers around zero.
    inside_cube : bool
        Put every vertex inside (0, 1)^d.

    Examples
    --------
    >>> generic_arrangement(3, 2).weights[0].astype(int).tolist()
    [[1, -1], [1, 0], [1, 1]]
    """
    place = moment_in_cube if inside_cube else moment_hyperplanes
    return arrangement(*place(_nodes(hyperplanes, seed), _dimension(dim)))


def central_arrangement(hyperplanes: int, dim: int, seed: int | None = None) -> ReluNetwork:
    """Hyperplanes through the origin, any ``dim`` of the normals independent (a moment curve).

    Examples
    --------
    >>> central_arrangement(4, 3).widths
    (4,)
    """
    return arrangement(moment_hyperplanes(_nodes(hyperplanes, seed), _dimension(dim))[0])


def resonance(dim: int) -> ReluNetwork:
    """Resonance arrangement: all 2^d - 1 non-zero 0/1 vectors as normals, through the origin.

    Examples
    --------
    >>> resonance(3).widths
    (7,)
    """
    rows = list(product((0, 1), repeat=_dimension(dim)))[1:]
    return arrangement(rows)


def braid(n: int) -> ReluNetwork:
    """Braid arrangement x_i = x_j, i < j, in R^n: one cell for each order of the coordinates.

    Examples
    --------
    >>> braid(4).widths
    (6,)
    """
    if _dimension(n) < 2:
        raise InvalidInput(f"n must be at least 2, got {n}: braid(1) has no hyperplane")
    rows = [[(k == i) - (k == j) for k in range(n)] for i, j in combinations(range(n), 2)]
    return arrangement(rows)


def grid(dim: int, levels: Sequence[Any]) -> ReluNetwork:
    """Axis-parallel hyperplanes x_i = level, the same levels in every coordinate.

    Distinct levels give ``(len(levels) + 1)^dim`` cells.

    Examples
    --------
    >>> from fractions import Fraction
    >>> grid(2, [Fraction(k, 8) for k in range(-2, 3)]).widths
    (10,)
    """
    if len(levels) == 0:
        raise InvalidInput("levels must name at least one level, got none")
    dim = _dimension(dim)
    rows = [[int(k == i) for k in range(dim)] for i in range(dim) for _ in levels]
    return arrangement(rows, [-level for _ in range(dim) for level in levels])


def moment_hyperplanes(nodes: Sequence[int], dim: int) -> tuple[list[list[int]], list[int]]:
    """Rows (1, t, ..., t^{d-1}) and offsets -t^d for the given nodes."""
    return [[t**j for j in range(dim)] for t in nodes], [-(t**dim) for t in nodes]


def moment_in_cube(nodes: Sequence[int], dim: int) -> tuple[list[list[int]], list[int]]:
    """The hyperplanes of `moment_hyperplanes` moved so that every vertex lies in (0, 1)^d.

    Coordinate j of a vertex is an elementary symmetric polynomial of degree d - j in d nodes, at
    most C(d, j) M^{d-j} in modulus, M the largest node; substitute y_j = s_j (x_j - 1/2) with s_j
    twice more than that.
    """
    rows, offsets = moment_hyperplanes(nodes, dim)
    largest = max(abs(t) for t in nodes)
    scales = [2 * (comb(dim, j) * largest ** (dim - j) + 1) for j in range(dim)]
    moved = [[s * w for s, w in zip(scales, row, strict=True)] for row in rows]
    return moved, [b - sum(row) // 2 for row, b in zip(moved, offsets, strict=True)]


def _nodes(count: int, seed: int | None) -> list[int]:
    if isinstance(count, bool) or not hasattr(count, "__index__") or count < 1:
        raise InvalidInput(f"hyperplanes must be a positive integer, got {count!r}")
    if seed is None:
        return [i - count // 2 for i in range(count)]
    drawn = np.random.default_rng(seed).permutation(np.arange(-3 * count, 3 * count + 1))
    return [int(t) for t in drawn[:count]]


def _dimension(dim: int) -> int:
    if isinstance(dim, bool) or not hasattr(dim, "__index__") or dim < 1:
        raise InvalidInput(f"dim must be a positive integer, got {dim!r}")
    return dim.__index__()
