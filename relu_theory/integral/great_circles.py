"""Integrals of |C| over the circle and S^2 for a form C, through enclosed zeros on great circles.

On the half circle (sin t, cos t), 0 < t < pi, a binary form of degree k with sin^e as weight is a
trigonometric polynomial; its primitive F is known, so with its zeros t_1 < ... < t_r of odd
multiplicity and s its sign at 0, the integral of its absolute value is

    s (-F(0) + 2 F(t_1) - 2 F(t_2) + ... + (-1)^r F(pi)).

On S^2 that number depends on the angle phi of the half circle. It is analytic where no zeros
collide, which the discs of Smith's theorem prove for a whole ball of phi; elsewhere a trivial bound
holds. The collisions are roots of a discriminant: the interval is split there, and phi = a + h u^6
makes their neighbourhoods tiny. Only efficiency depends on those roots, never validity.
"""

from __future__ import annotations

from itertools import pairwise
from math import comb, prod
from typing import Any

from flint import acb, acb_poly, arb, ctx, fmpq, fmpq_mat, fmpq_mpoly_ctx, fmpq_poly

from relu_theory.errors import Undecided
from relu_theory.integral.polynomial import Polynomial

__all__ = ["GreatCircles", "circle_integral"]

_POWER = 6
_NAMES = ("x", "y", "z")
_QUATERNIONS = ((5, 1, 2, 3), (7, 3, -1, 2), (6, -2, 5, 1), (9, 4, 1, -3))
_TOLERANCE = arb(2) ** -50
_EVALUATIONS = 4000


def circle_integral(form: Polynomial) -> arb:
    """The integral of |C(cos t, sin t)| over 0 <= t < 2 pi for a form in two variables.

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> circle_integral(x * y).contains(2)
    True
    """
    factors = _odd_factors(form)
    odd = prod(factors)
    for m in range(odd.degree + 1):
        # One of these directions is no zero of the form.
        p, q = fmpq(1 - m * m, 1 + m * m), fmpq(2 * m, 1 + m * m)
        if odd.evaluate([p, q]):
            break
    u, v = Polynomial.variables(2)
    turned, *odds = (_binary(f.evaluate([u * p - v * q, u * q + v * p]) + u * 0)
                     for f in (form, *factors))  # fmt: skip
    found = _HalfCircle(form.degree, 0).integral(turned, odds)
    if found is None:
        raise Undecided("the zeros of the form are not separated; raise the precision (bits=)")
    return 2 * found.real


def _binary(form: Polynomial) -> list[Any]:
    """Coefficients of cos^(k - j) sin^j, j = 0, ..., k."""
    k = form.degree
    return [acb(form.coefficient((k - j, j))) for j in range(k + 1)]


class GreatCircles:
    """Half great circles through a pole at which the form does not vanish.

    Parameters
    ----------
    form : Polynomial
        Homogeneous, not zero, in three variables.
    """

    def __init__(self, form: Polynomial) -> None:
        factors = _odd_factors(form)
        odd = prod(factors)
        pole = (0, 0, odd.degree)
        turns = (r for r in map(_rotation, _QUATERNIONS) if _turned(odd, r).coefficient(pole))
        turn = next(turns, None)
        if turn is None:
            raise Undecided("the form vanishes at every pole that is tried; rotate its variables")
        self.form, self.factors = _turned(form, turn), [_turned(f, turn) for f in factors]
        self.line = _HalfCircle(form.degree, 1)
        self.ceiling = sum((abs(arb(q)) for q in self.form.terms.values()), arb(0)) * 2

    def integral(self) -> arb | None:
        """The integral of |C| over S^2; None where the limit of evaluations leaves a wide ball."""
        total = arb(0)
        for a, b in pairwise(self._breaks()):
            middle = ((a + b) / 2).mid()
            for end in (a, b):
                part = acb.integral(
                    lambda u, flag, end=end, h=middle - end:  # type: ignore[misc]
                    self._along(end + h * u**_POWER, flag) * u ** (_POWER - 1) * _POWER,
                    0, 1, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE, eval_limit=_EVALUATIONS,
                ).real  # fmt: skip
                if not part.rad() < self.ceiling * _TOLERANCE * 64:
                    return None
                total += abs(middle - end) * part
        # The other half has the same integral, since |C| is even.
        return 2 * total

    def _along(self, phi: Any, analytic: bool) -> Any:
        found = None
        if phi.is_finite():
            u, v = phi.cos(), phi.sin()
            found = self.line.integral(_slice(self.form, u, v), [
                _slice(f, u, v) for f in self.factors
            ])  # fmt: skip
        if analytic:
            return acb("nan") if found is None else found
        if found is None or not found.real.rad() < self.ceiling:
            return acb(arb(0).union(self.ceiling))
        return found

    def _breaks(self) -> list[Any]:
        """0, pi, and points of one ulp beside the angles at which zeros collide."""
        angles = {}
        for root in _collisions(prod(self.factors)):
            angle = (arb.pi() / 2 - root.atan()).mid()
            angles[float(angle)] = angle
        return [arb(0), *(angles[key] for key in sorted(angles)), arb.pi()]


