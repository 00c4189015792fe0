"""Optimality of a bias-penalised interpolant: a polygon between the branches of a hyperbola.

Let w(u) = sqrt(1 + u^2). If g is linear between neighbouring abscissae, zero at the first and last
one, and |g| <= w, then every interpolant h has the cost

    integral of w d|h''|  >=  integral of g dh''  =  sum of g(x_j) (change of slope at point j),

with equality for f when g = w sign(c) at every knot of f with jump c. Every value g(x_j) here is
q sqrt(D) with rational q and D, so all comparisons are decided by squaring.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isqrt

from flint import fmpq

__all__ = ["Root", "is_dual_certificate", "rational_root", "tangent"]

#: The number q sqrt(D), D > 0.
Root = tuple[fmpq, fmpq]


def tangent(t: fmpq, sign: int, at: fmpq) -> Root:
    """The value at ``at`` of the tangent of sign w at t."""
    square = 1 + t * t
    return sign * (1 + t * at) / square, square


def sign_of_sum(a: Root, b: Root) -> int:
    """The sign of a + b.

    Examples
    --------
    >>> sign_of_sum((fmpq(3), fmpq(2)), (fmpq(-2), fmpq(5)))     # 3 sqrt(2) - 2 sqrt(5)
    -1
    """
    first, second = _sign(a[0]), _sign(b[0])
    if first * second >= 0:
        return first or second
    return first * _sign(a[0] ** 2 * a[1] - b[0] ** 2 * b[1])


def rational_root(square: fmpq) -> fmpq | None:
    """The root of a rational number, if it is rational."""
    p, q = isqrt(int(square.p)), isqrt(int(square.q))
    return fmpq(p, q) if p * p == square.p and q * q == square.q else None


def is_dual_certificate(
    x: Sequence[fmpq], values: Sequence[Root], knots: Sequence[fmpq], jumps: Sequence[fmpq]
) -> bool:
    """Whether the polygon with these values proves an interpolant with these knots optimal.

    Parameters
    ----------
    x : N increasing rationals
    values : N pairs (q, D)
        g at x.
    knots, jumps : n rationals each
        Of the interpolant; all knots between the first and last x.
    """
    if any(values[i][0] for i in (0, -1)):
        return False
    if any(q * q * d > 1 + t * t for t, (q, d) in zip(x, values, strict=True)):
        return False
    if not all(_below(*pair) for pair in pairwise(list(zip(x, values, strict=True)))):
        return False
    return all(_touches(x, values, t, _sign(c)) for t, c in zip(knots, jumps, strict=True))


def _below(left: tuple[fmpq, Root], right: tuple[fmpq, Root]) -> bool:
    """Whether the chord stays between -w and w, given that its ends do.

    (alpha u + beta)/w(u) is R cos(u' - psi) in the angles of (1, u) and (beta, alpha): above 1
    inside only if R > 1 and psi, or psi + pi, lies between the angles of the ends.
    """
    (a, (p, d)), (b, (q, e)) = left, right
    dot = 1 + a * b
    inner = sign_of_sum((q * (1 + a * a), e), (-p * dot, d))
    outer = sign_of_sum((p * (1 + b * b), d), (-q * dot, e))
    if inner * outer <= 0:
        return True
    known = q * q * e * (1 + a * a) + p * p * d * (1 + b * b) - (b - a) ** 2
    return sign_of_sum((known, fmpq(1)), (-2 * p * q * dot, d * e)) <= 0


def _touches(x: Sequence[fmpq], values: Sequence[Root], t: fmpq, sign: int) -> bool:
    """Whether g(t) = sign w(t)."""
    if not x[0] <= t <= x[-1]:
        return False
    i = next(j for j, right in enumerate(x[1:]) if t <= right)
    share = (t - x[i]) / (x[i + 1] - x[i])
    (p, d), (q, e) = values[i], values[i + 1]
    first, second = (p * (1 - share), d), (q * share, e)
    if first[0] and second[0]:
        # Both ends are multiples of one root, or the sum is no root of a rational number.
        ratio = rational_root(e / d)
        if ratio is None:
            return False
        total = (first[0] + second[0] * ratio, d)
    else:
        total = first if first[0] else second
    return _sign(total[0]) == sign and total[0] ** 2 * total[1] == 1 + t * t


def _sign(value: fmpq) -> int:
    return int(value > 0) - int(value < 0)
