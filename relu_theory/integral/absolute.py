"""E|C(w)| for polynomials on a sphere: closed forms, the circle, and nodal curves on S^2.

C has one parity, so it is the restriction of a homogeneous polynomial of every higher degree of
that parity. Up to two variables in R^n are three coordinates of a point of S^2, or two of the
circle, where the hidden ones have become a power: with z^2 = 1 - w_1^2 - w_2^2,

    E_{S^(n-1)} |C(w_1, w_2)| = E_{S^2} |z^(n-3) C(x, y)| / E_{S^2} |z|^(n-3).

A half of S^2 is swept by half great circles through a pole. On each of them C is a binary form
whose zeros are enclosed, so the integral of |C| is known in closed form in the zeros.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod

from flint import arb, ctx

from relu_theory.errors import Undecided
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.great_circles import GreatCircles, circle_integral
from relu_theory.integral.polynomial import Polynomial

__all__ = ["absolute_moment", "sphere_absolute_mean"]

MAX_SWEPT_DEGREE = 8
MAX_CIRCLE_DEGREE = 60
_GUARD = 64


def absolute_moment(exponents: tuple[int, ...], n: int) -> PiNumber:
    """E|w_1^e_1 ... w_s^e_s| for w uniform on the unit sphere of R^n, n >= s.

    Examples
    --------
    >>> absolute_moment((1, 1), 2), absolute_moment((2,), 3)
    (pi^-1, 1/3)
    """
    above = prod((gamma_half(e + 1) for e in exponents), start=gamma_half(n))
    below = prod((gamma_half(1) for _ in exponents), start=gamma_half(n + sum(exponents)))
    return above * below.inverse()


def sphere_absolute_mean(c: Polynomial, n: int, sweep: bool = True) -> arb | None:
    """A ball around E|C(w)|, w uniform on the unit sphere of R^n; None where no method applies.

    Parameters
    ----------
    c : Polynomial
        In s <= n of the coordinates, all degrees of one parity.
    n : int
        At least 2.
    sweep : bool
        Whether to integrate over S^2, which takes seconds; the result is remembered.

    Returns
    -------
    flint.arb or None
        Tight (some 40 digits at the default precision in closed form, 14 on S^2) for a monomial
        times a polynomial in squares with coefficients of one sign, for C in one variable, for C in
        two variables or in R^3 up to `MAX_SWEPT_DEGREE`, and for a form in at most three variables
        in any R^n; None for every other C, and on S^2 where an irreducible nodal curve crosses
        itself, since the quadrature does not converge there.

    Examples
    --------
    >>> x, y, z = Polynomial.variables(3)
    >>> value = sphere_absolute_mean(x * x - y * y, 3)
    >>> value.contains(arb(4) / (3 * arb.pi())), value.rad() < arb("1e-14")
    (True, True)
    """
    if not c.terms:
        return arb(0)
    return _remembered(c, n, sweep, ctx.prec + _GUARD)


@lru_cache(maxsize=256)
def _remembered(c: Polynomial, n: int, sweep: bool, bits: int) -> arb | None:
    with ctx.workprec(bits):
        known = _one_sign(c, n)
        if known is not None or len({k % 2 for k in c.parts()}) > 1:
            return known
        scale = arb(1)
        if len(c.parts()) == 1 and c.size < n:
            scale, n = _radial_ratio(c.degree, c.size, n).enclosure(ctx.prec), c.size
        form, hidden = _as_form(c, n)
        if form is None or (form.size == 3 and not sweep):
            return None
        try:
            if form.size == 2:
                found, area = circle_integral(form), 2 * arb.pi()
            else:
                found, area = GreatCircles(form).integral(), 4 * arb.pi()
        except Undecided:
            return None
        if found is None:
            return None
        weight = absolute_moment((hidden,), form.size).enclosure(ctx.prec)
        return found * scale / (area * weight)


def _one_sign(c: Polynomial, n: int) -> arb | None:
    """The value where C is a monomial times a polynomial in squares, all of one sign."""
    signs = {q > 0 for q in c.terms.values()}
    parities = {tuple(power % 2 for power in e) for e in c.terms}
    if len(signs) > 1 or len(parities) > 1:
        return None
    return sum((abs(arb(q)) * absolute_moment(e, n).enclosure(ctx.prec)
                for e, q in c.terms.items()), arb(0))  # fmt: skip


def _radial_ratio(k: int, s: int, n: int) -> PiNumber:
    """E|w|^k of the first s coordinates on the sphere of R^n."""
    return gamma_half(s + k) * gamma_half(n) * (gamma_half(s) * gamma_half(n + k)).inverse()


def _as_form(c: Polynomial, n: int) -> tuple[Polynomial | None, int]:
    """A form in 2 or 3 variables, and the power of its last variable that it was weighted with."""
    size = n if c.size == n else c.size + 1
    if size not in (2, 3):
        return None, 0
    hidden = n - size
    if c.degree + hidden > (MAX_CIRCLE_DEGREE if size == 2 else MAX_SWEPT_DEGREE):
        return None, 0
    wide = c.extend(size - c.size)
    square = sum((v * v for v in Polynomial.variables(size)), wide * 0)
    form = sum((part * square ** ((c.degree - k) // 2) for k, part in wide.parts().items()),
               wide * 0)  # fmt: skip
    return form * Polynomial.variables(size)[-1] ** hidden, hidden
