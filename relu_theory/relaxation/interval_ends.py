"""Interval arithmetic as a ReLU network in the ends of the box, and its exactness on all boxes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from flint import fmpq, fmpq_mat

from relu_theory.domain import Box, Polytope
from relu_theory.network import ReluNetwork
from relu_theory.regions import cells, output_range
from relu_theory.relaxation.polygons import Line, pieces

__all__ = ["corner_values", "decide_intervals", "ends_network", "subboxes"]


def ends_network(net: ReluNetwork) -> ReluNetwork:
    """The network (lower, upper) -> ends of interval arithmetic, lower ones first.

    Examples
    --------
    >>> size = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> ends_network(size).forward_exact([-1, 2])
    (Fraction(0, 1), Fraction(3, 1))
    """
    weights = [_signed(weight) for weight in net.exact.weights]
    return ReluNetwork([w.table() for w in weights], [[*b, *b] for b in net.exact.biases])


def _signed(weight: fmpq_mat) -> fmpq_mat:
    rows = weight.table()
    plus = [[max(w, fmpq(0)) for w in row] for row in rows]
    minus = [[min(w, fmpq(0)) for w in row] for row in rows]
    return fmpq_mat(
        [a + b for a, b in zip(plus, minus, strict=True)]
        + [b + a for a, b in zip(plus, minus, strict=True)]
    )


def corner_values(net: ReluNetwork) -> ReluNetwork:
    """The network (lower, upper) -> values at the 2^d corners of the box, one after the other."""
    dim = net.input_dim
    zeros = [0] * dim
    found = None
    for corner in product((0, dim), repeat=dim):
        choice = [[int(j == i + side) for j in range(2 * dim)] for i, side in enumerate(corner)]
        value = net.restrict(choice, zeros)
        found = value if found is None else found.parallel(value)
    assert found is not None
    return found


def subboxes(box: Box) -> Polytope:
    """All pairs (lower, upper) of ends of boxes inside a box."""
    dim = box.dim
    A, b = [], []
    for i, (low, up) in enumerate(zip(box.lower, box.upper, strict=True)):
        for row, most in (({i: -1}, -low), ({i: 1, dim + i: -1}, 0), ({dim + i: 1}, up)):
            A.append([row.get(j, 0) for j in range(2 * dim)])
            b.append(most)
    return Polytope(A, b)


def decide_intervals(
    net: ReluNetwork, box: Box, limit: int
) -> tuple[Box | None, Fraction | None, int] | None:
    """A sub-box on which interval arithmetic is not exact, if there is one: a decision.

    Returns
    -------
    (box or None, supremum of the gaps if known, number of cells), or None
        None when more than ``limit`` cells would be visited. The supremum is found for networks
        with one input; it is attained on the box.
    """
    both = ends_network(net).parallel(corner_values(net))
    outputs, corners = net.output_dim, 2**net.input_dim
    covered, failing = 0, None
    for cell in cells(both, subboxes(box)):
        covered += 1
        if covered > limit:
            return None
        point = cell.interior_point
        if _misses(both.forward_exact(point), outputs, corners):
            failing = _box_of(point)
            break
    if failing is None:
        return None if not covered else (None, Fraction(0), covered)
    if net.input_dim == 1:
        return *_worst_interval(net, box), covered
    return _confirmed(net, box, failing), None, covered


def _misses(values: tuple[Fraction, ...], outputs: int, corners: int) -> bool:
    relaxed, true = values[: 2 * outputs], values[2 * outputs :]
    for out in range(outputs):
        own = [true[outputs * corner + out] for corner in range(corners)]
        if relaxed[out] != min(own) or relaxed[outputs + out] != max(own):
            return True
    return False


def _box_of(point: Any) -> Box:
    half = len(point) // 2
    return Box(point[:half], point[half:])


def _worst_interval(net: ReluNetwork, box: Box) -> tuple[Box, Fraction]:
    """The sub-interval with the largest gap.

    On the pieces into which the triangle of sub-intervals is cut below, every relaxed end and
    every true end is affine: a corner has the largest gap.
    """
    ends = ends_network(net)
    knots = sorted({v[0] for cell in cells(net, box) for v in cell.vertices()})
    values = {knot: net.forward_exact([knot]) for knot in knots}
    candidates: set[tuple[Fraction, ...]] = set()
    for cell in cells(ends, subboxes(box)):
        cuts = [(Fraction(1), Fraction(0), -k) for k in knots]
        cuts += [(Fraction(0), Fraction(1), -k) for k in knots]
        for part in pieces(_ordered(cell.vertices()), cuts):
            for final in pieces(part, _ties(net, part, knots, values)):
                candidates.update(final)

    def gap(corner: tuple[Fraction, ...]) -> Fraction:
        relaxed = ends.forward_exact(corner)
        true = output_range(net, _box_of(corner))
        size = len(true)
        return max(
            max(r.minimum - relaxed[i], relaxed[size + i] - r.maximum) for i, r in enumerate(true)
        )

    found, corner = max((gap(c), c) for c in candidates)
    return _box_of(corner), found


def _ties(
    net: ReluNetwork, part: Any, knots: list[Fraction], values: dict[Fraction, tuple]
) -> Iterator[Line]:
    """Lines where the value at an end equals that at the other end or the extreme between."""
    low = [min(c[0] for c in part), max(c[0] for c in part)]
    up = [min(c[1] for c in part), max(c[1] for c in part)]
    inner = [k for k in knots if low[1] <= k <= up[0]]
    for out in range(net.output_dim):
        (s, p), (t, q) = (_secant(net, out, *ends) for ends in (low, up))
        yield s, -t, p - q
        for extreme in {f(values[k][out] for k in inner) for f in (min, max) if inner}:
            yield s, Fraction(0), p - extreme
            yield Fraction(0), t, q - extreme


def _secant(net: ReluNetwork, out: int, a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """Slope and constant of an output on an interval where it is affine."""
    first, last = (net.forward_exact([x])[out] for x in (a, b))
    slope = (last - first) / (b - a)
    return slope, first - slope * a


def _ordered(vertices: list[tuple[Fraction, ...]]) -> tuple[tuple[Fraction, Fraction], ...]:
    """The corners of a convex polygon in order around it."""
    first = min(vertices)
    others = [v for v in vertices if v != first]
    others.sort(key=lambda v: _slope(first, v))
    return (first, *others)  # type: ignore[return-value]


def _slope(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> tuple[bool, Fraction]:
    vertical = a[0] == b[0]
    return vertical, Fraction(0) if vertical else (b[1] - a[1]) / (b[0] - a[0])


def _confirmed(net: ReluNetwork, box: Box, found: Box) -> Box:
    """A sub-box with a gap, from one on which the relaxed ends are not values at corners.

    Where the box itself has no gap, an extreme is attained at no corner. On the way from it to a
    corner, coordinate after coordinate, some line is not monotone, and a sub-interval of it fails.
    """
    ends = ends_network(net).forward_exact([*found.lower, *found.upper])
    size = net.output_dim
    for out, r in enumerate(output_range(net, found)):
        if ends[out] != r.minimum or ends[size + out] != r.maximum:
            return found
    for out, r in enumerate(output_range(net, found)):
        for sign, start in ((1, r.argmin), (-1, r.argmax)):
            one = net.select(out).scale(sign)
            line = _not_monotone(one, found, list(start or ()))
            if line is not None:
                return line
    raise AssertionError("an exact relaxation is attained at a corner")


def _not_monotone(net: ReluNetwork, box: Box, point: list[Fraction]) -> Box | None:
    for axis, (low, up) in enumerate(zip(box.lower, box.upper, strict=True)):
        if low == up:
            continue
        column = [[int(i == axis)] for i in range(box.dim)]
        shift = [x if i != axis else Fraction(0) for i, x in enumerate(point)]
        line = net.restrict(column, shift)
        interval = Box([low], [up])
        if not _is_monotone(line, interval):
            worst, gap = _worst_interval(line, interval)
            assert gap > 0
            lower, upper = list(point), list(point)
            lower[axis], upper[axis] = worst.lower[0], worst.upper[0]
            return Box(lower, upper)
        left, right = (line.forward_exact([x])[0] for x in (low, up))
        point[axis] = low if left <= right else up
    return None


def _is_monotone(line: ReluNetwork, interval: Box) -> bool:
    knots = sorted({v[0] for cell in cells(line, interval) for v in cell.vertices()})
    values = [line.forward_exact([k])[0] for k in knots]
    steps = [b - a for a, b in pairwise(values)]
    return all(s >= 0 for s in steps) or all(s <= 0 for s in steps)
