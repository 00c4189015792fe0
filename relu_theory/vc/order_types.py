"""Order types of points in the plane, grown point by point while no labeling is refuted.

The orientation of three points says whether they turn left (1) or right (-1). Which sets a line
cuts out of points in general position depends on nothing else, so neither does whether a labeling
has a side that is an intersection of halfplanes. A set of points with a good labeling for each of
the 2^m has only subsets of that kind: it suffices to extend the types that survive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations, product
from typing import Any

import numpy as np

from relu_theory._kernels.orientations import failing_labeling
from relu_theory.errors import InvalidInput

__all__ = ["OrderTypeProof", "order_type_bound"]

Chirotope = list[list[list[int]]]
Signs = tuple[int, ...]


@dataclass(frozen=True)
class OrderTypeProof:
    """That no more than `bound` points survive, with everything a checker needs.

    Attributes
    ----------
    bound : int
    levels : tuple
        For 3, 4, ... points: the types that survive, each as the signs of its triples a < b < c in
        lexicographic order, and for each type of the level before the fates of its extensions. An
        extension is the tuple of signs of (i, j, new) over the pairs i < j; its fate is the
        labeling that refutes it, a bit set, or [number of the type, order, mirror] such that the
        triples of the points in that order have the signs of the type times mirror.
    """

    bound: int
    levels: tuple[tuple[tuple[Signs, ...], tuple[dict[Signs, Any], ...]], ...]

    @property
    def refuted(self) -> int:
        """How many extensions were refuted at the last level, which is all of them."""
        return sum(map(len, self.levels[-1][1]))

    def to_dict(self) -> dict[str, Any]:
        """The proof as `relu_theory.vc.check_order_types` reads it."""
        return {
            "levels": [
                {
                    "types": [_word(signs) for signs in types],
                    "fates": [{_word(new): fate for new, fate in f.items()} for f in fates],
                }
                for types, fates in self.levels[1:]
            ]
        }


@cache
def order_type_bound(parts: int, complements: bool) -> OrderTypeProof:
    """The most points in the plane of which every labeling has a side that is an intersection of
    `parts` halfplanes: the side labeled 1, or either side with `complements`.

    Parameters
    ----------
    parts : int
        1, 2 or 3.
    complements : bool

    Raises
    ------
    InvalidInput
        For other `parts`.

    Notes
    -----
    A second route to `planar_bound`, with far fewer cases, because types are told apart up to the
    numbering of the points and a reflection. Whatever obeys
    the three-term Grassmann-Pluecker relations and has an affine dependency with both signs on any
    four points is walked, realisable or not.

    Examples
    --------
    >>> [order_type_bound(parts, False).bound for parts in (1, 2, 3)]
    [3, 5, 7]
    """
    if parts not in (1, 2, 3):
        raise InvalidInput(f"parts must be 1, 2 or 3, got {parts!r}")
    levels: list[Any] = [(((1,),), ())]
    n = 3
    while levels[-1][0]:
        order = np.arange(1 << (n + 1))
        found: dict[Signs, int] = {}
        level: list[dict[Signs, Any]] = []
        for signs in levels[-1][0]:
            table = np.zeros((n + 1,) * 3, np.int64)
            table[:n, :n, :n] = chirotope(n, signs)
            fates = {}
            for new in _extensions(n, signs):
                for (i, j), sign in zip(combinations(range(n), 2), new, strict=True):
                    table[i, j, n] = sign
                fate: Any = int(failing_labeling(table, n + 1, parts, complements, order))
                if fate < 0:
                    name, numbering, mirror = _canonical(n + 1, _joined(n, signs, new))
                    fate = [found.setdefault(name, len(found)), list(numbering), mirror]
                fates[new] = fate
            level.append(fates)
        levels.append((tuple(found), tuple(level)))
        n += 1
    return OrderTypeProof(n - 1, tuple(levels))


def chirotope(n: int, signs: Signs) -> Chirotope:
    """The signs of all ordered triples."""
    chi = [[[0] * n for _ in range(n)] for _ in range(n)]
    for triple, sign in zip(combinations(range(n), 3), signs, strict=True):
        for at in permutations(range(3)):
            a, b, c = (triple[k] for k in at)
            even = (at[0] > at[1]) + (at[0] > at[2]) + (at[1] > at[2])
            chi[a][b][c] = -sign if even % 2 else sign
    return chi


def _extensions(n: int, signs: Signs) -> Iterator[Signs]:
    """The signs of (i, j, new) for one more point."""
    chi = chirotope(n, signs)
    stars = [_star(chi[i], i, n) for i in range(n)]
    rows: list[Signs] = []

    def walk() -> Iterator[None]:
        i = len(rows)
        if i == n:
            yield
            return
        known = tuple(-rows[j][i] for j in range(i))
        for star in stars[i].get(known, ()):
            rows.append(star)
            if _consistent(chi, rows):
                yield from walk()
            rows.pop()

    for _ in walk():
        yield tuple(rows[i][j] for i, j in combinations(range(n), 2))


def _joined(n: int, signs: Signs, new: Signs) -> Chirotope:
    """The signs of all triples of the n + 1 points."""
    both = dict(zip(combinations(range(n), 3), signs, strict=True))
    pairs = zip(combinations(range(n), 2), new, strict=True)
    both |= {(i, j, n): sign for (i, j), sign in pairs}
    return chirotope(n + 1, tuple(both[t] for t in combinations(range(n + 1), 3)))


def _star(around: list[list[int]], i: int, n: int) -> dict[Signs, list[Signs]]:
    """Possible signs of (i, j, new) over j, by those with j < i; 0 at j = i."""
    others = [j for j in range(n) if j != i]
    found: dict[Signs, list[Signs]] = {}
    for choice in product((1, -1), repeat=n - 1):
        row = [*choice[:i], 0, *choice[i:]]
        if all(
            _related(around[a][b] * row[c], -around[a][c] * row[b], row[a] * around[b][c])
            for a, b, c in combinations(others, 3)
        ):
            found.setdefault(tuple(row[:i]), []).append(tuple(row))
    return found


def _consistent(chi: Chirotope, rows: list[Signs]) -> bool:
    """The relations that the last row completes."""
    k = len(rows) - 1
    last = rows[k]
    for i, j in combinations(range(k), 2):
        if chi[i][j][k] == -rows[i][j] == -last[i] == last[j]:
            return False
    # (h, k, new) is minus the entry h of the last row; the sign is common to all three products.
    return all(
        _related(rows[h][i] * last[j], -rows[h][j] * last[i], last[h] * rows[i][j])
        for h, i, j in combinations(range(k), 3)
    )


def _related(x: int, y: int, z: int) -> bool:
    """Whether signs may be those of three numbers with sum 0."""
    return not x == y == z


def _canonical(n: int, chi: Chirotope) -> tuple[Signs, tuple[int, ...], int]:
    """The least signs over all numberings that start at an extreme point and turn around it."""
    best: tuple[Signs, tuple[int, ...], int] | None = None
    triples = list(combinations(range(n), 3))
    for first in range(n):
        others = [q for q in range(n) if q != first]
        # q has as many points to its right, seen from `first`, as come before it.
        rank = {q: sum(chi[first][r][q] > 0 for r in others) for q in others}
        if sorted(rank.values()) != list(range(n - 1)):
            continue
        turn = sorted(others, key=rank.__getitem__)
        for mirror, order in ((1, (first, *turn)), (-1, (first, *turn[::-1]))):
            name = tuple(mirror * chi[order[a]][order[b]][order[c]] for a, b, c in triples)
            if best is None or name < best[0]:
                best = (name, order, mirror)
    assert best is not None, "a set in the plane has an extreme point"
    return best


def _word(signs: Signs) -> str:
    return "".join("+" if sign > 0 else "-" for sign in signs)
