"""Gaussian moments of ReLUs in closed form, and the Gaussian distance of two networks.

All answers are balls (flint.arb) around the exact values. The formulas are classical.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx, fmpq, fmpq_mat

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact import rational
from relu_theory.integral.cubature import certified_integral
from relu_theory.network import ReluNetwork

__all__ = ["bivariate_cdf", "gaussian_distance", "relu_mean", "relu_product", "relu_square"]


def relu_mean(t: Any, bits: int = 128) -> arb:
    """E relu(z - t) = phi(t) - t Phi(-t) for standard normal z.

    Examples
    --------
    >>> relu_mean(0).contains(1 / (2 * arb.pi()).sqrt()) or relu_mean(0).overlaps(
    ...     1 / (2 * arb.pi()).sqrt())
    True
    """
    with ctx.workprec(bits):
        t = arb(rational(t))
        return _density(t) - t * _cdf(-t)


def relu_square(t: Any, bits: int = 128) -> arb:
    """E relu(z - t)^2 = (1 + t^2) Phi(-t) - t phi(t).

    Examples
    --------
    >>> relu_square(0).contains(0.5)
    True
    """
    with ctx.workprec(bits):
        t = arb(rational(t))
        return (1 + t * t) * _cdf(-t) - t * _density(t)


def bivariate_cdf(m1: arb, m2: arb, rho: arb) -> arb:
    """Pr[z1 <= m1, z2 <= m2] at correlation rho, |rho| < 1, as a ball.

    Plackett: the derivative by rho is the bivariate density at (m1, m2). With rho = sin(a) it is
    ``exp(-(m1^2 - 2 sin(a) m1 m2 + m2^2) / (2 cos(a)^2)) / (2 pi)`` da, integrated from a = 0,
    where the probability is Phi(m1) Phi(m2).
    """

    def integrand(a: Any, _: bool) -> Any:
        sine, cosine = a.sin_cos()
        return (-(m1 * m1 - 2 * sine * m1 * m2 + m2 * m2) / (2 * cosine * cosine)).exp()

    body = certified_integral(integrand, arb(0), rho.asin())
    return _cdf(m1) * _cdf(m2) + body / (2 * arb.pi())


def relu_product(m1: Any, m2: Any, rho: Any, bits: int = 128) -> arb:
    """E relu(z1 + m1) relu(z2 + m2) for standard normal z1, z2 with correlation rho in [-1, 1].

    Parameters
    ----------
    m1, m2, rho : rational numbers or arb balls

    Raises
    ------
    InvalidInput
        When rho is not in [-1, 1].

    Notes
    -----
    For |rho| < 1, with s = sqrt(1 - rho^2) and B the bivariate cdf,
    ``(m1 m2 + rho) B + m2 phi(m1) Phi((m2 - rho m1)/s) + m1 phi(m2) Phi((m1 - rho m2)/s)
    + s/(2 pi) exp(-(m1^2 - 2 rho m1 m2 + m2^2)/(2 s^2))``. For |rho| = 1 it is a moment of one
    variable.

    Examples
    --------
    >>> abs(float(relu_product("1/2", -1, "3/5")) - 0.137568842292) < 1e-12
    True
    """
    with ctx.workprec(bits):
        return _product(*(v if isinstance(v, arb) else arb(rational(v)) for v in (m1, m2, rho)))


def _product(m1: arb, m2: arb, rho: arb) -> arb:
    if rho == 1:
        low = m1.min(m2)
        return (m1 * m2 + 1) * _cdf(low) + (m1 + m2 - low) * _density(low)
    if rho == -1:
        # z2 = -z1, between -m1 and m2, if at all.
        if m1 + m2 <= 0:
            return arb(0)
        mass = _cdf(m1) + _cdf(m2) - 1
        return (m1 * m2 - 1) * mass + m1 * _density(m2) + m2 * _density(m1)
    if not abs(rho) < 1:
        raise InvalidInput(f"rho must lie in [-1, 1], got {rho}")
    s = (1 - rho * rho).sqrt()
    joint = bivariate_cdf(m1, m2, rho)
    form = m1 * m1 - 2 * rho * m1 * m2 + m2 * m2
    return (
        (m1 * m2 + rho) * joint
        + m2 * _density(m1) * _cdf((m2 - rho * m1) / s)
        + m1 * _density(m2) * _cdf((m1 - rho * m2) / s)
        + s / (2 * arb.pi()) * (-form / (2 * s * s)).exp()
    )


def gaussian_distance(first: ReluNetwork, second: ReluNetwork, bits: int = 128) -> arb:
    """E[(first(x) - second(x))^2] for x ~ N(0, I): the Gaussian population loss, as a ball.

    Parameters
    ----------
    first, second : ReluNetwork
        At most one hidden layer, one output, the same number of inputs.

    Notes
    -----
    One bivariate integral for each pair of neurons of both networks: O(width^2).

    Examples
    --------
    >>> plus, minus = (ReluNetwork([[[s]], [[1]]], [[0], [0]]) for s in (1, -1))
    >>> gaussian_distance(plus, minus).contains(1)     # E|z|^2
    True
    """
    if first.input_dim != second.input_dim:
        raise ShapeError(
            f"both networks must have as many inputs, got {first.input_dim}, {second.input_dim}"
        )
    w, b, a, constant, slope = _stacked(first, second)
    with ctx.workprec(bits):
        norms = [arb(sum((v * v for v in row), fmpq(0))).sqrt() for row in w]
        total = arb(constant**2 + sum((s * s for s in slope), fmpq(0)))
        for i, row in enumerate(w):
            mean = arb(b[i]) / norms[i]
            total += 2 * a[i] * constant * norms[i] * (_density(mean) + mean * _cdf(mean))
            # Stein: E[x relu(w.x + b)] = w Phi(b / |w|).
            along = sum((s * v for s, v in zip(slope, row, strict=True)), fmpq(0))
            total += 2 * a[i] * along * _cdf(mean)
            for j in range(i + 1):
                pair = a[i] * a[j] * (1 if i == j else 2)
                total += _neurons(row, w[j], norms[i], norms[j], mean, arb(b[j]) / norms[j]) * pair
        return total


def _neurons(v: Any, w: Any, p: arb, q: arb, m1: arb, m2: arb) -> arb:
    dot = sum((x * y for x, y in zip(v, w, strict=True)), fmpq(0))
    squares = [sum((x * x for x in row), fmpq(0)) for row in (v, w)]
    parallel = dot * dot == squares[0] * squares[1]
    rho = arb(1 if dot > 0 else -1) if parallel else arb(dot) / (p * q)
    return p * q * _product(m1, m2, rho)


def _stacked(first: ReluNetwork, second: ReluNetwork) -> tuple[Any, ...]:
    """Neurons with input, of the difference; its constant and linear part."""
    w, b, a = [], [], []
    constant, slope = fmpq(0), [fmpq(0)] * first.input_dim
    for net, sign in ((first, 1), (second, -1)):
        if net.depth > 1 or net.output_dim != 1:
            raise InvalidInput(
                f"networks must have at most one hidden layer and one output, got {net!r}"
            )
        weights, biases = net.exact.weights, net.exact.biases
        constant += sign * biases[-1][0]
        last: fmpq_mat = weights[-1]
        if not net.depth:
            slope = [s + sign * v for s, v in zip(slope, last.table()[0], strict=True)]
            continue
        for row, bias, out in zip(weights[0].tolist(), biases[0], last.table()[0], strict=True):
            if any(row):
                w.append(row)
                b.append(bias)
                a.append(sign * out)
            else:
                constant += sign * out * max(bias, fmpq(0))
    return w, b, a, constant, slope


def _density(t: arb) -> arb:
    return (-t * t / 2).exp() / (2 * arb.pi()).sqrt()


def _cdf(t: arb) -> arb:
    return (-t / arb(2).sqrt()).erfc() / 2
