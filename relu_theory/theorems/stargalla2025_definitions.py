"""Stargalla, Hertrich, Reichman, *The computational complexity of counting linear regions* (2025).

The six definitions of a linear region, their order, and networks that separate them.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from relu_theory import families, regions
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["chain", "convex_of_one_layer", "running_example", "separations", "strict"]

_ARXIV = "2505.16716"


def _networks(quick: bool) -> Iterator[Instance]:
    shapes = [(1, [4, 3], 12), (2, [4], 12), (2, [3, 3], 12), (3, [3, 2], 3)]
    for inputs, widths, seeds in shapes:
        for seed in range(3 if quick else seeds):
            yield _small(seed, inputs, widths)
    tents = families.iterated_tent(2, 2)
    yield Instance("iterated tents on a box", {"network": tents, "domain": Box(-1, 2, dim=2)})


def _small(seed: int, inputs: int = 2, widths: Sequence[int] = (3, 3)) -> Instance:
    net = families.random_integer(inputs, widths, seed)
    name = f"{inputs} inputs, small integers {list(widths)}, seed {seed}"
    return Instance(name, {"network": net})


@theorem(
    statement="The numbers of activation, proper activation, convex, open connected, closed "
    "connected and affine regions of a network decrease in this order.",
    latex=r"R_1 \ge R_2 \ge R_3 \ge R_4 \ge R_5 \ge R_6",
    hypotheses="Any ReLU network with one or more outputs, on all of space or a polyhedron.",
    number="number not read",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="reconstructed",
    relation="==",
    instances=_networks,
    seeded=_small,
)
def chain(network: ReluNetwork, domain: Box | None = None) -> Measured:
    """The six counts, each counted alone, against the same numbers in decreasing order.

    Of the convex regions the upper bound is taken, the size of an explicit complex.

    Examples
    --------
    >>> absolute = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> chain.check(Instance("|x|", {"network": absolute})).computed
    (3, 2, 2, 2, 2, 2)
    """
    counts = tuple(
        regions.convex_regions(network, domain).bracket.upper if kind == "convex"
        else regions.count(network, domain, kind) for kind in regions.KINDS)
    return Measured(counts, tuple(sorted(counts, reverse=True)))


def _examples(of_the_paper: bool) -> Callable[[bool], Iterator[Instance]]:
    def instances(quick: bool) -> Iterator[Instance]:
        for example in families.separating_examples():
            if (example.name == "paper") == of_the_paper:
                arguments = {"network": example.network, "counts": example.counts}
                yield Instance(f"{example.formula}: {example.separates}", arguments)
    return instances


def _counted(network: ReluNetwork, counts: tuple[int, ...]) -> Measured:
    return Measured(tuple(regions.all_counts(network).values()), counts)


@theorem(
    statement="The function max(-y, min(0, -x)), with two hidden layers of widths 3 and 2, has 7 "
    "activation, 5 proper activation, 4 convex and 3 open connected, closed connected and affine "
    "regions.",
    latex=r"(R_1,\dots,R_6)=(7,5,4,3,3,3)",
    hypotheses="The network with widths 3 and 2 that the statement names.",
    paper="stargalla2025",
    arxiv=_ARXIV,
    number="running example",
    mark="reconstructed",
    relation="==",
    instances=_examples(of_the_paper=True),
)
def running_example(network: ReluNetwork, counts: tuple[int, ...]) -> Measured:
    """All six counts of the paper's example, that of convex regions with proof."""
    return _counted(network, counts)


@theorem(
    statement="Small networks separate any two neighbours in the chain of the six counts.",
    latex=r"R_k > R_{k+1}",
    hypotheses="The example networks of this package.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_examples(of_the_paper=False),
)
def separations(network: ReluNetwork, counts: tuple[int, ...]) -> Measured:
    """All six counts of each network, against the counts worked out by hand or by search."""
    return _counted(network, counts)


def _pairs(quick: bool) -> Iterator[Instance]:
    for k, (more, less) in enumerate(pairwise(regions.KINDS)):
        yield Instance(f"{more} > {less}", {"position": k})


@theorem(
    statement="Each of the five inequalities between the six counts is strict for some network.",
    latex=r"\forall k\ \exists f:\ R_k(f) > R_{k+1}(f)",
    hypotheses="The example networks of this package.",
    number="number not read",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="reconstructed",
    relation=">=",
    instances=_pairs,
)
def strict(position: int) -> Measured:
    """The number of the separating examples in which the counts at a position differ, at least 1.

    Examples
    --------
    >>> strict.check(Instance("", {"position": 4})).verdict.name
    'HOLDS'
    """
    found = 0
    for example in families.separating_examples():
        counts: list[Any] = list(regions.all_counts(example.network).values())
        found += bool(counts[position] > counts[position + 1])
    return Measured(found, 1)


def _one_layer(quick: bool) -> Iterator[Instance]:
    for inputs, width in [(1, 5), (2, 6), (3, 6)]:
        for seed in range(3 if quick else 8):
            yield _signs(seed, inputs, width)


def _signs(seed: int, inputs: int = 3, width: int = 7) -> Instance:
    net = families.random_integer(inputs, [width], seed, bound=1)
    return Instance(f"{inputs} inputs, {width} neurons, seed {seed}", {"network": net})


@theorem(
    statement="For one hidden layer the convex and the open connected regions are the cells of the "
    "hyperplanes across which the gradient jumps.",
    latex=r"R_3 = R_4 = r\bigl(\{H : \sum_{i \in H} a_i|\lambda_i| \ne 0\}\bigr)",
    hypotheses="One hidden layer, one output, rational weights.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_one_layer,
    seeded=_signs,
)
def convex_of_one_layer(network: ReluNetwork) -> Measured:
    """Open connected regions, joined cell by cell, against a characteristic polynomial.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [-1], [1]], [[1, -1, 1]]], [[0, 0, -1], [0]])
    >>> convex_of_one_layer.check(Instance("", {"network": net})).computed
    (2, 2)
    """
    counts = tuple(regions.count(network, kind=k) for k in ("convex", "open_connected"))
    rows = regions.surviving_hyperplanes(network)
    cells = regions.characteristic_polynomial(rows).cells if rows else 1
    return Measured(counts, (cells, cells))
