"""Littlestone and teaching dimension of small finite classes, by exact recursion."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

from relu_theory.errors import TooLarge
from relu_theory.vc.concepts import ConceptClass

__all__ = ["littlestone_dimension", "teaching_dimension", "teaching_sets"]

_MOST_CONCEPTS = 256


def littlestone_dimension(matrix: Any, *, limit: int = 10**6) -> int:
    """The most mistakes that an adversary can force: the depth of a complete mistake tree.

    Raises
    ------
    TooLarge
        When more than limit subclasses are met.

    Notes
    -----
    ``L(C) = max over points p of 1 + min(L(C_p=0), L(C_p=1))``, memoised over subclasses, which
    are sets of rows; a split that cannot beat the best so far by its cardinality is skipped.

    References
    ----------
    Littlestone 1988.

    Examples
    --------
    Thresholds on seven points have VC dimension 1:

    >>> littlestone_dimension([[int(i >= t) for i in range(7)] for t in range(8)])
    3
    """
    concepts = ConceptClass.read(matrix)
    columns = [_bits(column) for column in concepts.matrix.T]
    seen: dict[int, int] = {}

    def depth(rows: int) -> int:
        if rows in seen:
            return seen[rows]
        if len(seen) > limit:
            raise TooLarge(f"more than limit={limit} subclasses were met; raise the limit")
        best = 0
        for column in columns:
            one, zero = rows & column, rows & ~column
            small = min(one.bit_count(), zero.bit_count())
            if small and small.bit_length() > best:
                low, high = sorted((one, zero), key=int.bit_count)
                first = depth(low)
                if first >= best:
                    best = max(best, 1 + min(first, depth(high)))
        seen[rows] = best
        return best

    return depth((1 << concepts.concepts) - 1)


def teaching_sets(matrix: Any) -> list[tuple[int, ...]]:
    """For each distinct concept a smallest set of points whose labels no other concept shares.

    The concepts come in lexicographic order, as in `ConceptClass`.

    Raises
    ------
    TooLarge
        For more than 256 concepts.

    Examples
    --------
    >>> teaching_sets([[0, 0], [0, 1], [1, 0]])
    [(0, 1), (1,), (0,)]
    """
    rows = ConceptClass.read(matrix).matrix
    if len(rows) > _MOST_CONCEPTS:
        raise TooLarge(
            f"teaching sets are found for at most {_MOST_CONCEPTS} concepts, got {len(rows)}"
        )
    return [_teaching_set([_bits(column != label) for column, label in zip(rows.T, row,
            strict=True)], len(rows) - 1) for row in rows]  # fmt: skip


def teaching_dimension(matrix: Any) -> int:
    """The size of the largest of the smallest teaching sets.

    References
    ----------
    Goldman and Kearns 1995.

    Examples
    --------
    >>> teaching_dimension([[0, 0], [0, 1], [1, 0]])
    2
    """
    return max(map(len, teaching_sets(matrix)))


def _teaching_set(excluded: list[int], others: int) -> tuple[int, ...]:
    """The first smallest set of points that together exclude all other concepts."""

    @cache
    def union(chosen: tuple[int, ...]) -> int:
        return excluded[chosen[-1]] | union(chosen[:-1]) if chosen else 0

    for size in range(len(excluded) + 1):
        for chosen in combinations(range(len(excluded)), size):
            if union(chosen).bit_count() == others:
                return chosen
    raise AssertionError("distinct concepts differ at some point")


def _bits(column: Any) -> int:
    return sum(1 << i for i, one in enumerate(column.tolist()) if one)
