"""Total variation of ridge representations: proved rational bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import acb, arb, ctx, fmpq

from relu_theory.certificate import Bracket
from relu_theory.exact import rational
from relu_theory.integral.absolute import sphere_absolute_mean
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.cubature import certified_integral, outward
from relu_theory.integral.laws import GAUSSIAN, SPHERE, Law
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.representation import as_ball

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["mean_absolute", "total_variation"]

Expanded = dict[tuple[tuple[int, int], int], Polynomial]


def total_variation(rep: RidgeRepresentation) -> Bracket:
    """Bounds of E_w of the integral of |g(w, b)| over b.

    Infinite where the bias weight is not integrable. One term on which the bias factors off is
    reduced to E|C(w)|. Otherwise Hölder's inequality gives, with A_k the integral of g^k over a
    measure of mass B, ``A_2^(3/2) / A_4^(1/2) <= A_1 <= (B A_2)^(1/2)``.
    """
    if not rep.terms:
        return Bracket(Fraction(0), Fraction(0))
    if rep.bias.point is None and rep.bias.upper is None:
        return Bracket(math.inf, math.inf, reason="the bias weight is not integrable")
    with ctx.workprec(128):
        if len(rep.terms) == 1:
            term = rep.terms[0]
            mean = mean_absolute(rep.law, term.c)
            scale = abs(as_ball(term.scale)) * rep.factor * _mass(rep, term.kernel.power)
            low, high = outward(scale * _ball(mean.lower))[0], outward(scale * _ball(mean.upper))[1]
            return Bracket(max(low, Fraction(0)), high, reason=mean.reason)
        return _hoelder(rep)


def mean_absolute(law: Law, c: Polynomial, sweep: bool = False) -> Bracket:
    """Bounds of E|C(w)|: tight where `sphere_absolute_mean` is and for one Gaussian variable.

    Hölder's inequality elsewhere. ``sweep`` permits seconds of quadrature on S^2.

    Examples
    --------
    E|w_1 w_2| on the circle is 1/pi:

    >>> x, y = Polynomial.variables(2)
    >>> bounds = mean_absolute(Law("sphere", 2, (0, 1)), x * y)
    >>> float(bounds.upper - bounds.lower) < 1e-12, abs(float(bounds.lower) * math.pi - 1) < 1e-12
    (True, True)
    """
    if law.ambient == 1:
        ends = [c.evaluate([fmpq(s)] * c.size) for s in (1, -1)]
        value = (abs(ends[0]) + abs(ends[1])) / 2
        if law.kind == SPHERE:
            return Bracket(*outward(value), reason="two points")
    if law.kind == SPHERE and law.ambient > 1:
        found = sphere_absolute_mean(c, law.ambient, sweep)
        if found is not None:
            return _bracket(found, "zeros on great circles, or a closed form")
    if law.kind == GAUSSIAN and c.size == 1:
        return _bracket(_one_variable(c), "quadrature of one variable")
    second, fourth = law.mean(c * c), law.mean(c * c * c * c)
    low, high = arb(second) * (arb(second) / arb(fourth)).sqrt(), arb(second).sqrt()
    return Bracket(outward(low)[0], outward(high)[1], reason="Hölder's inequality")


def _bracket(value: arb, reason: str) -> Bracket:
    low, high = outward(value)
    return Bracket(max(low, Fraction(0)), high, reason=reason)


def _one_variable(c: Polynomial) -> arb:
    """E|C(g)| for a standard Gaussian g."""
    end = 6 + int(math.sqrt(2 * ctx.prec))
    body = certified_integral(
        lambda t, flag: (acb(1) * c.evaluate([t])).real_abs(analytic=flag) * (-t * t / 2).exp(),
        -end, end, 45,
    )  # fmt: skip
    tail = arb(0)
    for (power,), q in c.terms.items():
        half = arb(power + 1) / 2
        tail += abs(arb(q)) * arb(end * end / 2).gamma_upper(half) * arb(2) ** half
    return (body + arb(0, tail.abs_upper())) / (2 * arb.pi()).sqrt()


def _hoelder(rep: RidgeRepresentation) -> Bracket:
    g: Expanded = {}
    for term in rep.terms:
        for root, q in term.scale.terms.items():
            _accumulate(g, (root, term.kernel.power), term.c * q)
    square = _times(g, g)
    second, fourth = _integral(rep, square), _integral(rep, _times(square, square))
    mass = _mass(rep, 0)
    low = rep.factor * second * (second / fourth).sqrt()
    high = rep.factor * (second * mass).sqrt()
    return Bracket(outward(low)[0], outward(high)[1], reason="Hölder's inequality")


def _times(a: Expanded, b: Expanded) -> Expanded:
    total: Expanded = {}
    for ((i, j), p), first in a.items():
        for ((k, m), q), second in b.items():
            factor = 2 ** ((j + m) // 2)
            _accumulate(total, ((i + k, (j + m) % 2), p + q), first * second * factor)
    return total


def _accumulate(total: Expanded, key: Any, p: Polynomial) -> None:
    total[key] = total.get(key, p * 0) + p


def _integral(rep: RidgeRepresentation, g: Expanded) -> arb:
    total = arb(0)
    for (root, power), c in g.items():
        total += as_ball(PiNumber({root: rep.law.mean(c)})) * _mass(rep, power)
    return total


def _mass(rep: RidgeRepresentation, power: int) -> arb:
    """The integral of b^power over the biases."""
    if rep.bias.point is not None:
        return arb(1)
    return arb(rational(rep.bias.upper) ** (power + 1) / (power + 1))


def _ball(value: Fraction) -> arb:
    return arb(rational(value))
