"""Mao, Zhang and Vechev, *Expressiveness of Multi-Neuron Convex Relaxations* (2026)."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import bounds, exactness
from relu_theory.relaxation.subboxes import breaks
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "layerwise_hulls_are_incomplete",
    "nested_maximum",
    "pieces_of_hulls",
    "pieces_of_single_neurons",
]

INTERVAL = Box(-3, 3, dim=1)


def barrier(height: int) -> ReluNetwork:
    """height (|u - v| - u - v) with u = relu(x), v = relu(-x): the zero function."""
    weights = [[[1], [-1]], [[1, -1], [-1, 1], [1, 1]], [[height, height, -height]]]
    return ReluNetwork(weights, [[0, 0], [0, 0, 0], [0]])


def _heights(quick: bool) -> Iterator[Instance]:
    for height in (1, 10, 1000):
        yield Instance(f"T = {height}", {"height": height})


@theorem(
    statement="The best layerwise relaxation P_1 is incomplete with unbounded error: for every T "
    "some network has a P_1 lower bound at least T below its minimum.",
    latex=r"\forall T\; \exists f : \ell(f, \mathcal P_1, X) \le \min_X f - T",
    hypotheses="One input in [-1, 1], two hidden layers; the exact convex hull of each layer's "
    "graph over the last layer's relaxation.",
    paper="mao2026",
    arxiv="2410.06816",
    number="Theorem 3.3; this instance with one input is derived here",
    mark="derived",
    relation=">=",
    instances=_heights,
)
def layerwise_hulls_are_incomplete(height: int) -> Measured:
    """The minimum less the P_1 bound, both exact, of a network that computes zero.

    Examples
    --------
    >>> layerwise_hulls_are_incomplete.check(Instance("T = 5", {"height": 5})).computed
    Fraction(5, 1)
    """
    net, box = barrier(height), Box(-1, 1, dim=1)
    (true,) = regions.output_range(net, box)
    found = bounds(net, box, "multineuron")
    certificate = found.certificate()
    certificate.check(net, box)
    return Measured(true.minimum - found.lower[0], Fraction(height), certificate)


def nested(dim: int) -> ReluNetwork:
    """max(x_1, ..., x_d) on nonnegative inputs, one maximum a layer: p_k = x_k + relu(p - x_k).

    Later inputs are carried along; they and the partial maxima are nonnegative.
    """
    rest = dim - 1
    first = [[1, -1, *[0] * (dim - 2)], *([int(i == j) for i in range(dim)] for j in range(1, dim))]
    weights = [first]
    for _ in range(dim - 2):
        # The layer before holds relu(p - x), x, and the later inputs.
        rows = [[1, 1, -1, *[0] * (rest - 2)]]
        rows += [[int(i == j) for i in range(rest + 1)] for j in range(2, rest + 1)]
        weights.append(rows)
        rest -= 1
    weights.append([[1, 1]])
    return ReluNetwork(weights, [[0] * len(w) for w in weights])


def _dimensions(quick: bool) -> Iterator[Instance]:
    for dim in (2, 3) if quick else (2, 3, 4):
        yield Instance(f"d = {dim}", {"dim": dim})


@theorem(
    statement="The multi-neuron relaxation bounds the nested maximum of d numbers in [0, 1] "
    "exactly without splitting the box, whereas 2^(d-1) activation patterns occur.",
    latex=r"\#\mathrm{Partition}(M) = 1 \le A(f, X) = 2^{d-1}",
    hypotheses="Inputs in the box [0, 1]^d, one maximum a layer; exact hulls of each layer.",
    paper="mao2026",
    arxiv="2410.06816",
    number="Proposition 5.6 and its example; wording not read",
    mark="reconstructed",
    relation="==",
    instances=_dimensions,
)
def nested_maximum(dim: int) -> Measured:
    """(lower, upper) bound of P_1 and the number of activation patterns.

    Examples
    --------
    >>> nested_maximum.check(Instance("d = 3", {"dim": 3})).computed
    (Fraction(0, 1), Fraction(1, 1), 4)
    """
    net, box = nested(dim), Box(0, 1, dim=dim)
    found = bounds(net, box, "multineuron")
    return Measured(
        (found.lower[0], found.upper[0], regions.count(net, box)), (0, 1, 2 ** (dim - 1))
    )


def _partitions(quick: bool) -> Iterator[Instance]:
    yield Instance("the zero function with T = 1", {"network": barrier(1)})
    rng = np.random.default_rng(0)
    for number in range(2 if quick else 8):
        sizes = [1, 3, 3, 1]
        net = ReluNetwork(
            [rng.integers(-2, 3, (b, a)) for a, b in pairwise(sizes)],
            [rng.integers(-2, 3, b) for b in sizes[1:]],
        )
        yield Instance(f"integer weights, number {number}", {"network": net})


def _fewest(net: ReluNetwork, good: Callable[[Box], bool]) -> int:
    """The fewest good intervals with ends at breaks that cover the interval."""
    knots = breaks(net, INTERVAL)
    fewest = {knots[0]: 0}
    for low, up in sorted(combinations(knots, 2), key=lambda pair: pair[1]):
        better = low in fewest and fewest[low] + 1 < fewest.get(up, len(knots))
        if better and good(Box([low], [up])):
            fewest[up] = fewest[low] + 1
    return fewest.get(knots[-1], len(knots))


@theorem(
    statement="An interval can be split into no more pieces than activation regions such that the "
    "best layerwise multi-neuron relaxation is exact on each piece.",
    latex=r"\#\mathrm{Partition}(\mathrm{BaB}(M)) \le A(f, X)",
    hypotheses="One input; an interval; pieces are intervals; exact hulls of each layer.",
    paper="mao2026",
    arxiv="2410.06816",
    number="Proposition 5.6, left inequality; wording not read, pieces are intervals here",
    mark="reconstructed",
    relation="<=",
    instances=_partitions,
)
def pieces_of_hulls(network: ReluNetwork) -> Measured:
    """The fewest intervals between breaks on each of which P_1 is exact, and the regions.

    Examples
    --------
    >>> found = pieces_of_hulls.check(Instance("zero", {"network": barrier(1)}))
    >>> found.computed, found.predicted
    (2, 2)
    """
    found = _fewest(network, lambda box: not exactness(network, box, "multineuron").gap)
    return Measured(found, regions.count(network, INTERVAL))


def _stable(net: ReluNetwork, box: Box) -> bool:
    """Whether the triangle relaxation proves that no neuron changes sign."""
    layers = bounds(net, box, "triangle", precision=None).layers
    return all(low >= 0 or up <= 0 for ends in layers for low, up in zip(*ends, strict=True))


@theorem(
    statement="A split of an interval into pieces on each of which no neuron is relaxed by a set "
    "larger than its graph has at least as many pieces as there are activation regions.",
    latex=r"A(f, X) \le \#\mathrm{Partition}(\mathrm{BaB}(S))",
    hypotheses="One input; an interval; pieces are intervals; each neuron relaxed alone.",
    paper="mao2026",
    arxiv="2410.06816",
    number="Proposition 5.6, right inequality; wording not read, as it is provable",
    mark="derived",
    relation=">=",
    instances=_partitions,
)
def pieces_of_single_neurons(network: ReluNetwork) -> Measured:
    """The fewest intervals between breaks on which the triangle proves all signs.

    Bounds of the output alone may be exact with fewer: one relu is, on any interval.

    Examples
    --------
    >>> pieces_of_single_neurons.check(Instance("zero", {"network": barrier(1)})).computed
    2
    """
    return Measured(_fewest(network, lambda box: _stable(network, box)),
                    regions.count(network, INTERVAL))  # fmt: skip
