"""Farkas multipliers: a vector as a nonnegative combination of others, by exact simplex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from relu_theory.errors import ShapeError
from relu_theory.exact.numbers import rational_vector

__all__ = ["nonnegative_combination"]


def nonnegative_combination(
    vectors: Sequence[Sequence[Any]], target: Sequence[Any]
) -> list[fmpq] | None:
    """Multipliers m >= 0 with ``sum of m[i] * vectors[i] = target``, or None when there are none.

    Parameters
    ----------
    vectors : n vectors of k numbers
    target : k numbers

    Returns
    -------
    list of n fmpq, or None
        At most k of them are non-zero. By Farkas' lemma there are none exactly when some y has
        ``y . vectors[i] >= 0`` for all i and ``y . target < 0``.

    Raises
    ------
    ShapeError
        When a vector has not as many entries as the target.

    Notes
    -----
    Phase one of the simplex method on rationals; Bland's rule [Bland 1977] excludes cycles.

    Examples
    --------
    x <= 0 and x >= 1 contradict each other: the rows (a, b) of a x + b >= 0 add up to (0, -1).

    >>> nonnegative_combination([(-1, 0), (1, -1)], (0, -1))
    [1, 1]
    >>> nonnegative_combination([(-1, 0), (1, 1)], (0, -1)) is None
    True
    """
    right = rational_vector(target, name="target")
    columns = [rational_vector(vector, name=f"vectors[{i}]") for i, vector in enumerate(vectors)]
    for i, column in enumerate(columns):
        if len(column) != len(right):
            raise ShapeError(
                f"vectors[{i}] must have {len(right)} entries like target, got {len(column)}"
            )
    # Row k reads: sum of table[k][i] * m[i] + artificial[k] = table[k][-1] >= 0.
    table = [[column[k] for column in columns] + [right[k]] for k in range(len(right))]
    table = [[-v for v in row] if row[-1] < 0 else row for row in table]
    basis = [len(columns) + k for k in range(len(right))]
    while (step := _bland(table, basis, len(columns))) is not None:
        _pivot(table, *step)
        basis[step[0]] = step[1]
    found = [fmpq(0)] * len(columns)
    for name, row in zip(basis, table, strict=True):
        if name < len(columns):
            found[name] = row[-1]
        elif row[-1]:
            return None
    return found


def _bland(table: list[list[fmpq]], basis: list[int], count: int) -> tuple[int, int] | None:
    """The row and column of the next pivot that lowers the sum of the artificial variables."""
    artificial = [row for row, name in zip(table, basis, strict=True) if name >= count]
    for column in range(count):
        if sum((row[column] for row in artificial), fmpq(0)) > 0:
            ratios = [
                (row[-1] / row[column], basis[k], k)
                for k, row in enumerate(table)
                if row[column] > 0
            ]
            return min(ratios)[2], column
    return None


def _pivot(table: list[list[fmpq]], at: int, column: int) -> None:
    pivot = [value / table[at][column] for value in table[at]]
    for k, row in enumerate(table):
        if k != at and row[column]:
            factor = row[column]
            table[k] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    table[at] = pivot
