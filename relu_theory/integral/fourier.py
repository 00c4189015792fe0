"""The Fourier form: sums of sines, cosines and Gaussians as integrals of ReLU ridges.

With h = cos or sin and |z| <= c: h(z) = h(0) + h'(0) z + integral over u in [0, c] of
h''(u) relu(z - u) + h''(-u) relu(-z - u). Frequencies omega are points or normal vectors, and
c = R |omega|_1 on the cube [-R, R]^d.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, rational
from relu_theory.integral import waves
from relu_theory.integral.cubature import outward
from relu_theory.integral.distributions import (
    Distribution,
    Points,
    UniformBox,
    as_distribution,
)
from relu_theory.integral.proof import Proof
from relu_theory.integral.representation import Representation
from relu_theory.integral.trigonometric import (
    absolute_norm_moments,
    cube_mean,
)
from relu_theory.integral.waves import Wave
from relu_theory.network import ReluNetwork

__all__ = ["FourierRepresentation"]


@dataclass(frozen=True)
class FourierRepresentation(Representation):
    """``f = constant + slope.x + sum of amplitude E[r(omega.x)]``, r a wave without its tangent.

    Attributes
    ----------
    expr : sympy expression
    symbols : tuple of sympy symbols
    waves : tuple of Wave
    constant : fmpq
    slope : tuple of fmpq
        Value and gradient of f at 0.
    radius : Fraction
        R of the cube on which the identity holds.
    """

    expr: Any
    symbols: tuple[Any, ...]
    waves: tuple[Wave, ...]
    constant: fmpq
    slope: tuple[fmpq, ...]
    radius: Fraction
    form: str = "fourier"

    @classmethod
    def of(
        cls, expr: Any, variables: Iterable[Any] | None = None, radius: Any = 1
    ) -> FourierRepresentation:
        """Read an expression; see `waves.read_waves` for what it may contain."""
        symbols, found, constant, slope = waves.read_waves(expr, variables)
        size = fraction(radius)
        if size <= 0:
            raise InvalidInput(f"radius must be positive, got {radius}")
        return cls(expr, symbols, found, constant, slope, size)

    @property
    def inputs(self) -> int:  # type: ignore[override]
        return len(self.symbols)

    def verify(self) -> Proof:
        return waves.prove(self)

    @property
    def barron_constant(self) -> arb:
        """v = integral of |omega|_1^2 |Fourier transform|, at most this (equal if nothing cancels).

        Examples
        --------
        >>> import sympy
        >>> x, y = sympy.symbols("x y")
        >>> FourierRepresentation.of(sympy.cos(x + 2 * y)).barron_constant
        9.00000000000000
        """
        return self._amplitude_moment(2)

    def _amplitude_moment(self, power: int) -> arb:
        return sum((
            absolute_norm_moments(w.mean, w.variance, power)[power] * abs(w.amplitude)
            for w in self.waves
        ), arb(0))  # fmt: skip

    def probabilities(self) -> list[fmpq]:
        """The share of each wave in the samples: amplitude times a bound of E|omega|_1^2."""
        sizes = [
            abs(w.amplitude)
            * (sum(map(abs, w.mean), fmpq(0)) ** 2 + sum(w.variance, fmpq(0)) * self.inputs)
            for w in self.waves
        ]
        return [size / sum(sizes, fmpq(0)) for size in sizes]

    def weight(self) -> Any:
        import sympy

        u = sympy.Symbol("u", real=True)
        return sympy.Tuple(*(-w.sympy_amplitude * w.wave(u) for w in self.waves))

    def density(self) -> Any:
        import sympy

        size = sympy.Rational(str(self.radius)) * sympy.Symbol("omega_1", positive=True)
        return 1 / (2 * size)

    def coefficient(self) -> Any:
        return self.weight() / self.density()

    def latex(self) -> str:
        import sympy

        affine = waves.rational_sympy(self.constant) + sum(
            waves.rational_sympy(s) * x for s, x in zip(self.slope, self.symbols, strict=True)
        )
        parts = [waves.latex(w, self.symbols) for w in self.waves]
        function = sympy.latex(sympy.sympify(self.expr))
        return " + ".join([f"{function} = {sympy.latex(affine)}", *parts])

    @property
    def support(self) -> str:
        return (
            f"w = +-omega over the frequencies of f; b from 0 to {self.radius} |omega|_1, on the "
            f"cube [-{self.radius}, {self.radius}]^{self.inputs}"
        )

    def total_variation(self) -> Bracket:
        """At most 2 R E|omega|_1 times the amplitudes, as |h''| <= 1; at least 0 is claimed."""
        with ctx.workprec(96):
            high = outward(2 * arb(rational(self.radius)) * self._amplitude_moment(1))[1]
        return Bracket(Fraction(0), high, reason="|cos|, |sin| <= 1")

    def evaluate(self, x: Iterable[Any], bits: int = 64) -> arb:
        point = self._point(x)
        self._check_domain(Points([point]))
        with ctx.workprec(bits):
            total = arb(self.constant)
            for s, v in zip(self.slope, point, strict=True):
                total += arb(s * v)
            for wave in self.waves:
                total += waves.remainder(wave, point) * wave.amplitude
            return total

    def _mean_square(self, distribution: Distribution) -> arb:
        self._only_points()
        total, scale = arb(0), 2 * rational(self.radius)
        for wave, p in zip(self.waves, self.probabilities(), strict=True):
            mean = self._cube_mean(wave, distribution)
            size = sum(map(abs, wave.mean), fmpq(0))
            total += mean * (wave.amplitude**2 / p * scale * size)
        return total

    def _cube_mean(self, wave: Wave, distribution: Distribution) -> arb:
        sign = 1 if wave.kind == "cos" else -1
        if isinstance(distribution, UniformBox):
            return cube_mean(wave.mean, *distribution.ends, sign)
        assert isinstance(distribution, Points)
        total = arb(0)
        for point, weight in zip(distribution.points, distribution.weights, strict=True):
            z = abs(wave.at(point))
            total += (arb(z**3) / 6 + (arb(z) / 4 - arb(2 * z).sin() / 8) * sign) * weight
        return total

    def _signal(self, distribution: Distribution) -> arb:
        self._only_points()
        if isinstance(distribution, Points):
            total = arb(0)
            for point, weight in zip(distribution.points, distribution.weights, strict=True):
                rest = sum((waves.closed(w, point) * w.amplitude for w in self.waves), arb(0))
                total += rest * rest * weight
            return total
        return waves.square_mean(self.waves, *distribution.ends)

    def _only_points(self) -> None:
        if any(any(w.variance) for w in self.waves):
            raise InvalidInput(
                "the exact error is known for sines and cosines, not for Gaussian envelopes; use "
                "bound, or measure it on a sample"
            )

    def _check_domain(self, distribution: Distribution) -> None:
        r = rational(self.radius)
        if isinstance(distribution, UniformBox):
            low, high = distribution.ends
            good = min(low) >= -r and max(high) <= r
        elif isinstance(distribution, Points):
            good = all(abs(v) <= r for p in distribution.points for v in p)
        else:
            raise InvalidInput(
                f"the form 'fourier' takes a Box or Points, got {distribution}; its domain is "
                "a cube"
            )
        if not good:
            raise InvalidInput(
                f"the distribution must lie in the cube of radius {r}, where the identity holds; "
                "give represent a larger radius"
            )

    def bound(self, m: int, distribution: Any, bits: int = 128) -> arb:
        """(2/3) R^4 sum of amplitude^2 E|omega|_1^4 / p, over m.

        For pure waves this is (2/3) R^4 v^2 / m: |z| <= c and |h''| <= 1 in the second moment
        2 c integral of h''^2 (|z| - u)^2.
        """
        self._check_domain(as_distribution(distribution, self.inputs))
        with ctx.workprec(bits):
            total = arb(0)
            for wave, p in zip(self.waves, self.probabilities(), strict=True):
                fourth = absolute_norm_moments(wave.mean, wave.variance, 4)[4]
                total += fourth * (wave.amplitude**2 / p)
            return total * (rational(self.radius) ** 4 * fmpq(2, 3)) / m

    def sample(
        self, m: int, rng: np.random.Generator, importance: str = "iid", distribution: Any = None
    ) -> ReluNetwork:
        return waves.sample(self, m, rng, importance)
