"""Gaussian population losses of general ReLUs (with bias) in closed form.

The setting, squared loss of x -> relu(<w, x> - t) under N(0, I), is that of Diakonikolas, Kane and
Ma 2025, of whom only the abstract was read. The closed forms are classical; each is compared with
certified quadrature that shares no formula with it.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import acb, arb, ctx, fmpq

from relu_theory import families
from relu_theory.certificate import Bracket
from relu_theory.cpwl import CPWL
from relu_theory.exact import rational
from relu_theory.integral import gaussian
from relu_theory.integral.cubature import certified_integral, outward
from relu_theory.integral.quadrature import normal_tail_moments
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["moments", "population_loss", "product_of_two"]

_GAP = Fraction(1, 10**20)
_END = 16


def _biases(quick: bool) -> Iterator[Instance]:
    for t in ("0", "3/2") if quick else ("0", "3/2", "-1/3", "4", "-3"):
        yield Instance(f"t = {t}", {"t": t})


@theorem(
    statement="For standard normal z, E relu(z - t) = phi(t) - t Phi(-t) and "
    "E relu(z - t)^2 = (1 + t^2) Phi(-t) - t phi(t): both differ from quadrature by at most 1e-20.",
    latex=r"\mathbb{E}(z-t)_+ = \varphi(t) - t\Phi(-t), \quad "
    r"\mathbb{E}(z-t)_+^2 = (1+t^2)\Phi(-t) - t\varphi(t)",
    hypotheses="z standard normal, t real.",
    number="classical; number not read",
    paper="diakonikolas2025",
    arxiv="2606.11130",
    mark="known",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_biases,
)
def moments(t: str) -> Measured:
    """The larger of the two distances between closed form and quadrature.

    Examples
    --------
    >>> moments.check(Instance("half", {"t": "1/2"})).verdict.name
    'HOLDS'
    """
    at = rational(t)
    line = [abs(at), fmpq(1)]
    with ctx.workprec(128):
        gaps = [
            abs(gaussian.relu_mean(t) - _tail_integral(lambda z: z - at, at, line)),
            abs(gaussian.relu_square(t)
                - _tail_integral(lambda z: (z - at) ** 2, at, _times(line, line))),
        ]  # fmt: skip
    return Measured(_bracket(gaps[0].max(gaps[1])), _GAP)


def _pairs(quick: bool) -> Iterator[Instance]:
    known = [("0", "0", "3/10"), ("1/2", "-1", "3/5"), ("-6/5", "-2/5", "-1/2"), ("1", "2", "9/10")]
    for m1, m2, rho in known[:2] if quick else known:
        yield Instance(f"({m1}, {m2}, {rho})", {"m1": m1, "m2": m2, "rho": rho})
    for seed in range(2 if quick else 12):
        rng = np.random.default_rng(seed)
        m1, m2 = (f"{rng.integers(-20, 21)}/10" for _ in range(2))
        rho = f"{rng.integers(-99, 100)}/100"
        yield Instance(f"({m1}, {m2}, {rho})", {"m1": m1, "m2": m2, "rho": rho})


@theorem(
    statement="E relu(z1 + m1) relu(z2 + m2) at correlation rho is an elementary function of "
    "(m1, m2, rho) and the bivariate normal probability: it differs by at most 1e-20 from the "
    "integral over z1 of the conditional mean given z1.",
    latex=r"(m_1m_2+\rho)B + m_2\varphi(m_1)\Phi(\tfrac{m_2-\rho m_1}{s}) + "
    r"m_1\varphi(m_2)\Phi(\tfrac{m_1-\rho m_2}{s}) + "
    r"\tfrac{s}{2\pi}e^{-(m_1^2-2\rho m_1m_2+m_2^2)/(2s^2)}",
    hypotheses="(z1, z2) normal with means 0, variances 1 and correlation rho, |rho| < 1.",
    number="classical; number not read",
    paper="diakonikolas2025",
    arxiv="2606.11130",
    mark="known",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_pairs,
)
def product_of_two(m1: str, m2: str, rho: str) -> Measured:
    """The distance between the closed form (Plackett's integral) and the conditional means.

    Examples
    --------
    >>> product_of_two.check(Instance("one", {"m1": "1", "m2": "0", "rho": "-1/2"})).verdict.name
    'HOLDS'
    """
    a, b, r = map(rational, (m1, m2, rho))
    with ctx.workprec(128):
        s = (arb(1) - arb(r) ** 2).sqrt()

        def conditional(z: Any) -> Any:
            # z2 given z1 = z is N(rho z, s^2).
            mean = z * r + b
            u = mean / s
            inner = _density(u) * s + mean * (-u / arb(2).sqrt()).erfc() / 2
            return (z + a) * inner

        # For z > 0 the conditional mean is at most s phi(0) + |mean| <= z + |m2| + 1.
        majorant = _times([abs(a), fmpq(1)], [abs(b) + 1, fmpq(1)])
        value = _tail_integral(conditional, -a, majorant)
        gap = abs(gaussian.relu_product(m1, m2, rho) - value)
    return Measured(_bracket(gap), _GAP)


def _networks(quick: bool) -> Iterator[Instance]:
    for seed in range(3 if quick else 15):
        pair = [families.random_integer(1, [4], 2 * seed + i).select(0) for i in range(2)]
        arguments = {"first": pair[0], "second": pair[1]}
        yield Instance(f"two networks with 4 neurons, seed {seed}", arguments)


@theorem(
    statement="The population loss E (N1(z) - N2(z))^2 of two one-hidden-layer networks is a sum "
    "over pairs of neurons: in one dimension it differs by at most 1e-20 from the sum over the "
    "pieces of N1 - N2 of truncated normal moments.",
    latex=r"\mathbb{E}(N_1 - N_2)^2 = \sum_{i,j} a_i a_j |w_i||w_j| \, "
    r"\mathbb{E}(z_i+m_i)_+(z_j+m_j)_+",
    hypotheses="One hidden layer each, without output bias or with; standard normal inputs.",
    number="classical; number not read",
    paper="diakonikolas2025",
    arxiv="2606.11130",
    mark="known",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_networks,
)
def population_loss(first: ReluNetwork, second: ReluNetwork) -> Measured:
    """The distance between the sum over pairs and the sum over pieces.

    Examples
    --------
    >>> plus, minus = (ReluNetwork([[[s]], [[1]]], [[0], [0]]) for s in (1, -1))
    >>> case = Instance("z and -z", {"first": plus, "second": minus})
    >>> population_loss.check(case).verdict.name
    'HOLDS'
    """
    with ctx.workprec(128):
        gap = abs(gaussian.gaussian_distance(first, second) - _by_pieces(first, second))
    return Measured(_bracket(gap), _GAP)


def _by_pieces(first: ReluNetwork, second: ReluNetwork) -> arb:
    """E of the square of a piecewise-linear function of one normal variable."""
    f, g = CPWL.from_network(first), CPWL.from_network(second)
    cuts = sorted({*f.knots, *g.knots}) or [Fraction(0)]
    total, ends = arb(0), [None, *cuts, None]
    for low, high in pairwise(ends):
        # Two points of the piece give the line.
        p = low if low is not None else (high if high is not None else 0) - 1
        q = high if high is not None else p + 1
        at = [f(t) - g(t) for t in (p, q)]
        slope = (at[1] - at[0]) / (q - p)
        constant = at[0] - slope * p
        mass = _moments_between(low, high)
        for k, c in enumerate((constant**2, 2 * slope * constant, slope**2)):
            total += mass[k] * rational(c)
    return total


def _moments_between(low: Fraction | None, high: Fraction | None) -> list[arb]:
    whole = [arb(1), arb(0), arb(1)]
    above_low = whole if low is None else normal_tail_moments(rational(low), 2)
    above_high = [arb(0)] * 3 if high is None else normal_tail_moments(rational(high), 2)
    return [a - b for a, b in zip(above_low, above_high, strict=True)]


def _tail_integral(integrand: Any, start: fmpq, majorant: list[fmpq]) -> arb:
    """The integral of integrand(z) phi(z) over z > start.

    Past the end of the quadrature the integrand is at most ``sum of majorant_k z^k``.
    """
    body = certified_integral(lambda z, _: integrand(z) * _density(z), start, _END)
    mass = normal_tail_moments(_END, len(majorant) - 1)
    tail = sum((m * c for m, c in zip(mass, majorant, strict=True)), arb(0))
    return body + arb(0, tail.abs_upper())


def _times(a: list[fmpq], b: list[fmpq]) -> list[fmpq]:
    total = [fmpq(0)] * (len(a) + len(b) - 1)
    for i, s in enumerate(a):
        for j, t in enumerate(b):
            total[i + j] += s * t
    return total


def _density(t: Any) -> Any:
    return (acb(1) * (-t * t / 2)).exp() / (2 * arb.pi()).sqrt()


def _bracket(ball: arb) -> Bracket:
    low, high = outward(ball)
    return Bracket(max(low, Fraction(0)), high)
