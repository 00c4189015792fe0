"""The reproducing kernel Hilbert space of K(x, y) = e^<x, y>, on polynomials and point sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import factorial, prod
from typing import Any

from flint import arb, arb_mat, ctx, fmpq

from relu_theory.errors import InvalidInput, ShapeError, Undecided
from relu_theory.exact import fraction, rational_matrix, rational_vector
from relu_theory.integral.distributions import Distribution, as_distribution
from relu_theory.integral.laplace import exponential_mean, square_exponential_mean
from relu_theory.integral.moments import gaussian_mean
from relu_theory.integral.polynomial import (
    Polynomial,
    read_in_all_variables,
    read_polynomial,
)
from relu_theory.integral.proof import Proof, Step
from relu_theory.integral.representation import as_ball

__all__ = ["KernelInterpolant", "inner_product", "interpolate", "isometry", "squared_norm"]


def squared_norm(expr: Any, variables: Any = None) -> Fraction:
    """|f|^2 = sum of alpha! c_alpha^2 of a polynomial f = sum of c_alpha x^alpha, exactly.

    Examples
    --------
    >>> squared_norm("x**2*y - 3*x")
    Fraction(11, 1)
    """
    f = read_polynomial(expr, variables)[0]
    return fraction(_inner(f, f))


def inner_product(first: Any, second: Any, variables: Any) -> Fraction:
    """<f, g> = sum of alpha! c_alpha d_alpha, exactly.

    Examples
    --------
    >>> inner_product("x**2 + y", "x**2 - y", ["x", "y"])
    Fraction(1, 1)
    """
    product = [read_in_all_variables(e, variables) for e in (first, second)]
    return fraction(_inner(*product))


def _inner(f: Polynomial, g: Polynomial) -> fmpq:
    return sum(
        (q * g.coefficient(e) * prod(map(factorial, e)) for e, q in f.terms.items()), fmpq(0)
    )


def isometry(expr: Any, variables: Any = None) -> tuple[Polynomial, Proof]:
    """The Segal-Bargmann transform F = exp(-Delta/2) f in L2(N(0, I)), and the proof for this f.

    Returns
    -------
    F : Polynomial
        Sum of c_alpha He_alpha, with E[F^2] = |f|^2 and f(x) = e^(-|x|^2/2) E[F(w) e^<w, x>].
    proof : Proof

    Examples
    --------
    >>> isometry("x**3")
    (Polynomial(1, {(3,): '1', (1,): '-3'}), <Proof: 2 exact steps, HOLDS>)
    """
    f = read_polynomial(expr, variables)[0]
    image = f.heat(fmpq(-1, 2))
    steps = [
        Step("E[F(w)^2] = |f|^2", gaussian_mean(image * image), _inner(f, f)),
        Step("E[F(w + x)] = exp(Delta/2) F = f", image.heat(fmpq(1, 2)), f),
    ]
    argument = "Both follow from orthogonality, E[He_a He_b] = a! [a = b]"
    return image, Proof.of(argument, steps)


@dataclass(frozen=True)
class KernelInterpolant:
    """The function of least norm with given values: sum of c_i e^<x_i, x>.

    Attributes
    ----------
    points : rows of rationals
    values : rationals
    coefficients : balls
    squared_norm : arb
        y K^-1 y, at most |f|^2 of every f with these values.
    inverse : arb_mat
        K^-1, of the kernel matrix of the points.
    bits : int
        The precision that it was computed with.
    """

    points: Sequence[Sequence[fmpq]]
    values: Sequence[fmpq]
    coefficients: Sequence[arb]
    squared_norm: arb
    inverse: arb_mat = field(repr=False)
    bits: int = 256

    def evaluate(self, x: Any, bits: int = 256) -> arb:
        """The value at a rational point, as a ball."""
        at = rational_vector(x, name="x")
        with ctx.workprec(bits):
            return sum(
                (c * _kernel(p, at) for c, p in zip(self.coefficients, self.points, strict=True)),
                arb(0),
            )

    def squared_error(self, expr: Any, distribution: Any, variables: Any = None) -> arb:
        """E[(f(x) - s(x))^2] of this interpolant s against a polynomial f, as a ball.

        Parameters
        ----------
        expr : sympy expression
            A polynomial f; it need not have the interpolated values.
        distribution : Box, Ball, UniformSphere, StandardGaussian or Points
        variables : sequence of symbols, optional

        Notes
        -----
        E[f^2] - 2 sum of c_i E[f e^<x_i, x>] + sum of c_i c_j E[e^<x_i + x_j, x>], each in closed
        form or by one quadrature (see `laplace`): O(n^2) of them.

        Examples
        --------
        The interpolant at 0 is constant:

        >>> from relu_theory import Box
        >>> interpolate([[0]], [1]).squared_error("1 + 2*x", Box([-1], [2])).contains(4)
        True
        """
        f, symbols, support = read_polynomial(expr, variables)
        law = as_distribution(distribution, len(symbols))
        self._same_dimension(law)
        with ctx.workprec(self.bits):
            total = as_ball(law.mean_polynomial(f * f, support))
            for point, c in zip(self.points, self.coefficients, strict=True):
                total -= c * exponential_mean(f, support, point, law) * 2
            gram = self._gram(law)
            for i, c in enumerate(self.coefficients):
                for j, d in enumerate(self.coefficients):
                    total += c * d * gram[i, j]
            return total

    def bound(self, expr: Any, distribution: Any, variables: Any = None) -> arb:
        """An upper bound of `squared_error` for the f whose values were interpolated.

        (|f|^2 - |s|^2) E[P(x)^2] with the power function P(x)^2 = K(x, x) - k(x) K^-1 k(x), since
        f - s is orthogonal to s and to every K(x_i, .).

        Raises
        ------
        InvalidInput
            When f does not have the interpolated values.

        Examples
        --------
        At 0 the power function is e^(x^2) - 1:

        >>> from relu_theory.integral.distributions import Points
        >>> bound = interpolate([[0]], [1]).bound("1 + x", Points([[1]]))
        >>> bound.overlaps(arb(1).exp() - 1)
        True
        """
        f = read_in_all_variables(expr, variables)
        law = as_distribution(distribution, f.size)
        self._same_dimension(law)
        if any(f.evaluate(p) != v for p, v in zip(self.points, self.values, strict=True)):
            raise InvalidInput("expr must have the interpolated values at the points")
        with ctx.workprec(self.bits):
            power = square_exponential_mean(Polynomial.constant(0, 1), (), fmpq(1), law)
            gram = self._gram(law)
            for i in range(len(self.points)):
                for j in range(len(self.points)):
                    power -= self.inverse[i, j] * gram[i, j]
            return power * (arb(_inner(f, f)) - self.squared_norm)

    def _gram(self, law: Distribution) -> arb_mat:
        """E[K(x_i, x) K(x_j, x)] = E[e^<x_i + x_j, x>]."""
        n, one = len(self.points), Polynomial.constant(0, 1)
        gram = arb_mat(n, n)
        for i in range(n):
            for j in range(i + 1):
                at = [s + t for s, t in zip(self.points[i], self.points[j], strict=True)]
                gram[i, j] = gram[j, i] = exponential_mean(one, (), at, law)
        return gram

    def _same_dimension(self, law: Distribution) -> None:
        if len(self.points[0]) != law.dim:
            raise ShapeError(
                f"the distribution has dimension {law.dim}, the points {len(self.points[0])}"
            )


def interpolate(points: Any, values: Any, bits: int = 256) -> KernelInterpolant:
    """The interpolant of least norm in the space of e^<x, y>, with certified coefficients.

    Parameters
    ----------
    points : (n, d) numbers, different
    values : n numbers
    bits : int
        Working precision; the kernel matrix is badly conditioned for close points.

    Raises
    ------
    ShapeError, InvalidInput
        For sizes that do not fit, or a repeated point.
    Undecided
        When the precision does not show that the kernel matrix is regular.

    Examples
    --------
    >>> found = interpolate([[0], [1]], [1, 0])
    >>> found.evaluate([1]).contains(0), found.evaluate([0]).contains(1)
    (True, True)
    """
    rows, y = rational_matrix(points, name="points").table(), rational_vector(values, name="values")
    if len(rows) != len(y) or not rows:
        raise ShapeError(f"values must have one entry per point: {len(rows)} and {len(y)}")
    if len({tuple(map(str, row)) for row in rows}) < len(rows):
        raise InvalidInput("points must be different; drop the repeated ones")
    with ctx.workprec(bits):
        matrix = arb_mat([[_kernel(p, q) for q in rows] for p in rows])
        try:
            inverse = matrix.inv()
        except ZeroDivisionError:
            raise Undecided(
                f"the kernel matrix is not visibly regular with {bits} bits; give bits={2 * bits}"
            ) from None
        solution = inverse * arb_mat([[arb(v)] for v in y])
        c = [solution[i, 0] for i in range(len(y))]
        norm = sum((v * w for v, w in zip(c, map(arb, y), strict=True)), arb(0))
    return KernelInterpolant(rows, y, c, norm, inverse, bits)


def _kernel(p: Sequence[fmpq], q: Sequence[fmpq]) -> arb:
    return arb(sum((a * b for a, b in zip(p, q, strict=True)), fmpq(0))).exp()
