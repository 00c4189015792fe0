"""Bias weights, and the laws from which biases are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.exact import rational
from relu_theory.integral.exponential import ExpPolynomial

__all__ = ["BiasLaw", "Kernel"]


@dataclass(frozen=True)
class Kernel:
    """The weight ``b^power e^(rate b)`` of a bias b > 0."""

    power: int = 0
    rate: Fraction = Fraction(0)

    def profile(self) -> ExpPolynomial:
        """h(t), t > 0: the integral of the weight against relu(t - b) over b > 0."""
        return ExpPolynomial.monomial(self.power, self.rate).antiderivative().antiderivative()

    def square_profile(self) -> ExpPolynomial:
        """The same with relu(t - b)^2."""
        return self.profile().antiderivative() * 2

    def float_values(self, b: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values in float64 arithmetic."""
        return b**self.power * np.exp(float(self.rate) * b)

    def sympy(self, b: Any) -> Any:
        """The weight as a sympy expression."""
        return ExpPolynomial.monomial(self.power, self.rate).sympy(b)


@dataclass(frozen=True)
class BiasLaw:
    """The law of a bias b: density proportional to ``b^power e^(-rate b)``, or one point.

    Attributes
    ----------
    power : int
    rate : Fraction
        Positive when the law is unbounded, zero when it is bounded.
    upper : Fraction or None
        b lies in [0, upper]; None for no bound: the Gamma law with shape power + 1.
    point : Fraction or None
        When given, b is this number and the other fields are idle.
    """

    power: int = 0
    rate: Fraction = Fraction(0)
    upper: Fraction | None = None
    point: Fraction | None = None

    @property
    def normaliser(self) -> fmpq:
        """The integral of ``b^power e^(-rate b)``."""
        if self.upper is None:
            return factorial(self.power) / rational(self.rate) ** (self.power + 1)
        return rational(self.upper) ** (self.power + 1) / (self.power + 1)

    def over_density(self, first: Kernel, second: Kernel) -> Kernel:
        """The product of two weights divided by the density, up to `normaliser`.

        Raises
        ------
        InvalidInput
            When the quotient is not integrable at b = 0: the power of the law is too large.
        """
        power = first.power + second.power - self.power
        if power < 0:
            raise InvalidInput(
                f"the bias law must have a power of at most {first.power + second.power}, got "
                f"{self.power}; the variance would be infinite"
            )
        return Kernel(power, first.rate + second.rate + self.rate)

    def from_uniform(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Biases from numbers in (0, 1), by the quantile function."""
        if self.point is not None:
            return np.full(u.shape, float(self.point))
        if self.upper is not None:
            return float(self.upper) * u ** (1 / (self.power + 1))
        from scipy.special import gammaincinv

        return gammaincinv(self.power + 1, u) / float(self.rate)

    def density(self, b: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at given biases; 1 for a point."""
        if self.point is not None:
            return np.ones(b.shape)
        scale = float(Fraction(int(self.normaliser.p), int(self.normaliser.q)))
        return b**self.power * np.exp(-float(self.rate) * b) / scale

    def sympy(self, b: Any) -> Any:
        """The density as a sympy expression."""
        import sympy

        scale = sympy.Rational(int(self.normaliser.p), int(self.normaliser.q))
        return b**self.power * sympy.exp(-sympy.Rational(str(self.rate)) * b) / scale

    def describe(self) -> str:
        """The law in LaTeX."""
        if self.point is not None:
            return rf"\delta_{{{self.point}}}"
        if self.upper is None:
            return rf"\Gamma({self.power + 1}, {self.rate})"
        return rf"{self.upper}\,\mathrm{{Beta}}({self.power + 1}, 1)"
