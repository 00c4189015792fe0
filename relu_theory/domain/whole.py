"""All of R^d."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relu_theory.domain.polyhedron import Polyhedron, Row, require_dimension

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
        require_dimension(self.dim)

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
