"""Exact answers to the questions that the compiled search could not decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import Any

from flint import fmpq, fmpz_mat

from relu_theory.errors import Undecided
from relu_theory.exact import float_of, nullspace, primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions.face import MASK32, Node, RawFace
from relu_theory.regions.layers import Layer
from relu_theory.regions.maps import ExactMaps
from relu_theory.regions.start import AT_INFINITY

Row = tuple[int, ...]
# Vertices remembered at a time.
REMEMBERED = 1 << 16


class Answers:
    """Signs and counts in rational arithmetic for nodes of the search.

    The affine maps of a pattern are recomputed from the given weights, never taken from the
    search; only which hyperplanes meet in a ray is, and that was decided exactly before.
    """

    def __init__(
        self, net: ReluNetwork, rows: Sequence[Row], layers: list[Layer], *, exact: bool = True
    ) -> None:
        self.rows, self.layers, self.exact = rows, layers, exact
        self.maps = ExactMaps(net)
        self._lines: dict[Any, Row] = {}

    def value(self, node: Node, ray: int, neuron: int) -> float:
        """The value of a neuron at a ray of the node, in the units of the search.

        Zero exactly when it is zero; in float arithmetic (not `exact`) taken as zero.
        """
        if not self.exact:
            return 0.0
        coordinates = self.ray(node, ray)
        maps = self.maps.layer(node, node.level)
        plane = maps.plane(neuron)
        value = _dot(plane, coordinates)
        if value == 0:
            return 0.0
        k = next(i for i, x in enumerate(plane) if x)
        unit = maps.row(neuron)[k] / plane[k]
        unit *= self.layers[node.level].scale[neuron]
        scaled = value * unit * self._ray_scale(node, ray, coordinates)
        answer = float_of(scaled)
        return answer if answer else (1e-300 if scaled > 0 else -1e-300)

    def ray(self, node: RawFace, ray: int) -> Row:
        """The exact primitive ray on the hyperplanes through it, oriented into the node."""
        if node.rays[ray, -1] == 0.0:
            return primitive([int(x) for x in node.rays[ray, :-2].tolist()])
        return self.meeting_ray(node, node.tight(ray))

    def meeting_ray(self, node: RawFace, tight: Sequence[int]) -> Row:
        """The primitive ray in which hyperplanes meet, oriented into the node."""
        vector = self._line(node, tight)
        return vector if self._inside(node, vector) else tuple(-x for x in vector)

    def _line(self, node: RawFace, tight: Sequence[int]) -> Row:
        """The line through the origin in which hyperplanes meet.

        Faces that agree on the hyperplanes and, below the layer of the last of them, on the
        activity of all other neurons have the same line: a neuron that vanishes on it passes on
        the same value, active or not, so the hyperplanes of both faces vanish on both lines.
        """
        top = max(0, max(tight) >> 32)
        below = int.from_bytes(node.prefix(top), "little")
        for source in tight:
            if 0 <= source >> 32 < top:
                bit = 64 * int(node.pattern_at[source >> 32]) + (source & MASK32)
                below &= ~(1 << bit)
        key = (below, *sorted(tight))
        found = self._lines.get(key)
        if found is None:
            found = _common_line([self.plane(node, s) for s in tight])
            if found is None:
                raise Undecided(f"the hyperplanes {tight} do not determine a vertex", None)
            if len(self._lines) >= REMEMBERED:
                self._lines.clear()
            self._lines[key] = found
        return found

    def _inside(self, node: RawFace, vector: Row) -> bool:
        if vector[-1]:
            return vector[-1] > 0
        for source in node.all_sources():
            value = _dot(self.plane(node, source), vector)
            if value:
                if source >= 0 and not node.active(source >> 32, source & MASK32):
                    value = -value
                return value > 0
        raise Undecided("a ray lies on every facet of its cell", None)

    def _ray_scale(self, node: RawFace, ray: int, coordinates: Row) -> fmpq:
        floats = node.rays[ray, :-2].tolist()
        k = max(range(len(floats)), key=lambda i: abs(floats[i]))
        # A ray that floats lost altogether holds zeros, infinities or NaN.
        if not coordinates[k] or not 0 < abs(floats[k]) < math.inf:
            return fmpq(1, max(abs(x) for x in coordinates))
        numerator, denominator = abs(floats[k]).as_integer_ratio()
        return fmpq(numerator, denominator) / abs(coordinates[k])

    def plane(self, node: RawFace, source: int) -> Row:
        """The integer hyperplane (normal, offset) of a facet identity, not oriented."""
        if source == AT_INFINITY:
            return (0,) * (node.rays.shape[1] - 3) + (1,)
        if source < 0:
            return self.rows[-1 - source]
        return self.maps.layer(node, source >> 32).plane(source & MASK32)

    def pieces(self, node: Node) -> int:
        """Number of pieces of a one- or two-dimensional node under its crossing neurons."""
        if not self.exact:
            raise Undecided(
                "float arithmetic cannot tell coincident crossings apart; use arithmetic='exact'",
                None,
            )
        rays = [self.ray(node, r) for r in range(len(node.rays))]
        maps = self.maps.layer(node, node.level)
        lines = [maps.plane(int(i)) for i in node.crossing]
        chords: list[tuple[Row, ...]] = []
        total = 1
        for line in lines:
            ends = _chord(rays, line)
            if ends in chords:
                continue
            points = {p for other in chords if (p := _meeting(ends, other)) is not None}
            chords.append(ends)
            total += 1 + len(points)
        return total


def _common_line(planes: list[Row]) -> Row | None:
    """A primitive vector spanning the common kernel of integer rows, or None if that is no line."""
    size = len(planes[0])
    if size == 3 and len(planes) == 2:
        return _cross(*planes)
    reduced, denominator, found = fmpz_mat([list(row) for row in planes]).rref()
    if int(found) != size - 1:
        return None
    pivots, column = [], 0
    for i in range(size - 1):
        while reduced[i, column] == 0:
            column += 1
        pivots.append(column)
        column += 1
    free = size * (size - 1) // 2 - sum(pivots)
    vector = [0] * size
    vector[free] = int(denominator)
    for i, pivot in enumerate(pivots):
        vector[pivot] = -int(reduced[i, free])
    return primitive(vector)


def _cross(a: Row, b: Row) -> Row | None:
    vector = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return primitive(vector) if any(vector) else None


def _dot(a: Row, b: Row) -> int:
    return sum(map(mul, a, b))


def _between(p: Row, q: Row, vp: int, vq: int) -> Row:
    return primitive([abs(vp) * y + abs(vq) * x for x, y in zip(p, q, strict=True)])


def _chord(rays: list[Row], line: Row) -> tuple[Row, ...]:
    """The extreme rays of the section of a cone over a polygon or segment by a hyperplane."""
    values = [_dot(line, r) for r in rays]
    points = {r for r, v in zip(rays, values, strict=True) if v == 0}
    for p, vp in zip(rays, values, strict=True):
        for q, vq in zip(rays, values, strict=True):
            if vp > 0 > vq:
                points.add(_between(p, q, vp, vq))
    return tuple(sorted(_extreme(points)))


def _extreme(points: set[Row]) -> list[Row]:
    """Drop the points that lie between two others (all lie on a common segment or are one)."""
    everything = sorted(points)
    if len(everything) <= 2:
        return everything
    kept = []
    for p in everything:
        others = [q for q in everything if q != p]
        if not any(_strictly_between(p, a, b) for a in others for b in others if a < b):
            kept.append(p)
    return kept


def _strictly_between(p: Row, a: Row, b: Row) -> bool:
    """Whether p = s a + t b with s, t > 0, for vectors of a common plane."""
    k, m = _independent_pair(a, b)
    det = a[k] * b[m] - a[m] * b[k]
    s, t = p[k] * b[m] - p[m] * b[k], a[k] * p[m] - a[m] * p[k]
    if det < 0:
        det, s, t = -det, -s, -t
    return s > 0 and t > 0 and all(
        det * x == s * y + t * z for x, y, z in zip(p, a, b, strict=True))


def _independent_pair(a: Row, b: Row) -> tuple[int, int]:
    for k in range(len(a)):
        for m in range(k + 1, len(a)):
            if a[k] * b[m] != a[m] * b[k]:
                return k, m
    raise Undecided(f"the rays {a} and {b} coincide", None)


def _meeting(first: tuple[Row, ...], second: tuple[Row, ...]) -> Row | None:
    """The point where two chords cross in the interior of both, or None."""
    if len(first) < 2 or len(second) < 2:
        return None if first != second else first[0]
    columns = [*first, *(tuple(-x for x in r) for r in second)]
    basis = nullspace(fmpz_mat([list(c) for c in columns]).transpose().tolist(), 4)
    for weights in basis if len(basis) == 1 else []:
        if all(w > 0 for w in weights) or all(w < 0 for w in weights):
            a, b = abs(weights[0]), abs(weights[1])
            return primitive([a * x + b * y for x, y in zip(*first, strict=True)])
    return None
