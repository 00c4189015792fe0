"""The exact maximum of a network by branch and bound: proved float bounds, exact leaves.

Sub-boxes of [-1, 1]^d are halved, the one with the greatest upper bound first. Halving is exact in
floats, and the bounds are outward-rounded back-substitution. A box on which few neurons change
sign is a leaf: its maximum is exact, by its regions. The search ends when no bound exceeds the
exact value that is attained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box
from relu_theory.exact.numbers import fraction, rational
from relu_theory.intervals import FloatInterval, Interval
from relu_theory.network import ReluNetwork
from relu_theory.regions import output_range
from relu_theory.relaxation.float_bounds import bounds_on_boxes
from relu_theory.relaxation.trace import linear_trace

__all__ = ["BranchAndBound"]

Floats = NDArray[np.float64]
# Boxes that are halved together, neurons that may change sign on a leaf, and its least width.
TOGETHER, FEW, THIN = 64, 8, 2.0**-40
# Where a float bound is this close to the value, relatively, the bound is computed exactly.
NEAR = 1e-12
Point = tuple[Fraction, ...]


@dataclass
class _Boxes:
    """k boxes with proved upper bounds, how many neurons change sign, and where to halve."""

    lower: Floats
    upper: Floats
    bound: Floats
    unstable: NDArray[np.int64]
    axis: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bound)

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> _Boxes:
        return _Boxes(*(part[chosen] for part in self._parts()))

    def with_(self, other: _Boxes) -> _Boxes:
        pairs = zip(self._parts(), other._parts(), strict=True)
        return _Boxes(*(np.concatenate(pair) for pair in pairs))

    def is_leaf(self, i: int) -> bool:
        """Whether a box is decided exactly."""
        return bool(self.unstable[i] <= FEW or (self.upper[i] - self.lower[i]).max() < THIN)

    def halves(self) -> tuple[Floats, Floats]:
        """The ends of both halves of every box."""
        rows = np.arange(len(self))
        lower, upper = self.lower.copy(), self.upper.copy()
        middle = (lower[rows, self.axis] + upper[rows, self.axis]) / 2
        lower[rows, self.axis] = upper[rows, self.axis] = middle
        return np.concatenate([self.lower, lower]), np.concatenate([upper, self.upper])

    def _parts(self) -> tuple[NDArray, ...]:
        return self.lower, self.upper, self.bound, self.unstable, self.axis


@dataclass
class BranchAndBound:
    """The search for the maximum of a network with one output on [-1, 1]^d.

    Attributes
    ----------
    value, point : Fraction and d Fractions
        The greatest value found so far, which the network takes at the point.
    examined, work : int
        Boxes that were bounded, and the work so far: 1 for each of them, 10 for a bound that was
        made exact, 50 for a box that was decided exactly.
    """

    net: ReluNetwork
    value: Fraction = field(init=False)
    point: Point = field(init=False)
    examined: int = 0
    work: int = 0
    _open: _Boxes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ones = np.ones((1, self.net.input_dim))
        self.point = (Fraction(0),) * self.net.input_dim
        self.value = self.net.forward_exact(self.point)[0]
        self._open = self._bounded(-ones, ones)

    @property
    def upper(self) -> Fraction | float:
        """A proved upper bound of the maximum."""
        rest = float(self._open.bound.max(initial=-math.inf))
        return max(self.value, fraction(rest) if math.isfinite(rest) else rest)

    def run(self, limit: int) -> bool:
        """Whether the maximum is found before the work exceeds the limit."""
        while len(self._open) and self.work < limit:
            self._step()
        return not len(self._open)

    def _step(self) -> None:
        order = np.argsort(-self._open.bound, kind="stable")
        first, self._open = self._open.take(order[:TOGETHER]), self._open.take(order[TOGETHER:])
        rest = first.take(np.array([not self._closed(first, i) for i in range(len(first))]))
        if len(rest):
            self._open = self._open.with_(self._bounded(*rest.halves()))
        # A bound is compared with the exact value, not with a float near it.
        self._open = self._open.take(self._open.bound > _below(self.value))

    def _closed(self, boxes: _Boxes, i: int) -> bool:
        """Whether the value is now known to be no smaller than the maximum over a box."""
        bound, leaf = float(boxes.bound[i]), boxes.is_leaf(i)
        near = bound - NEAR * (1 + abs(bound)) <= _below(self.value)
        if bound <= self.value or not (leaf or near):
            return bound <= self.value
        box = Box(boxes.lower[i].tolist(), boxes.upper[i].tolist())
        if near and self._exact_bound(box) <= self.value:
            return True
        if leaf:
            self._decide(box)
        return leaf

    def _exact_bound(self, box: Box) -> Fraction:
        self.work += 10
        ends = Interval(*(list(map(rational, end)) for end in (box.lower, box.upper)))
        trace = linear_trace(self.net, ends, "crown", None)
        return fraction(trace.intervals[-1].upper[0])

    def _decide(self, box: Box) -> None:
        self.work += 50
        (found,) = output_range(self.net, box)
        assert found.argmax is not None
        if found.maximum > self.value:
            self.value, self.point = fraction(found.maximum), found.argmax

    def _bounded(self, lower: Floats, upper: Floats) -> _Boxes:
        self.examined += len(lower)
        self.work += len(lower)
        layers, forms = bounds_on_boxes(self.net, FloatInterval(lower, upper), "crown")
        gradient = forms[:, 1]
        self._try(np.where(gradient < 0, upper, lower))
        unstable = np.concatenate([(low < 0) & (up > 0) for low, up in layers[:-1]], axis=1)
        slopes = np.nan_to_num(np.abs(gradient), posinf=0.0)
        # The mean keeps directions in play in which the form above the network is flat.
        score = (upper - lower) * (slopes + slopes.mean(axis=1, keepdims=True) + 1e-300)
        axis = score.argmax(axis=1)
        return _Boxes(lower, upper, layers[-1].upper[:, 0], unstable.sum(axis=1), axis)

    def _try(self, points: Floats) -> None:
        """Raise the value attained, if the best of some points does."""
        with np.errstate(all="ignore"):
            values = np.nan_to_num(self.net.forward(points)[:, 0], nan=-math.inf)
        best = int(values.argmax())
        if values[best] > self.value:
            value = self.net.forward_exact(points[best].tolist())[0]
            if value > self.value:
                self.value, self.point = value, tuple(map(fraction, points[best].tolist()))


def _below(value: Fraction) -> float:
    """A float at most the value."""
    try:
        return math.nextafter(float(value), -math.inf)
    except OverflowError:
        return -math.inf if value < 0 else np.finfo(float).max
