"""Balls in the norms l1, l2 and l-infinity."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import fraction, rational_vector

__all__ = ["Ball"]


@dataclass(frozen=True, init=False)
class Ball:
    """The set ``{x : |x - center| <= radius}`` in the norm of order 1, 2 or infinity.

    Parameters
    ----------
    center : d numbers
    radius : nonnegative number
    ord : 1, 2 or math.inf

    Raises
    ------
    InvalidInput
        For a negative radius or another order.

    Examples
    --------
    >>> Ball([0, 0], 5).contains([3, 4]), Ball([0, 0], 5).contains([3, "4.000001"])
    (True, False)
    """

    center: tuple[Fraction, ...]
    radius: Fraction
    ord: float

    def __init__(self, center: Iterable[Any], radius: Any, ord: float = 2) -> None:
        middle = tuple(map(fraction, rational_vector(center, name="center")))
        size = fraction(radius)
        if size < 0:
            raise InvalidInput(f"radius must not be negative, got {radius}")
        if ord not in (1, 2, math.inf):
            raise InvalidInput(f"ord must be 1, 2 or math.inf, got {ord!r}")
        for name, value in (("center", middle), ("radius", size), ("ord", ord)):
            object.__setattr__(self, name, value)

    @property
    def dim(self) -> int:
        """The dimension d."""
        return len(self.center)

    @property
    def is_empty(self) -> bool:
        """False."""
        return False

    @property
    def is_bounded(self) -> bool:
        """True."""
        return True

    def contains(self, x: Iterable[Any]) -> bool:
        """Whether a point of d numbers lies in the ball, decided exactly."""
        point = list(map(fraction, rational_vector(x, name="x")))
        if len(point) != self.dim:
            raise ShapeError(f"x must have {self.dim} entries, got {len(point)}")
        gaps = [abs(a - b) for a, b in zip(point, self.center, strict=True)]
        if self.ord == 2:
            return sum(gap * gap for gap in gaps) <= self.radius**2
        return (sum(gaps) if self.ord == 1 else max(gaps, default=0)) <= self.radius
