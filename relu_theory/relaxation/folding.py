"""Functions of one variable as chains of functions with one turn: f = p after q, and p in turn.

Fold at a turn c: q(x) is the variation of f between c and x, which falls up to c and rises after.
Then f = p(q(x)) on the longer side defines p, with slopes +-1, and on the other side it holds if f
turns there at the same heights, and does not end beyond the next one. DeepPoly and the triangle
express functions of one turn and are closed under composition, so that they express all functions
that fold: two turns if one end is not beyond the far turn, iterates of the tent map, and so on. The
wiggle does not fold.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise

from relu_theory.network import ReluNetwork
from relu_theory.relaxation import constructions as build

__all__ = ["chain"]

Points = list[Fraction]


def chain(x: Points, y: Points) -> list[ReluNetwork] | None:
    """Networks, the innermost first, whose composition runs through the points.

    Each is a sum of ramps or of rays with one sign, which single-neuron relaxations analyse
    exactly. None when the function does not fold, or is constant on an interval off its turns.

    Examples
    --------
    The tent map after itself turns three times:

    >>> quarters = [Fraction(k, 4) for k in range(5)]
    >>> len(chain(quarters, [Fraction(v) for v in (0, 1, 0, 1, 0)]))
    6
    >>> chain([Fraction(v) for v in (0, 2, 3, 5)], [Fraction(v) for v in (0, 2, 1, 3)]) is None
    True
    """
    steps = [b - a for a, b in pairwise(y)]
    if all(s >= 0 for s in steps) or all(s <= 0 for s in steps):
        return [build.ramps(x, y)]
    for sign in (1, -1):
        parts = build.unimodal(x, [sign * v for v in y])
        if parts is not None:
            outer, inner = parts
            return [inner, outer.scale(sign)]
    if not all(steps):
        return None
    turns = [i for i in range(1, len(x) - 1) if steps[i - 1] * steps[i] < 0]
    for turn in turns:
        outer_points = _unfolded(y, turn)
        if outer_points is None:
            continue
        rest = chain(*outer_points)
        inner_chain = chain(x, _variation(y, turn))
        if rest is not None and inner_chain is not None:
            return inner_chain + rest
    return None


def _variation(y: Points, turn: int) -> Points:
    """The variation between a turn and each point."""
    right = accumulate((abs(b - a) for a, b in pairwise(y[turn:])), initial=Fraction(0))
    left = list(accumulate((abs(b - a) for a, b in pairwise(y[turn::-1])), initial=Fraction(0)))
    return [*left[:0:-1], *right]


def _unfolded(y: Points, turn: int) -> tuple[Points, Points] | None:
    """The function of the variation along the longer side, if the shorter one follows it."""
    sides = [_heights(y[turn::-1]), _heights(y[turn:])]
    short, long = sorted(sides, key=lambda side: (len(side), abs(side[-1] - side[-2])))
    *same, end = short
    follows = long[: len(same)] == same
    if not follows or abs(end - same[-1]) > abs(long[len(same)] - same[-1]):
        return None
    along = list(accumulate((abs(b - a) for a, b in pairwise(long)), initial=Fraction(0)))
    return along, long


def _heights(values: Points) -> Points:
    """First and last value, and those at the turns between."""
    inner = [
        b for a, b, c in zip(values, values[1:], values[2:], strict=False) if (b - a) * (c - b) < 0
    ]
    return [values[0], *inner, values[-1]]
