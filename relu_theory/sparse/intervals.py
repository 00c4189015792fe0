"""Sets of rational numbers: points, open intervals, half-open unions of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from relu_theory.exact.numbers import fraction, rational

__all__ = ["Interval", "merged", "slope_range", "weighted"]


@dataclass(frozen=True)
class Interval:
    """An interval of numbers; an end None is infinite, and ends are open unless marked closed.

    Examples
    --------
    >>> Interval(0, "1/2"), Interval.point(fmpq(3))
    (Interval('(0, 1/2)'), Interval('[3, 3]'))
    """

    low: fmpq | None
    high: fmpq | None
    low_closed: bool = False
    high_closed: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            end = getattr(self, name)
            if end is not None:
                object.__setattr__(self, name, rational(end))

    @classmethod
    def point(cls, q: fmpq) -> Interval:
        """The set {q}."""
        return cls(q, q, True, True)

    @property
    def lower(self) -> Any:
        """The lower end as a Fraction, or None."""
        return None if self.low is None else fraction(self.low)

    @property
    def upper(self) -> Any:
        """The upper end as a Fraction, or None."""
        return None if self.high is None else fraction(self.high)

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only."""
        return self.low_closed and self.low == self.high

    def __contains__(self, number: Any) -> bool:
        number = rational(number)
        above = self.low is None or self.low < number or (self.low_closed and self.low == number)
        below = self.high is None or number < self.high
        return bool(above and (below or (self.high_closed and self.high == number)))

    def intersect(self, other: Interval) -> Interval:
        """The common part of two sets that meet, each a point or an open interval."""
        if self.is_point or other.is_point:
            return self if self.is_point else other
        lows = [q for q in (self.low, other.low) if q is not None]
        highs = [q for q in (self.high, other.high) if q is not None]
        return Interval(max(lows, default=None), min(highs, default=None))

    def plus(self, other: Interval) -> Interval:
        """The set of sums, for points and open intervals."""
        ends = [
            None if a is None or b is None else a + b
            for a, b in ((self.low, other.low), (self.high, other.high))
        ]
        point = self.is_point and other.is_point
        return Interval(*ends, point, point)

    def negated(self) -> Interval:
        """The set of -t."""
        ends = (None if q is None else -q for q in (self.high, self.low))
        return Interval(*ends, self.high_closed, self.low_closed)

    def distance(self, q: fmpq) -> Interval:
        """The set of |t - q| for t in this set, which lies on one side of q."""
        if self.low is not None and self.low >= q:
            low, high = self.low - q, None if self.high is None else self.high - q
        else:
            low, high = q - self.high, None if self.low is None else q - self.low
        return Interval(low, high, self.is_point, self.is_point)

    def draw(self, rng: np.random.Generator) -> fmpq:
        """A random rational number of the set."""
        if self.is_point:
            return self.low
        share = fmpq(int(rng.integers(1, 64)), 64)
        if self.low is None or self.high is None:
            far = share / (1 - share)
            if self.low is None:
                return far - 1 / far if self.high is None else self.high - far
            return self.low + far
        return self.low + share * (self.high - self.low)

    def __repr__(self) -> str:
        left = "-inf" if self.low is None else str(self.low)
        right = "inf" if self.high is None else str(self.high)
        brackets = "(["[self.low_closed], ")]"[self.high_closed]
        return f"Interval('{brackets[0]}{left}, {right}{brackets[1]}')"


def slope_range(chord: fmpq, side: int) -> Interval:
    """The slopes below (-1), equal to (0) or above (1) that of a chord."""
    if side == 0:
        return Interval.point(chord)
    return Interval(chord, None) if side > 0 else Interval(None, chord)


def weighted(low: fmpq, high: fmpq, first: Interval, second: Interval) -> Interval:
    """The points (a low + b high) / (a + b) for a and b in two sets of positive numbers."""
    if first.is_point and second.is_point:
        return Interval.point(_mean(low, high, first.low, second.low))
    return Interval(
        _mean(low, high, first.high, second.low), _mean(low, high, first.low, second.high)
    )


def _mean(low: fmpq, high: fmpq, a: fmpq | None, b: fmpq | None) -> fmpq:
    """The weighted mean, or its extreme limit where a weight is infinite or zero."""
    if a is None or b == 0:
        return low
    if b is None or a == 0:
        return high
    return (a * low + b * high) / (a + b)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The union of bounded intervals as disjoint intervals, from left to right."""
    found: list[Interval] = []
    for piece in sorted(set(intervals), key=lambda s: (s.low, not s.low_closed)):
        last = found[-1] if found else None
        if last is None or not _touch(last, piece):
            found.append(piece)
        elif (piece.high, piece.high_closed) > (last.high, last.high_closed):
            found[-1] = Interval(last.low, piece.high, last.low_closed, piece.high_closed)
    return tuple(found)


def _touch(left: Interval, right: Interval) -> bool:
    """Whether the union of two intervals, the first of which begins first, has no gap."""
    if right.low == left.high:
        return left.high_closed or right.low_closed
    return bool(right.low < left.high)
