"""Serra et al. (2018): where the upper bound is attained, by search over small networks."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.regions import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["attained", "best_known", "searched"]


def _attained(quick: bool) -> Iterator[Instance]:
    for inputs, widths in [(2, [2, 2]), (1, [3, 3]), (1, [3, 4, 5]), (2, [7]), (3, [6])]:
        yield Instance(f"n0 = {inputs}, widths {widths}", {"inputs": inputs, "widths": widths})


@theorem(
    statement="The bound is attained for two inputs and widths (2, 2), for one input and widths of "
    "at least 3, and for one hidden layer.",
    latex=r"\max R_2 = \sum_J\prod_l\binom{n_l}{j_l}",
    hypotheses="The architectures that the statement names; proper activation regions on all of "
    "R^{n_0}.",
    number="not in the paper",
    paper="serra2018",
    arxiv="1711.02114",
    mark="derived",
    relation="==",
    instances=_attained,
)
def attained(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the best network known, against the upper bound.

    Examples
    --------
    >>> attained.check(Instance("", {"inputs": 2, "widths": [2, 2]})).computed
    11
    """
    return Measured(regions.count(families.maximal(inputs, widths)),
                    bounds.hinz2019_upper(inputs, widths))


def _searches(quick: bool) -> Iterator[Instance]:
    for widths in [(2, 2), (2, 3)] if quick else [(2, 2), (2, 3), (3, 2)]:
        yield Instance(f"n0 = 2, widths {widths}, entries -2..2", {"widths": widths})


@theorem(
    statement="No network with two inputs, its first layer in general position and in normal form "
    "and second-layer weights in {-2, ..., 2} has more regions than the best one known.",
    latex=r"\max_{W\in\{-2,\dots,2\}} R_2 = R_2(f_{\mathrm{best}})",
    hypotheses="Two inputs, two hidden layers; weights of the second layer in {-2, ..., 2}.",
    number="not in the paper",
    paper="serra2018",
    arxiv="1711.02114",
    mark="derived",
    relation="==",
    instances=_searches,
)
def searched(widths: tuple[int, int]) -> Measured:
    """The maximum of an exhaustive search, against the network on record."""
    found = regions.extremal_networks(2, widths)
    return Measured(found.count, regions.count(families.maximal(2, widths)))


def _small(quick: bool) -> Iterator[Instance]:
    for widths in [[2, 2], [2, 3], [3, 2], [3, 3], [4, 4], [6, 6]]:
        yield Instance(f"n0 = 2, widths {widths}", {"inputs": 2, "widths": widths})


@theorem(
    statement="No network has more proper regions than the bound, the best ones known included.",
    latex=r"R_2(f_{\mathrm{best}}) \le \sum_J\prod_l\binom{n_l}{j_l}",
    hypotheses="Two inputs, two hidden layers; the networks on record in this package.",
    number="the upper bound, on record networks",
    paper="serra2018",
    arxiv="1711.02114",
    mark="known",
    relation="<=",
    instances=_small,
)
def best_known(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the best network known, against the upper bound: how far apart they are."""
    return Measured(regions.count(families.maximal(inputs, widths)),
                    bounds.hinz2019_upper(inputs, widths))
