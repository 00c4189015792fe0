"""Obvious answers to hold the solvers against; nothing here comes from the package.

Points are pairs of ints or Fractions with increasing abscissae.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

Point = tuple[Fraction, Fraction]


def slopes(points: Sequence[Point]) -> list[Fraction]:
    return [Fraction(d - b) / (c - a) for (a, b), (c, d) in pairwise(points)]


def least_knots(points: Sequence[Point]) -> int:
    """Dynamic programme over the slope with which a point is left.

    Slopes are cut at those of the chords into points (even positions) and open intervals
    (odd ones), so chord number k of the sorted list is position 2 k + 1.
    """
    chords = slopes(points)
    order = {s: 2 * i + 1 for i, s in enumerate(sorted(set(chords)))}
    size = 2 * len(order) + 1
    cost = [0] * size
    for k, chord in enumerate(chords):
        at = order[chord]
        if k:
            cheapest = min(cost) + 1
            cost = [min(c, cheapest) for c in cost]
        below, above = min(cost[:at]), min(cost[at + 1 :])
        anywhere = min(cost) + 2
        following = [anywhere] * size
        for q in range(size):
            if q > at:
                following[q] = min(anywhere, below + 1)
            elif q < at:
                following[q] = min(anywhere, above + 1)
            else:
                following[q] = min(anywhere, cost[at])
        cost = following
    return min(cost)


def curvature_runs(points: Sequence[Point]) -> list[list[Fraction]]:
    """The changes of slope of every maximal run of one sign."""
    bends = [b - a for a, b in pairwise(slopes(points))]
    runs: list[list[Fraction]] = []
    last = 0
    for bend in bends:
        sign = (bend > 0) - (bend < 0)
        if sign and sign == last:
            runs[-1].append(abs(bend))
        elif sign:
            runs.append([abs(bend)])
        last = sign
    return runs


def blockings(amplitudes: Sequence[Fraction]) -> Iterator[tuple[Fraction, ...]]:
    """The block sums of every partition into neighbouring blocks of one or two."""
    if not amplitudes:
        yield ()
        return
    for rest in blockings(amplitudes[1:]):
        yield (amplitudes[0], *rest)
    if len(amplitudes) > 1:
        for rest in blockings(amplitudes[2:]):
            yield (amplitudes[0] + amplitudes[1], *rest)
