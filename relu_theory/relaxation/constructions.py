"""Networks that a relaxation analyses exactly on every sub-box: the constructions.

A function of one variable is given by its values at increasing points, the ends of the domain
among them; between them it is affine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise, product
from typing import Any

from relu_theory.exact.numbers import fraction
from relu_theory.intervals import interval_bounds
from relu_theory.network import ReluNetwork

__all__ = ["canonical", "convex_by_rays", "convex_by_signs", "mirrored", "ramps", "unimodal"]

Points = Sequence[Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def slopes_of(x: Points, y: Points) -> list[Fraction]:
    """Slopes between consecutive points."""
    return [(d - c) / (b - a) for (a, b), (c, d) in zip(pairwise(x), pairwise(y), strict=True)]


def ramps(x: Points, y: Points) -> ReluNetwork:
    """A monotone function as a sum of ramps b - relu(b - (b / w) relu(t - x_i)), two hidden layers.

    Interval arithmetic is exact on every ramp, and on a sum of ramps of one direction.
    """
    steps = [(a, b - a, d - c) for (a, b), (c, d) in zip(pairwise(x), pairwise(y), strict=True)]
    steps = [step for step in steps if step[2]] or [(x[0], ONE, ZERO)]
    count = len(steps)
    first = [[1] for _ in steps], [-a for a, _, _ in steps]
    second = [
        [-abs(rise) / width if i == j else ZERO for j in range(count)]
        for i, (_, width, rise) in enumerate(steps)
    ]
    last = [-1 if rise > 0 else 1 for _, _, rise in steps]
    return ReluNetwork(
        [first[0], second, [last]],
        [first[1], [abs(rise) for _, _, rise in steps], [y[-1]]],
    )  # fmt: skip


def convex_by_rays(x: Points, y: Points) -> ReluNetwork:
    """A convex function as its minimum plus rays that leave from the minimiser to both sides.

    A kink at the minimiser is split between both rays. All coefficients are positive and all
    neurons vanish at the minimiser, so that the lower lines 0 keep the minimum on every box
    around it.
    """
    at = min(range(len(x)), key=lambda i: y[i])
    slopes = [ZERO, *slopes_of(x, y), ZERO]
    rays = []
    for i in range(at, len(x) - 1):
        before = slopes[i] if i > at else ZERO
        rays.append((ONE, x[i], slopes[i + 1] - before))
    for i in range(at, 0, -1):
        after = slopes[i + 1] if i < at else ZERO
        rays.append((-ONE, x[i], after - slopes[i]))
    return _one_layer(rays, y[at])


def convex_by_signs(x: Points, y: Points, signs: Sequence[int]) -> ReluNetwork:
    """A convex function as b + c t + sum of d_i relu(s_i (t - x_i)) with chosen signs.

    The d_i > 0 are the jumps of the slope at the inner points. The triangle relaxation is exact
    on every box for each of the 2^n choices. The affine part is carried by a neuron that is active
    on the domain.
    """
    slopes = slopes_of(x, y)
    jumps = [b - a for a, b in pairwise(slopes)]
    rays = [(Fraction(s), p, d) for s, p, d in zip(signs, x[1:-1], jumps, strict=True) if d]
    linear = slopes[0] + sum((d for s, _, d in rays if s < 0), ZERO)
    shift = y[0] - sum((d * max(s * (x[0] - p), ZERO) for s, p, d in rays), ZERO)
    return _one_layer([(ONE, x[0], linear), *rays], shift)


def all_signs(count: int) -> Iterator[tuple[int, ...]]:
    """The 2^count choices of signs."""
    return product((1, -1), repeat=count)


def canonical(x: Points, y: Points) -> ReluNetwork:
    """Any function as y_0 + s_0 relu(t - x_0) + sum of slope jumps times relu(t - x_i)."""
    slopes = slopes_of(x, y)
    jumps = [slopes[0], *(b - a for a, b in pairwise(slopes))]
    return _one_layer([(ONE, p, d) for p, d in zip(x, jumps, strict=False)], y[0])


def _one_layer(rays: Sequence[tuple[Fraction, Fraction, Fraction]], shift: Fraction) -> ReluNetwork:
    """shift + sum of d relu(s (t - p)) over the (s, p, d) with d not zero."""
    kept = [ray for ray in rays if ray[2]] or [(ONE, ZERO, ZERO)]
    return ReluNetwork(
        [[[s] for s, _, _ in kept], [[d for _, _, d in kept]]],
        [[-s * p for s, p, _ in kept], [shift]],
    )


def unimodal(x: Points, y: Points) -> tuple[ReluNetwork, ReluNetwork] | None:
    """A function that falls and then rises, strictly but for a flat minimum, as (m, c): m after c.

    c is convex and m increasing. The slope of psi = m^-1 grows with the level, as much as it takes
    to make c = psi(f) convex on both branches. None when the function is not of this kind.
    """
    branches = _branches(x, y)
    if branches is None:
        return None
    levels = sorted(set(y))
    factors = [ONE]
    for lower, upper in zip(pairwise(levels), pairwise(levels[1:]), strict=False):
        ratios = [ONE]
        for branch in branches:
            slopes = [_slope_at(branch, sum(pair) / 2) for pair in (lower, upper)]
            if None not in slopes:
                ratios.append(slopes[0] / slopes[1])  # type: ignore[operator]
        factors.append(factors[-1] * max(ratios))
    rises = [factor * (b - a) for factor, (a, b) in zip(factors, pairwise(levels), strict=False)]
    images = list(accumulate(rises, initial=ZERO))
    inner = sorted({*x, *(t for branch in branches for t in _preimages(branch, levels))})
    heights = [_interpolated(levels, images, _interpolated(x, y, t)) for t in inner]
    return ramps(images, levels), convex_by_rays(inner, heights)


def _branches(x: Points, y: Points) -> list[list[tuple[Fraction, Fraction]]] | None:
    """Both branches as (t, level) with increasing levels."""
    low = min(y)
    first, last = y.index(low), len(y) - 1 - list(reversed(y)).index(low)
    left = list(zip(x, y, strict=True))[first::-1]
    right = list(zip(x, y, strict=True))[last:]
    flat = all(v == low for v in y[first : last + 1])
    rising = all(a[1] < b[1] for branch in (left, right) for a, b in pairwise(branch))
    return [left, right] if flat and rising else None


def _slope_at(branch: Sequence[tuple[Fraction, Fraction]], level: Fraction) -> Fraction | None:
    for (s, low), (t, up) in pairwise(branch):
        if low < level < up:
            return (up - low) / abs(t - s)
    return None


def _preimages(branch: Sequence[tuple[Fraction, Fraction]], levels: Points) -> Iterator[Fraction]:
    for (s, low), (t, up) in pairwise(branch):
        for level in levels:
            if low <= level <= up:
                yield s + (t - s) * (level - low) / (up - low)


def _interpolated(x: Points, y: Points, at: Fraction) -> Fraction:
    for (a, b), (c, d) in zip(pairwise(x), pairwise(y), strict=True):
        if a <= at <= b:
            return c + (d - c) * (at - a) / (b - a)
    return y[0]


def mirrored(net: ReluNetwork, domain: Any) -> ReluNetwork:
    """The same function on a domain, with every relu(t) written as t + relu(-t).

    t itself is carried as relu(t + M) - M, with M from interval arithmetic so large that the
    neuron is active on the whole domain. DeepPoly with lower line a bounds the new network on every
    sub-box as DeepPoly with lower line 0 bounds the old one: a line below relu(-t) that is -t makes
    the line below relu(t) zero, and the chords agree.

    Examples
    --------
    >>> from relu_theory import Box
    >>> net = mirrored(ReluNetwork([[[1]], [[1]]], [[0], [0]]), Box(-2, 1, dim=1))
    >>> net.weights[0].tolist(), net.biases[0].tolist(), net.biases[1].tolist()
    ([[1.0], [-1.0]], [2.0, 0.0], [-2.0])
    """
    weights, biases = [], []
    outer: list[list[Fraction]] | None = None
    shifts: list[Fraction] = []
    intervals = interval_bounds(net, domain)
    for layer, (weight, bias) in enumerate(zip(net.exact.weights, net.exact.biases, strict=True)):
        rows = [list(map(fraction, row)) for row in weight.table()]
        offsets = list(map(fraction, bias))
        if outer is not None:
            offsets = [
                b - sum(w * m for w, m in zip(row, shifts, strict=True))
                for row, b in zip(rows, offsets, strict=True)
            ]
            rows = [row + row for row in rows]
        if layer < net.depth:
            shifts = [max(-fraction(low), ZERO) for low in intervals[layer].lower]
            carried = [b + m for b, m in zip(offsets, shifts, strict=True)]
            outer = rows
            rows = rows + [[-w for w in row] for row in rows]
            offsets = carried + [-b for b in offsets]
        weights.append(rows)
        biases.append(offsets)
    return ReluNetwork(weights, biases)
