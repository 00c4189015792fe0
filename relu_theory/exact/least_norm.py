"""The point of least norm in a polyhedron, exactly, with its multipliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from relu_theory.exact.linalg import dot, solve
from relu_theory.exact.numbers import rational_vector

__all__ = ["least_norm"]

Row = list[fmpq]


def least_norm(rows: Sequence[Sequence[Any]], right: Sequence[Any]) -> tuple[Row | None, Row]:
    """The w with ``rows @ w >= right`` and least Euclidean norm.

    Parameters
    ----------
    rows : k vectors of n numbers, k >= 1
    right : k numbers

    Returns
    -------
    w : list of n fmpq, or None
        None when the rows contradict each other.
    multipliers : list of k fmpq
        Nonnegative, with ``sum of m[i] rows[i] = w`` and ``sum of m[i] right[i] = |w|^2``: every
        other solution is at least as long. When w is None, ``sum of m[i] rows[i] = 0`` and
        ``sum of m[i] right[i] = 1``.

    Notes
    -----
    Least distance programming [lawson1974, chapter 23]: nonnegative least squares for the columns
    (rows[i], right[i]) and the target (0, 1), by their active set method in exact arithmetic, where
    it ends after finitely many steps.

    Examples
    --------
    >>> least_norm([[1, 1]], [2])
    ([1, 1], [1])
    >>> least_norm([[1], [-1]], [1, 1])
    (None, [1/2, 1/2])
    """
    columns = [
        [*rational_vector(row, name=f"rows[{i}]"), *rational_vector([b], name="right")]
        for i, (row, b) in enumerate(zip(rows, right, strict=True))
    ]
    weights = _nonnegative_least_squares(columns)
    residual = _residual(columns, weights)
    if not residual[-1]:
        return None, weights
    multipliers = [w / residual[-1] for w in weights]
    return [-r / residual[-1] for r in residual[:-1]], multipliers


def _nonnegative_least_squares(columns: list[Row]) -> Row:
    """Weights >= 0 that bring the combination of the columns nearest to the last unit vector."""
    weights = [fmpq(0)] * len(columns)
    passive: list[int] = []
    while True:
        residual = _residual(columns, weights)
        slopes = [dot(column, residual) for column in columns]
        entering = max(range(len(columns)), key=slopes.__getitem__)
        if slopes[entering] <= 0:
            return weights
        passive.append(entering)
        while True:
            free = _least_squares([columns[i] for i in passive])
            if min(free) > 0:
                break
            step = min(weights[i] / (weights[i] - v)
                       for i, v in zip(passive, free, strict=True) if v <= 0)  # fmt: skip
            for i, v in zip(passive, free, strict=True):
                weights[i] += step * (v - weights[i])
            passive = [i for i in passive if weights[i] > 0]
        for i, v in zip(passive, free, strict=True):
            weights[i] = v


def _residual(columns: list[Row], weights: Row) -> Row:
    out = [fmpq(0)] * (len(columns[0]) - 1) + [fmpq(1)]
    for weight, column in zip(weights, columns, strict=True):
        if weight:
            out = [r - weight * v for r, v in zip(out, column, strict=True)]
    return out


def _least_squares(columns: list[Row]) -> Row:
    """The columns are independent: the one that entered is not orthogonal to the residual."""
    found = solve([[dot(a, b) for b in columns] for a in columns], [c[-1] for c in columns])
    assert found is not None, "independent columns have a regular Gram matrix"
    return found
