"""Extremes of a network on a box by its regions, where those that cannot matter are left out.

Only the regions of the first hidden layer are enumerated. On each, linear bounds of the later
layers are evaluated at the vertices, in floats with a bound on all their errors; a region is
enumerated exactly if these do not exclude that it holds the extreme.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box, Polytope
from relu_theory.intervals import UNIT
from relu_theory.network import ReluNetwork
from relu_theory.regions import Cell, cells, output_range

__all__ = ["extreme_over_regions"]

Floats = NDArray[np.float64]
TOGETHER = 2048
Point = tuple[Fraction, ...]


def extreme_over_regions(net: ReluNetwork) -> tuple[Fraction, Point]:
    """The exact maximum of a network with one output on [-1, 1]^d, and a point that attains it."""
    search = _Search(net)
    stream = cells(_first_layer(net), Box(-1, 1, dim=net.input_dim))
    while chunk := list(islice(stream, TOGETHER)):
        search.visit(chunk)
    return search.extreme()


def _first_layer(net: ReluNetwork) -> ReluNetwork:
    weight = net.exact.weights[0]
    zeros = [[0] * weight.nrows()]
    return ReluNetwork([weight.table(), zeros], [net.exact.biases[0], [0]])


@dataclass
class _Search:
    """Regions of the first layer that may hold the maximum of a network on [-1, 1]^d.

    ``waiting`` holds (bound, region), ``floor`` a value that the network attains.
    """

    net: ReluNetwork
    waiting: list[tuple[float, Cell]] = field(default_factory=list)
    floor: float = -np.inf

    def visit(self, chunk: list[Cell]) -> None:
        """Bound the output on every region of a chunk."""
        points, starts, error = _vertices(chunk)
        upper, true, slack = _enclosed(self.net, points, starts, error)
        best = np.maximum.reduceat(upper, starts) + slack
        self.floor = max(self.floor, float(true.max() - slack))
        self.waiting += [(float(b), c) for b, c in zip(best, chunk, strict=True)
                         if not b < self.floor]  # fmt: skip

    def extreme(self) -> tuple[Fraction, Point]:
        """The exact maximum and a point where it is attained."""
        value: Fraction | None = None
        point: Point = ()
        for bound, cell in sorted(self.waiting, key=lambda pair: -pair[0]):
            if bound < self.floor or (value is not None and bound <= value):
                break
            (found,) = output_range(self.net, _polytope(cell))
            if value is None or found.maximum > value:
                assert isinstance(found.maximum, Fraction)
                assert found.argmax is not None
                value, point = found.maximum, found.argmax
        assert value is not None  # the region of the floor is among those that wait
        return value, point


def _vertices(chunk: list[Cell]) -> tuple[Floats, NDArray[np.int64], float]:
    """Vertices of regions one after the other, where each region starts, and their error."""
    parts = [cell.float_generators() for cell in chunk]
    rays, delta = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    starts = np.cumsum([0, *(len(part[1]) for part in parts[:-1])])
    with np.errstate(all="ignore"):
        points = rays[:, :-1] / rays[:, -1:]
        size = 1.0 + np.abs(points).max(axis=1)
        error = 1.01 * size * (delta / (rays[:, -1] - delta) + 4 * UNIT)
    good = (rays[:, -1] > 2 * delta) & np.isfinite(error)
    return points, starts, float(error.max()) if good.all() else np.inf


def _enclosed(
    net: ReluNetwork, points: Floats, starts: NDArray[np.int64], error: float
) -> tuple[Floats, Floats, float]:
    """Affine functions above the output on regions, by their values at vertices.

    Returns them, the output at the vertices, and a bound on the errors of both.
    """
    lengths = np.diff([*starts, len(points)])
    low = up = true = points
    slack = np.full(points.shape[1], error)
    with np.errstate(all="ignore"):
        for level, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
            if level == 1:
                # On a region of the first layer its activations are affine.
                low = up = true = np.maximum(true, 0.0)
            elif level > 1:
                low, up, lost = _lines(low, up, starts, lengths, slack)
                slack, true = slack + lost, np.maximum(true, 0.0)
            plus, minus = np.maximum(weight, 0.0), np.minimum(weight, 0.0)
            largest = np.maximum(np.abs(low), np.abs(up)).max(axis=0)
            total = np.abs(weight) @ (np.maximum(largest, np.abs(true).max(axis=0)) + slack)
            rounding = 4 * (weight.shape[1] + 8) * UNIT * (total + np.abs(bias)) + 1e-290
            image = true @ weight.T + bias
            if level < 2:
                low = up = image
            else:
                low, up = (a @ plus.T + b @ minus.T + bias for a, b in ((low, up), (up, low)))
            true = image
            slack = (np.abs(weight) @ slack + rounding) * (1 + 1e-9)
    lost = float(slack[0]) if np.isfinite(slack[0]) else np.inf
    return np.nan_to_num(up[:, 0]), np.nan_to_num(true[:, 0]), lost


def _lines(
    low: Floats, up: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64], slack: Floats
) -> tuple[Floats, Floats, Floats]:
    """Affine functions below and above relu(a), from such functions around a."""
    left = np.minimum.reduceat(low, starts) - slack
    right = np.maximum.reduceat(up, starts) + slack
    unstable = (left < 0) & (right > 0)
    slope = np.where(unstable, right / np.where(unstable, right - left, 1.0), left >= 0)
    shift = np.where(unstable, -slope * left, 0.0)
    below = np.where(unstable, right > -left, left >= 0)
    slope, shift, below = (np.repeat(part, lengths, axis=0) for part in (slope, shift, below))
    lost = 16 * UNIT * (np.abs(left).max(axis=0) + np.abs(right).max(axis=0))
    return np.where(below, low, 0.0), slope * up + shift, lost


def _polytope(cell: Cell) -> Polytope:
    """The closed region as a polytope."""
    facets = cell.facets()
    return Polytope([[-v for v in f.normal] for f in facets], [f.offset for f in facets])