class _HalfCircle:
    """Integrals over 0 < t < pi of |sum of c_j cos^(k - j) sin^j| sin^e."""

    def __init__(self, k: int, e: int) -> None:
        self.waves = [_wave(k - j, j + e) for j in range(k + 1)]
        self.top = k + e

    def integral(self, c: list[Any], factors: list[list[Any]]) -> Any:
        """None where the zeros of the factors are not proved apart from one another."""
        zeros = _ordered_zeros(factors)
        if zeros is None:
            return None
        wave = [sum((a * row[n] for a, row in zip(c, self.waves, strict=True)), acb(0))
                for n in range(self.top + 1)]  # fmt: skip
        ends = self._primitive(wave, acb(0), acb(1)), self._primitive(
            wave, acb(arb.pi()), acb(-1))  # fmt: skip
        total, sign = -ends[0], 1
        for t in zeros:
            angle, unit = arb.pi() / 2 - t.atan(), (t + acb(0, 1)) / (t * t + 1).sqrt()
            total += self._primitive(wave, angle, unit) * (2 * sign)
            sign = -sign
        total += ends[1] * sign
        return total if prod(f[0].real.mid() for f in factors) > 0 else -total

    def _primitive(self, wave: list[Any], angle: Any, unit: Any) -> Any:
        """F at an angle with e^(i angle) = unit."""
        total, square = acb(0), unit * unit
        power = unit**-self.top
        for i, a in enumerate(wave):
            n = 2 * i - self.top
            total += a * angle if n == 0 else a * power / acb(0, n)
            power *= square
        return total


def _wave(p: int, q: int) -> list[Any]:
    """Coefficients of e^(i n t) in cos^p sin^q, n = -(p + q), -(p + q) + 2, ..., p + q."""
    row = [0] * (p + q + 1)
    for i in range(p + 1):
        for j in range(q + 1):
            row[i + j] += comb(p, i) * comb(q, j) * (-1) ** (q - j)
    scale = acb(0, -1) ** q / 2 ** (p + q)
    return [scale * v for v in row]


def _ordered_zeros(factors: list[list[Any]]) -> list[Any] | None:
    """The real zeros of all factors from the greatest; None unless they are apart."""
    found: list[Any] = []
    for factor in factors:
        zeros = _real_zeros(factor)
        if zeros is None:
            return None
        found += zeros
    found.sort(key=lambda z: -z.real.mid())
    return found if all(a.real > b.real for a, b in pairwise(found)) else None


def _real_zeros(odd: list[Any]) -> list[Any] | None:
    """Balls of the real zeros in t = cot; None unless all zeros are apart.

    With approximate zeros z_i of a polynomial of degree k and leading coefficient a, its zeros lie
    in discs around z_i of radius k |p(z_i)| / |a prod (z_i - z_j)|; a disc that meets no other one
    holds one zero [Smith 1970]. Coefficients that are balls give discs for every polynomial.
    """
    k = len(odd) - 1
    if k == 0:
        return []
    poly = acb_poly(odd[::-1])
    centres = _near_zeros([a.real.mid() for a in odd])
    if len(centres) < k:
        return None
    radii = [_radius(poly, centres, i, odd[0]) for i in range(k)]
    for i, z in enumerate(centres):
        if not (radii[i] < (abs(z.imag) if z.imag != 0 else arb(1) / 2)):
            return None
        if any(not abs(z - centres[j]) > radii[i] + radii[j] for j in range(i)):
            return None
    return [z + acb(arb(0, r), arb(0, r))
            for z, r in zip(centres, radii, strict=True) if z.imag == 0]  # fmt: skip


