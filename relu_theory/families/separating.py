"""Small networks on which the definitions of a linear region disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from relu_theory.network import ReluNetwork

__all__ = ["SeparatingExample", "separating_examples"]


@dataclass(frozen=True)
class SeparatingExample:
    """A network and its counts by the six definitions.

    Attributes
    ----------
    name : str
    formula : str
    separates : str
        Which counts differ.
    network : ReluNetwork
    counts : tuple of six ints
        Activation, proper, convex, open connected, closed connected, affine, over all of R^d.
    """

    name: str
    formula: str
    separates: str
    network: ReluNetwork
    counts: tuple[int, int, int, int, int, int]


def separating_examples() -> tuple[SeparatingExample, ...]:
    """Networks that separate the six definitions, all over R^d.

    The first has the counts of the running example of Stargalla, Hertrich and Reichman (arXiv
    2505.16716); the others are our own.  The last three were found by search, over random networks
    with small integer weights or from a combination of the others, and shrunk with
    `relu_theory.regions.minimise`: no neuron can be left out of them, nor a weight moved towards
    zero, without losing the inequality.

    Examples
    --------
    >>> for example in separating_examples()[:2]:
    ...     print(example.formula, example.counts)
    max(-y, min(0, -x)) (7, 5, 4, 3, 3, 3)
    x = relu(x) - relu(-x) (3, 2, 1, 1, 1, 1)
    """
    return tuple(SeparatingExample(*row) for row in _examples())


def _examples() -> Iterator[tuple[Any, ...]]:
    tent = [[1, 0], [1, 0], [1, 0], [0, 1], [0, -1]]
    yield (
        "paper", "max(-y, min(0, -x))", "activation > proper > convex > open connected",
        ReluNetwork([[[1, 0], [0, 1], [0, -1]], [[1, -1, 1], [1, 0, 0]], [[1, -1]]],
                    [[0, 0, 0], [0, 0], [0]]),
        (7, 5, 4, 3, 3, 3))
    yield (
        "identity", "x = relu(x) - relu(-x)", "proper > convex",
        ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]]), (3, 2, 1, 1, 1, 1))
    yield (
        "absolute value", "|x| = relu(x) + relu(-x)", "activation > proper",
        ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]]), (3, 2, 2, 2, 2, 2))
    yield (
        "subadditivity", "relu(x) + relu(y) - relu(x + y)", "open > closed connected",
        ReluNetwork([[[1, 0], [0, 1], [1, 1]], [[1, 1, -1]]], [[0, 0, 0], [0]]),
        (6, 6, 6, 6, 5, 5))
    yield (
        "clip", "clip(y, -t, t), t = relu(1 - |x|)",
        "convex > open > closed connected, through a slice of lower dimension",
        ReluNetwork([tent, [[1, -2, 1, 1, -1], [-1, 2, -1, 1, -1], [1, -2, 1, 0, 0]],
                     [[1, -1, -1]]], [[1, 0, -1, 0, 0], [0, 0, 0], [0]]),
        (19, 12, 9, 7, 6, 6))
    yield (
        "tent", "relu(x) - 2 relu(x - 1) + relu(x - 2)", "closed connected > affine",
        ReluNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]]), (4, 4, 4, 4, 4, 3))
    yield (
        "oriented cycle", "relu(x - y) + relu(y - z) + relu(z - x)", "activation > proper",
        ReluNetwork([[[1, -1, 0], [0, 1, -1], [-1, 0, 1]], [[1, 1, 1]]], [[0, 0, 0], [0]]),
        (7, 6, 6, 6, 6, 6))
    yield (
        "bent border", "relu(relu(y) - relu(-x))", "convex > open connected, three neurons",
        ReluNetwork([[[-1, 0], [0, 1]], [[-1, 1]], [[1]]], [[0, 0], [0], [0]]),
        (5, 5, 4, 3, 3, 3))
    yield (
        "ridge", "relu(y) - relu(relu(x + 1) - 2 relu(x))",
        "open > closed connected, through a slice of lower dimension, five neurons",
        ReluNetwork([[[1, 0], [1, 0], [0, 1]], [[0, 0, 1], [1, -2, 0]], [[1, -1]]],
                    [[1, 0, 0], [0, 0], [0]]),
        (8, 8, 8, 8, 6, 6))
    yield (
        "all six", "relu(relu(x) + y) - relu(y) + relu(relu(x - 1) - 2 relu(x - 2))",
        "all six, eight neurons",
        ReluNetwork([[[1, 0], [0, 1], [0, -1], [1, 0], [1, 0]],
                     [[1, 1, -1, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 1, -2]], [[1, -1, 1]]],
                    [[0, 0, 0, -1, -2], [0, 0, 0], [0]]),
        (19, 14, 13, 12, 10, 9))
