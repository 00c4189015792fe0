"""What the polyhedral domains share: half-spaces, generators, emptiness and boundedness."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.cones import Generators, generators
from relu_theory.exact.linalg import dot
from relu_theory.exact.numbers import rational_vector

__all__ = ["Polyhedron", "require_dimension"]

Row = tuple[int, ...]


class Polyhedron(ABC):
    """A set ``{x in R^d : a . x + b >= 0, e . x + f = 0}`` with integer rows.

    Attributes
    ----------
    dim : int
        The dimension d of the space it lies in.
    """

    dim: int

    @abstractmethod
    def halfspaces(self) -> list[Row]:
        """Primitive integer rows (a_1, ..., a_d, b), each meaning a . x + b >= 0."""

    @abstractmethod
    def equalities(self) -> list[Row]:
        """Primitive integer rows (e_1, ..., e_d, f), each meaning e . x + f = 0."""

    def contains(self, x: Iterable[Any]) -> bool:
        """Whether a point of d numbers lies in the set, decided exactly."""
        point = [*self._point(x), fmpq(1)]
        return all(dot(row, point) >= 0 for row in self.halfspaces()) and all(
            dot(row, point) == 0 for row in self.equalities()
        )

    def _point(self, x: Iterable[Any]) -> list[fmpq]:
        point = rational_vector(x, name="x")
        if len(point) != self.dim:
            raise ShapeError(f"x must have {self.dim} entries, got {len(point)}")
        return point

    def generators(self) -> Generators:
        """Generators of the cone over the set, in the coordinates (x_1, ..., x_d, x_0).

        Returns
        -------
        Generators
            A ray with x_0 > 0 stands for the vertex x / x_0 (modulo the lines), a ray with
            x_0 = 0 for a direction in which the set recedes; without a ray of the first kind the
            set is empty. Bit k of a mask is row k of `halfspaces`, and the next bit is x_0 >= 0.
            The equalities hold on every ray and have no bits.
        """
        return self._generators

    @cached_property
    def _generators(self) -> Generators:
        rows = [*self.halfspaces(), (*[0] * self.dim, 1)]
        equal = self.equalities()
        opposite = [tuple(-v for v in row) for row in equal]
        lines, rays, tight = generators([*rows, *equal, *opposite], self.dim + 1)
        own = (1 << len(rows)) - 1
        return Generators(lines, rays, tuple(mask & own for mask in tight))

    @property
    def is_empty(self) -> bool:
        """Whether the set has no point."""
        return not any(ray[-1] > 0 for ray in self._generators.rays)

    @property
    def is_bounded(self) -> bool:
        """Whether the set is bounded; the empty set is."""
        lines, rays, _ = self._generators
        return self.is_empty or (not lines and all(ray[-1] > 0 for ray in rays))


def require_dimension(dim: Any) -> None:
    """Raise unless ``dim`` is a nonnegative integer."""
    if isinstance(dim, bool) or not isinstance(dim, (int, np.integer)) or dim < 0:
        raise InvalidInput(f"dim must be a nonnegative int, got {dim!r}")
