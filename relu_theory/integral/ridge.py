"""RidgeRepresentation: weights C(w) k(b) against a rotation-invariant law of w.

All polynomial forms, and the exponential kernel, are of this kind; they differ in the law, in the
coefficient polynomials C and in the weights k of the bias.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from flint import arb, ctx, fmpq

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput
from relu_theory.exact import rational
from relu_theory.integral import (
    quadrature,
    ridge_bounds,
    sampling,
    second_moments,
    spelling,
    variation,
)
from relu_theory.integral.bias import BiasLaw, Kernel
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.distributions import (
    Distribution,
    Points,
    UniformSphere,
    as_distribution,
)
from relu_theory.integral.laws import Law
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.proof import Proof
from relu_theory.integral.representation import (
    MultipliedNetwork,
    Representation,
    Value,
    as_ball,
)
from relu_theory.network import ReluNetwork

__all__ = ["RidgeRepresentation", "Term"]


class Term(NamedTuple):
    """The weight ``scale * c(w) * kernel(b)``; the kernel is 1 where the bias is one point."""

    scale: PiNumber
    c: Polynomial
    kernel: Kernel


@dataclass(frozen=True)
class RidgeRepresentation(Representation):
    """A function as ``m(x) (affine + E_w integral of sum scale C(w) k(b) relu(<w, x> - b) db)``.

    Made by `represent`; the fields may be replaced (`dataclasses.replace`), and `verify` judges
    what they then say.

    Attributes
    ----------
    form : str
    target : Polynomial
        f in the variables that occur in it.
    symbols : tuple of sympy symbols
        All d inputs.
    law : Law
        Of the weight vector w.
    bias : BiasLaw
        From which biases are sampled.
    terms : tuple of Term
    affine : Polynomial
        Of degree at most 1, in the variables of the target.
    exponent : Fraction
        All weights carry the factor e^exponent.
    radius : Fraction or None
        The identity holds for |x| <= radius; None for all x.
    on_sphere : bool
        The identity holds for |x| = 1 only.
    multiplied : bool
        Whether m(x) = e^(-|x|^2/2); otherwise m = 1.
    """

    form: str
    target: Polynomial
    symbols: tuple[Any, ...]
    law: Law
    bias: BiasLaw
    terms: tuple[Term, ...]
    affine: Polynomial
    exponent: Fraction = Fraction(0)
    radius: Fraction | None = None
    on_sphere: bool = False
    multiplied: bool = False

    @property
    def inputs(self) -> int:  # type: ignore[override]
        return self.law.inputs

    @property
    def factor(self) -> arb:
        """e^exponent at the current precision."""
        return arb(rational(self.exponent)).exp()

    def verify(self) -> Proof:
        from relu_theory.integral.verification import prove

        return prove(self)

    def weight(self) -> Any:
        return spelling.weight(self)

    def density(self) -> Any:
        return spelling.density(self)

    def coefficient(self) -> Any:
        return spelling.weight(self) / spelling.density(self)

    def latex(self) -> str:
        return spelling.latex(self)

    @property
    def support(self) -> str:
        return spelling.support(self)

    def total_variation(self) -> Bracket:
        return variation.total_variation(self)

    def evaluate(self, x: Iterable[Any], bits: int = 64) -> arb:
        point = self._point(x)
        square = sum((v * v for v in point), fmpq(0))
        self._check_square(square, "x")
        with ctx.workprec(bits):
            inner = as_ball(self.affine.evaluate([point[i] for i in self.law.support]))
            if square and self.terms:
                inner += self.factor * quadrature.ridge_integral(self, point, square)
            return inner * (arb(-square) / 2).exp() if self.multiplied else inner

    def _mean_square(self, distribution: Distribution) -> Value:
        return second_moments.mean_square(self, distribution)

    def _signal(self, distribution: Distribution) -> Value:
        return second_moments.signal(self, distribution)

    def _optimal_norm(self, distribution: Distribution) -> arb:
        from relu_theory.integral.importance import optimal_norm

        return optimal_norm(self, distribution)

    def _check_domain(self, distribution: Distribution) -> None:
        square = distribution.square_radius
        if self.on_sphere:
            if not _on_unit_sphere(distribution):
                raise InvalidInput(
                    f"the form {self.form!r} represents f on the unit sphere; use UniformSphere, "
                    "or Points of norm 1"
                )
        elif self.radius is not None and (square is None or square > self.radius**2):
            raise InvalidInput(
                f"the distribution must lie in the ball of radius {self.radius}, where the "
                f"identity holds; give represent a larger radius"
            )

    def _check_square(self, square: fmpq, name: str) -> None:
        if self.on_sphere and square != 1:
            raise InvalidInput(f"{name} must have norm 1 for the form {self.form!r}")
        if self.radius is not None and square > rational(self.radius) ** 2:
            raise InvalidInput(f"{name} must have norm at most {self.radius}, its radius")

    def bound(self, m: int, distribution: Any, bits: int = 128) -> Value:
        law = as_distribution(distribution, self.inputs)
        self._check_domain(law)
        with ctx.workprec(bits):
            return ridge_bounds.bound(self, law) / m

    def sample(
        self, m: int, rng: np.random.Generator, importance: str = "iid", distribution: Any = None
    ) -> ReluNetwork | MultipliedNetwork:
        return sampling.sample(self, m, rng, importance, distribution)

    def replace(self, **changes: Any) -> RidgeRepresentation:
        """A copy with some fields changed."""
        return replace(self, **changes)


def _on_unit_sphere(distribution: Distribution) -> bool:
    if isinstance(distribution, UniformSphere):
        return distribution.radius == 1
    return isinstance(distribution, Points) and all(
        sum((v * v for v in p), fmpq(0)) == 1 for p in distribution.points
    )

