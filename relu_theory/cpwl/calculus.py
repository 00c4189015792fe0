"""Operations on lists of affine pieces: rectifying, composing, extreme values."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import float_of, fraction

__all__ = [
    "Piece",
    "Range",
    "Region",
    "composed",
    "extreme_values",
    "rectified",
    "require_increasing",
    "sampled",
    "turning_points",
]

Piece = tuple[fmpq | None, fmpq | None, fmpq, fmpq]
"""The ends of an interval (None: infinite), slope and intercept on it."""
Region = tuple[fmpq | None, fmpq | None, fmpq_mat]
"""The ends of an interval, and one row (slope, intercept) per function."""

_ZERO = fmpq(0)


class Range(NamedTuple):
    """The infimum and supremum on an interval, with a point of each (None: not attained)."""

    lower: Fraction | float
    upper: Fraction | float
    argmin: Fraction | None
    argmax: Fraction | None


def rectified(low: fmpq | None, high: fmpq | None, rows: fmpq_mat) -> Iterator[Region]:
    """Cut an interval at the zeros of its rows, and set rows that are negative there to zero."""
    table = rows.table()
    zeros = sorted({-b / s for s, b in table if s})
    for a, c in pairwise(_cut(zeros, low, high)):
        x = _inside(a, c)
        entries = [q if s * x + b > 0 else _ZERO for s, b in table for q in (s, b)]
        yield a, c, fmpq_mat(len(table), 2, entries)


def composed(outer: Sequence[Piece], inner: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of x -> outer(inner(x))."""
    knots = [start for start, *_ in outer[1:] if start is not None]
    for low, high, s, b in inner:
        cuts = [(t - b) / s for t in knots] if s else []
        for a, c in pairwise(_cut(cuts if s > 0 else cuts[::-1], low, high)):
            slope, intercept = outer[bisect_right(knots, s * _inside(a, c) + b)][2:]
            yield a, c, slope * s, slope * b + intercept


def extreme_values(
    value: Callable[[fmpq], fmpq],
    knots: Sequence[fmpq],
    slopes: Sequence[fmpq],
    low: fmpq | None,
    high: fmpq | None,
) -> Range:
    """The range on [low, high], None being an infinite end."""
    points = [x for x in _cut(knots, low, high) if x is not None] or [_ZERO]
    values = [value(x) for x in points]
    ends = [-slopes[0]] if low is None else []
    ends += [slopes[-1]] if high is None else []
    down, up = any(s < 0 for s in ends), any(s > 0 for s in ends)
    least, most = values.index(min(values)), values.index(max(values))
    return Range(
        -math.inf if down else fraction(values[least]),
        math.inf if up else fraction(values[most]),
        None if down else fraction(points[least]),
        None if up else fraction(points[most]),
    )


def turning_points(
    knots: Sequence[fmpq], slopes: Sequence[fmpq]
) -> tuple[tuple[Fraction, Fraction, str], ...]:
    """Where the sign of the slope changes, plateaus left out of account."""
    moving = [i for i, s in enumerate(slopes) if s]
    return tuple(
        (fraction(knots[i]), fraction(knots[j - 1]), "max" if slopes[i] > 0 else "min")
        for i, j in pairwise(moving)
        if (slopes[i] > 0) != (slopes[j] > 0)
    )


def sampled(pieces: Iterable[Piece], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values at x in floats."""
    starts, _, slopes, intercepts = zip(*pieces, strict=True)
    at = np.searchsorted([float_of(t) for t in starts[1:]], x)
    table = np.array([[float_of(q) for q in row] for row in (slopes, intercepts)])
    return np.asarray(table[0, at] * x + table[1, at])


def require_increasing(points: Sequence[fmpq], name: str) -> None:
    """Refuse points that do not increase strictly."""
    for i, (a, b) in enumerate(pairwise(points)):
        if not a < b:
            raise InvalidInput(
                f"{name} must increase strictly, got {name}[{i}] = {a} and {name}[{i + 1}] = {b}; "
                "sort them and drop repetitions"
            )


def _cut(points: Sequence[fmpq], low: fmpq | None, high: fmpq | None) -> list[fmpq | None]:
    """The interval's ends with the sorted points strictly inside it between them."""
    first = 0 if low is None else bisect_right(points, low)
    last = len(points) if high is None else bisect_left(points, high)
    return [low, *points[first:last], high]


def _inside(low: fmpq | None, high: fmpq | None) -> fmpq:
    if low is None:
        return _ZERO if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2
