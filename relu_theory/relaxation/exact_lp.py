"""A linear program solved exactly from a guessed basis: minimise c . v subject to A v >= r."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flint import fmpq, fmpq_mat

from relu_theory.errors import Undecided

__all__ = ["Optimum", "minimise"]

Vector = list[fmpq]


class Optimum(NamedTuple):
    """An optimal vertex and the multipliers that prove it.

    Attributes
    ----------
    point : n fmpq
    multipliers : dict
        For each active row its multiplier >= 0; they combine the rows to the cost.
    pivots : int
        Exact pivots that the guess needed.
    """

    point: Vector
    multipliers: dict[int, fmpq]
    pivots: int


def minimise(
    rows: Sequence[Vector],
    rhs: Vector,
    cost: Vector,
    guess: Sequence[int] | None,
    feasible: Sequence[int],
) -> Optimum:
    """The exact optimum of a bounded linear program.

    Parameters
    ----------
    rows, rhs : m rows of n fmpq, m fmpq
        The constraints rows . v >= rhs; the feasible set has a vertex and the cost is bounded
        below on it.
    cost : n fmpq
    guess : n indices of rows, or None
        The rows that a float solver found tight; it need not be right.
    feasible : n indices of rows
        The rows that are tight at some feasible vertex: where to start if the guess is useless.

    Returns
    -------
    Optimum

    Notes
    -----
    Where the guess is optimal this is two exact linear systems. Otherwise primal or dual simplex
    steps with Bland's rule follow.

    Examples
    --------
    >>> rows = [[fmpq(1)], [fmpq(-1)]]
    >>> minimise(rows, [fmpq(0), fmpq(-1)], [fmpq(-1)], None, [0]).point
    [1]
    """
    active = list(feasible if guess is None else guess)
    pivots = 0
    while True:
        try:
            inverse = _matrix([rows[i] for i in active]).inv()
        except ZeroDivisionError:
            active, pivots = list(feasible), pivots + 1
            continue
        point = (inverse * _column([rhs[i] for i in active])).entries()
        multipliers = (inverse.transpose() * _column(cost)).entries()
        step = _step(rows, rhs, active, inverse, point, multipliers)
        if step is None:
            return Optimum(point, dict(zip(active, multipliers, strict=True)), pivots)
        pivots += 1
        if step == (-1, -1):
            active = list(feasible)
        else:
            active[step[0]] = step[1]


def _step(
    rows: Sequence[Vector],
    rhs: Vector,
    active: list[int],
    inverse: fmpq_mat,
    point: Vector,
    multipliers: Vector,
) -> tuple[int, int] | None:
    """Position that leaves and row that enters; None at an optimum; (-1, -1) to start again."""
    violated = [i for i, row in enumerate(rows) if _dot(row, point) < rhs[i]]
    negative = [k for k, y in enumerate(multipliers) if y < 0]
    if not violated and not negative:
        return None
    if not violated:
        leaving = min(negative, key=lambda k: active[k])
        direction = [inverse[i, leaving] for i in range(len(point))]
        ratios = []
        for i, row in enumerate(rows):
            speed = _dot(row, direction)
            if speed < 0:
                ratios.append(((rhs[i] - _dot(row, point)) / speed, i))
        return leaving, min(ratios)[1]
    if negative:
        return -1, -1
    entering = violated[0]
    combination = (inverse.transpose() * _column(rows[entering])).entries()
    found = [(multipliers[k] / w, active[k], k) for k, w in enumerate(combination) if w > 0]
    if not found:
        raise Undecided("the linear program has no feasible point; its bounds contradict")
    return min(found)[2], entering


def _matrix(rows: Sequence[Vector]) -> fmpq_mat:
    return fmpq_mat(len(rows), len(rows), [q for row in rows for q in row])


def _column(values: Sequence[fmpq]) -> fmpq_mat:
    return fmpq_mat(len(values), 1, list(values))


def _dot(row: Vector, point: Vector) -> fmpq:
    return sum((a * x for a, x in zip(row, point, strict=True) if a), fmpq(0))
