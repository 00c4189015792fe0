"""Finite groups by their multiplication tables; element 0 is the identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

from relu_theory.errors import InvalidInput, ShapeError

__all__ = ["FiniteGroup", "correlation", "cyclic", "dihedral", "direct_product", "shifted",
           "symmetric"]  # fmt: skip


@dataclass(frozen=True)
class FiniteGroup:
    """A group by its multiplication table: ``table[a][b]`` is the number of the product a b.

    Raises
    ------
    InvalidInput
        When the table is no group with identity 0 (the axiom is named).

    Examples
    --------
    >>> FiniteGroup(((0, 1), (1, 0))).order
    2
    """

    table: tuple[tuple[int, ...], ...]
    name: str = "group"

    def __post_init__(self) -> None:
        table = tuple(tuple(row) for row in self.table)
        object.__setattr__(self, "table", table)
        everyone = set(range(len(table)))
        if not table or any(set(row) != everyone or len(row) != len(table) for row in table):
            raise InvalidInput("a group table must have permutations of 0..r-1 as rows")
        if table[0] != tuple(range(len(table))) or any(r[0] != i for i, r in enumerate(table)):
            raise InvalidInput("element 0 of a group table must be the identity")
        for a in everyone:
            for b in everyone:
                if any(table[table[a][b]][c] != table[a][table[b][c]] for c in everyone):
                    raise InvalidInput(f"the table is not associative at ({a}, {b}, .)")

    @property
    def order(self) -> int:
        """The number of elements."""
        return len(self.table)

    def inverse(self, a: int) -> int:
        """The inverse of an element."""
        return self.table[a].index(0)


def cyclic(order: int) -> FiniteGroup:
    """The cyclic group.

    Examples
    --------
    >>> cyclic(5).inverse(2)
    3
    """
    if order < 1:
        raise InvalidInput(f"order must be positive, got {order}")
    table = tuple(tuple((a + b) % order for b in range(order)) for a in range(order))
    return FiniteGroup(table, f"C{order}")


def symmetric(letters: int) -> FiniteGroup:
    """All permutations of so many letters (at most 5), in lexicographic order.

    Examples
    --------
    >>> symmetric(3).order
    6
    """
    if not 1 <= letters <= 5:
        raise InvalidInput(f"letters must be from 1 to 5, got {letters}")
    return _of_permutations(list(permutations(range(letters))), f"S{letters}")


def dihedral(corners: int) -> FiniteGroup:
    """The symmetries of the regular polygon: rotations first, then reflections.

    Examples
    --------
    >>> group = dihedral(4)
    >>> group.order, group.table[1][4] == group.table[4][1]
    (8, False)
    """
    if corners < 3:
        raise InvalidInput(f"corners must be at least 3, got {corners}")
    n = corners
    rotations = [tuple((i + k) % n for i in range(n)) for k in range(n)]
    reflections = [tuple((k - i) % n for i in range(n)) for k in range(n)]
    return _of_permutations(rotations + reflections, f"D{corners}")


def direct_product(first: FiniteGroup, second: FiniteGroup) -> FiniteGroup:
    """Pairs (a, b), numbered a * (order of the second) + b.

    Examples
    --------
    >>> direct_product(cyclic(2), cyclic(3)).order
    6
    """
    m = second.order
    pairs = [(a, b) for a in range(first.order) for b in range(m)]
    table = tuple(
        tuple(first.table[a][c] * m + second.table[b][d] for c, d in pairs) for a, b in pairs
    )
    return FiniteGroup(table, f"{first.name} x {second.name}")


def correlation(group: FiniteGroup, kernel: Sequence[Any], f: Sequence[Any]) -> tuple[Any, ...]:
    """The G-correlation ``(K * f)(g) = sum_h K(g^-1 h) f(h)``.

    Raises
    ------
    ShapeError
        When kernel or function have not one value for each element.

    Examples
    --------
    >>> [int(v) for v in correlation(cyclic(3), [0, 1, 0], [5, 6, 7])]
    [6, 7, 5]
    """
    for name, values in (("kernel", kernel), ("f", f)):
        if len(values) != group.order:
            raise ShapeError(f"{name} must have {group.order} values, got {len(values)}")
    # With h = g u the sum runs over the u where the kernel is not 0.
    support = [(u, value) for u, value in enumerate(kernel) if value]
    rows = group.table
    return tuple(sum((value * f[row[u]] for u, value in support), Fraction(0)) for row in rows)


def shifted(group: FiniteGroup, by: int, f: Sequence[Any]) -> tuple[Any, ...]:
    """The function g -> f(by^-1 g).

    Examples
    --------
    >>> shifted(cyclic(3), 1, [5, 6, 7])
    (7, 5, 6)
    """
    row = group.table[group.inverse(by)]
    return tuple(f[row[g]] for g in range(group.order))


def _of_permutations(elements: list[tuple[int, ...]], name: str) -> FiniteGroup:
    index = {p: i for i, p in enumerate(elements)}
    table = tuple(tuple(index[tuple(p[i] for i in q)] for q in elements) for p in elements)
    return FiniteGroup(table, name)
