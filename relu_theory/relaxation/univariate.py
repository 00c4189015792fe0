"""One input and one hidden layer: relaxed bounds as functions of the ends of all sub-boxes.

Write f = c + sum_j v_j relu(a_j x + b_j) = P - N with the convex parts P (v_j > 0, and c) and N.
On a box [l, u] the chord of a neuron runs through its values at l and u, so that

* DeepPoly's lower bound is the smaller of the values at l and u of an affine function, which are
  affine in l and in u as long as no kink is crossed;
* the triangle's lower bound is the least of f(l), f(u) and, for the kinks k of P in the box,
  P(k) - (N(l) (u - k) + N(u) (k - l)) / (u - l).

The kinks cut the triangle of all sub-boxes into cells. In each, the true minimum is the least of
f(l), f(u) and a constant, and "exact" becomes the sign of a polynomial of degree one or two on a
polygon, which rationals decide. Upper bounds are lower bounds of -f.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from relu_theory.exact.numbers import fraction
from relu_theory.network import ReluNetwork
from relu_theory.relaxation.polygons import Line, Polygon, centre, pieces, triangle_cells, value

__all__ = ["OneLayer", "Violation", "worst_violation"]

ZERO, ONE = Fraction(0), Fraction(1)
Corner = tuple[Fraction, Fraction]
Affine = tuple[Fraction, Fraction]
"""Slope and constant of a function of one variable."""


@dataclass(frozen=True)
class Violation:
    """A sub-box [l, u], up to limits, where a lower bound misses the minimum by ``gap``."""

    gap: Fraction
    ends: Corner
    inside: Corner


class OneLayer:
    """The lower bounds of one output of a network with one input and one hidden layer.

    Parameters
    ----------
    net : ReluNetwork
    output, sign : int
        The function is sign * output.
    knots : sorted Fractions
        The ends of the domain and all kinks between them.
    """

    def __init__(self, net: ReluNetwork, output: int, sign: int, knots: Sequence[Fraction]) -> None:
        exact = net.exact
        self.sign = sign
        outer = [sign * fraction(v) for v in exact.weights[1].table()[output]]
        self.constant = sign * fraction(exact.biases[1][output])
        inner = [fraction(row[0]) for row in exact.weights[0].table()]
        shifts = map(fraction, exact.biases[0])
        self.neurons = list(zip(outer, inner, shifts, strict=True))
        self.knots = list(knots)

    def __call__(self, x: Fraction) -> Fraction:
        return self.constant + sum(v * max(a * x + b, ZERO) for v, a, b in self.neurons)

    def convex_part(self, x: Fraction) -> Fraction:
        """P(x)."""
        terms = (v * max(a * x + b, ZERO) for v, a, b in self.neurons if v > 0)
        return self.constant + sum(terms)

    def piece(self, i: int, positive: bool | None = None) -> Affine:
        """f on the interval i between knots; P if positive, -N if not."""
        middle = (self.knots[i] + self.knots[i + 1]) / 2
        slope, shift = ZERO, ZERO if positive is False else self.constant
        for v, a, b in self.neurons:
            if a * middle + b > 0 and (positive is None or positive == (v > 0)):
                slope, shift = slope + v * a, shift + v * b
        return slope, shift

    def minima(self, i: int, j: int) -> list[Line]:
        """Affine functions of (l, u) in the cell (i, j) whose least one is the true minimum."""
        (left, p), (right, q) = self.piece(i), self.piece(j)
        lines = [(left, ZERO, p), (ZERO, right, q)]
        inner = self.knots[i + 1 : j + 1]
        return [*lines, (ZERO, ZERO, min(map(self, inner)))] if inner else lines

    def deeppoly(self, i: int, j: int, slopes: Sequence[Fraction]) -> list[Line]:
        """Affine functions in the cell (i, j) whose least one is DeepPoly's lower bound.

        ``slopes`` are those of the lower lines, neuron by neuron, where they are unstable.
        """
        found = []
        for at, other in ((i, j), (j, i)):
            slope, shift = self.piece(at)
            here, there = ((self.knots[m] + self.knots[m + 1]) / 2 for m in (at, other))
            for (v, a, b), line in zip(self.neurons, slopes, strict=True):
                if v > 0 and (a * here + b > 0) != (a * there + b > 0):
                    factor = v * line - (v if a * here + b > 0 else 0)
                    slope, shift = slope + factor * a, shift + factor * b
            found.append((slope, ZERO, shift) if at == i else (ZERO, slope, shift))
        return found if i < j else self.minima(i, j)

    def symmetric(self) -> list[Line]:
        """Lines at which CROWN changes a lower line: a (l + u) + 2 b = 0."""
        return [(a, a, 2 * b) for v, a, b in self.neurons if v > 0 and a]

    def slopes(self, method: str, corner: Corner) -> list[Fraction]:
        """Slopes that a DeepPoly method takes for unstable neurons at (l, u)."""
        if method == "crown":
            return [Fraction(a * sum(corner) + 2 * b > 0) for _, a, b in self.neurons]
        return [Fraction(method == "deeppoly1")] * len(self.neurons)

    def quadratic(self, i: int, j: int, kink: Fraction, least: Line) -> tuple[Fraction, ...]:
        """(u - l) times (the triangle's value at a kink of P - the minimum), in the cell (i, j).

        Coefficients of l^2, l u, u^2, l, u and 1, where ``least`` is the true minimum.
        """
        (s, p), (t, q) = self.piece(i, False), self.piece(j, False)
        a, b, c = least[0], least[1], self.convex_part(kink) - least[2]
        on_l, on_u = -c - s * kink - q, c + p + t * kink
        return a, b - a + s - t, -b, on_l, on_u, (q - p) * kink


def worst_violation(function: OneLayer, method: str) -> Violation | None:
    """A sub-box where a method's lower bound is not the minimum, or None: a decision.

    For the DeepPoly methods the gap is the largest over all sub-boxes, possibly only approached;
    for the triangle it is the gap at one sub-box that was found.
    """
    found: list[Violation] = []
    for i, j, cell in triangle_cells(function.knots):
        minima = function.minima(i, j)
        for part in pieces(cell, _ties(minima)):
            least = min(minima, key=lambda line: value(line, centre(part)))
            if method == "triangle":
                found += _by_triangle(function, i, j, part, least)
            else:
                found += _by_deeppoly(function, i, j, part, least, method)
    return max(found, key=lambda violation: violation.gap, default=None)


def _ties(lines: Sequence[Line]) -> list[Line]:
    return [
        (p[0] - q[0], p[1] - q[1], p[2] - q[2])
        for p, q in combinations(lines, 2)
    ]  # fmt: skip


def _by_deeppoly(
    function: OneLayer, i: int, j: int, polygon: Polygon, least: Line, method: str
) -> Iterator[Violation]:
    for part in pieces(polygon, function.symmetric() if method == "crown" else ()):
        middle = centre(part)
        for line in function.deeppoly(i, j, function.slopes(method, middle)):
            gap, corner = max((value(least, c) - value(line, c), c) for c in part)
            if gap > 0:
                yield Violation(gap, corner, middle)


def _by_triangle(
    function: OneLayer, i: int, j: int, polygon: Polygon, least: Line
) -> Iterator[Violation]:
    for kink in function.knots[i + 1 : j + 1]:
        form = function.quadratic(i, j, kink, least)
        lowest, corner = min((_form(form, c), c) for c in _critical(form, polygon))
        if lowest < 0:
            low, up = corner
            yield Violation(-lowest / (up - low), corner, centre(polygon))


def _form(form: Sequence[Fraction], corner: Corner) -> Fraction:
    (x, y), (xx, xy, yy, on_x, on_y, one) = corner, form
    return xx * x * x + xy * x * y + yy * y * y + on_x * x + on_y * y + one


def _critical(form: Sequence[Fraction], polygon: Polygon) -> Iterator[Corner]:
    """Points of a polygon among which a quadratic form takes its minimum."""
    yield from polygon
    xx, xy, yy, on_x, on_y, _ = form
    for (x, y), (end_x, end_y) in pairwise([*polygon, polygon[0]]):
        dx, dy = end_x - x, end_y - y
        curvature = xx * dx * dx + xy * dx * dy + yy * dy * dy
        speed = (2 * xx * x + xy * y + on_x) * dx + (xy * x + 2 * yy * y + on_y) * dy
        if curvature > 0 and 0 < -speed < 2 * curvature:
            share = -speed / (2 * curvature)
            yield x + share * dx, y + share * dy
    determinant = 4 * xx * yy - xy * xy
    if determinant > 0:
        x = (xy * on_y - 2 * yy * on_x) / determinant
        y = (xy * on_x - 2 * xx * on_y) / determinant
        if _contains(polygon, (x, y)):
            yield x, y


def _contains(polygon: Polygon, point: Corner) -> bool:
    turns = [
        (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0])
        for p, q in pairwise([*polygon, polygon[0]])
    ]
    return min(turns) >= 0 or max(turns) <= 0
