"""Axis-parallel boxes with exact ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from relu_theory.domain.polyhedron import Polyhedron, Row, require_dimension
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.cones import Generators
from relu_theory.exact.numbers import fraction, primitive, rational_vector

__all__ = ["Box"]


@dataclass(frozen=True, init=False)
class Box(Polyhedron):
    """The box ``{x : lower <= x <= upper}``; equal ends are allowed.

    Parameters
    ----------
    lower, upper : d numbers, or one number for every coordinate
        Strings are exact decimals or quotients: ``Box(["0.1"], ["1/3"])``. The ends are finite;
        for a half-infinite box write a `Polytope`.
    dim : int, optional
        Needed when both ends are single numbers.

    Raises
    ------
    InvalidInput
        When an end is not finite, or lower exceeds upper (the coordinate is named).
    ShapeError
        When the ends and ``dim`` do not agree on the dimension.

    Notes
    -----
    Rows 2 i and 2 i + 1 of `halfspaces` are x_i >= lower_i and x_i <= upper_i, counted over the
    coordinates with lower < upper; the other coordinates are `equalities`.

    Examples
    --------
    >>> Box(0, "1/2", dim=2).volume()
    Fraction(1, 4)
    >>> Box([0, 1], [1, 1]).halfspaces(), Box([0, 1], [1, 1]).equalities()
    ([(1, 0, 0), (-1, 0, 1)], [(0, 1, -1)])
    """

    lower: tuple[Fraction, ...]
    upper: tuple[Fraction, ...]

    def __init__(self, lower: Any, upper: Any, dim: int | None = None) -> None:
        size = _size(lower, upper, dim)
        low, high = _ends(lower, size, "lower"), _ends(upper, size, "upper")
        for i, (a, b) in enumerate(zip(low, high, strict=True)):
            if a > b:
                raise InvalidInput(
                    f"lower[{i}] = {a} exceeds upper[{i}] = {b}; swap the ends, or write a "
                    "Polytope if an empty domain is meant"
                )
        object.__setattr__(self, "lower", low)
        object.__setattr__(self, "upper", high)

    @property
    def dim(self) -> int:  # type: ignore[override]
        """The dimension d."""
        return len(self.lower)

    @cached_property
    def _halfspaces(self) -> tuple[Row, ...]:
        rows = []
        for i, (a, b) in enumerate(zip(self.lower, self.upper, strict=True)):
            if a < b:
                rows += [_row(self.dim, i, 1, -a), _row(self.dim, i, -1, b)]
        return tuple(rows)

    def halfspaces(self) -> list[Row]:
        """Two rows for each coordinate with lower < upper."""
        return list(self._halfspaces)

    def equalities(self) -> list[Row]:
        """One row for each coordinate with lower == upper."""
        pairs = enumerate(zip(self.lower, self.upper, strict=True))
        return [_row(self.dim, i, 1, -a) for i, (a, b) in pairs if a == b]

    def contains(self, x: Iterable[Any]) -> bool:
        """Whether a point of d numbers lies in the box, decided exactly."""
        point = map(fraction, self._point(x))
        return all(a <= v <= b for a, v, b in zip(self.lower, point, self.upper, strict=True))

    @cached_property
    def _generators(self) -> Generators:
        """The 2^k vertices as a product; they need no double description."""
        corners, bit = [], 0
        for a, b in zip(self.lower, self.upper, strict=True):
            corners.append([(a, 1 << bit), (b, 2 << bit)] if a < b else [(a, 0)])
            bit += 2 * (a < b)
        found = {}
        for corner in product(*corners):
            ray = primitive([*(value for value, _ in corner), 1])
            found[ray] = sum(mask for _, mask in corner)
        rays = tuple(sorted(found))
        return Generators((), rays, tuple(found[ray] for ray in rays))

    @property
    def is_empty(self) -> bool:
        """False: the constructor refuses inverted ends."""
        return False

    @property
    def is_bounded(self) -> bool:
        """True."""
        return True

    def volume(self) -> Fraction:
        """The exact d-dimensional volume (0 when an axis is flat)."""
        return prod((b - a for a, b in zip(self.lower, self.upper, strict=True)), start=Fraction(1))


def _is_single(value: Any) -> bool:
    return isinstance(value, str) or not hasattr(value, "__len__") or getattr(value, "ndim", 1) == 0


def _size(lower: Any, upper: Any, dim: int | None) -> int:
    sizes = {
        name: len(value)
        for name, value in (("lower", lower), ("upper", upper))
        if not _is_single(value)
    }
    if dim is not None:
        require_dimension(dim)
        sizes["dim"] = dim
    if not sizes:
        raise ShapeError("a box with single numbers as ends needs its dimension: Box(0, 1, dim=2)")
    if len(set(sizes.values())) > 1:
        raise ShapeError(f"the ends of a box must agree on the dimension, got {sizes}")
    return next(iter(sizes.values()))


def _ends(value: Any, size: int, name: str) -> tuple[Fraction, ...]:
    values: Sequence[Any] = [value] * size if _is_single(value) else value
    return tuple(map(fraction, rational_vector(values, name=name)))


def _row(dim: int, i: int, sign: int, shift: Fraction) -> Row:
    """The primitive row of sign x_i + shift, which is in lowest terms."""
    row = [0] * (dim + 1)
    row[i], row[-1] = sign * shift.denominator, shift.numerator
    return tuple(row)
