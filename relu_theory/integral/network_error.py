"""The exact L2 error of a ReLU network against a polynomial on a box, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Any

from flint import fmpq, fmpq_mat
from tqdm import tqdm

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact import fraction, rational
from relu_theory.integral.moments import box_mean
from relu_theory.integral.polynomial import Polynomial, read_polynomial
from relu_theory.network import ReluNetwork

__all__ = ["simplex_rule", "squared_error"]

MAX_DIMENSION = 3


def squared_error(
    network: ReluNetwork, expr: Any, box: Box, variables: Any = None, progress: bool = False
) -> Fraction:
    """The mean of (N(x) - f(x))^2 over a box, exactly.

    Parameters
    ----------
    network : ReluNetwork
        Of any depth, with one output.
    expr : sympy expression
        A polynomial f with rational coefficients.
    box : Box
        Of positive volume, in at most 3 dimensions.
    variables : sequence of symbols, optional
    progress : bool
        Show a progress bar over the cells.

    Returns
    -------
    Fraction

    Raises
    ------
    InvalidInput
        When the sizes do not fit or the box has no volume.
    TooLarge
        In more than 3 dimensions.

    Notes
    -----
    On each simplex of each cell N is affine: the mean of N^2 follows from the values at the
    vertices, that of f N from a rule of Grundmann and Moeller of degree deg f + 1, which has
    rational nodes. Cost: O(cells times nodes) evaluations of f.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> squared_error(net, "x**2", Box([-1], [1]))
    Fraction(1, 30)
    """
    f, symbols, support = read_polynomial(expr, variables)
    _check(network, box, len(symbols))
    low, high = ([rational(v) for v in end] for end in (box.lower, box.upper))
    volume = fmpq(1)
    for a, b in zip(low, high, strict=True):
        volume *= b - a
    total = box_mean(f * f, support, low, high) * volume
    rule = simplex_rule(box.dim, (max(f.degree, 0) + 1) // 2)
    for vertices, values in tqdm(_simplices(network, box), disable=not progress, desc="simplices"):
        total += _simplex_part(f, support, vertices, values, rule)
    return fraction(total / volume)


def _check(network: ReluNetwork, box: Box, count: int) -> None:
    if network.output_dim != 1 or not network.input_dim == box.dim == count:
        raise InvalidInput(
            f"network must have one output and as many inputs as the box and f, got "
            f"{network.output_dim} outputs, {network.input_dim} inputs, a box of dimension "
            f"{box.dim} and {count} variables; name all with variables="
        )
    if box.dim > MAX_DIMENSION:
        raise TooLarge(f"cells are integrated in at most {MAX_DIMENSION} dimensions, got {box.dim}")
    if any(a >= b for a, b in zip(box.lower, box.upper, strict=True)):
        raise InvalidInput(f"the box must have positive volume, got {box}")


def _simplices(network: ReluNetwork, box: Box) -> Iterator[tuple[list[list[fmpq]], list[fmpq]]]:
    """Vertices of the simplices of all cells, and the values of the network there."""
    for cell in regions.cells(network, box):
        generators = cell.generators()[0]
        points = [[fmpq(v, g[-1]) for v in g[:-1]] for g in generators]
        slope, offset = list(map(rational, cell.gradient[0])), rational(cell.offset[0])
        values = [sum((s * v for s, v in zip(slope, p, strict=True)), offset) for p in points]
        for simplex in cell.simplices():
            yield [points[i] for i in simplex], [values[i] for i in simplex]


def _simplex_part(
    f: Polynomial, support: Sequence[int], vertices: Any, values: Any, rule: Any
) -> fmpq:
    """The integral of N^2 - 2 f N over a simplex."""
    d = len(vertices) - 1
    edges = [[b - a for a, b in zip(vertices[0], v, strict=True)] for v in vertices[1:]]
    volume = abs(fmpq_mat(edges).det()) / factorial(d)
    whole = sum(values, fmpq(0))
    mean = (sum((v * v for v in values), fmpq(0)) + whole * whole) / ((d + 1) * (d + 2))
    columns = [[v[i] for v in vertices] for i in support]
    for weight, node in rule:
        at = [_combine(column, node) for column in columns]
        mean -= 2 * weight * f.evaluate(at) * _combine(values, node)
    return volume * mean


def _combine(values: Sequence[fmpq], weights: Sequence[fmpq]) -> fmpq:
    return sum((v * t for v, t in zip(values, weights, strict=True)), fmpq(0))


def simplex_rule(d: int, s: int) -> list[tuple[fmpq, tuple[fmpq, ...]]]:
    """Weights, with sum 1, and barycentric nodes of a rule for means over a simplex of R^d.

    Exact for polynomials of degree 2 s + 1 (Grundmann and Moeller); some weights are negative.

    Examples
    --------
    >>> simplex_rule(1, 0)
    [(1, (1/2, 1/2))]
    """
    degree, found = 2 * s + 1, []
    for i in range(s + 1):
        base = degree + d - 2 * i
        weight = fmpq((-1) ** i * base**degree * factorial(d),
                      4**s * factorial(i) * factorial(degree + d - i))  # fmt: skip
        for beta in product(range(s - i + 1), repeat=d):
            if sum(beta) <= s - i:
                full = (*beta, s - i - sum(beta))
                found.append((weight, tuple(fmpq(2 * b + 1, base) for b in full)))
    return found
