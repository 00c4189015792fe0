"""Is a network affine?  Polynomial for one hidden layer, by cancellation of gradient jumps.

Write each neuron of one hidden layer as relu(lambda (n . x + beta)) with one canonical row
(n, beta) for each hyperplane.  Across n . x + beta = 0 the gradient of f jumps by n times the sum
of a |lambda| over the neurons there, a the output weights.  The network is affine on a domain
exactly when the sum vanishes for each hyperplane that meets the domain's interior.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq

from relu_theory.certificate import Verdict
from relu_theory.domain import Box, Polyhedron, WholeSpace, reduce, resolve
from relu_theory.errors import InvalidInput, Undecided
from relu_theory.exact import fraction, primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions import enumeration
from relu_theory.regions.cell import Cell
from relu_theory.regions.subdivision import MapKeys

__all__ = ["Affinity", "has_one_region", "jumps", "surviving_hyperplanes"]

Row = tuple[int, ...]
Point = tuple[Fraction, ...]
Triple = tuple[Point, Point, Point]


@dataclass(frozen=True)
class Affinity:
    """Whether a network is affine on a domain.

    Attributes
    ----------
    verdict : Verdict
        HOLDS: one region by each of the four definitions that speak about the function.
    witness : tuple of three points, or None
        When it fails: collinear points x, m, y of the domain, m between the others, with f(m) not
        on the chord from f(x) to f(y).
    """

    verdict: Verdict
    witness: Triple | None = None

    def check(self, net: ReluNetwork) -> bool:
        """Whether the witness shows that the network is not affine."""
        if self.witness is None:
            return False
        x, m, y = self.witness
        k = next((k for k, (a, b) in enumerate(zip(x, y, strict=True)) if a != b), None)
        if k is None:
            return False
        share = (m[k] - x[k]) / (y[k] - x[k])
        on_line = all(c == a + share * (b - a) for a, c, b in zip(x, m, y, strict=True))
        values = map(net.forward_exact, self.witness)
        bent = any(c != a + share * (b - a) for a, c, b in zip(*values, strict=True))
        return on_line and 0 < share < 1 and bent


def jumps(net: ReluNetwork) -> dict[Row, tuple[Fraction, ...]]:
    """The gradient jump of one hidden layer across each of its hyperplanes.

    Parameters
    ----------
    net : ReluNetwork
        With exactly one hidden layer of n neurons.

    Returns
    -------
    dict
        Primitive integer rows (normal, offset), first non-zero entry positive, to the vector J, one
        entry per output, by which the gradient jumps: normal times J.  Neurons without weights have
        no hyperplane.

    Raises
    ------
    InvalidInput
        When there is not exactly one hidden layer.

    Notes
    -----
    One pass over the weights in rational arithmetic.

    Examples
    --------
    >>> jumps(ReluNetwork([[[2], [-1], [1]], [[1, 1, 1]]], [[-2, 1, 0], [0]]))
    {(1, -1): (Fraction(3, 1),), (1, 0): (Fraction(1, 1),)}
    """
    if net.depth != 1:
        raise InvalidInput(f"net must have one hidden layer, got {net.depth}; use has_one_region")
    (first, last), (offsets, _) = net.exact.weights, net.exact.biases
    columns = last.transpose().tolist()
    found: dict[Row, list[fmpq]] = {}
    for weights, offset, outputs in zip(first.tolist(), offsets, columns, strict=True):
        if any(weights):
            row = primitive([*weights, offset])
            k = next(k for k, x in enumerate(row) if x)
            size = abs(weights[k] / row[k])
            row = row if row[k] > 0 else tuple(-x for x in row)
            jump = found.setdefault(row, [fmpq(0)] * len(outputs))
            found[row] = [j + a * size for j, a in zip(jump, outputs, strict=True)]
    return {row: tuple(map(fraction, jump)) for row, jump in found.items()}


def surviving_hyperplanes(net: ReluNetwork) -> list[Row]:
    """The hyperplanes of one hidden layer across which the gradient jumps: its linear regions.

    The cells of these hyperplanes are the convex and the open connected regions of the network.

    Examples
    --------
    >>> surviving_hyperplanes(ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]]))
    []
    """
    return [row for row, jump in jumps(net).items() if any(jump)]


def has_one_region(net: ReluNetwork, domain: Any = None) -> Affinity:
    """Whether a network is affine on a domain, decided exactly.

    Parameters
    ----------
    net : ReluNetwork
        Any depth, any number of outputs.
    domain : Box, Polytope or WholeSpace, optional

    Returns
    -------
    Affinity
        On an empty domain it holds.

    Notes
    -----
    At most one hidden layer: polynomial in its size on R^d and on boxes, and one double description
    of the domain otherwise.  Deeper networks: cells are compared until two maps differ, so a
    negative answer is usually quick and a positive one takes the whole enumeration (the question is
    NP-hard from two hidden layers on).

    References
    ----------
    Stargalla, Hertrich, Reichman, arXiv 2505.16716: the one-hidden-layer question is in P.

    Examples
    --------
    >>> identity = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> has_one_region(identity).verdict.name
    'HOLDS'
    >>> has_one_region(ReluNetwork([[[1]], [[1]]], [[0], [0]])).verdict.name
    'FAILS'
    """
    domain = resolve(domain, net.input_dim)
    reduced = reduce(domain)
    if reduced is None or reduced.domain.dim == 0 or net.depth == 0:
        return Affinity(Verdict.HOLDS)
    if net.depth > 1:
        return _compare(net, domain)
    inner = net if reduced.A is None else net.restrict(reduced.A, list(reduced.b))
    found = _crossing_jump(inner, reduced.domain)
    if found is None:
        return Affinity(Verdict.HOLDS)
    return Affinity(Verdict.FAILS, tuple(map(reduced.lift, found)))


def _compare(net: ReluNetwork, domain: Polyhedron) -> Affinity:
    keys, first = MapKeys(net, domain), None
    for cell in enumeration.cells(net, domain):
        first = first or cell
        if keys.number(cell):
            return Affinity(Verdict.FAILS, _bent(net, first, cell))
    return Affinity(Verdict.HOLDS)


def _bent(net: ReluNetwork, first: Cell, second: Cell) -> Triple:
    """Collinear points on which f is not affine: two in one cell, the last in another one."""
    start, end = first.interior_point, _differing(first, second)
    share = Fraction(1, 2)
    while True:
        middle = tuple(a + share * (b - a) for a, b in zip(start, end, strict=True))
        if net.pattern(middle) == first.pattern:
            return start, middle, end
        share /= 2


def _differing(first: Cell, second: Cell) -> Point:
    """A point of the second cell at which the maps of the two differ: some corner of a simplex."""
    inside = second.interior_point
    for g in [(*inside, 1), *second.generators()[0]]:
        reach = [Fraction(x, g[-1]) if g[-1] else y + x for x, y in zip(g, inside, strict=False)]
        point = tuple((x + y) / 2 for x, y in zip(reach, inside, strict=True))
        if any(first.gradient @ point + first.offset != second.gradient @ point + second.offset):
            return point
    raise Undecided("two affine maps agree on a full-dimensional cell", None)


def _crossing_jump(net: ReluNetwork, domain: Polyhedron) -> Triple | None:
    """Points on either side of a hyperplane with a jump, in a full-dimensional domain."""
    found = jumps(net)
    for row, jump in found.items():
        if any(jump) and (point := _inner_point(row, domain)) is not None:
            others = [r for r, j in found.items() if r != row and any(j)]
            return _across(row, point, others, domain.halfspaces())
    return None


def _inner_point(row: Row, domain: Polyhedron) -> Point | None:
    """A point of a hyperplane in the interior of a full-dimensional domain, or None."""
    if isinstance(domain, WholeSpace):
        size = sum(a * a for a in row[:-1])
        return tuple(Fraction(-row[-1] * a, size) for a in row[:-1])
    if isinstance(domain, Box):
        sides = [(lo, up) if a > 0 else (up, lo) if a < 0 else ((lo + up) / 2,) * 2
                 for a, lo, up in zip(row, domain.lower, domain.upper, strict=False)]
        low, high = zip(*sides, strict=True)
        return _meet(row, low, high) if _value(row, low) < 0 < _value(row, high) else None
    lines, rays, _ = domain.generators()
    reach = [*rays, *lines, *(tuple(-x for x in line) for line in lines)]
    vertices = [[Fraction(x, r[-1]) for x in r[:-1]] for r in rays if r[-1]]
    middle = [sum(column) / len(vertices) for column in zip(*vertices, strict=True)]
    middle = tuple(m + sum(r[k] for r in reach if not r[-1]) for k, m in enumerate(middle))
    return _towards(row, middle, reach)


def _towards(row: Row, middle: Point, reach: list[Row]) -> Point | None:
    """Where the hyperplane is met on the way from an inner point to or along a generator."""
    here = _value(row, middle)
    if here == 0:
        return middle
    for g in reach:
        if g[-1]:
            end = tuple(Fraction(x, g[-1]) for x in g[:-1])
        else:
            slope = sum(a * x for a, x in zip(row, g[:-1], strict=False))
            far = 2 * abs(here / slope) if slope else 0
            end = tuple(m + far * x for m, x in zip(middle, g, strict=False))
        if here * _value(row, end) < 0:
            return _meet(row, middle, end)
    return None


def _across(row: Row, start: Point, others: list[Row], walls: list[Row]) -> Triple:
    """A step across the hyperplane at a point of it that lies on no other one."""
    normal, rng, point = row[:-1], random.Random(0), start
    tries = 0
    while any(_value(r, point) == 0 for r in others) or any(_value(r, point) <= 0 for r in walls):
        tries += 1
        u = [rng.randint(-50, 50) for _ in normal]
        along, size = sum(a * b for a, b in zip(normal, u, strict=True)), sum(a * a for a in normal)
        scale = Fraction(1, 2**tries * size)
        point = tuple(p + scale * (size * b - along * a)
                      for p, a, b in zip(start, normal, u, strict=True))
    room = [abs(_value(r, point) / slope) for r in [*others, *walls]
            if (slope := sum(a * b for a, b in zip(normal, r, strict=False)))]
    step = min(room, default=Fraction(2)) / 2
    ends = (tuple(p + s * a for p, a in zip(point, normal, strict=True)) for s in (-step, step))
    low, high = ends
    return low, point, high


def _value(row: Row, point: Sequence[Fraction]) -> Fraction:
    return sum((a * x for a, x in zip(row, point, strict=False)), Fraction(row[-1]))


def _meet(row: Row, x: Sequence[Fraction], y: Sequence[Fraction]) -> Point:
    a, b = _value(row, x), _value(row, y)
    return tuple((a * q - b * p) / (a - b) for p, q in zip(x, y, strict=True))
