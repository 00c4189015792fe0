"""All of R^d."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relu_theory.domain.polyhedron import Polyhedron, Row
from relu_theory.errors import InvalidInput

__all__ = ["WholeSpace"]


@dataclass(frozen=True)
class WholeSpace(Polyhedron):
    """The domain R^dim.

    Examples
    --------
    >>> WholeSpace(2).contains([1, "1e30"])
    True
    """

    dim: int

    def __post_init__(self) -> None:
        if isinstance(self.dim, bool) or not isinstance(self.dim, int) or self.dim < 0:
            raise InvalidInput(f"dim must be a nonnegative int, got {self.dim!r}")

    def halfspaces(self) -> list[Row]:
        """No rows."""
        return []

    def equalities(self) -> list[Row]:
        """No rows."""
        return []

    def contains(self, x: Iterable[Any]) -> bool:
        """True for every point of dim finite numbers."""
        self._point(x)
        return True

    @property
    def is_empty(self) -> bool:
        """False."""
        return False

    @property
    def is_bounded(self) -> bool:
        """False, except in dimension 0."""
        return self.dim == 0
