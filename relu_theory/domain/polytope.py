"""Polyhedra given by rational inequalities and equations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq_mat

from relu_theory.domain.polyhedron import Polyhedron, Row
from relu_theory.errors import ShapeError
from relu_theory.exact.numbers import fraction, primitive, rational_matrix, rational_vector

__all__ = ["Polytope"]

Matrix = tuple[tuple[Fraction, ...], ...]
Vector = tuple[Fraction, ...]


@dataclass(frozen=True, init=False)
class Polytope(Polyhedron):
    """The set ``{x : A x <= b, A_eq x = b_eq}``, possibly unbounded, flat or empty.

    Parameters
    ----------
    A : (m, d) numbers, or None
    b : m numbers, or None
    A_eq : (k, d) numbers, optional
    b_eq : k numbers, optional
        Every number is taken exactly, as in `ReluNetwork`.

    Raises
    ------
    ShapeError
        When the sizes do not agree, or there is no row from which to read d.

    Notes
    -----
    Row i of `halfspaces` is row i of A, with both sides scaled to primitive integers.

    Examples
    --------
    The standard triangle, and a flat piece of it:

    >>> triangle = Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 1])
    >>> triangle.halfspaces()
    [(1, 0, 0), (0, 1, 0), (-1, -1, 1)]
    >>> Polytope([[-1, 0], [0, -1]], [0, 0], [[1, 1]], [-1]).is_empty
    True
    """

    A: Matrix
    b: Vector
    A_eq: Matrix
    b_eq: Vector
    dim: int

    def __init__(self, A: Any, b: Any, A_eq: Any = None, b_eq: Any = None) -> None:
        left, right = _system(A, b, ("A", "b"))
        left_eq, right_eq = _system(A_eq, b_eq, ("A_eq", "b_eq"))
        dim = _common_dimension(left, left_eq)
        for name, value in (
            ("A", _fractions(left)),
            ("b", tuple(map(fraction, right))),
            ("A_eq", _fractions(left_eq)),
            ("b_eq", tuple(map(fraction, right_eq))),
            ("dim", dim),
        ):
            object.__setattr__(self, name, value)

    def halfspaces(self) -> list[Row]:
        """One row for each row of A, in order."""
        return [
            primitive([*(-v for v in row), end]) for row, end in zip(self.A, self.b, strict=True)
        ]

    def equalities(self) -> list[Row]:
        """One row for each row of A_eq, in order."""
        return [primitive([*row, -end]) for row, end in zip(self.A_eq, self.b_eq, strict=True)]


def _system(left: Any, right: Any, names: tuple[str, str]) -> tuple[fmpq_mat, list[Any]]:
    matrix = rational_matrix([] if left is None else left, name=names[0])
    vector = rational_vector([] if right is None else right, name=names[1])
    if matrix.nrows() != len(vector):
        raise ShapeError(
            f"{names[1]} must have one entry per row of {names[0]}: "
            f"{matrix.nrows()} rows, {len(vector)} entries"
        )
    return matrix, vector


def _common_dimension(left: fmpq_mat, left_eq: fmpq_mat) -> int:
    sizes = {m.ncols() for m in (left, left_eq) if m.nrows() or m.ncols()}
    if not sizes:
        raise ShapeError("a Polytope needs at least one row; all of R^d is WholeSpace(d)")
    if len(sizes) > 1:
        raise ShapeError(
            f"A and A_eq must have as many columns: {left.ncols()} and {left_eq.ncols()}"
        )
    return int(sizes.pop())


def _fractions(matrix: fmpq_mat) -> Matrix:
    return tuple(tuple(map(fraction, row)) for row in matrix.table())
