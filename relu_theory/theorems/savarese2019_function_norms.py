"""Savarese et al. 2019 and Ongie et al. 2020: the least norm of a network that computes f.

The statements are classical by now; they were re-derived here, not transcribed.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from relu_theory import families, integral
from relu_theory.certificate import Bracket
from relu_theory.integral import norms
from relu_theory.integral.cubature import outward
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["gaussian_in_space", "minimal_cost"]


def _networks(quick: bool) -> Iterator[Instance]:
    yield from map(_drawn, range(3 if quick else 20))


def _drawn(seed: int) -> Instance:
    net = families.random_integer(1, [5], seed)
    return Instance(f"5 neurons with small integers, seed {seed}", {"network": net})


@theorem(
    statement="In one dimension the least sum of |a_k| |w_k| with free biases and no linear skip "
    "is the larger of the total variation of f' and |f'(-inf) + f'(inf)|.",
    latex=r"\max\left(\int |f''|,\ |f'(-\infty) + f'(\infty)|\right)",
    hypotheses="One input, one hidden layer of any width, free biases, no linear term; f has "
    "finitely many affine pieces.",
    number="number not read",
    paper="savarese2019",
    arxiv="1902.05040",
    mark="known",
    relation="==",
    instances=_networks,
    seeded=_drawn,
)
def minimal_cost(network: ReluNetwork) -> Measured:
    """The merged network's cost against slopes read off at rational points.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> minimal_cost.check(Instance("|x|", {"network": net})).computed
    Fraction(2, 1)
    """
    net = network.select(0)
    norm: Any = norms.r_norm(net, skip=False)
    return Measured(norm.fraction, _by_slopes(net))


def _by_slopes(net: ReluNetwork) -> Fraction:
    rows = zip(net.exact.weights[0].tolist(), net.exact.biases[0], strict=True)
    knots = sorted({Fraction(str(-b / w[0])) for w, b in rows if w[0]})
    ends = [knots[0] - 1, *knots, knots[-1] + 1] if knots else [Fraction(0), Fraction(1)]
    values = [net.forward_exact([t])[0] for t in ends]
    slopes = [
        (values[i + 1] - values[i]) / (ends[i + 1] - ends[i]) for i in range(len(ends) - 1)
    ]
    variation = sum((abs(b - a) for a, b in pairwise(slopes)), Fraction(0))
    return max(variation, abs(slopes[0] + slopes[-1]))


def _once(quick: bool) -> Iterator[Instance]:
    yield Instance("d = 3", {})


@theorem(
    statement="The R-norm of exp(-|x|^2/2) on R^3 is the integral of |He_4(b)| exp(-b^2/2): with "
    "the zeros b^2 = 3 -+ sqrt(6) of He_4, a sum of four values of He_3 exp(-b^2/2).",
    latex=r"\|f\|_{\mathcal R} = \int |He_4(b)| e^{-b^2/2} db",
    hypotheses="Infinite width, free biases, dimension 3.",
    number="number not read",
    paper="ongie2020",
    arxiv="1910.01635",
    mark="known",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_once,
)
def gaussian_in_space() -> Measured:
    """The distance of the two numbers, at most 10^-20."""
    total, root = arb(0), arb(6).sqrt()
    for inside, sign in ((3 - root, 1), (3 + root, -1)):
        b = inside.sqrt()
        # The primitive of He_4 exp(-b^2/2) is -He_3 exp(-b^2/2), and He_4 changes its sign at b.
        total += -4 * sign * (b**3 - 3 * b) * (-inside / 2).exp()
    gap = abs(integral.gaussian_r_norm(3) - total)
    return Measured(Bracket(*outward(gap)), Fraction(1, 10**12))
