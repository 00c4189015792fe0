"""Representation: a function as an integral of ReLU neurons, and what every form can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from numpy.typing import NDArray

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput, ShapeError, Undecided
from relu_theory.exact import rational_vector
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.distributions import Distribution, as_distribution
from relu_theory.integral.proof import Proof
from relu_theory.network import ReluNetwork

__all__ = ["MultipliedNetwork", "Representation", "as_ball", "count_of"]

Value = PiNumber | arb


class MultipliedNetwork:
    """The function ``e^(-|x|^2/2) N(x)`` of a network N: a network times a fixed function.

    Attributes
    ----------
    network : ReluNetwork
    """

    def __init__(self, network: ReluNetwork) -> None:
        self.network = network

    def forward(self, x: Any) -> NDArray[np.float64]:
        """Values in float64 arithmetic, of shape (1,) or (m, 1), as `ReluNetwork.forward`."""
        x = np.asarray(x, dtype=float)
        square = (x * x).sum(axis=-1, keepdims=True)
        return np.exp(-square / 2) * self.network.forward(x)

    __call__ = forward

    def enclosure(self, x: Iterable[Any], bits: int = 128) -> arb:
        """The exact value at a rational point, as a ball."""
        point = rational_vector(x, name="x")
        value = self.network.forward_exact(point)[0]
        with ctx.workprec(bits):
            square = sum((v * v for v in point), fmpq(0))
            return (arb(-square) / 2).exp() * arb(fmpq(value.numerator, value.denominator))

    def __repr__(self) -> str:
        return f"<e^(-|x|^2/2) times {self.network!r}>"


class Representation(ABC):
    """``f(x) = m(x) (affine(x) + integral of g(w, b) relu(<w, x> - b))`` on a domain.

    Attributes
    ----------
    form : str
    inputs : int
        The dimension d of x.
    """

    form: str
    inputs: int

    @abstractmethod
    def verify(self) -> Proof:
        """Prove the identity by exact equalities of moments and derivatives; nothing is sampled."""

    @abstractmethod
    def weight(self) -> Any:
        """The weight g as a sympy expression, with respect to the reference measure."""

    @abstractmethod
    def density(self) -> Any:
        """The density of the sampled bias as a sympy expression; the direction follows its law."""

    @abstractmethod
    def coefficient(self) -> Any:
        """The coefficient of a sampled neuron, weight over density, as a sympy expression."""

    @abstractmethod
    def latex(self) -> str:
        """The identity in LaTeX."""

    @property
    @abstractmethod
    def support(self) -> str:
        """Where the representing measure lives, in words."""

    @abstractmethod
    def total_variation(self) -> Bracket:
        """Proved rational bounds of the total variation of g; infinite where it is."""

    @abstractmethod
    def evaluate(self, x: Iterable[Any], bits: int = 64) -> arb:
        """The right-hand side at a rational point by certified quadrature, as a ball.

        Parameters
        ----------
        x : d numbers
            A point of the domain of the identity.
        bits : int
            Working precision; the radius of the ball says what was reached.

        Notes
        -----
        The integral itself is computed, by one-dimensional adaptive quadrature along <w, x> after
        exact integration over the other directions; the identity is not used.
        """

    @abstractmethod
    def _mean_square(self, distribution: Distribution) -> Value:
        """E over x and over one sampled neuron of its squared contribution."""

    @abstractmethod
    def _signal(self, distribution: Distribution) -> Value:
        """E over x of the squared integral part."""

    @abstractmethod
    def _check_domain(self, distribution: Distribution) -> None:
        """Refuse a distribution that leaves the domain of the identity."""

    def second_moment(self, x: Iterable[Any], bits: int = 128) -> Value:
        """E[(a relu(<w, x> - b))^2] of one sampled neuron at a rational point (times m(x)^2)."""
        from relu_theory.integral.distributions import Points

        point = Points([self._point(x)])
        self._check_domain(point)
        with ctx.workprec(bits):
            return self._mean_square(point)

    def expected_error(
        self, m: int, distribution: Any, bits: int = 128, importance: str = "iid"
    ) -> Value:
        """E ||f - f_m||^2 in L2 of a distribution, for m independent neurons; exact.

        Parameters
        ----------
        m : int
            The number of sampled neurons. The affine part is exact and costs at most 2 more.
        distribution : Box, Ball, UniformSphere, StandardGaussian or Points
            A Box or centred Ball stands for its uniform law.
        bits : int
            Working precision of enclosures.
        importance : "iid" or "optimal"
            How the neurons are drawn; for stratified and quasi-Monte Carlo samples no formula is
            known.

        Returns
        -------
        PiNumber or flint.arb
            A closed form, or a certified enclosure where there is none. For optimal importance it
            is wide where E|C(w)| of the directions is only bounded (see `sphere_absolute_mean`).
            Infinite where the second moment of a neuron is.

        Raises
        ------
        InvalidInput
            When the distribution leaves the domain of the identity; for optimal importance also
            where the form has none.
        TooLarge
            On a box of more than three dimensions without a closed form.
        Undecided
            Where the enclosure says nothing at this precision.

        Notes
        -----
        (E[a^2 |sigma|^2] - |f - affine|^2) / m: the variance of an independent mean. The best
        density is proportional to |g| |sigma|, which turns the first term into the square of the
        integral of |g| |sigma|.
        """
        count_of(m)
        if importance not in ("iid", "optimal"):
            raise InvalidInput(f"importance must be 'iid' or 'optimal' here, got {importance!r}")
        law = as_distribution(distribution, self.inputs)
        self._check_domain(law)
        with ctx.workprec(bits):
            if importance == "optimal":
                return _finite((self._optimal_norm(law) ** 2 - as_ball(self._signal(law))) / m)
            error = _difference(self._mean_square(law), self._signal(law)) * fmpq(1, m)
            return _finite(error)

    def _optimal_norm(self, distribution: Distribution) -> arb:
        """The integral of |g| times the norm of the neuron in L2 of the distribution."""
        raise InvalidInput(f"the form {self.form!r} has no optimal importance law here; use 'iid'")

    @abstractmethod
    def bound(self, m: int, distribution: Any, bits: int = 128) -> Value:
        """A proved upper bound of `expected_error` with explicit constants."""

    @abstractmethod
    def sample(
        self, m: int, rng: np.random.Generator, importance: str = "iid", distribution: Any = None
    ) -> ReluNetwork | MultipliedNetwork:
        """A network with m sampled neurons, whose expectation is f."""

    def _point(self, x: Iterable[Any]) -> list[fmpq]:
        point = rational_vector(x, name="x")
        if len(point) != self.inputs:
            raise ShapeError(f"x must have {self.inputs} entries, got {len(point)}")
        return point


def as_ball(value: Any) -> arb:
    """A PiNumber, rational or ball as a ball of the current precision."""
    if isinstance(value, PiNumber):
        return value.enclosure(ctx.prec)
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return value if isinstance(value, arb) else arb(value)


def _finite(error: Value) -> Value:
    """Refuse an enclosure that says nothing; an infinite error is an answer."""
    if isinstance(error, arb) and not (error.is_finite() or error == arb.pos_inf()):
        raise Undecided(f"no enclosure of the expected error at {ctx.prec} bits: raise bits")
    return error


def _difference(first: Value, second: Value) -> Value:
    if isinstance(first, PiNumber) and isinstance(second, PiNumber):
        return first - second
    return as_ball(first) - as_ball(second)


def count_of(m: Any) -> None:
    """Refuse anything but a positive number of neurons."""
    if isinstance(m, bool) or not isinstance(m, (int, np.integer)) or m < 1:
        raise InvalidInput(f"m must be a positive number of neurons, got {m!r}")