def _near_zeros(coefficients: list[Any]) -> list[Any]:
    """Approximate zeros, those whose ball meets the real axis on it."""
    poly = acb_poly([acb(a) for a in reversed(coefficients)])
    try:
        balls = poly.roots(tol=arb(2) ** -40, maxprec=4 * ctx.prec)
    except ValueError:
        return []
    slope, found = poly.derivative(), []
    for ball in balls:
        z = acb(ball.real.mid(), 0 if ball.imag.contains(0) else ball.imag.mid())
        for _ in range(2):
            step = z - poly(z) / slope(z)
            z = acb(step.real.mid(), step.imag.mid()) if step.is_finite() else z
        found.append(z)
    return found


def _radius(poly: Any, centres: list[Any], i: int, lead: Any) -> arb:
    apart = abs(lead)
    for j, z in enumerate(centres):
        if j != i:
            apart *= abs(centres[i] - z)
    return (abs(poly(centres[i])) * len(centres) / apart).upper()


def _slice(form: Polynomial, u: Any, v: Any) -> list[Any]:
    """Coefficients of cos^(k - j) sin^j on the half circle through (u, v, 0)."""
    k, total = form.degree, [acb(0)] * (form.degree + 1)
    powers = [(u**i, v**i) for i in range(k + 1)]
    for (a, b, _), q in form.terms.items():
        total[a + b] += powers[a][0] * powers[b][1] * q
    return total


def _odd_factors(form: Polynomial) -> list[Polynomial]:
    """Irreducible factors of odd multiplicity, after a constant with the sign of the rest."""
    ring = fmpq_mpoly_ctx.get(_NAMES[: form.size], "lex")
    unit, factors = ring.from_dict(dict(form.terms)).factor()
    odd = [factor for factor, power in factors if power % 2]
    sign = Polynomial.constant(form.size, 1 if unit > 0 else -1)
    return [sign, *(Polynomial(form.size, {tuple(map(int, e)): q for e, q in f.to_dict().items()})
                    for f in odd)]  # fmt: skip


def _collisions(odd: Polynomial) -> list[Any]:
    """Real u at which odd(u, 1, z) has a multiple zero z."""
    ring = fmpq_mpoly_ctx.get(("u", "z"), "lex")
    flat: dict[tuple[int, int], fmpq] = {}
    for (a, _, c), q in odd.terms.items():
        flat[a, c] = flat.get((a, c), fmpq(0)) + q
    if odd.degree < 2:
        return []
    found = ring.from_dict(flat).discriminant("z").to_dict()
    coefficients = [fmpq(0)] * (max(int(e[0]) for e in found) + 1)
    for e, q in found.items():
        coefficients[int(e[0])] = q
    roots = fmpq_poly(coefficients).complex_roots()
    return [z.real for z, _ in roots if z.imag.contains(0)]


def _rotation(quaternion: tuple[int, int, int, int]) -> fmpq_mat:
    """The rotation matrix of a quaternion with integer entries, in rationals."""
    a, b, c, d = quaternion
    norm = a * a + b * b + c * c + d * d
    rows = [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
            2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b),
            2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d]  # fmt: skip
    return fmpq_mat(3, 3, [fmpq(v, norm) for v in rows])


def _turned(form: Polynomial, turn: fmpq_mat) -> Polynomial:
    """The form at the rotated point."""
    v = Polynomial.variables(3)
    return v[0] * 0 + form.evaluate([
        sum((v[j] * turn[i, j] for j in range(3)), v[0] * 0) for i in range(3)
    ])  # fmt: skip
