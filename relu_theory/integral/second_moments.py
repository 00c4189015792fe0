"""Second moments of sampled neurons: E over x and one neuron of the squared contribution."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

from relu_theory.integral.closed import PiNumber
from relu_theory.integral.distributions import Distribution
from relu_theory.integral.exponential import ExpPolynomial
from relu_theory.integral.laws import Piece
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.quadrature import shifted_square_moment
from relu_theory.integral.radial import RadialFunction
from relu_theory.integral.representation import Value, as_ball

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["mean_square", "signal"]


def mean_square(rep: RidgeRepresentation, distribution: Distribution) -> Value:
    """E[m(x)^2 a^2 relu(<w, x> - b)^2] for a sampled (w, b, a) and an independent x."""
    if rep.bias.point is not None:
        return _fixed_bias(rep, distribution)
    closed, radial = _collect(rep)
    total: Value = PiNumber({})
    for (root, power, _), q in closed.items():
        if q.terms:
            mean = distribution.mean(q, rep.law.support, power)
            total = _sum(total, _product(PiNumber({root: 1}), mean))
    means = [distribution.mean_of(q, rep.law.support, psi) for q, psi in radial.items()]
    if any(isinstance(mean, arb) and mean.abs_lower() == arb.pos_inf() for mean in means):
        # The density outgrows the law of the inputs at some rate. A square has no other terms to
        # cancel that: E a^2 relu(<w, x> - b)^2 grows with |x| at this rate.
        return arb.pos_inf()
    for mean in means:
        total = _sum(total, mean)
    return total


def signal(rep: RidgeRepresentation, distribution: Distribution) -> Value:
    """E[(f - m affine)^2]."""
    support = rep.law.support
    if not rep.multiplied:
        rest = rep.target - rep.affine
        return distribution.mean_polynomial(rest * rest, support)
    total = as_ball(distribution.mean_polynomial(rep.target * rep.target, support))
    cross, square = rep.target * rep.affine * -2, rep.affine * rep.affine
    for damping, p in ((fmpq(1, 2), cross), (fmpq(1), square)):
        for degree, part in p.parts().items():
            psi = RadialFunction(damping)
            # M_0(0) = 1/2, so this is r^degree times the damping.
            psi.terms[degree, 0, fmpq(0)] = fmpq(2)
            total += distribution.mean_of(part, support, psi)
    return total


def _pairs(rep: RidgeRepresentation) -> Iterator[tuple[PiNumber, Polynomial, ExpPolynomial]]:
    """For each pair of terms: scale, product of the polynomials, profile of the square."""
    norm = PiNumber.of(rep.bias.normaliser)
    for first, second in product(rep.terms, repeat=2):
        profile = rep.bias.over_density(first.kernel, second.kernel).square_profile()
        yield first.scale * second.scale * norm, first.c * second.c, profile


def _collect(
    rep: RidgeRepresentation,
) -> tuple[dict[Any, Polynomial], dict[Polynomial, RadialFunction]]:
    """Closed terms ``pi^(i/2) 2^(j/2) |x|^e Q(x)`` by ((i, j), e, deg Q), and others by Q."""
    closed: dict[Any, Polynomial] = {}
    radial: dict[Polynomial, RadialFunction] = {}
    for scale, c, profile in _pairs(rep):
        for piece in rep.law.pieces(c):
            if set(profile.parts) == {fmpq(0)} and not rep.multiplied:
                _add_closed(rep, closed, scale, piece, profile.parts[fmpq(0)])
                continue
            psi = radial.setdefault(piece.part, RadialFunction(int(rep.multiplied)))
            psi.add(as_ball(scale) * piece.factor, piece.power, profile)
    return closed, radial


def _add_closed(
    rep: RidgeRepresentation, closed: dict[Any, Polynomial], scale: PiNumber, piece: Piece,
    row: list[fmpq],
) -> None:  # fmt: skip
    for i, c in enumerate(row):
        if c:
            value = rep.law.half_moment(piece.power + i, piece.chord) * scale * (piece.factor * c)
            for root, q in value.terms.items():
                at = root, i - piece.degree, piece.degree
                closed[at] = closed.get(at, piece.part * 0) + piece.part * q


def _fixed_bias(rep: RidgeRepresentation, distribution: Distribution) -> Value:
    total: Value = PiNumber({})
    for first, second in product(rep.terms, repeat=2):
        scale = first.scale * second.scale
        for piece in rep.law.pieces(first.c * second.c):
            mean = distribution.mean(piece.part, rep.law.support)
            moment = shifted_square_moment(rep, piece.power, piece.chord)
            total = _sum(total, _product(_product(mean, moment), scale * piece.factor))
    return total if not rep.exponent else as_ball(total) * rep.factor**2


def _sum(a: Value, b: Value) -> Value:
    exact = isinstance(a, PiNumber) and isinstance(b, PiNumber)
    return a + b if exact else as_ball(a) + as_ball(b)


def _product(a: Value, b: Value) -> Value:
    exact = isinstance(a, PiNumber) and isinstance(b, PiNumber)
    return a * b if exact else as_ball(a) * as_ball(b)
