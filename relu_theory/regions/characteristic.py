"""Characteristic polynomials of hyperplane arrangements, without enumerating a cell.

For an arrangement A in R^d, chi(A, t) is the sum of mu(X) t^dim X over its flats.  By Zaslavsky's
theorem it has |chi(-1)| cells, and |chi(1)| relatively bounded ones.

An affine arrangement is the section of its cone, a central one with one more coordinate and the
hyperplane at infinity: chi(cone, t) = (t - 1) chi(A, t).  A central arrangement is split into its
connected parts, whose polynomials multiply.  A connected one of rank r > 3 is reduced by deletion
and restriction to ranks below: with the hyperplanes H_1, ..., H_n in any order whose first r are
independent, chi(A) = (t - 1)^r - sum over i > r of chi of {H_1, ..., H_{i-1}} restricted to H_i.
Rank 3 needs only the rank-2 flats.  Restrictions are remembered in a normal form in which
arrangements that differ by a permutation of coordinates often agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, gcd, isqrt
from typing import Any

import networkx as nx
from flint import fmpz_mat

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact import independent_rows, primitive
from relu_theory.network import ReluNetwork

__all__ = ["Characteristic", "characteristic_polynomial"]

Row = tuple[int, ...]
Coefficients = tuple[int, ...]  # of 1, t, t^2, ...


@dataclass(frozen=True)
class Characteristic:
    """The characteristic polynomial of an arrangement.

    Attributes
    ----------
    coefficients : tuple of int
        Of 1, t, ..., t^d.
    """

    coefficients: Coefficients

    @property
    def dim(self) -> int:
        """The dimension d of the space."""
        return len(self.coefficients) - 1

    @property
    def rank(self) -> int:
        """The rank of the normals."""
        return self.dim - next(k for k, c in enumerate(self.coefficients) if c)

    @property
    def cells(self) -> int:
        """The number of cells, |chi(-1)| [Zaslavsky 1975, Theorem A]."""
        return abs(self(-1))

    @property
    def bounded_cells(self) -> int:
        """The number of relatively bounded cells, |chi(1)| [Zaslavsky 1975, Theorem C]."""
        return abs(self(1))

    @property
    def betti(self) -> Coefficients:
        """The Betti numbers of the complexified complement: |coefficients|, from t^d downwards."""
        return tuple(abs(c) for c in reversed(self.coefficients))[: self.rank + 1]

    def __call__(self, t: int) -> int:
        value = 0
        for c in reversed(self.coefficients):
            value = value * t + c
        return value

    def __str__(self) -> str:
        terms = [f"{c:+d} t^{k}" for k, c in reversed(list(enumerate(self.coefficients))) if c]
        return " ".join(terms).removeprefix("+1 ").removeprefix("+")


def characteristic_polynomial(
    arrangement: ReluNetwork | Iterable[Sequence[Any]], *, limit: int = 10**6
) -> Characteristic:
    """The exact characteristic polynomial of a hyperplane arrangement.

    Parameters
    ----------
    arrangement : ReluNetwork with one hidden layer, or rows (a_1, ..., a_d, b)
        The hyperplanes a . x + b = 0, any rational numbers; repeated ones count once, and rows
        whose normal is zero are left out.
    limit : int
        Largest number of restrictions that are computed.

    Raises
    ------
    InvalidInput
        When a network has not one hidden layer, or there is no row.
    TooLarge
        When the limit is reached.

    Notes
    -----
    Deletion and restriction, as the module's docstring describes.  The cost is governed by the
    number of chains of flats up to corank 3, far below the number of cells when these are many.

    References
    ----------
    Zaslavsky, *Facing up to arrangements*, 1975; Orlik and Terao, *Arrangements of hyperplanes*,
    1992, Corollary 2.57 (deletion and restriction).

    Examples
    --------
    Three lines of the plane through one point, and three in general position:

    >>> print(characteristic_polynomial([(1, 0, 0), (0, 1, 0), (1, 1, 0)]))
    t^2 -3 t^1 +2 t^0
    >>> found = characteristic_polynomial([(1, 0, 0), (0, 1, 0), (1, 1, -1)])
    >>> found.cells, found.bounded_cells
    (7, 1)
    """
    rows = arrangement_rows(arrangement)
    dim = len(rows[0]) - 1
    proper = {_signed(primitive(r)) for r in rows if any(r[:-1])}
    work = _Work(limit)
    if all(r[-1] == 0 for r in proper):
        found = work.central([r[:-1] for r in proper])
    else:
        found = _divided(work.central([*proper, (0,) * dim + (1,)]))
    return Characteristic((0,) * (dim + 1 - len(found)) + found)


def arrangement_rows(arrangement: Any) -> list[list[Any]]:
    """The rows (normal, offset) of an arrangement, given as a network or by them."""
    if isinstance(arrangement, ReluNetwork):
        if arrangement.depth != 1:
            raise InvalidInput(f"arrangement must have one hidden layer, got {arrangement.depth}")
        table = arrangement.exact.weights[0].tolist()
        return [[*r, b] for r, b in zip(table, arrangement.exact.biases[0], strict=True)]
    rows = [list(r) for r in arrangement]
    if not rows or len({len(r) for r in rows}) > 1 or len(rows[0]) < 2:
        raise InvalidInput(
            "arrangement must have at least one row, all of the form (a_1, ..., a_d, b)")
    return rows


class _Work:
    """Polynomials of central arrangements of full rank, remembered."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.known: dict[Any, Coefficients] = {}

    def central(self, rows: Iterable[Row]) -> Coefficients:
        """The polynomial of distinct signed primitive rows, divided by t^corank."""
        reduced, size = _essential(list(rows))
        out: Coefficients = (1,)
        for part in _parts(reduced, size):
            out = _product(out, self._connected(part))
        return out

    def _connected(self, rows: list[Row]) -> Coefficients:
        size = len(rows[0])
        if size == 1:
            return -1, 1
        if size == 2:
            return len(rows) - 1, -len(rows), 1
        if size == 3:
            return _rank_three(rows)
        key = _normal_form(rows)
        if key not in self.known:
            if len(self.known) >= self.limit:
                raise TooLarge(
                    f"limit={self.limit} restrictions were computed; raise the limit", 0)
            self.known[key] = self._delete_and_restrict(list(key))
        return self.known[key]

    def _delete_and_restrict(self, rows: list[Row]) -> Coefficients:
        size = len(rows[0])
        start = set(independent_rows(rows))
        before = [rows[k] for k in sorted(start)]
        total = list(_power(size))
        for k, row in enumerate(rows):
            if k not in start:
                for i, c in enumerate(self.central(_restricted(before, row))):
                    total[i] -= c
                before.append(row)
        return tuple(total)


