"""The exact range of each output of a network on a polyhedron."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.domain import Polyhedron
from relu_theory.errors import InvalidInput
from relu_theory.exact import float_of
from relu_theory.network import ReluNetwork
from relu_theory.regions.cell import Cell, Point, Row
from relu_theory.regions.enumeration import cells
from relu_theory.regions.float_maps import UNIT, float_maps, linear_bounds

__all__ = ["OutputRange", "output_range"]

Floats = NDArray[np.float64]
# Cells looked at together, and candidates that may wait for an exact decision.
TOGETHER, WAITING = 1024, 4096


class OutputRange(NamedTuple):
    """The range of one output.

    Attributes
    ----------
    minimum, maximum : Fraction, or -inf / inf where the output is unbounded
    argmin, argmax : tuple of d Fractions, or None where it is unbounded
        Points of the domain at which the ends are attained.
    """

    minimum: Fraction | float
    maximum: Fraction | float
    argmin: Point | None
    argmax: Point | None


def output_range(net: ReluNetwork, domain: Polyhedron | None = None) -> list[OutputRange]:
    """Exact minimum and maximum of every output of a network on a domain.

    Parameters
    ----------
    net : ReluNetwork
        d inputs, any depth.
    domain : Box, Polytope or WholeSpace, optional
        All of R^d by default; lower-dimensional ones are treated within their affine hull.

    Returns
    -------
    list of OutputRange, one per output

    Raises
    ------
    InvalidInput
        When the domain is empty.

    Notes
    -----
    On a region the network is affine: it takes its extremes at vertices, or has none because it
    grows along an unbounded edge. All regions are streamed; float maps and float vertices with
    proved error bounds rule out nearly all vertices, and those that are left are decided exactly.
    Time is that of the stream; a network that takes its extreme at very many vertices costs an
    exact evaluation for each.

    Examples
    --------
    >>> from relu_theory import Box, ReluNetwork
    >>> tent = ReluNetwork([[[2], [4]], [[1, -1]]], [[0, -2], [0]])
    >>> output_range(tent, Box("1/8", "3/4", dim=1))[0].maximum
    Fraction(1, 1)
    >>> output_range(tent)[0]
    OutputRange(minimum=-inf, maximum=Fraction(1, 1), argmin=None, argmax=(Fraction(1, 2),))
    """
    ends = [_End(net, out, sign) for out in range(net.output_dim) for sign in (-1, 1)]
    stream, empty = cells(net, domain), True
    while chunk := list(islice(stream, TOGETHER)):
        empty = False
        _visit(chunk, ends)
        if all(end.unbounded for end in ends):
            break
    if empty:
        raise InvalidInput("domain must not be empty: no output has a range on it; give another")
    low, high = (list(map(_End.result, ends[k::2])) for k in (0, 1))
    return [OutputRange(a, b, x, y) for (a, x), (b, y) in zip(low, high, strict=True)]


class _Candidate(NamedTuple):
    """A vertex that may attain an end: bound on its value, its cell, the cell's map and error."""

    upper: float
    cell: Cell
    ray: int
    map: Floats
    error: Floats


@dataclass
class _End:
    """The search for the largest value of sign * output."""

    net: ReluNetwork
    output: int
    sign: int
    unbounded: bool = False
    value: Fraction | None = None
    point: Point | None = None
    # The true maximum is not below this float.
    floor: float = -math.inf
    waiting: list[_Candidate] = field(default_factory=list)

    def offer(self, found: list[_Candidate]) -> None:
        """Let candidates wait, or decide when they are many."""
        self.waiting += found
        if len(self.waiting) > WAITING:
            self.decide()

    def decide(self) -> None:
        """Decide exactly between the vertices that wait and may still win."""
        found: dict[Row, tuple[float, Point]] = {}
        for candidate in self.waiting:
            if not candidate.upper < self.floor:
                ray, point = candidate.cell.exact_vertex(candidate.ray)
                if ray not in found:
                    found[ray] = self._closer_look(candidate, ray), point
        for upper, point in sorted(found.values(), key=lambda pair: -pair[0]):
            if not upper < self.floor and (self.value is None or upper > self.value):
                self._try(point)
        self.waiting = []

    def _closer_look(self, candidate: _Candidate, ray: Row) -> float:
        """A better upper bound from the well rounded exact vertex."""
        rounded = np.array([[float_of(fmpq(x, ray[-1])) for x in ray]])
        delta = np.full(1, UNIT * np.abs(rounded).max())
        if rounded.shape[1] != len(candidate.map):
            return math.inf
        (value,), (bound,) = linear_bounds(candidate.map[None], candidate.error, rounded, delta)
        self.floor = max(self.floor, self.sign * value - bound)
        return float(self.sign * value + bound)

    def _try(self, point: Point) -> None:
        value = self.sign * self.net.forward_exact(point)[self.output]
        if self.value is None or value > self.value:
            self.value, self.point = value, point

    def result(self) -> tuple[Fraction | float, Point | None]:
        """The end of the range and where it is attained."""
        if self.unbounded:
            return self.sign * math.inf, None
        self.decide()
        return self.sign * self.value, self.point


