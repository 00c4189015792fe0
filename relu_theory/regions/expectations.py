"""Expected numbers of regions of random networks at initialisation."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, rational

__all__ = ["expected_breakpoints", "hanin2019_density"]

_BITS = 128


def expected_breakpoints(
    neurons: int, lower: Any, upper: Any, sigma_weight: Any = 1, sigma_bias: Any = 1
) -> arb:
    r"""The expected number of breakpoints of one random hidden layer on an interval of the line.

    Each neuron relu(w x + b), w ~ N(0, sigma_w^2) and b ~ N(0, sigma_b^2) independent, breaks at
    -b / w, a Cauchy variable of scale sigma_b / sigma_w, so the expectation is exactly
    ``N / pi (arctan(u sigma_w / sigma_b) - arctan(l sigma_w / sigma_b))``.

    Parameters
    ----------
    neurons : int
        N.
    lower, upper : numbers
        Ends l <= u of the interval; ``-math.inf`` and ``math.inf`` are allowed.
    sigma_weight, sigma_bias : positive numbers

    Returns
    -------
    flint.arb
        An enclosure of the exact value.

    References
    ----------
    Hanin and Rolnick, *Complexity of linear regions in deep networks*, ICML 2019, arXiv 1901.09021,
    for the setting; the formula is elementary.

    Examples
    --------
    Half of the breakpoints lie within one scale of zero:

    >>> expected_breakpoints(16, -1, 1).contains(8)
    True
    """
    ends = [x if isinstance(x, float) and math.isinf(x) else rational(x) for x in (lower, upper)]
    scale = _positive("sigma_weight", sigma_weight) / _positive("sigma_bias", sigma_bias)
    if neurons < 0 or _before(ends[1], ends[0]):
        raise InvalidInput(
            f"neurons must not be negative and lower <= upper, got {neurons}, {lower}, {upper}")
    before, ctx.prec = ctx.prec, _BITS
    try:
        first, last = (_arctan(x, scale) for x in ends)
        return (last - first) * neurons / arb.pi()
    finally:
        ctx.prec = before


def hanin2019_density(neurons: int, inputs: int, gradient: Any, bias: Any) -> Fraction:
    r"""Bound on the expected number of activation regions of a deep network per unit of volume.

    ``(T N)^{n_0} / n_0!`` with ``T = 2^5 C_grad C_bias`` if N >= n_0, and 2^N otherwise, on cubes
    that are not too small.

    Parameters
    ----------
    neurons, inputs : int
        N and n_0.
    gradient : positive number
        C_grad with E |grad z|^m <= C_grad^m for the pre-activation z of every neuron and m >= 1.
    bias : positive number
        C_bias: the joint density of any k biases, given all weights, is at most C_bias^k.

    Notes
    -----
    The constant 2^5 is recalled, not read; only the growth in N is safe to quote.

    References
    ----------
    Hanin and Rolnick, *Deep ReLU networks have surprisingly few activation patterns*, NeurIPS 2019,
    arXiv 1906.00904, Theorem 5.

    Examples
    --------
    >>> hanin2019_density(10, 2, "1/32", 1), hanin2019_density(3, 5, 1, 1)
    (Fraction(50, 1), Fraction(8, 1))
    """
    if neurons < 0 or inputs < 1:
        raise InvalidInput(
            f"neurons must not be negative and inputs be positive, got {neurons} and {inputs}")
    scale = 32 * _positive("gradient", gradient) * _positive("bias", bias)
    if neurons < inputs:
        return Fraction(2**neurons)
    return fraction(scale * neurons) ** inputs / math.factorial(inputs)


def _before(x: Any, y: Any) -> bool:
    if isinstance(x, float) or isinstance(y, float):
        return x != y and (x == -math.inf or y == math.inf)
    return x < y


def _arctan(x: Any, scale: fmpq) -> arb:
    if isinstance(x, float):
        return arb.pi() / (2 if x > 0 else -2)
    return arb(x * scale).atan()


def _positive(name: str, value: Any) -> fmpq:
    found = rational(value)
    if found <= 0:
        raise InvalidInput(f"{name} must be positive, got {value!r}")
    return found
