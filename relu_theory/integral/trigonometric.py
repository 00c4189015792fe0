"""Exact means of sines and cosines of linear forms, and moments of folded normal variables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import comb
from typing import Any

from flint import acb, arb, fmpq

from relu_theory.errors import TooLarge
from relu_theory.integral.quadrature import normal_tail_moments

__all__ = ["absolute_norm_moments", "cube_mean", "exponential_mean", "folded_moments"]

_MAX_VERTICES = 2**14


def exponential_mean(
    omega: Sequence[fmpq], lower: Sequence[fmpq], upper: Sequence[fmpq], times: int | None = None
) -> acb:
    """E[e^(i omega.x)], or E[x_times e^(i omega.x)], for x uniform on a box."""
    total = acb(1)
    for i, (w, low, high) in enumerate(zip(omega, lower, upper, strict=True)):
        total *= _first(w, low, high) if i == times else _zeroth(w, low, high)
    return total


def _zeroth(w: fmpq, low: fmpq, high: fmpq) -> acb:
    if not w:
        return acb(1)
    ends = [acb(0, arb(w * t)).exp() for t in (low, high)]
    return (ends[1] - ends[0]) / acb(0, arb(w * (high - low)))


def _first(w: fmpq, low: fmpq, high: fmpq) -> acb:
    if not w:
        return acb(arb((low + high) / 2))
    iw = acb(0, arb(w))
    ends = [(iw * t).exp() * (acb(t) / iw - 1 / (iw * iw)) for t in (low, high)]
    return (ends[1] - ends[0]) / arb(high - low)


def cube_mean(
    omega: Sequence[fmpq], lower: Sequence[fmpq], upper: Sequence[fmpq], sign: int
) -> arb:
    """E[S(|omega.x|)] for x uniform on a box, S(z) = z^3/6 + sign (z/4 - sin(2z)/8).

    S(z) is the integral of cos^2 u (sign 1) or sin^2 u (sign -1) times (z - u)^2 over [0, z]. With
    k coordinates in omega, the mean is a signed sum over 2^k vertices of the k-fold primitive.
    """
    used = [(w, a, b) for w, a, b in zip(omega, lower, upper, strict=True) if w]
    if 2 ** len(used) > _MAX_VERTICES:
        raise TooLarge(f"a frequency has {len(used)} coordinates; at most 14 are summed over")
    scale, total = fmpq(1), arb(0)
    for w, a, b in used:
        scale *= w * (b - a)
    for choice in product((0, 1), repeat=len(used)):
        z = sum((w * (b if c else a) for c, (w, a, b) in zip(choice, used, strict=True)), fmpq(0))
        side = 1 if z >= 0 else -1
        total += _primitive(z, len(used), sign) * (side * (-1) ** (len(used) - sum(choice)))
    return total / scale


def _primitive(z: fmpq, times: int, sign: int) -> arb:
    """The primitive, taken so often from 0, of S as a polynomial and a sine."""
    value, cubic, linear = arb(0), z**3, z
    factor3, factor1 = fmpq(1, 6), fmpq(1, 4)
    for j in range(times):
        cubic, factor3 = cubic * z, factor3 / (j + 4)
        linear, factor1 = linear * z, factor1 / (j + 2)
    # sin(2z)/8 minus its Taylor polynomial, integrated: the primitives of sin that vanish at 0.
    value += arb(cubic * factor3) + (arb(linear * factor1) - _sine_primitive(z, times) / 8) * sign
    return value


def _sine_primitive(z: fmpq, times: int) -> arb:
    """The primitive of sin(2z), taken so often, with all lower derivatives zero at 0."""
    turn = acb(0, arb(2 * z)).exp() / acb(0, 2) ** times
    taylor, power = acb(0), fmpq(1)
    for j in range(times):
        taylor += acb(0, 2) ** (j - times) * power
        power = power * z / (j + 1)
    return (turn - taylor).imag


def folded_moments(mean: fmpq, variance: fmpq, top: int) -> list[arb]:
    """E|g|^k, k = 0, ..., top, of a normal variable with rational mean and variance.

    Examples
    --------
    >>> folded_moments(fmpq(0), fmpq(1), 2)[2].contains(1)
    True
    """
    if not variance:
        return [arb(abs(mean) ** k) for k in range(top + 1)]
    deviation = arb(variance).sqrt()
    sides = [normal_tail_moments(-s * mean / deviation, top) for s in (1, -1)]
    found = []
    for k in range(top + 1):
        total = arb(0)
        for s, tail in zip((1, -1), sides, strict=True):
            total += sum((
                tail[j] * deviation**j * (arb(mean) * s) ** (k - j) * comb(k, j)
                for j in range(k + 1)
            ), arb(0))  # fmt: skip
        found.append(total)
    return found


def absolute_norm_moments(mean: Sequence[fmpq], variance: Sequence[fmpq], top: int) -> list[Any]:
    """E[|omega|_1^k], k = 0, ..., top, for independent normal coordinates."""
    total = [arb(1)] + [arb(0)] * top
    for m, v in zip(mean, variance, strict=True):
        own = folded_moments(m, v, top)
        total = [
            sum((total[j] * own[k - j] * comb(k, j) for j in range(k + 1)), arb(0))
            for k in range(top + 1)
        ]
    return total