def _restricted(rows: Sequence[Row], wall: Row) -> set[Row]:
    """The distinct traces of hyperplanes on another one, in coordinates of that one."""
    pivot = min((abs(a), k) for k, a in enumerate(wall) if a)[1]
    top = wall[pivot]
    out = set()
    for row in rows:
        if row[pivot]:
            factor = row[pivot]
            row = [top * a - factor * b for a, b in zip(row, wall, strict=True)]
        out.add(_reduced((*row[:pivot], *row[pivot + 1:])))
    return out


def _reduced(row: Sequence[int]) -> Row:
    divisor = gcd(*row)
    if next(a for a in row if a) < 0:
        divisor = -divisor
    return tuple(row) if divisor == 1 else tuple(a // divisor for a in row)


def _signed(row: Row) -> Row:
    return tuple(-a for a in row) if next(a for a in row if a) < 0 else row


def _essential(rows: list[Row]) -> tuple[list[Row], int]:
    """The rows in coordinates in which a basis of them are the unit vectors."""
    if not rows:
        return [], 0
    rows = sorted(rows, key=lambda r: (sum(map(abs, r)), r))
    basis = independent_rows(rows)
    columns = independent_rows([[rows[k][c] for k in basis] for c in range(len(rows[0]))])
    square = fmpz_mat([[rows[k][c] for c in columns] for k in basis])
    numerators, _ = square.inv().numer_denom()
    table = (fmpz_mat([[r[c] for c in columns] for r in rows]) * numerators).tolist()
    return sorted({_reduced([int(a) for a in row]) for row in table}), len(basis)


def _parts(rows: list[Row], size: int) -> list[list[Row]]:
    """The connected parts: rows linked by common coordinates, in their own coordinates."""
    graph = nx.utils.UnionFind(range(size))
    for row in rows:
        graph.union(*(k for k, a in enumerate(row) if a))
    out = []
    for part in graph.to_sets():
        chosen = sorted(part)
        out.append([tuple(r[k] for k in chosen) for r in rows if any(r[k] for k in chosen)])
    return out


def _normal_form(rows: list[Row]) -> tuple[Row, ...]:
    """The rows with columns in an order that depends on their entries, not on their names."""
    columns = list(zip(*rows, strict=True))
    weight = [sum(map(bool, r)) for r in rows]
    order = sorted(range(len(columns)), key=lambda k: sorted(
        (w, abs(a)) for w, a in zip(weight, columns[k], strict=True) if a))
    return tuple(sorted(_signed(tuple(r[k] for k in order)) for r in rows))


def _rank_three(rows: list[Row]) -> Coefficients:
    """From the rank-2 flats alone: c_1 is the sum of (size - 1) over them, and chi(1) = 0."""
    pairs = Counter(
        _reduced((b * z - c * y, c * x - a * z, a * y - b * x))
        for (a, b, c), (x, y, z) in combinations(rows, 2)
    )
    # A flat in which m hyperplanes meet is found by m (m - 1) / 2 pairs.
    second = sum((isqrt(8 * count + 1) - 1) // 2 for count in pairs.values())
    n = len(rows)
    return n - 1 - second, second, -n, 1


def _product(a: Coefficients, b: Coefficients) -> Coefficients:
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    return tuple(out)


def _power(n: int) -> Coefficients:
    """The coefficients of (t - 1)^n."""
    return tuple(comb(n, k) * (-1) ** (n - k) for k in range(n + 1))


def _divided(a: Coefficients) -> Coefficients:
    """The polynomial divided by t - 1, which is a factor of it."""
    out, carry = [], 0
    for c in reversed(a):
        carry += c
        out.append(carry)
    return tuple(reversed(out[:-1]))
