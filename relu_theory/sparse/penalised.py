"""Interpolation by ReLU networks with penalised biases, in one dimension, exactly.

A knot u with jump c costs |c| sqrt(1 + u^2) [Boursier and Flammarion 2023]: the length of the
vector (c, c u). Write a line y = m t - c as the point (m, c); the lines through a data point are
then the points of a line with slope x_j, and a piecewise-linear function is a path of points. Its
cost is the length of the path, which has to touch the lines of all data points in order. On a
maximal run of equal curvature these lines form a convex chain, and the shortest path is
reflected in its edges: unfolded it is straight, so all knots are rational (derived here).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from flint import arb, ctx, fmpq

from relu_theory.cpwl import CPWL, SkipNetwork
from relu_theory.errors import Undecided
from relu_theory.exact.numbers import float_of, fraction, rational_vector
from relu_theory.network import ReluNetwork
from relu_theory.sparse.hyperbola import (
    Root,
    is_dual_certificate,
    sign_of_sum,
    tangent,
)
from relu_theory.sparse.points import Points, Run, read_points
from relu_theory.sparse.reflections import (
    Vector,
    knot_of,
    path_steps,
    path_to_line,
    reflected_path,
    squared_length,
)
from relu_theory.sparse.touring import shortest_pieces

__all__ = ["PenalisedInterpolant", "interpolate_penalised"]

_PRECISIONS = (53, 128, 512)


@dataclass(frozen=True, eq=False)
class PenalisedInterpolant:
    """The interpolant of least cost, the sum over its knots of |jump| sqrt(1 + knot^2).

    Attributes
    ----------
    function : CPWL
    squares : tuple of Fraction
        The cost is the sum of the square roots of these: one for each piece of the path.
    dual : tuple of pairs (q, D) of Fractions
        Values q sqrt(D) of a polygon g at the sorted abscissae that proves optimality.
    """

    function: CPWL
    squares: tuple[Fraction, ...]
    dual: tuple[tuple[Fraction, Fraction], ...] = field(repr=False)
    points: Points = field(repr=False)

    @property
    def knots(self) -> tuple[Fraction, ...]:
        """The knots of `function`."""
        return self.function.knots

    @property
    def count(self) -> int:
        """The number of knots: the number of neurons beside a free linear term."""
        return len(self.knots)

    def network(self, skip: bool = False) -> ReluNetwork | SkipNetwork:
        """A network that computes `function`: `count` neurons and a linear term if ``skip``."""
        return self.function.to_network(skip=skip)

    def cost(self, bits: int = 128) -> arb:
        """A ball around the least cost."""
        with ctx.workprec(bits):
            return sum((arb(q).sqrt() for q in _rationals(self.squares)), arb(0))

    def check(self) -> bool:
        """Prove in rationals that `function` interpolates and that no interpolant costs less."""
        f, data = self.function, self.points.pairs()
        if any(f(x) != y for x, y in data):
            return False
        roots = [tuple(_rationals(pair)) for pair in self.dual]
        columns = [_rationals(v) for v in ([x for x, _ in data], f.knots, f.jumps)]
        return is_dual_certificate(columns[0], roots, *columns[1:])


def interpolate_penalised(x: Iterable[Any], y: Iterable[Any]) -> PenalisedInterpolant:
    """The interpolant that minimises the sum of |jump| sqrt(1 + knot^2), exactly.

    It is the function of a one-hidden-layer network with a free linear term that interpolates with
    the least sum of squared weights and biases.

    Parameters
    ----------
    x, y : sequences of N >= 2 exact numbers
        In any order.

    Returns
    -------
    PenalisedInterpolant

    Raises
    ------
    InvalidInput, ShapeError
        Fewer than two abscissae, an abscissa with two ordinates, or different lengths.
    Undecided
        When the search misses the optimum at every precision: the proof of optimality then fails.

    Notes
    -----
    Runs of equal curvature do not interact. The pieces of the shortest path are chosen by dynamic
    programming in floats (in balls where their proof fails), O(n^2) for a run of n points and less
    where few edges are seen from a vertex; knots and jumps are then rational, and optimality is
    proved by a polygon between the branches of the hyperbola w^2 = 1 + u^2 (see `hyperbola`).
    Unlike without the penalty, the first and last interval may contain a knot. The minimiser is
    unique [Boursier and Flammarion 2023].

    Examples
    --------
    >>> found = interpolate_penalised([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    >>> [str(t) for t in found.knots], [str(q) for q in found.squares]
    (['-1', '1/2', '2'], ['2', '5', '5'])
    >>> found.check()
    True
    """
    points = read_points(x, y)
    for bits in _PRECISIONS:
        found = _built(points, bits)
        if found is not None and found.check():
            return found
    raise Undecided(
        f"no interpolant was proved optimal with {_PRECISIONS[-1]} bits; bring x nearer to the "
        "origin, where the cost distinguishes the candidates"
    )


def _built(points: Points, bits: int) -> PenalisedInterpolant | None:
    """The candidate of a search with so many bits; None where its path is that of no function."""
    xs = [points.abscissa(i) for i in range(len(points))]
    with ctx.workprec(bits):
        paths = [_path(points, xs, run, float_of if bits == 53 else arb) for run in points.runs]
    opened = bool(paths) and points.runs[0].first == 1
    start = paths[0][0][0] if opened else _vertex(points, 0)
    steps = [step for path, _ in paths for step in path_steps(path)]
    if any(a[0] == b[0] for a, b in steps):
        return None
    knots = [knot_of(step) for step in steps]
    if any(s >= t for s, t in pairwise(knots)):
        return None
    slopes = list(accumulate((b[0] - a[0] for a, b in steps), initial=start[0]))
    return PenalisedInterpolant(
        CPWL(knots, slopes, -start[1]),
        tuple(fraction(q) for _, squares in paths for q in squares),
        tuple((fraction(q), fraction(d)) for q, d in _dual(points, xs, paths)),
        points,
    )


def _vertex(points: Points, segment: int) -> Vector:
    """The line through points ``segment`` and ``segment + 1``."""
    slope = points.slope(segment)
    return slope, slope * points.abscissa(segment) - points.ordinate(segment)


def _path(
    points: Points, xs: Sequence[fmpq], run: Run, number: Any
) -> tuple[list[Vector], list[fmpq]]:
    """The path of a run, and the squared lengths of its pieces."""
    first, count = run.first, run.length
    vertices = [_vertex(points, j) for j in range(first - 1, first + count)]
    slopes = xs[first - 1 : first + count + 1]
    pieces = shortest_pieces(
        [(number(run.sign * m), number(run.sign * c)) for m, c in vertices],
        [number(s) for s in slopes],
        first == 1,
        first + count == len(points) - 1,
    )
    path, squares = [], []
    for i, k in pieces:
        found = _piece(points, xs, vertices, first, i, k)
        path += found[1:] if path else found
        squares.append(squared_length(found))
    return path, squares


def _piece(
    points: Points, xs: Sequence[fmpq], vertices: Sequence[Vector], first: int, i: int, k: int
) -> list[Vector]:
    """Touching points of one piece, exact: unfold, draw a segment, fold."""
    count = len(vertices) - 1
    # Edge j of the run lies on the line of data point first - 1 + j.
    lines = [(xs[first - 1 + j], points.ordinate(first - 1 + j)) for j in range(i + 2, k)]
    if k > count:
        # Towards the ray after the last vertex: the perpendicular from V_i to its image.
        end = (xs[first + count], points.ordinate(first + count))
        return path_to_line(vertices[i], lines, end)
    if i < 0:
        start = (xs[first - 1], points.ordinate(first - 1))
        return path_to_line(vertices[k], lines[::-1], start)[::-1]
    return reflected_path(vertices[i], lines, vertices[k])


def _dual(points: Points, xs: Sequence[fmpq], paths: Sequence[Any]) -> list[Root]:
    """The polygon g: tangents of the hyperbola along each run, and room for zero in between."""
    zero = (fmpq(0), fmpq(1))
    values: list[Root | None] = [None] * len(xs)
    values[0] = values[-1] = zero
    ends: list[tuple[int, int, fmpq, fmpq, int]] = []
    for run, (path, _) in zip(points.runs, paths, strict=True):
        knots = [knot_of(step) for step in path_steps(path)]
        after = run.first + run.length
        for j in range(run.first, after):
            # A neighbouring knot whose interval has x_j as an end, or the knot at x_j.
            near = next((t for t in knots if xs[j - 1] < t < xs[j + 1]), None)
            values[j] = tangent(near, run.sign, xs[j]) if near is not None else zero
        ends.append((run.first, after, knots[0], knots[-1], run.sign))
    for i, value in enumerate(values):
        if value is None:
            near = [(*tangent(e[3], e[4], xs[i]), e[4]) for e in ends if e[1] == i]
            near += [(*tangent(e[2], e[4], xs[i]), e[4]) for e in ends if e[0] == i + 1]
            values[i] = _between(near)
    return values  # type: ignore[return-value]


def _between(lines: Iterable[tuple[fmpq, fmpq, int]]) -> Root:
    """Zero, or the nearest value on the inner side of the tangents of the adjacent runs."""
    value = (fmpq(0), fmpq(1))
    for q, d, sign in lines:
        if sign * sign_of_sum(value, (-q, d)) > 0:
            value = (q, d)
    return value


def _rationals(values: Iterable[Any]) -> list[fmpq]:
    return rational_vector(values, name="values")