@dataclass
class _Generators:
    """Generators of some cells: rays (n, k + 1) up to delta (n,), owner and position of each."""

    rays: Floats
    delta: Floats
    owner: NDArray[np.int64]
    position: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> _Generators:
        return _Generators(*(x[chosen] for x in vars(self).values()))


def _visit(chunk: list[Cell], ends: list[_End]) -> None:
    parts = [cell.float_generators() for cell in chunk]
    counts = [len(delta) for _, delta in parts]
    both = _Generators(
        np.concatenate([rays for rays, _ in parts]),
        np.concatenate([delta for _, delta in parts]),
        np.repeat(np.arange(len(chunk)), counts),
        np.concatenate([np.arange(count) for count in counts]),
    )
    finite = both.rays[:, -1] > 2 * both.delta
    for k in np.flatnonzero(~finite):
        finite[k] = chunk[both.owner[k]].exact_generator(int(both.position[k]))[-1] > 0
    vertices, directions = both.of(finite), both.of(~finite)
    maps, errors = _maps(chunk, both.rays.shape[1])
    for out in range(maps.shape[1]):
        pair = [end for end in ends if end.output == out]
        for end in pair:
            if not end.unbounded:
                _follow(chunk, directions, maps[:, out], errors[out], end)
        if not all(end.unbounded for end in pair):
            _compare(chunk, vertices, maps[:, out], errors[out], pair)


def _maps(chunk: list[Cell], size: int) -> tuple[Floats, Floats]:
    net, patterns, pattern_at = Cell.packed_patterns(chunk)
    if net.input_dim + 1 != size:
        # The domain is a point: the network is not restricted to it.
        nothing = np.zeros((len(chunk), net.output_dim, size))
        return nothing, np.full(nothing.shape[1:], math.inf)
    return float_maps(net, patterns, pattern_at)


def _compare(
    chunk: list[Cell], found: _Generators, maps: Floats, errors: Floats, ends: list[_End]
) -> None:
    """Offer the vertices to both ends of an output."""
    own = maps[found.owner]
    value, bound = linear_bounds(own, errors, found.rays, found.delta)
    last, delta = found.rays[:, -1], found.delta
    with np.errstate(all="ignore"):
        value = value / last
        slack = (bound + np.abs(value) * delta) / (last - delta) + 4 * UNIT * np.abs(value)
    known = (last > 2 * delta) & np.isfinite(value) & np.isfinite(slack)
    slack = np.where(known, slack, math.inf)
    value, slack = np.where(slack < math.inf, value, 0.0), slack * (1 + 1e-12)
    for end in ends:
        if not end.unbounded:
            upper, lower = end.sign * value + slack, end.sign * value - slack
            end.floor = max(end.floor, float(lower.max(initial=-math.inf)))
            end.offer([
                _Candidate(float(upper[k]), chunk[found.owner[k]], int(found.position[k]), own[k],
                           errors)
                for k in np.flatnonzero(~(upper < end.floor))
            ])


def _follow(
    chunk: list[Cell], found: _Generators, maps: Floats, errors: Floats, end: _End
) -> None:
    """Whether the value grows along an unbounded edge of some cell, or along a line."""
    value, bound = linear_bounds(maps[found.owner], errors, found.rays, found.delta)
    for k in np.flatnonzero(~(end.sign * value + bound < 0)):
        cell = chunk[found.owner[k]]
        if _grows(cell, [cell.exact_generator(int(found.position[k]))[:-1]], end):
            return
    if end.net.depth == 0 and chunk[0].lines():
        lines = chunk[0].lines()
        _grows(chunk[0], [*lines, *(tuple(-x for x in line) for line in lines)], end)


def _grows(cell: Cell, directions: Iterable[Row], end: _End) -> bool:
    gradient = cell.gradient[end.output]
    slopes = [sum(g * x for g, x in zip(gradient, u, strict=True)) for u in directions]
    end.unbounded = end.unbounded or any(end.sign * slope > 0 for slope in slopes)
    return end.unbounded
