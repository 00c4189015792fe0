"""Data points on a line as integers, and the signs and sizes of their second differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import rational_vector

__all__ = ["Points", "Run", "read_points"]

_LARGEST = 2**62
"""Integers below this fit into int64, and so do their differences."""


@dataclass(frozen=True)
class Run:
    """A maximal run of neighbouring points with the same non-zero curvature.

    Attributes
    ----------
    first : int
        Index of its first point (at least 1: the end points have no curvature).
    length : int
    sign : int
        1 where the slopes increase, -1 where they decrease.
    """

    first: int
    length: int
    sign: int


@dataclass(frozen=True, eq=False)
class Points:
    """At least two points with distinct abscissae, sorted, as integers over common denominators.

    Attributes
    ----------
    x, y : integer arrays of shape (N,)
        int64 where all products of the room fit, Python integers otherwise.
    x_scale, y_scale : int
        The abscissae are x / x_scale, the ordinates y / y_scale.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    x_scale: int
    y_scale: int

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def dx(self) -> NDArray[Any]:
        """Widths of the N - 1 segments (times x_scale)."""
        return np.diff(self.x)

    @cached_property
    def dy(self) -> NDArray[Any]:
        """Rises of the N - 1 segments (times y_scale)."""
        return np.diff(self.y)

    @cached_property
    def bend(self) -> NDArray[Any]:
        """The change of slope at points 1 to N - 2, times the widths on both sides and scales."""
        return self.dy[1:] * self.dx[:-1] - self.dy[:-1] * self.dx[1:]

    @cached_property
    def signs(self) -> NDArray[np.int8]:
        """The sign of the change of slope at points 1 to N - 2."""
        return (self.bend > 0).astype(np.int8) - (self.bend < 0).astype(np.int8)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The maximal runs of equal non-zero curvature, from left to right."""
        starts, lengths, signs = self.run_arrays
        rows = zip(starts.tolist(), lengths.tolist(), signs.tolist(), strict=True)
        return tuple(Run(first + 1, length, sign) for first, length, sign in rows)

    @cached_property
    def run_arrays(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """For each run: its first index into `signs`, its length, its sign."""
        cuts = np.flatnonzero(np.diff(self.signs)) + 1
        starts = np.concatenate(([0], cuts)) if len(self.signs) else np.zeros(0, dtype=np.int64)
        lengths = np.diff(np.append(starts, len(self.signs))) if len(starts) else starts
        bent = self.signs[starts] != 0
        return starts[bent], lengths[bent], self.signs[starts][bent]

    def slope(self, segment: int) -> fmpq:
        """The exact slope of a segment."""
        rise, width = int(self.dy[segment]), int(self.dx[segment])
        return fmpq(rise * self.x_scale, width * self.y_scale)

    def abscissa(self, i: int) -> fmpq:
        """The exact abscissa of a point."""
        return fmpq(int(self.x[i]), self.x_scale)

    def ordinate(self, i: int) -> fmpq:
        """The exact ordinate of a point."""
        return fmpq(int(self.y[i]), self.y_scale)

    def amplitudes(self, run: Run) -> list[fmpq]:
        """The absolute changes of slope at the points of a run."""
        slopes = [self.slope(k) for k in range(run.first - 1, run.first + run.length)]
        return [abs(b - a) for a, b in pairwise(slopes)]

    def pairs(self) -> list[tuple[Fraction, Fraction]]:
        """The points as pairs of Fractions."""
        return [
            (Fraction(x, self.x_scale), Fraction(y, self.y_scale))
            for x, y in zip(self.x.tolist(), self.y.tolist(), strict=True)
        ]


def read_points(x: Iterable[Any], y: Iterable[Any]) -> Points:
    """Points from user input: any order, any exact numbers.

    Raises
    ------
    ShapeError
        When the lengths differ.
    InvalidInput
        For fewer than two distinct abscissae, or one abscissa with two ordinates.
    """
    (xs, x_scale), (ys, y_scale) = _integers(x, "x"), _integers(y, "y")
    if len(xs) != len(ys):
        raise ShapeError(f"x and y must have the same length, got {len(xs)} and {len(ys)}")
    order = np.argsort(xs, kind="stable")
    xs, ys = xs[order], ys[order]
    repeated = np.flatnonzero(xs[1:] == xs[:-1])
    for i in repeated[ys[repeated] != ys[repeated + 1]][:1].tolist():
        raise InvalidInput(
            f"no function passes through two points above x = {Fraction(int(xs[i]), x_scale)}: "
            f"y is {Fraction(int(ys[i]), y_scale)} and {Fraction(int(ys[i + 1]), y_scale)}; "
            "keep one of them"
        )
    xs, ys = np.delete(xs, repeated), np.delete(ys, repeated)
    if len(xs) < 2:
        raise InvalidInput(f"at least two points with distinct x are required, got {len(xs)}")
    return Points(*_narrowed(xs, ys), x_scale, y_scale)


def _integers(values: Iterable[Any], name: str) -> tuple[NDArray[Any], int]:
    """The numbers times their common denominator, and that denominator."""
    quick = _quick_integers(values, name)
    if quick is not None:
        return quick, 1
    rationals = rational_vector(values, name=name)
    pairs = [(int(q.p), int(q.q)) for q in rationals]
    common = lcm(*(q for _, q in pairs)) if pairs else 1
    return _array([p * (common // q) for p, q in pairs]), common


def _quick_integers(values: Any, name: str) -> NDArray[Any] | None:
    if not isinstance(values, np.ndarray):
        if not isinstance(values, (list, tuple, range)) or not all(type(v) is int for v in values):
            return None
        return _array(list(values))
    if values.ndim != 1:
        raise ShapeError(f"{name} must have one axis, got an array of shape {values.shape}")
    if values.dtype.kind not in "iu":
        return None
    if not values.size or (values.max() < _LARGEST and values.min() > -_LARGEST):
        return values.astype(np.int64)
    return _array(values.tolist())


def _array(values: list[int]) -> NDArray[Any]:
    small = not values or max(max(values), -min(values)) < _LARGEST
    return np.array(values, dtype=np.int64 if small else object)


def _narrowed(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """int64 where the numerators of all knots fit as well."""
    width, rise = int(np.diff(x).max()), int(abs(np.diff(y)).max())
    largest = max(abs(int(x[0])), abs(int(x[-1])))
    if 2 * width * rise * (largest + width) < 2**63:
        return x, y
    return x.astype(object), y.astype(object)
