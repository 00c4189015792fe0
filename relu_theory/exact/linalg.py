"""Exact linear algebra on rational matrices: rank, null space, one solution, independent rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat

from relu_theory.errors import ShapeError
from relu_theory.exact.numbers import primitive, rational_matrix, rational_vector

__all__ = ["dot", "independent_rows", "nullspace", "rank", "solve"]


def dot(a: Iterable[Any], b: Iterable[Any]) -> fmpq:
    """The inner product of two vectors of flint rationals or ints of one length.

    Examples
    --------
    >>> dot([fmpq(1, 2), fmpq(3)], [2, 1])
    4
    """
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def rank(rows: Any) -> int:
    """The rank of a rational matrix.

    Examples
    --------
    >>> rank([[1, 2], [2, 4]])
    1
    """
    matrix = rational_matrix(rows)
    return int(matrix.rank()) if matrix.nrows() and matrix.ncols() else 0


def nullspace(rows: Any, dim: int) -> list[tuple[int, ...]]:
    """A basis, of primitive integer vectors, of ``{y in R^dim : row . y = 0 for every row}``.

    Parameters
    ----------
    rows : sequence of m rows of dim numbers, or an fmpq_mat of shape (m, dim)
    dim : int
        The dimension of the space; all of it when there are no rows.

    Returns
    -------
    list of dim - rank tuples of dim ints
        The basis read off the reduced row echelon form: each vector is positive at its own free
        column and zero at the other free columns.

    Examples
    --------
    >>> nullspace([[1, 2, 0]], 3)
    [(-2, 1, 0), (0, 0, 1)]
    """
    matrix = rational_matrix(rows, columns=dim)
    reduced, pivots = _echelon(matrix)
    free = sorted(set(range(dim)) - set(pivots))
    return [_null_vector(reduced, pivots, column, dim) for column in free]


def _null_vector(
    reduced: fmpq_mat, pivots: Sequence[int], column: int, dim: int
) -> tuple[int, ...]:
    vector = [fmpq(0)] * dim
    vector[column] = fmpq(1)
    for i, pivot in enumerate(pivots):
        vector[pivot] = -reduced[i, column]
    return primitive(vector)


def solve(matrix: Any, rhs: Any) -> list[fmpq] | None:
    """One exact solution x of ``matrix x = rhs``, or None when there is none.

    Parameters
    ----------
    matrix : (m, n) numbers, or an fmpq_mat; any rank
    rhs : m numbers

    Returns
    -------
    list of n fmpq, or None
        The solution whose free coordinates are zero.

    Examples
    --------
    >>> solve([[2, 0], [1, 3]], [1, 2])
    [1/2, 1/2]
    >>> solve([[1, 1], [2, 2]], [1, 3]) is None
    True
    """
    left = rational_matrix(matrix)
    right = rational_vector(rhs, name="rhs")
    if len(right) != left.nrows():
        raise ShapeError(f"rhs must have {left.nrows()} entries, one per row, got {len(right)}")
    augmented = [[*row, value] for row, value in zip(left.table(), right, strict=True)]
    width = left.ncols()
    reduced, pivots = _echelon(rational_matrix(augmented, columns=width + 1))
    if width in pivots:
        return None
    solution = [fmpq(0)] * width
    for i, pivot in enumerate(pivots):
        solution[pivot] = reduced[i, width]
    return solution


def independent_rows(rows: Sequence[Sequence[int]]) -> list[int]:
    """Indices of the first maximal independent subset of integer rows.

    Row i is in it exactly when it is not in the span of rows 0, ..., i - 1.

    Examples
    --------
    >>> independent_rows([(0, 0), (1, 2), (2, 4), (0, 1)])
    [1, 3]
    """
    if not len(rows) or not len(rows[0]):
        return []
    reduced, _, found = fmpz_mat([list(row) for row in rows]).transpose().rref()
    return _pivot_columns(reduced, int(found))


def _echelon(matrix: fmpq_mat) -> tuple[fmpq_mat, list[int]]:
    if not matrix.nrows() or not matrix.ncols():
        return matrix, []
    reduced, found = matrix.rref()
    return reduced, _pivot_columns(reduced, int(found))


def _pivot_columns(reduced: fmpq_mat | fmpz_mat, found: int) -> list[int]:
    pivots: list[int] = []
    column = 0
    for i in range(found):
        while reduced[i, column] == 0:
            column += 1
        pivots.append(column)
        column += 1
    return pivots
