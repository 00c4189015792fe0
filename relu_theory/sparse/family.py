"""All interpolants with the least number of knots, as a layered graph.

An interpolant is described at every data point by the slopes on both sides, compared with the
slopes of the chords there. On a chord it leaves with a slope above, on or below it and arrives
likewise; that fixes how many knots the open segment needs at least (0 along the chord, 1 if it
leaves on one side and arrives on the other, 2 otherwise). At a data point a knot is needed exactly
when no single slope has both comparisons. Interpolants of least knots are the shortest paths of
that graph, and within one path all free slopes vary independently in open intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq

from relu_theory.cpwl import CPWL
from relu_theory.sparse.intervals import Interval, merged, slope_range, weighted
from relu_theory.sparse.points import Points

__all__ = ["Edge", "Family"]

SIDES = (-1, 0, 1)


class Edge(NamedTuple):
    """A step of the graph: how a chord is left and reached, or how a data point is passed."""

    left: int
    right: int
    cost: int


@dataclass(frozen=True, eq=False)
class Family:
    """The set of all interpolants with the least number of knots.

    Made by `relu_theory.sparse.interpolate` with p = 0, as ``.family``.

    Attributes
    ----------
    points : Points

    Notes
    -----
    Layers 0, 2, 4, ... of the graph hold the comparison with which a chord is left, layers
    1, 3, ... that with which it is reached: -1 below the chord, 0 along it, 1 above. Time and
    memory are linear in the number of points.
    """

    points: Points

    @cached_property
    def _steps(self) -> list[list[Edge]]:
        """Edges of the graph that lie on shortest paths, for every layer but the last."""
        steps = [self._all_edges(layer) for layer in range(2 * len(self.points) - 3)]
        ahead = _distances(steps, forwards=True)
        behind = _distances(steps, forwards=False)
        best = min(behind[0].values())
        return [
            [e for e in edges if ahead[i][e.left] + e.cost + behind[i + 1][e.right] == best]
            for i, edges in enumerate(steps)
        ]

    def _all_edges(self, layer: int) -> list[Edge]:
        if layer % 2 == 0:
            return _CHORD_EDGES
        return _POINT_EDGES[int(self.points.signs[layer // 2])]

    @cached_property
    def starts(self) -> frozenset[int]:
        """How the first chord may be left: the first nodes of shortest paths."""
        return frozenset(edge.left for edge in self._steps[0])

    @cached_property
    def count(self) -> int:
        """The least number of knots, as the length of a shortest path."""
        steps = [self._all_edges(layer) for layer in range(2 * len(self.points) - 3)]
        return min(_distances(steps, forwards=False)[0].values())

    @cached_property
    def _knots_before(self) -> list[dict[int, int]]:
        """The number of knots before a node of each layer, the same on all shortest paths."""
        counts = [dict.fromkeys(self.starts, 0)]
        for edges in self._steps:
            counts.append({e.right: counts[-1][e.left] + e.cost for e in edges})
        return counts

    def _folded(
        self, weight: Callable[[int, Edge], Any], combine: Callable[..., Any], one: Any
    ) -> Any:
        """Fold over all shortest paths from the right: combine(weight + rest of the path)."""
        values: dict[int, Any] = dict.fromkeys(SIDES, one)
        for layer in reversed(range(len(self._steps))):
            found: dict[int, list[Any]] = {}
            for e in self._steps[layer]:
                found.setdefault(e.left, []).append(weight(layer, e) + values[e.right])
            values = {side: combine(rest) for side, rest in found.items()}
        return combine([weight(-1, Edge(0, side, 0)) + values[side] for side in self.starts])

    @property
    def num_types(self) -> int:
        """The number of combinatorial types: shortest paths of the graph."""
        return int(self._folded(lambda *_: 0, sum, 1))

    @property
    def dimension(self) -> int:
        """The number of free parameters of the largest type; 0 when there is one interpolant."""
        return int(self._folded(self._freedom, max, 0))

    @property
    def is_unique(self) -> bool:
        """Whether there is only one interpolant: one type, without a free parameter."""
        return self.num_types == 1 and self.dimension == 0

    def _freedom(self, layer: int, edge: Edge) -> int:
        last = layer == len(self._steps) - 1
        if layer == -1:
            return abs(edge.right)
        if layer % 2 == 0:
            # Both knots of a segment with two of them move freely in it.
            return 2 * (edge.cost == 2) + (abs(edge.right) if last else 0)
        left, right = self._slopes_at(layer, edge)
        return (not left.is_point) + (edge.cost and not right.is_point)

    def _slopes_at(self, layer: int, edge: Edge) -> tuple[Interval, Interval]:
        """The ranges of the slope before and after data point (layer + 1) / 2."""
        i = (layer + 1) // 2
        before = slope_range(self.points.slope(i - 1), edge.left)
        after = slope_range(self.points.slope(i), edge.right)
        if edge.cost:
            return before, after
        common = before.intersect(after)
        return common, common

    @cached_property
    def knots(self) -> tuple[tuple[Interval, ...], ...]:
        """For every knot, from left to right, the set of its positions: disjoint intervals.

        Position t belongs to the set of knot k exactly when some interpolant of the family has
        its k-th knot at t.
        """
        places: list[list[Interval]] = [[] for _ in range(self.count)]
        for layer, edges in enumerate(self._steps):
            for edge in edges:
                first = self._knots_before[layer][edge.left]
                for knot in range(first, first + edge.cost):
                    places[knot].extend(self._positions(layer, edge))
        return tuple(merged(intervals) for intervals in places)

    def _positions(self, layer: int, edge: Edge) -> Iterator[Interval]:
        i = layer // 2
        if layer % 2:
            yield Interval.point(self.points.abscissa(i + 1))
            return
        ends = self.points.abscissa(i), self.points.abscissa(i + 1)
        if edge.cost == 2:
            yield Interval(*ends)
            return
        chord = self.points.slope(i)
        for leave, reach in product(self._leaving(i, edge.left), self._reaching(i, edge.right)):
            yield weighted(*ends, leave.distance(chord), reach.distance(chord))

    def _leaving(self, segment: int, side: int) -> Iterable[Interval]:
        """Ranges of the slope with which a segment is left behind its left end."""
        if segment == 0:
            return [slope_range(self.points.slope(0), side)]
        layer = 2 * segment - 1
        return {self._slopes_at(layer, e)[1] for e in self._steps[layer] if e.right == side}

    def _reaching(self, segment: int, side: int) -> Iterable[Interval]:
        if segment == len(self.points) - 2:
            return [slope_range(self.points.slope(segment), side)]
        layer = 2 * segment + 1
        return {self._slopes_at(layer, e)[0] for e in self._steps[layer] if e.left == side}

    def types(self) -> Iterator[tuple[Edge, ...]]:
        """Every shortest path, as its edges from left to right."""
        stack: list[tuple[int, tuple[Edge, ...]]] = [(s, ()) for s in sorted(self.starts)]
        while stack:
            side, path = stack.pop()
            if len(path) == len(self._steps):
                yield path
                continue
            stack += [(e.right, (*path, e)) for e in self._steps[len(path)] if e.left == side]

    def contains(self, f: CPWL) -> bool:
        """Whether a function interpolates the data with the least number of knots."""
        return f.variation(0) == self.count and all(f(x) == y for x, y in self.points.pairs())

    def sample(self, rng: np.random.Generator) -> CPWL:
        """A random member, with rational knots; every type may occur.

        Parameters
        ----------
        rng : numpy.random.Generator
        """
        side = int(rng.choice(sorted(self.starts)))
        path: list[Edge] = []
        for edges in self._steps:
            ways = [e for e in edges if e.left == side]
            path.append(ways[int(rng.integers(len(ways)))])
            side = path[-1].right
        return self.member(path, lambda interval, piece: interval.draw(rng))

    def member(self, path: Sequence[Edge], choose: Callable[[Interval, int | None], fmpq]) -> CPWL:
        """The interpolant of a type whose free parameters are chosen by a function.

        Parameters
        ----------
        path : an entry of `types`
        choose : function of an interval and an index, which returns a number of the interval
            The index says of which piece it is the slope; None asks for a knot.
        """
        points = self.points
        slope = choose(slope_range(points.slope(0), path[0].left), 0)
        first, knots, slopes = slope, [], [slope]
        for layer, edge in enumerate(path):
            if layer % 2:
                if edge.cost:
                    slope = choose(self._slopes_at(layer, edge)[1], len(slopes))
                    knots.append(points.abscissa(layer // 2 + 1))
                    slopes.append(slope)
            elif edge.cost:
                i = layer // 2
                reach = choose(self.reaching(layer, path), len(knots) + edge.cost)
                inner, steps = self._inside(i, edge, slope, reach, choose, len(slopes))
                knots += inner
                slopes += steps
                slope = reach
        return CPWL(knots, slopes, points.ordinate(0) - first * points.abscissa(0))

    def passages(self, segment: int, side: int) -> Iterator[tuple[Edge, ...]]:
        """How a shortest path crosses a segment and passes the data point behind it, if any."""
        layer = 2 * segment
        for first in self._steps[layer]:
            if first.left == side and layer + 1 == len(self._steps):
                yield (first,)
            elif first.left == side:
                yield from ((first, e) for e in self._steps[layer + 1] if e.left == first.right)

    def new_pieces(self, segment: int, edges: tuple[Edge, ...]) -> list[tuple[int, Interval]]:
        """The pieces that begin on such a passage: their indices and the ranges of their slopes."""
        chord, layer = self.points.slope(segment), 2 * segment
        first = edges[0]
        piece = self._knots_before[layer][first.left]
        new = []
        if first.cost == 2:
            new.append(slope_range(chord, -(first.left or first.right)))
        if first.cost:
            new.append(self.reaching(layer, dict(enumerate(edges, layer))))
        if len(edges) > 1 and edges[1].cost:
            new.append(self._slopes_at(layer + 1, edges[1])[1])
        return list(enumerate(new, piece + 1))

    def completed(self, edges: Sequence[Edge], side: int) -> tuple[Edge, ...]:
        """A type that begins with these edges and goes on from a node."""
        path = list(edges)
        while len(path) < len(self._steps):
            path.append(next(e for e in self._steps[len(path)] if e.left == side))
            side = path[-1].right
        return tuple(path)

    def reaching(self, layer: int, path: Sequence[Edge] | dict[int, Edge]) -> Interval:
        """The range of the slope with which a type reaches the right end of a chord."""
        if layer + 1 == len(self._steps):
            return slope_range(self.points.slope(layer // 2), path[layer].right)
        return self._slopes_at(layer + 1, path[layer + 1])[0]

    def _inside(
        self,
        i: int,
        edge: Edge,
        leave: fmpq,
        reach: fmpq,
        choose: Callable[[Interval, int | None], fmpq],
        piece: int,
    ) -> tuple[list[fmpq], list[fmpq]]:
        """The knots inside segment i, and the slopes behind them."""
        low, high, chord = (
            self.points.abscissa(i),
            self.points.abscissa(i + 1),
            self.points.slope(i),
        )
        a, b = abs(leave - chord), abs(reach - chord)
        if edge.cost == 1:
            return [(a * low + b * high) / (a + b)], [reach]
        middle = choose(slope_range(chord, -(edge.left or edge.right)), piece)
        back = abs(middle - chord)
        width = high - low
        second = choose(Interval(low + b * width / (back + b), high), None)
        first = low + ((second - low) * (back + b) - b * width) / (a + back)
        return [first, second], [middle, reach]


def _chord_cost(left: int, right: int) -> int:
    if left == right == 0:
        return 0
    return 1 if left == -right else 2


def _point_cost(bend: int, left: int, right: int) -> int:
    """0 when one slope lies on the given sides of both chords, whose slopes rise by ``bend``."""
    if bend == 0:
        return int(left != right)
    return int(bend * left < bend * right or left == right == 0)


_CHORD_EDGES = [Edge(a, b, _chord_cost(a, b)) for a in SIDES for b in SIDES]
_POINT_EDGES = {
    bend: [Edge(b, a, _point_cost(bend, b, a)) for b in SIDES for a in SIDES] for bend in SIDES
}


def _distances(steps: Sequence[Sequence[Edge]], *, forwards: bool) -> list[dict[int, int]]:
    """The cheapest way to every node from the first layer, or from it to the last layer."""
    layers = [dict.fromkeys(SIDES, 0)]
    for edges in steps if forwards else reversed(steps):
        reached: dict[int, int] = {}
        for e in edges:
            source, target = (e.left, e.right) if forwards else (e.right, e.left)
            total = layers[-1][source] + e.cost
            reached[target] = min(total, reached.get(target, total))
        layers.append(reached)
    return layers if forwards else layers[::-1]
