"""The finite reformulation of multivariate interpolation: linear pieces of the neuron map.

A neuron w of R^(d+1), bias included, contributes (X w)_+ at the data, X being the data with a
column of ones. Within a cell of the arrangement of the data rows and the coordinate planes,
restricted to the coordinates in which w is not zero, that is linear and no entry of w changes
sign. A group is such a cell: its extreme rays, and their contributions, the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any

from flint import fmpq

from relu_theory import families, regions
from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact.cones import generators
from relu_theory.exact.numbers import rational_matrix, rational_vector
from relu_theory.network import ReluNetwork

__all__ = ["Dictionary", "Group", "read_dictionary"]

Row = tuple[int, ...]
_LARGEST = 20_000


@dataclass(frozen=True)
class Group:
    """Neurons with the same active data points, signs of weights, and zero weights.

    Attributes
    ----------
    support : tuple of int
        The coordinates of w that are not zero in the interior; coordinate d is the bias.
    rays : tuple of integer tuples of length d + 1
        The extreme rays of the cone of these w.
    columns : tuple of integer tuples of length N
        The contributions of the rays at the data, up to one common positive factor.
    """

    support: Row
    rays: tuple[Row, ...]
    columns: tuple[Row, ...]

    @property
    def weight(self) -> int:
        """The number of non-zero entries of its neurons."""
        return len(self.support)


@dataclass(frozen=True)
class Dictionary:
    """All groups of a data set; signed by the output weight they span every network's outputs.

    Attributes
    ----------
    rows : tuple of integer tuples
        The data with a one appended, times ``row_scale``.
    target : tuple of int
        The labels times ``target_scale``.
    groups : tuple of Group
        Without those that vanish at all data.
    """

    rows: tuple[Row, ...]
    target: Row
    row_scale: int
    target_scale: int
    groups: tuple[Group, ...] = field(repr=False)

    @property
    def dim(self) -> int:
        """The number of inputs d."""
        return len(self.rows[0]) - 1

    def network(self, neurons: Sequence[tuple[int, Sequence[fmpq]]]) -> ReluNetwork:
        """The network of neurons (sign, w), for w fitted to the integer target."""
        factor = fmpq(self.row_scale, self.target_scale)
        if not neurons:
            return ReluNetwork([[[0] * self.dim]], [[0]])
        scaled = [[factor * q for q in w] for _, w in neurons]
        signs = [sign for sign, _ in neurons]
        return ReluNetwork([[w[:-1] for w in scaled], [signs]], [[w[-1] for w in scaled], [0]])


def read_dictionary(X: Any, y: Any, *, full: bool = False) -> Dictionary:
    """The groups of data X of shape (N, d) with labels y of length N.

    Parameters
    ----------
    X, y : exact numbers
    full : bool
        Only the groups without zero weights; the others are their faces.

    Raises
    ------
    ShapeError, InvalidInput, TooLarge
        Wrong shapes; a repeated point with two labels; more than 20,000 groups.
    """
    matrix, labels = rational_matrix(X, name="X"), rational_vector(y, name="y")
    if not labels or matrix.nrows() != len(labels) or not matrix.ncols():
        raise ShapeError(
            f"X must have shape (N, d) and y N >= 1 entries, got ({matrix.nrows()}, "
            f"{matrix.ncols()}) and {len(labels)}"
        )
    rows, row_scale = _scaled([[*row, fmpq(1)] for row in matrix.table()])
    (target,), target_scale = _scaled([labels])
    _require_function(rows, target)
    size = matrix.ncols() + 1
    supports = [range(size)] if full else _subsets(size)
    found: list[Group] = []
    for support in supports:
        found += _groups(rows, tuple(support), size)
        if len(found) > _LARGEST:
            raise TooLarge(f"there are more than {_LARGEST} groups; use fewer points", len(found))
    return Dictionary(rows, target, row_scale, target_scale, tuple(found))


def _scaled(table: Sequence[Sequence[fmpq]]) -> tuple[tuple[Row, ...], int]:
    common = lcm(*(int(q.q) for row in table for q in row))
    return tuple(tuple(int((q * common).p) for q in row) for row in table), common


def _require_function(rows: Sequence[Row], target: Row) -> None:
    labels: dict[Row, int] = {}
    for i, (row, label) in enumerate(zip(rows, target, strict=True)):
        if labels.setdefault(row, label) != label:
            raise InvalidInput(
                f"X[{i}] = {[str(Fraction(q, row[-1])) for q in row[:-1]]} occurs with two "
                "labels; keep one of them"
            )


def _subsets(size: int) -> Iterator[Row]:
    for k in range(1, size + 1):
        yield from combinations(range(size), k)


def _groups(rows: Sequence[Row], support: Row, size: int) -> Iterator[Group]:
    """The cells of the arrangement in the coordinates of a support."""
    units = [tuple(int(i == c) for i in support) for c in support]
    planes = [tuple(row[c] for c in support) for row in rows] + units
    for cell in regions.cells(families.arrangement(planes)):
        signed = [
            plane if on else tuple(-q for q in plane)
            for plane, on in zip(planes, cell.pattern[0], strict=True)
        ]
        rays = [_embedded(ray, support, size) for ray in generators(signed, len(support)).rays]
        columns = [_contribution(rows, ray) for ray in rays]
        if any(map(any, columns)):
            yield Group(support, tuple(rays), tuple(columns))


def _embedded(ray: Row, support: Row, size: int) -> Row:
    entries = dict(zip(support, ray, strict=True))
    return tuple(entries.get(c, 0) for c in range(size))


def _contribution(rows: Sequence[Row], w: Row) -> Row:
    values = (sum(a * b for a, b in zip(row, w, strict=True)) for row in rows)
    return tuple(max(value, 0) for value in values)
