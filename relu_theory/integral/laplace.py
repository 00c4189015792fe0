"""Means of a polynomial times an exponential, E[p(x) e^<a, x>], as certified balls.

With them the kernel e^<x, y> is integrated against every distribution: over a box in closed form
coordinate by coordinate, over a Gaussian by Cameron and Martin, over a sphere by one quadrature
along <a, x>; a uniform point of a ball of R^d is the projection of one of a sphere of R^(d + 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import acb, arb, ctx, fmpq

from relu_theory.exact import dot, rational
from relu_theory.integral.closed import gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.distributions import (
    Distribution,
    Points,
    StandardGaussian,
    UniformBall,
    UniformBox,
    UniformSphere,
)
from relu_theory.integral.exponential import ExpPolynomial
from relu_theory.integral.laws import SPHERE, Law, evaluate_pieces
from relu_theory.integral.moments import interval_moment, sphere_mean
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.radial import RadialFunction

__all__ = ["exponential_mean", "square_exponential_mean"]


def exponential_mean(
    p: Polynomial, support: Sequence[int], a: Sequence[fmpq], distribution: Distribution
) -> arb:
    """E[p(x_S) e^<a, x>] for x drawn from a distribution on R^d.

    Parameters
    ----------
    p : Polynomial
        In the coordinates ``support`` of x.
    a : d rationals
    distribution : Distribution

    Examples
    --------
    E[e^z] = e^(1/2) for a standard normal z:

    >>> value = exponential_mean(Polynomial.constant(0, 1), (), [fmpq(1)], StandardGaussian(1))
    >>> value.overlaps((arb(1) / 2).exp()), value.rad() < arb("1e-14")
    (True, True)
    """
    if isinstance(distribution, Points):
        return _at_points(p, support, a, distribution)
    if isinstance(distribution, StandardGaussian):
        shifted = p.heat(fmpq(1, 2)).evaluate([a[i] for i in support])
        return arb(dot(a, a) / 2).exp() * shifted
    if isinstance(distribution, UniformBox):
        return _on_box(p, support, a, distribution)
    assert isinstance(distribution, (UniformBall, UniformSphere))
    radius = rational(distribution.radius)
    extra = 2 if isinstance(distribution, UniformBall) else 0
    return _on_sphere(p, support, a, radius, extra)


def square_exponential_mean(
    p: Polynomial, support: Sequence[int], rate: fmpq, distribution: Distribution
) -> arb:
    """E[p(x_S) e^(rate |x|^2)]; infinite on a Gaussian for a rate of at least 1/2.

    Examples
    --------
    >>> one = Polynomial.constant(0, 1)
    >>> square_exponential_mean(one, (), fmpq(1, 4), StandardGaussian(2)).contains(2)
    True
    """
    total = arb(0)
    for degree, part in p.parts().items():
        psi = RadialFunction(-rate)
        # M_0(0) = 1/2: this is r^degree e^(rate r^2).
        psi.terms[degree, 0, fmpq(0)] = fmpq(2)
        total += distribution.mean_of(part, support, psi)
    return total


def _at_points(p: Polynomial, support: Sequence[int], a: Sequence[fmpq], law: Points) -> arb:
    total = arb(0)
    for point, weight in zip(law.points, law.weights, strict=True):
        total += arb(dot(a, point)).exp() * (p.evaluate([point[i] for i in support]) * weight)
    return total


def _on_box(p: Polynomial, support: Sequence[int], a: Sequence[fmpq], law: UniformBox) -> arb:
    ends = list(zip(*law.ends, strict=True))
    outside = arb(1)
    for i in set(range(law.dim)) - set(support):
        outside *= _on_interval(0, a[i], *ends[i])
    known: dict[tuple[int, int], arb] = {}
    total = arb(0)
    for e, c in p.terms.items():
        term = arb(c)
        for i, power in zip(support, e, strict=True):
            if (i, power) not in known:
                known[i, power] = _on_interval(power, a[i], *ends[i])
            term *= known[i, power]
        total += term
    return total * outside


def _on_interval(power: int, rate: fmpq, low: fmpq, high: fmpq) -> arb:
    """E[t^power e^(rate t)] on an interval."""
    if not rate:
        return arb(interval_moment(low, high, power))
    primitive = ExpPolynomial.monomial(power, rate).antiderivative()
    return (primitive.evaluate(arb(high)) - primitive.evaluate(arb(low))) / (high - low)


def _on_sphere(
    p: Polynomial, support: Sequence[int], a: Sequence[fmpq], radius: fmpq, extra: int
) -> arb:
    square, n = dot(a, a), len(a) + extra
    parts = p.parts().items()
    if not square:
        return arb(sum((sphere_mean(q, n) * radius**k for k, q in parts), fmpq(0)))
    if n == 1:
        values = (arb(s * radius * a[0]).exp() * p.evaluate([s * radius] * p.size) for s in (1, -1))
        return sum(values, arb(0)) / 2
    length, law = arb(square).sqrt(), Law(SPHERE, len(a), tuple(support), extra)
    rows, at = [], [a[i] for i in support]
    for k, q in parts:
        found = evaluate_pieces(law.pieces(q.extend(extra)), at, length)
        rows += [(c * radius**k, power, chord) for c, power, chord in found]

    def integrand(angle: Any, _: bool) -> Any:
        sine, cosine = angle.sin_cos()
        value = acb(0)
        for c, power, chord in rows:
            value += c * cosine**power * sine ** (2 * chord)
        return value * (cosine * length * radius).exp() * sine ** (n - 2)

    mass = gamma_half(1) * gamma_half(n - 1) / gamma_half(n)
    return certified_integral(integrand, 0, arb.pi()) / mass.enclosure(ctx.prec)
