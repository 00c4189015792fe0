"""Certified quadrature of ridge integrals along the projection <w, x> = |x| tau."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flint import acb, arb, ctx, fmpq

from relu_theory.exact import rational
from relu_theory.integral.closed import gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.laws import GAUSSIAN, evaluate_pieces
from relu_theory.integral.representation import Value, as_ball

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["normal_tail_moments", "ridge_integral", "shifted_square_moment"]

Parts = list[tuple[Any, int, int, "Profile"]]


class Profile:
    """h(t): what the bias weights make of a ReLU; zero for t below ``start``."""

    def __init__(self, evaluate: Callable[[Any], Any], start: fmpq, size: list[Any]) -> None:
        self.evaluate, self.start, self.size = evaluate, start, size


def ridge_integral(rep: RidgeRepresentation, point: list[fmpq], square: fmpq) -> arb:
    """The sum over terms of E[scale C(w) h(<w, x>)] at x, as a ball."""
    radius = arb(square).sqrt()
    parts: Parts = []
    for term in rep.terms:
        profile, scale = _profile(rep, term), as_ball(term.scale)
        seen = [point[i] for i in rep.law.support]
        values = evaluate_pieces(rep.law.pieces(term.c), seen, radius)
        parts += [(scale * c, power, chord, profile) for c, power, chord in values]
    if rep.law.kind == GAUSSIAN:
        return _gaussian(parts, radius)
    return _spherical(parts, radius, rep.law.ambient)


def _profile(rep: RidgeRepresentation, term: Any) -> Profile:
    if rep.bias.point is not None:
        at = rational(rep.bias.point)
        return Profile(lambda t: t - at, at, [(fmpq(1), 1, fmpq(0)), (abs(at), 0, fmpq(0))])
    h = term.kernel.profile()
    size = [(abs(c), i, rate) for rate, row in h.parts.items() for i, c in enumerate(row)]
    return Profile(h.evaluate, fmpq(0), size)


def _gaussian(parts: Parts, radius: arb) -> arb:
    """Integral over [start, T] and a bound of the tail, where e^(a tau) <= e^(tau^2/4)."""
    rates = [rate for *_, profile in parts for _, _, rate in profile.size]
    steepest = float(radius.abs_upper()) * max([float(int(r.p) / int(r.q)) for r in rates] + [0])
    end = math.ceil(max(4 * steepest, math.sqrt(3 * (ctx.prec + 60)))) + 1
    start = parts[0][-1].start
    inner = _integrand(parts, radius)
    body = certified_integral(
        lambda t, _: inner(t, acb(0)) * (-t * t / 2).exp(), start, end
    )
    tail = arb(0)
    for c, power, _, profile in parts:
        for size, i, _ in profile.size:
            half = arb(power + i + 1) / 2
            gamma = arb(end * end / 4).gamma_upper(half) * arb(4) ** half / 2
            tail += abs(c) * size * radius**i * gamma
    return (body + arb(0, tail.abs_upper())) / (2 * arb.pi()).sqrt()


def _spherical(parts: Parts, radius: arb, n: int) -> arb:
    """tau = cos(angle), with density proportional to sin(angle)^(n - 2); two points for n = 1."""
    inner = _integrand(parts, radius)
    if n == 1:
        return inner(acb(1), acb(0)).real / 2
    total = certified_integral(
        lambda angle, _: inner(angle.cos(), angle.sin()) * angle.sin() ** (n - 2),
        0, arb.pi() / 2,
    )  # fmt: skip
    mass = gamma_half(1) * gamma_half(n - 1) / gamma_half(n)
    return total / mass.enclosure(ctx.prec)


def _integrand(parts: Parts, radius: arb) -> Callable[[Any, Any], Any]:
    grouped: dict[int, tuple[Profile, list[tuple[Any, int, int]]]] = {}
    for c, power, chord, profile in parts:
        grouped.setdefault(id(profile), (profile, []))[1].append((c, power, chord))

    def inner(tau: Any, sine: Any) -> Any:
        total = acb(0)
        for profile, rows in grouped.values():
            value = acb(0)
            for c, power, chord in rows:
                value += c * tau**power * sine ** (2 * chord)
            total += value * profile.evaluate(tau * radius)
        return total

    return inner


def normal_tail_moments(start: Any, top: int) -> list[Any]:
    """The integrals of t^k phi(t) from ``start`` to infinity for k = 0, ..., top, as balls.

    Examples
    --------
    >>> normal_tail_moments(0, 2)[2].contains(fmpq(1, 2))
    True
    """
    b = arb(start)
    phi = (-b * b / 2).exp() / (2 * arb.pi()).sqrt()
    found = [(b / arb(2).sqrt()).erfc() / 2, phi]
    for k in range(2, top + 1):
        found.append(b ** (k - 1) * phi + found[k - 2] * (k - 1))
    return found[: top + 1]


def shifted_square_moment(rep: RidgeRepresentation, power: int, chord: int) -> Value:
    """E[tau^power (1 - tau^2)^chord (tau - b)_+^2] at the fixed bias b, for |x| = 1."""
    b = rational(rep.bias.point)
    if not b:
        return rep.law.half_moment(power + 2, chord)
    m = normal_tail_moments(b, power + 2)
    return m[power + 2] - m[power + 1] * (2 * b) + m[power] * (b * b)
