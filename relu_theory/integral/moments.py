"""Moments of polynomials: Gaussian, spherical, uniform on a box."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, prod
from typing import Any

from flint import fmpq

from relu_theory.integral.closed import double_factorial
from relu_theory.integral.polynomial import Polynomial

__all__ = ["box_mean", "gaussian_mean", "gaussian_moment", "interval_moment", "sphere_mean",
           "sphere_norm"]  # fmt: skip


def gaussian_moment(exponents: Sequence[int]) -> int:
    """E[w^e] for independent standard normal coordinates.

    Examples
    --------
    >>> gaussian_moment((4, 2)), gaussian_moment((1, 2))
    (3, 0)
    """
    if any(e % 2 for e in exponents):
        return 0
    return prod(double_factorial(e - 1) for e in exponents)


def gaussian_mean(p: Polynomial) -> fmpq:
    """E[p(w)] for independent standard normal coordinates."""
    return sum((q * gaussian_moment(e) for e, q in p.terms.items()), fmpq(0))


def sphere_norm(n: int, degree: int) -> int:
    """E[|w|^degree] in R^n for an even degree: n (n + 2) ... (n + degree - 2).

    Dividing by it turns the Gaussian moment of a homogeneous polynomial into the spherical one.
    """
    return prod(n + 2 * i for i in range(degree // 2))


def sphere_mean(p: Polynomial, n: int) -> fmpq:
    """E[p(theta)] for theta uniform on the unit sphere of R^n; p has at most n variables.

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> sphere_mean(x * x, 3), sphere_mean(x * x * y * y, 2)
    (1/3, 1/8)
    """
    total = fmpq(0)
    for e, q in p.terms.items():
        moment = gaussian_moment(e)
        if moment:
            total += q * fmpq(moment, sphere_norm(n, sum(e)))
    return total


def interval_moment(lower: Any, upper: Any, power: int) -> fmpq:
    """E[t^power] for t uniform on an interval, or at its point when the ends agree."""
    if lower == upper:
        return fmpq(1) * lower**power
    return (upper ** (power + 1) - lower ** (power + 1)) / ((power + 1) * (upper - lower))


def box_mean(
    p: Polynomial, support: Sequence[int], lower: Sequence[fmpq], upper: Sequence[fmpq],
    radius_power: int = 0,
) -> fmpq:  # fmt: skip
    """E[p(x_S) |x|^radius_power] for x uniform on a box in R^d, for an even power >= 0.

    Parameters
    ----------
    p : Polynomial
        In the coordinates ``support`` of x.
    lower, upper : d rationals
    """
    rest = [i for i in range(len(lower)) if i not in set(support)]
    half = radius_power // 2
    outside = _moments_of_sum_of_squares([(lower[i], upper[i]) for i in rest], half)
    inside = sum((v * v for v in Polynomial.variables(p.size)), Polynomial.constant(p.size, 0))
    total, power = fmpq(0), p
    for m in range(half + 1):
        mean = _product_mean(power, [(lower[i], upper[i]) for i in support])
        total += comb(half, m) * outside[half - m] * mean
        power = power * inside
    return total


def _product_mean(p: Polynomial, ends: Sequence[tuple[fmpq, fmpq]]) -> fmpq:
    total = fmpq(0)
    for e, q in p.terms.items():
        for (low, high), power in zip(ends, e, strict=True):
            q = q * interval_moment(low, high, power)
        total += q
    return total


def _moments_of_sum_of_squares(ends: Sequence[tuple[fmpq, fmpq]], top: int) -> list[fmpq]:
    """E[(sum of x_i^2)^m] for m = 0, ..., top, the coordinates being independent."""
    moments = [fmpq(1)] + [fmpq(0)] * top
    for low, high in ends:
        own = [interval_moment(low, high, 2 * m) for m in range(top + 1)]
        moments = [
            sum((comb(m, j) * moments[j] * own[m - j] for j in range(m + 1)), fmpq(0))
            for m in range(top + 1)
        ]
    return moments
