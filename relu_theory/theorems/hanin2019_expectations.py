"""Hanin, Rolnick, *Complexity of linear regions in deep networks* (2019)."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["breakpoints"]


def _intervals(quick: bool) -> Iterator[Instance]:
    for k, (low, high, weight, bias) in enumerate([
        (-1, 1, 1, 1), (0, 3, 1, "1/2"), ("1/2", 2, 2, 1), (-10, 10, 1, 3),
    ]):
        yield Instance(
            f"[{low}, {high}], sigma_w = {weight}, sigma_b = {bias}",
            {"ends": (low, high), "sigmas": (weight, bias), "seed": k,
             "samples": 60 if quick else 200})


@theorem(
    statement="One random hidden layer of N neurons on the line, w ~ N(0, s_w^2), b ~ N(0, s_b^2), "
    "has N / pi (arctan(u s_w / s_b) - arctan(l s_w / s_b)) expected breakpoints in [l, u].",
    latex=r"\mathbb E\,\#=\tfrac N\pi\bigl(\arctan\tfrac{u\sigma_w}{\sigma_b}"
    r"-\arctan\tfrac{l\sigma_w}{\sigma_b}\bigr)",
    hypotheses="One input, one hidden layer; all weights and biases independent and normal with "
    "mean 0; output weights non-zero.",
    number="not in the paper in this form",
    paper="hanin2019",
    arxiv="1901.09021",
    mark="derived",
    relation="<=",
    instances=_intervals,
    arithmetic="exact counts of a random sample",
)
def breakpoints(
    ends: tuple[Any, ...], sigmas: tuple[Any, ...], seed: int, samples: int, neurons: int = 24
) -> Measured:
    """Distance of the sample mean of exact counts from the expectation, at most five deviations.

    A right formula fails once in two million samples; the seed is fixed.
    """
    rng = np.random.default_rng(seed)
    weight, bias = (float(Fraction(s)) for s in sigmas)
    box = Box([ends[0]], [ends[1]])
    counts = []
    for _ in range(samples):
        first = weight * rng.standard_normal((neurons, 1)), bias * rng.standard_normal(neurons)
        net = ReluNetwork([first[0], np.ones((1, neurons))], [first[1], [0.0]])
        counts.append(regions.count(net, box) - 1)
    expected = float(regions.expected_breakpoints(neurons, *ends, *sigmas).mid())
    share = expected / neurons
    deviation = math.sqrt(neurons * share * (1 - share) / samples)
    return Measured(abs(sum(counts) / samples - expected), 5 * deviation)
