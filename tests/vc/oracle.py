"""The obvious slow versions: shattering by listing, one hidden layer by listing patterns."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement, product
from typing import Any

from relu_theory.exact.farkas import nonnegative_combination


def vc_dimension(rows: list[list[int]]) -> int:
    points = range(len(rows[0]))
    best = 0
    for k in range(1, len(rows[0]) + 1):
        for chosen in combinations(points, k):
            if len({tuple(row[p] for p in chosen) for row in rows}) == 2**k:
                best = k
                break
    return best


def shattered_sets(rows: list[list[int]]) -> int:
    points = range(len(rows[0]))
    return sum(
        len({tuple(row[p] for p in chosen) for row in rows}) == 2**k
        for k in range(len(rows[0]) + 1)
        for chosen in combinations(points, k)
    )


def littlestone(rows: list[tuple[int, ...]]) -> int:
    """The depth of the deepest complete mistake tree, from the definition."""
    best = 0
    for p in range(len(rows[0])):
        zero = [row for row in rows if not row[p]]
        one = [row for row in rows if row[p]]
        if zero and one:
            best = max(best, 1 + min(littlestone(zero), littlestone(one)))
    return best


def feasible(rows: list[list[Any]], right: list[int]) -> bool:
    """Whether some x has row . x >= right for every row, by exact Farkas multipliers."""
    if not rows:
        return True
    columns = [[*row, b] for row, b in zip(rows, right, strict=True)]
    return nonnegative_combination(columns, [0] * len(rows[0]) + [1]) is None


def one_hidden(points: list[list[Any]], labels: list[int], units: int, skip: bool,
               bias: bool) -> bool:
    """Every sign and every activation pattern of every neuron, one exact system each."""
    m, d = len(points), len(points[0])
    neurons = [(v, p) for v in (1, -1) for p in product((0, 1), repeat=m)]
    for chosen in combinations_with_replacement(neurons, units):
        rows, right = [], []
        for i, x in enumerate(points):
            output = []
            for k, (v, pattern) in enumerate(chosen):
                form = [0] * (k * (d + 1)) + [*x, 1] + [0] * ((units - k - 1) * (d + 1))
                tail = [0] * (bias + d * skip)
                rows.append([(1 if pattern[i] else -1) * a for a in form] + tail)
                right.append(0)
                output += [v * pattern[i] * a for a in [*x, 1]]
            output += [1] * bias + list(x) * skip
            rows.append([labels[i] * a for a in output])
            right.append(1 if labels[i] > 0 else 0)
        if feasible(rows, right):
            return True
    return False
