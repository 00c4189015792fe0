"""The one-dimensional form: Taylor's theorem with integral remainder, on an interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import acb, arb, ctx, fmpq

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, rational
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.cubature import certified_integral, outward
from relu_theory.integral.distributions import (
    Distribution,
    Points,
    UniformBall,
    UniformBox,
    UniformSphere,
    as_distribution,
)
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.proof import Proof, Step
from relu_theory.integral.representation import Representation
from relu_theory.network import ReluNetwork

__all__ = ["IntervalRepresentation"]

_ARGUMENT = (
    "For t above the centre c let R(t) be the integral of g(s) (t - s) over [c, t], below it that "
    "of g(s) (s - t) over [t, c]. Both satisfy R'' = g and R(c) = R'(c) = 0, so R is the "
    "polynomial of the remainder steps, and f = affine + R. Neurons beyond t vanish at t."
)


@dataclass(frozen=True)
class IntervalRepresentation(Representation):
    """``f(t) = f(c) + f'(c) (t - c) + integral of f''(s) relu(+-(t - s)) ds`` over [low, high].

    The neuron at s faces right, relu(t - s), for s >= c and left, relu(s - t), for s < c.

    Attributes
    ----------
    target, second : Polynomial
        f, and the weight, which should be f''.
    symbol : sympy symbol
    low, high, centre : Fraction
        The centre is 0 where the interval contains it, and else the nearer end.
    """

    target: Polynomial
    second: Polynomial
    symbol: Any
    low: Fraction
    high: Fraction
    centre: Fraction
    form: str = "taylor"
    inputs: int = 1

    @classmethod
    def of(cls, f: Polynomial, symbol: Any, interval: Any) -> IntervalRepresentation:
        """The representation on an interval (low, high).

        Raises
        ------
        InvalidInput
            When the interval is empty or a point.
        """
        try:
            low, high = map(fraction, interval)
        except TypeError:
            raise InvalidInput(f"interval must be two numbers, got {interval!r}") from None
        if not low < high:
            raise InvalidInput(f"interval must have low < high, got {low}, {high}")
        centre = min(max(Fraction(0), low), high)
        return cls(f, f.derivative(0).derivative(0), symbol, low, high, centre)

    @property
    def length(self) -> fmpq:
        """high - low."""
        return rational(self.high - self.low)

    @property
    def affine(self) -> Polynomial:
        """The tangent of f at the centre."""
        c = rational(self.centre)
        slope = self.target.derivative(0).evaluate([c])
        (t,) = Polynomial.variables(1)
        return t * slope + (self.target.evaluate([c]) - slope * c)

    def verify(self) -> Proof:
        rest, c = self.target - self.affine, rational(self.centre)
        steps = [
            Step("R'' = g", rest.derivative(0).derivative(0), self.second),
            Step("R(c) = 0", rest.evaluate([c]), 0),
            Step("R'(c) = 0", rest.derivative(0).evaluate([c]), 0),
            Step("c lies in the interval", self.low <= self.centre <= self.high, True),
        ]
        return Proof.of(_ARGUMENT, steps)

    def weight(self) -> Any:
        import sympy

        return self.second.sympy([sympy.Symbol("s", real=True)])

    def density(self) -> Any:
        import sympy

        return sympy.Rational(str(1 / (self.high - self.low)))

    def coefficient(self) -> Any:
        return self.weight() / self.density()

    def latex(self) -> str:
        import sympy

        f, affine = (sympy.latex(p.sympy([self.symbol])) for p in (self.target, self.affine))
        g, c, t = sympy.latex(self.weight()), self.centre, sympy.latex(self.symbol)
        right = rf"\int_{{{c}}}^{{{self.high}}} \left({g}\right) \left({t} - s\right)_+ ds"
        left = rf"\int_{{{self.low}}}^{{{c}}} \left({g}\right) \left(s - {t}\right)_+ ds"
        where = rf", \quad {self.low} \le {t} \le {self.high}"
        return f"{f} = {affine} + {right} + {left}{where}"

    @property
    def support(self) -> str:
        return f"s from {self.low} to {self.high}, facing away from {self.centre}"

    def total_variation(self) -> Bracket:
        low, high = outward(self._absolute_integral(lambda s, flag, right: 1))
        return Bracket(max(low, Fraction(0)), high, reason="quadrature of |f''|")

    def _absolute_integral(self, factor: Any) -> arb:
        """The integral of |g(s)| factor(s, analytic, facing right) over the interval."""
        total, c = arb(0), rational(self.centre)
        with ctx.workprec(96):
            for a, b, right in ((rational(self.low), c, False), (c, rational(self.high), True)):

                def integrand(s: Any, analytic: bool, right: bool = right) -> Any:
                    value = (acb(1) * self.second.evaluate([s])).real_abs(analytic=analytic)
                    return value * factor(s, analytic, right)

                if a < b:
                    total += certified_integral(integrand, a, b, 60)
        return total

    def evaluate(self, x: Iterable[Any], bits: int = 64) -> arb:
        (t,) = self._point(x)
        self._within(fraction(t), fraction(t), "x")
        c = rational(self.centre)
        with ctx.workprec(bits):
            body = certified_integral(
                lambda s, _: (t - s) * self.second.evaluate([s]), c, t
            )
            return arb(self.affine.evaluate([t])) + body

    def _mean_square(self, distribution: Distribution) -> PiNumber:
        # T''' = 2 g^2 with a triple zero at c: V(t) = length T(t) sign(t - c).
        moved = Polynomial.variables(1)[0] + rational(self.centre)
        square = Polynomial.constant(1, 0) + (self.second * self.second).evaluate([moved])
        cubic = Polynomial(1, {
            (e + 3,): q * fmpq(2, (e + 1) * (e + 2) * (e + 3)) for (e,), q in square.terms.items()
        })  # fmt: skip
        return PiNumber.of(_signed_mean(cubic * self.length, distribution, rational(self.centre)))

    def _signal(self, distribution: Distribution) -> PiNumber:
        rest = self.target - self.affine
        return distribution.mean_polynomial(rest * rest, (0,))

    def _optimal_norm(self, distribution: Distribution) -> arb:
        from relu_theory.integral.importance import interval_neuron_norm

        if not isinstance(distribution, UniformBox):
            raise InvalidInput("optimal importance needs a Box here; give Box(low, high)")
        (low,), (high,) = distribution.ends
        c = rational(self.centre)
        if not low <= c <= high:
            raise InvalidInput(f"the distribution must contain the centre {c} of the interval")

        def norm(s: Any, analytic: bool, right: bool) -> Any:
            return interval_neuron_norm(s, analytic, right, low, high)

        inside = IntervalRepresentation(
            self.target, self.second, self.symbol, fraction(low), fraction(high), self.centre
        )
        return inside._absolute_integral(norm)

    def _check_domain(self, distribution: Distribution) -> None:
        low, high = _range(distribution)
        self._within(low, high, "the distribution")

    def _within(self, low: Fraction | None, high: Fraction | None, name: str) -> None:
        if low is None or high is None or low < self.low or high > self.high:
            raise InvalidInput(
                f"{name} must lie in [{self.low}, {self.high}], where the identity holds; give "
                "represent a larger interval"
            )

    def bound(self, m: int, distribution: Any, bits: int = 128) -> PiNumber:
        """(length B^2 L^3 / 3) / m, where B >= |f''| and L >= |t - c| on the interval."""
        self._check_domain(as_distribution(distribution, 1))
        largest = max(abs(self.low), abs(self.high))
        terms = self.second.terms.items()
        size = sum((abs(q) * rational(largest) ** e for (e,), q in terms), fmpq(0))
        reach = rational(max(self.high - self.centre, self.centre - self.low))
        return PiNumber.of(self.length * size**2 * reach**3 / (3 * m))

    def sample(
        self, m: int, rng: np.random.Generator, importance: str = "iid", distribution: Any = None
    ) -> ReluNetwork:
        from relu_theory.integral.importance import interval_neurons
        from relu_theory.integral.sampling import affine_plus_neurons

        w, b, a = interval_neurons(self, m, rng, importance, distribution)
        linear = fraction(self.affine.coefficient((1,)))
        constant = fraction(self.affine.coefficient((0,)))
        return affine_plus_neurons(constant, [linear], w, b, a / m)


def _signed_mean(p: Polynomial, distribution: Distribution, c: fmpq) -> fmpq:
    """E[p(t - c) sign(t - c)] in one dimension."""
    if isinstance(distribution, (UniformBox, UniformBall)):
        low, high = map(rational, _range(distribution))
        ends = [low - c, high - c]
        signed = [(1 if t >= 0 else -1) * _primitive(p, t) for t in ends]
        return (signed[1] - signed[0]) / (high - low)
    points = _atoms(distribution)
    return sum((w * p.evaluate([t - c]) * (1 if t >= c else -1) for t, w in points), fmpq(0))


def _primitive(p: Polynomial, t: fmpq) -> fmpq:
    """The integral of p over [0, t]; times sign(t) it is a primitive of p(t) sign(t)."""
    return sum((q * t ** (e + 1) / (e + 1) for (e,), q in p.terms.items()), fmpq(0))


def _atoms(distribution: Distribution) -> list[tuple[fmpq, fmpq]]:
    if isinstance(distribution, UniformSphere):
        radius = rational(distribution.radius)
        return [(radius, fmpq(1, 2)), (-radius, fmpq(1, 2))]
    assert isinstance(distribution, Points)
    return [(p[0], w) for p, w in zip(distribution.points, distribution.weights, strict=True)]


def _range(distribution: Distribution) -> tuple[Fraction | None, Fraction | None]:
    if isinstance(distribution, UniformBox):
        return distribution.box.lower[0], distribution.box.upper[0]
    if isinstance(distribution, Points):
        values = [fraction(p[0]) for p in distribution.points]
        return min(values), max(values)
    if isinstance(distribution, (UniformBall, UniformSphere)):
        return -distribution.radius, distribution.radius
    return None, None
