"""The flats of a hyperplane arrangement by rank, and the faces of its cells by dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flint import fmpq

from relu_theory.errors import TooLarge
from relu_theory.exact import primitive, rational_matrix
from relu_theory.network import ReluNetwork
from relu_theory.regions.characteristic import arrangement_rows, characteristic_polynomial

__all__ = ["face_numbers", "flats"]

Row = tuple[int, ...]
Flat = tuple[Row, ...]  # reduced row echelon form, primitive rows


def flats(
    arrangement: ReluNetwork | Iterable[Sequence[Any]], *, limit: int = 10**5
) -> list[list[Flat]]:
    """The flats of an arrangement: the non-empty intersections of its hyperplanes.

    Parameters
    ----------
    arrangement
        As in `characteristic_polynomial`.
    limit : int
        Largest number of flats.

    Returns
    -------
    list of lists
        Entry k holds the flats of rank (codimension) k, each as the equations a . x + b = 0 in
        reduced row echelon form; entry 0 is the whole space.

    Raises
    ------
    TooLarge
        When there are more than `limit`.

    Notes
    -----
    Each flat of rank k is met with every hyperplane: (flats times hyperplanes) echelon forms.

    Examples
    --------
    The flats of the braid arrangement are the set partitions: Stirling numbers.

    >>> from relu_theory.families import braid
    >>> [len(level) for level in flats(braid(4))]
    [1, 6, 7, 1]
    """
    rows = sorted({primitive(r) for r in arrangement_rows(arrangement) if any(r[:-1])})
    levels: list[list[Flat]] = [[()]]
    total = 1
    while True:
        found: dict[Flat, None] = {}
        for flat in levels[-1]:
            for row in rows:
                met = _echelon([*flat, row])
                if met is not None and len(met) > len(flat):
                    found[met] = None
            if total + len(found) > limit:
                raise TooLarge(f"there are more than limit={limit} flats; raise the limit", total)
        if not found:
            return levels
        total += len(found)
        levels.append(list(found))


def face_numbers(
    arrangement: ReluNetwork | Iterable[Sequence[Any]], *, limit: int = 10**5
) -> tuple[int, ...]:
    """The number of faces of each dimension 0 to d of an arrangement in R^d.

    The faces of dimension k are the cells of the arrangement restricted to each flat of dimension
    k [Zaslavsky 1975, Theorem A for restrictions].

    Examples
    --------
    >>> face_numbers([(1, 0, 0), (0, 1, 0), (1, 1, -1)])
    (3, 9, 7)
    """
    rows = arrangement_rows(arrangement)
    dim = len(rows[0]) - 1
    out = [0] * (dim + 1)
    for rank, level in enumerate(flats(arrangement, limit=limit)):
        for flat in level:
            restricted = _restricted(rows, flat)
            lines = [r for r in restricted if any(r[:-1])]
            out[dim - rank] += characteristic_polynomial(lines).cells if lines else 1
    return tuple(out)


def _echelon(rows: Sequence[Row]) -> Flat | None:
    """The reduced echelon form, or None when the equations contradict each other."""
    reduced, rank = rational_matrix(rows).rref()
    table = reduced.tolist()[: int(rank)]
    if table and not any(table[-1][:-1]):
        return None
    return tuple(primitive(r) for r in table)


def _restricted(rows: Sequence[Sequence[Any]], flat: Flat) -> list[list[fmpq]]:
    """The hyperplanes in the coordinates that a flat leaves free."""
    pivots = [next(k for k, a in enumerate(r) if a) for r in flat]
    free = [k for k in range(len(rows[0])) if k not in pivots]
    out = []
    for row in rational_matrix(rows).tolist():
        for pivot, equation in zip(pivots, flat, strict=True):
            factor = row[pivot] / equation[pivot]
            row = [a - factor * b for a, b in zip(row, equation, strict=True)]
        out.append([row[k] for k in free])
    return out
