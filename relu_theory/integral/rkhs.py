"""The reproducing kernel Hilbert space of K(x, y) = e^<x, y>, on polynomials and point sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, prod
from typing import Any

from flint import arb, arb_mat, ctx, fmpq

from relu_theory.errors import InvalidInput, ShapeError, Undecided
from relu_theory.exact import fraction, rational_matrix, rational_vector
from relu_theory.integral.moments import gaussian_mean
from relu_theory.integral.polynomial import (
    Polynomial,
    read_in_all_variables,
    read_polynomial,
)
from relu_theory.integral.proof import Proof, Step

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
    """

    points: Sequence[Sequence[fmpq]]
    values: Sequence[fmpq]
    coefficients: Sequence[arb]
    squared_norm: arb

    def evaluate(self, x: Any, bits: int = 256) -> arb:
        """The value at a rational point, as a ball."""
        at = rational_vector(x, name="x")
        with ctx.workprec(bits):
            return sum(
                (c * _kernel(p, at) for c, p in zip(self.coefficients, self.points, strict=True)),
                arb(0),
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
            solution = matrix.solve(arb_mat([[arb(v)] for v in y]))
        except ZeroDivisionError:
            raise Undecided(
                f"the kernel matrix is not visibly regular with {bits} bits; give bits={2 * bits}"
            ) from None
        c = [solution[i, 0] for i in range(len(y))]
        norm = sum((v * w for v, w in zip(c, map(arb, y), strict=True)), arb(0))
    return KernelInterpolant(rows, y, c, norm)


def _kernel(p: Sequence[fmpq], q: Sequence[fmpq]) -> arb:
    return arb(sum((a * b for a, b in zip(p, q, strict=True)), fmpq(0))).exp()
