"""Mao, Zhang and Vechev, *Expressiveness of Multi-Neuron Convex Relaxations* (2026)."""

from collections.abc import Iterator
from fractions import Fraction

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["layerwise_hulls_are_incomplete", "nested_maximum"]


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
