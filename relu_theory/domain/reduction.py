"""Passing to the affine hull: every domain as a full-dimensional one in fewer coordinates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from relu_theory.domain.box import Box
from relu_theory.domain.polyhedron import Polyhedron, Row
from relu_theory.domain.polytope import Polytope
from relu_theory.domain.whole import WholeSpace
from relu_theory.errors import ShapeError
from relu_theory.exact.linalg import independent_rows, nullspace, solve
from relu_theory.exact.numbers import fraction, primitive, rational_matrix, rational_vector

__all__ = ["Reduced", "reduce"]


@dataclass(frozen=True, eq=False)
class Reduced:
    """A domain in coordinates t of its affine hull: x = A t + b.

    Attributes
    ----------
    A : flint.fmpq_mat of shape (d, k), or None
        None when the domain is full-dimensional: then t = x.
    b : list of d flint.fmpq, or None
    domain : Polyhedron
        The domain in t, full-dimensional in R^k; k = 0 for a single point.
    coordinates : tuple of k ints
        t_j is the coordinate ``coordinates[j]`` of x.
    rows : tuple of ints
        Row i of ``domain.halfspaces()`` is the restriction of half-space ``rows[i]`` of the
        original domain. Rows that are constant on the affine hull are left out.
    """

    A: fmpq_mat | None
    b: list[fmpq] | None
    domain: Polyhedron
    coordinates: tuple[int, ...]
    rows: tuple[int, ...]

    def lift(self, t: Iterable[Any]) -> tuple[Fraction, ...]:
        """The point x = A t + b."""
        point = rational_vector(t, name="t")
        if len(point) != self.domain.dim:
            raise ShapeError(f"t must have {self.domain.dim} entries, got {len(point)}")
        if self.A is None or self.b is None:
            return tuple(map(fraction, point))
        product = (self.A * fmpq_mat(len(point), 1, point)).entries()
        return tuple(fraction(v + s) for v, s in zip(product, self.b, strict=True))


def reduce(domain: Polyhedron) -> Reduced | None:
    """The domain as a full-dimensional set in coordinates of its affine hull.

    Parameters
    ----------
    domain : Box, Polytope or WholeSpace

    Returns
    -------
    Reduced, or None when the domain is empty

    Notes
    -----
    A half-space is an implicit equality when every generator of the cone over the domain lies on
    its boundary. The coordinates t are those coordinates of x that the equations leave free, so
    lengths and volumes in t are those of the projection to them.

    Examples
    --------
    >>> flat = reduce(Box([0, "1/2"], [1, "1/2"]))
    >>> flat.domain == Box(0, 1, dim=1), flat.lift(["1/3"])
    (True, (Fraction(1, 3), Fraction(1, 2)))
    >>> segment = reduce(Polytope([[-1, 0], [0, -1], [1, 1], [-1, -1]], [0, 0, 1, -1]))
    >>> segment.domain.dim, segment.lift([0])
    (1, (Fraction(1, 1), Fraction(0, 1)))
    """
    if domain.is_empty:
        return None
    implicit = _implicit_equalities(domain)
    halfspaces = domain.halfspaces()
    equations = [*domain.equalities(), *(halfspaces[i] for i in implicit)]
    if not equations and all(any(row[:-1]) for row in halfspaces):
        everything = tuple(range(len(halfspaces)))
        return Reduced(None, None, domain, tuple(range(domain.dim)), everything)
    matrix, shift, free = _parametrised(equations, domain.dim)
    if isinstance(domain, Box):
        lower, upper = ([ends[i] for i in free] for ends in (domain.lower, domain.upper))
        return Reduced(matrix, shift, Box(lower, upper), free, tuple(range(len(halfspaces))))
    restricted = {i: _substituted(row, matrix, shift) for i, row in enumerate(halfspaces)}
    kept = {i: row for i, row in restricted.items() if any(row[:-1])}
    inner = _polyhedron(list(kept.values()), len(free))
    if len(free) == domain.dim:
        return Reduced(None, None, inner, free, tuple(kept))
    return Reduced(matrix, shift, inner, free, tuple(kept))


def _implicit_equalities(domain: Polyhedron) -> list[int]:
    if isinstance(domain, Box):
        return []
    rows = domain.halfspaces()
    common = (1 << len(rows)) - 1
    for mask in domain.generators().tight:
        common &= mask
    return [i for i in range(len(rows)) if common >> i & 1]


def _parametrised(equations: list[Row], dim: int) -> tuple[fmpq_mat, list[fmpq], tuple[int, ...]]:
    """The solutions of a consistent system, parametrised by its free coordinates."""
    normals = [row[:-1] for row in equations]
    shift = solve(rational_matrix(normals, columns=dim), [-row[-1] for row in equations])
    assert shift is not None  # the domain is not empty
    basis = nullspace(normals, dim)
    free = _free_coordinates(normals, dim)
    columns = [[fmpq(v, vector[i]) for v in vector] for vector, i in zip(basis, free, strict=True)]
    entries = [column[i] for i in range(dim) for column in columns]
    return fmpq_mat(dim, len(free), entries), shift, free


def _free_coordinates(normals: list[Row], dim: int) -> tuple[int, ...]:
    columns = [tuple(row[i] for row in normals) for i in range(dim)]
    return tuple(sorted(set(range(dim)) - set(independent_rows(columns))))


def _substituted(row: Row, matrix: fmpq_mat, shift: list[fmpq]) -> Row:
    """The half-space a . x + b >= 0 in the coordinates t of x = matrix t + shift."""
    normal = fmpq_mat(1, len(shift), list(row[:-1]))
    offset = (normal * fmpq_mat(len(shift), 1, shift))[0, 0] + row[-1]
    return primitive([*(normal * matrix).entries(), offset])


def _polyhedron(rows: list[Row], dim: int) -> Polyhedron:
    if not rows:
        return WholeSpace(dim)
    return Polytope([[-v for v in row[:-1]] for row in rows], [row[-1] for row in rows])
