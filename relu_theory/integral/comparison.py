"""Kernel interpolation in the space of e^<x, y> beside networks sampled from the same function.

The exponential form draws neurons from the weight F = exp(-Delta/2) f, whose L2 norm is the norm of
f in the space; the interpolant uses n values of f instead. All errors here are exact or enclosed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from relu_theory.exact import rational
from relu_theory.integral.distributions import as_distribution
from relu_theory.integral.forms import represent
from relu_theory.integral.laplace import square_exponential_mean
from relu_theory.integral.polynomial import read_polynomial
from relu_theory.integral.representation import as_ball, count_of
from relu_theory.integral.rkhs import interpolate, squared_norm

__all__ = ["Comparison", "compare_with_kernel"]


@dataclass(frozen=True)
class Comparison:
    """Mean squared errors at one size n, as balls.

    Attributes
    ----------
    size : int
    kernel : arb
        Of the interpolant of least norm at n points.
    kernel_bound : arb
        Its bound by the power function (`rkhs.KernelInterpolant.bound`).
    captured : arb
        The share |s|^2 / |f|^2 of the squared norm that the interpolant s has; 1 when s = f.
    waves : arb
        Expected, of n sampled terms F(w) e^(<w, x> - |x|^2/2).
    network : arb
        Expected, of n sampled neurons of the exponential form.
    """

    size: int
    kernel: arb
    kernel_bound: arb
    captured: arb
    waves: arb
    network: arb


def compare_with_kernel(
    expr: Any, sizes: Iterable[int], distribution: Any, rng: np.random.Generator,
    variables: Any = None, rate: Any = 1, bits: int = 256,
) -> list[Comparison]:  # fmt: skip
    """Errors of kernel interpolation and of sampled networks for a polynomial, size by size.

    Parameters
    ----------
    expr : sympy expression
        A polynomial f.
    sizes : positive ints
        The numbers n of interpolation points and of neurons.
    distribution : Box, Ball, UniformSphere, StandardGaussian or Points
        Of the inputs; the interpolation points are drawn from it too, nested for growing n.
    rng : numpy Generator
    variables : sequence of symbols, optional
    rate : number
        Of the bias law of the exponential form.
    bits : int
        Working precision; points that lie close need more.

    Returns
    -------
    list of Comparison

    Raises
    ------
    Undecided
        When the precision does not show that the kernel matrix is regular.
    InvalidInput
        When two drawn points agree, as for `Points` with fewer than n of them.

    Examples
    --------
    >>> from relu_theory import Box
    >>> rng = np.random.default_rng(0)
    >>> few, more = compare_with_kernel("x*y", [4, 16], Box([-1, -1], [1, 1]), rng)
    >>> more.kernel < few.kernel, more.kernel < more.waves, more.waves < more.network
    (True, True, True)
    """
    f, symbols, support = read_polynomial(expr, variables)
    law = as_distribution(distribution, len(symbols))
    sizes = list(sizes)
    for n in sizes:
        count_of(n)
    points = [[rational(v) for v in row] for row in law.draw(max(sizes), rng).tolist()]
    values = [f.evaluate([row[i] for i in support]) for row in points]
    form = represent(expr, "exponential", symbols, rate=rate)
    network = as_ball(form.expected_error(1, law, bits=bits))
    with ctx.workprec(bits):
        # E[F(w)^2 e^(2 <w, x>)] = e^(2 |x|^2) (exp(Delta/2) F^2)(2 x), by Cameron and Martin.
        weight = f.heat(fmpq(-1, 2))
        moved = (weight * weight).heat(fmpq(1, 2)).scaled(2)
        second = square_exponential_mean(moved, support, fmpq(1), law)
        waves = second - as_ball(law.mean_polynomial(f * f, support))
    norm, found = rational(squared_norm(expr, symbols)), []
    for n in sizes:
        s = interpolate(points[:n], values[:n], bits)
        arguments = (expr, law, symbols)
        found.append(Comparison(
            n, s.squared_error(*arguments), s.bound(*arguments),
            s.squared_norm / norm if norm else arb(1), waves / n, network / n,
        ))  # fmt: skip
    return found
