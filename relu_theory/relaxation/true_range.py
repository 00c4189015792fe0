"""The true range of a network on a box: exact, with regions that cannot matter left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box, Polytope
from relu_theory.intervals import UNIT, enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import Cell, OutputRange, cells, output_range

__all__ = ["range"]

Floats = NDArray[np.float64]
TOGETHER = 2048
Point = tuple[Fraction, ...]


def range(net: ReluNetwork, box: Any) -> list[OutputRange]:
    """The exact minimum and maximum of every output on a box, with points that attain them.

    Parameters
    ----------
    net : ReluNetwork
    box : Box or bounded Polytope
        A polytope is replaced by the smallest box around it; for the range on the polytope itself
        see `relu_theory.regions.output_range`.

    Returns
    -------
    list of OutputRange, one per output
        ``minimum``, ``maximum``, ``argmin``, ``argmax``, all rational.

    Raises
    ------
    InvalidInput, ShapeError
        When the domain is empty or unbounded, or does not fit the network.

    Notes
    -----
    With up to two inputs or one hidden layer this is `relu_theory.regions.output_range`. Otherwise
    only the regions of the first hidden layer are enumerated. On each, linear bounds of the later
    layers are evaluated at the vertices, in floats with a bound on all their errors; a region is
    enumerated exactly if these do not exclude that it holds the extreme.

    Examples
    --------
    >>> net = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> range(net, Box([0, 0], [1, "1/3"]))[0].maximum
    Fraction(1, 1)
    """
    domain = enclosing_box(box, net.input_dim)
    free = [i for i, (a, b) in enumerate(zip(domain.lower, domain.upper, strict=True)) if a < b]
    if len(free) <= 2 or net.depth <= 1:
        return output_range(net, domain)
    return _pruned(net, domain, free)


def _pruned(net: ReluNetwork, box: Box, free: Sequence[int]) -> list[OutputRange]:
    centre = [(a + b) / 2 for a, b in zip(box.lower, box.upper, strict=True)]
    half = [(b - a) / 2 for a, b in zip(box.lower, box.upper, strict=True)]
    columns = [[half[i] if i == j else Fraction(0) for j in free] for i in _count(net.input_dim)]
    moved = net.restrict(columns, centre)
    search = _Search(moved)
    stream = cells(_first_layer(moved), Box(-1, 1, dim=len(free)))
    while chunk := list(islice(stream, TOGETHER)):
        search.visit(chunk)

    def back(t: Point) -> Point:
        steps = (sum(c * v for c, v in zip(row, t, strict=True)) for row in columns)
        return tuple(c + step for c, step in zip(centre, steps, strict=True))

    found = []
    for out in _count(net.output_dim):
        (low, x), (high, y) = (search.extreme(out, sign) for sign in (-1, 1))
        found.append(OutputRange(-low, high, back(x), back(y)))
    return found


def _count(size: int) -> Sequence[int]:
    return np.arange(size).tolist()


def _first_layer(net: ReluNetwork) -> ReluNetwork:
    weight = net.exact.weights[0]
    zeros = [[0] * weight.nrows()]
    return ReluNetwork([weight.table(), zeros], [net.exact.biases[0], [0]])


@dataclass
class _Search:
    """Regions of the first layer that may hold an extreme of an output of a network on [-1, 1]^d.

    ``waiting[out, sign]`` holds (bound, region) for sign * output, ``floor[out, sign]`` a value
    that it attains.
    """

    net: ReluNetwork
    waiting: dict[tuple[int, int], list[tuple[float, Cell]]] = field(default_factory=dict)
    floor: dict[tuple[int, int], float] = field(default_factory=dict)

    def visit(self, chunk: list[Cell]) -> None:
        """Bound every output on every region of a chunk."""
        points, starts, error = _vertices(chunk)
        lower, upper, true, slack = _enclosed(self.net, points, starts, error)
        for out in _count(self.net.output_dim):
            for sign, form in ((1, upper), (-1, -lower)):
                key = out, sign
                best = np.maximum.reduceat(form[:, out], starts) + slack[out]
                attained = float((sign * true[:, out]).max() - slack[out])
                self.floor[key] = max(self.floor.get(key, -np.inf), attained)
                kept = self.waiting.setdefault(key, [])
                kept += [(float(b), c) for b, c in zip(best, chunk, strict=True)
                         if not b < self.floor[key]]  # fmt: skip

    def extreme(self, out: int, sign: int) -> tuple[Fraction, Point]:
        """The exact maximum of sign * output and a point where it is attained."""
        one = self.net.select(out).scale(sign)
        value: Fraction | None = None
        point: Point = ()
        for bound, cell in sorted(self.waiting[out, sign], key=lambda pair: -pair[0]):
            if bound < self.floor[out, sign] or (value is not None and bound <= value):
                break
            (found,) = output_range(one, _polytope(cell))
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
) -> tuple[Floats, Floats, Floats, Floats]:
    """Affine lower and upper functions of the outputs on regions, by their values at vertices.

    Returns them, the outputs at the vertices, and a bound on the errors of all three.
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
    slack = np.where(np.isfinite(slack), slack, np.inf)
    return (*(np.nan_to_num(form) for form in (low, up, true)), slack)


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
