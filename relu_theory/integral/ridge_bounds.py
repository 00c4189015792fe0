"""Upper bounds of the expected error with explicit constants.

The dimension does not enter those of the Gaussian forms, except through |x| and the monomial
coefficients of f. Derived here. With g = sum of g_k over the terms, Minkowski's inequality bounds
the root of the second moment by the sum of the roots of those of the terms. For one term with
bias weight b^p let n = 2 p - q, where q is the power of the bias law and lambda its rate. Since
``integral of b^n e^(lambda b) (t - b)^2 <= e^(lambda t) 2 n! / (n + 3)! t^(n+3)``,

* Gaussian w: E[C^2 t_+^(n+3) e^(lambda t_+)] <= 3^k E[C^2] E[t_+^(2n+6) e^(2 lambda t_+)]^(1/2),
  by Cauchy, Schwarz and hypercontractivity: E[C^4] <= 9^k E[C^2]^2 in degree k, and
  E[He_f^2] = sum of alpha! c_alpha^2;
* unit w: E[C^2 t_+^(n+3)] <= |x|^(n+3) E[C^2] / 2.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

from flint import arb, fmpq

from relu_theory.exact import rational
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.distributions import Distribution
from relu_theory.integral.exponential import ExpPolynomial
from relu_theory.integral.laws import GAUSSIAN
from relu_theory.integral.quadrature import normal_tail_moments
from relu_theory.integral.radial import RadialFunction
from relu_theory.integral.representation import as_ball

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation, Term

__all__ = ["bound"]


def bound(rep: RidgeRepresentation, distribution: Distribution) -> arb:
    """An upper bound of `second_moments.mean_square`, hence of m times the expected error."""
    if not rep.terms:
        return arb(0)
    if rep.multiplied:
        return _exponential(rep, distribution)
    roots = [_term(rep, term, distribution).sqrt() for term in rep.terms]
    return (sum(roots, arb(0)) * rep.factor) ** 2


def _term(rep: RidgeRepresentation, term: Term, distribution: Distribution) -> arb:
    weight = as_ball(term.scale * term.scale * PiNumber.of(rep.law.mean(term.c * term.c)))
    gaussian = rep.law.kind == GAUSSIAN
    if rep.bias.point is not None:
        fourth = _fourth_moment(rational(rep.bias.point)) if gaussian else arb(fmpq(1, 4))
        return weight * (arb(3) ** term.c.degree if gaussian else 1) * fourth.sqrt()
    n = 2 * term.kernel.power - rep.bias.power
    weight *= arb(rep.bias.normaliser) * fmpq(2 * factorial(n), factorial(n + 3))
    if gaussian:
        return weight * arb(3) ** term.c.degree * _ridge_norm(rep, n + 3, distribution).sqrt()
    return weight * arb(rational(distribution.square_radius)).sqrt() ** (n + 3) / 2


def _ridge_norm(rep: RidgeRepresentation, power: int, distribution: Distribution) -> arb:
    """E[t_+^(2 power) e^(2 rate t_+)] at the largest |x|, or its mean when |x| is unbounded."""
    psi = RadialFunction()
    rate = 2 * rational(rep.bias.rate)
    psi.add(arb(1), 0, ExpPolynomial.monomial(2 * power, rate))
    if distribution.square_radius is None:
        return psi.gaussian_mean(rep.inputs)
    return psi(arb(rational(distribution.square_radius)).sqrt() + 0).real


def _fourth_moment(b: fmpq) -> arb:
    """E[relu(Z - b)^4]."""
    m = normal_tail_moments(b, 4)
    return m[4] - m[3] * (4 * b) + m[2] * (6 * b**2) - m[1] * (4 * b**3) + m[0] * b**4


def _exponential(rep: RidgeRepresentation, distribution: Distribution) -> arb:
    """(4 / (mu c^3)) E[e^((c^2/2 - 1) |x|^2) (M(c x) + M(-c x))], c = 2 + mu, M = e^(Delta/2) F^2.

    (e^s F(w) + e^(-s) F(-w))^2 <= 2 e^(2s) F(w)^2 + 2 e^(2s) F(-w)^2 for s > 0, the integral of
    e^(c s) (t - s)_+^2 is at most 2 e^(c t) / c^3, and E[F(w)^2 e^(c <w, x>)] = e^(c^2 |x|^2/2)
    M(c x) by Cameron and Martin.
    """
    mu = rational(rep.bias.rate)
    c, f = mu + 2, rep.terms[0].c
    m = (f * f).heat(fmpq(1, 2))
    total = arb(0)
    for degree, part in (m + m.reflect()).parts().items():
        psi = RadialFunction(1 - c * c / 2)
        psi.terms[degree, 0, fmpq(0)] = 2 * c**degree
        total += distribution.mean_of(part, rep.law.support, psi)
    return total * (4 / (mu * c**3))
