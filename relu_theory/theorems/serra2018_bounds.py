"""Serra, Tjandraatmadja, Ramalingam, *Bounding and counting linear regions ...* (ICML 2018)."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.regions import bounds
from relu_theory.theorems._instances import any_network, networks
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["attained", "lower_bound", "one_input", "upper_bound"]

_ARXIV = "1711.02114"


def _architectures(quick: bool) -> Iterator[Instance]:
    small = [(1, [3]), (1, [4, 3]), (2, [6]), (2, [6, 6]), (2, [7, 6])]
    large = [(1, [3] * 6), (1, [5] * 4), (2, [6, 6, 6]), (2, [8, 9, 6]), (3, [9, 9]), (3, [12, 10])]
    for inputs, widths in small if quick else small + large:
        yield Instance(f"n0 = {inputs}, widths {widths}", {"inputs": inputs, "widths": widths})


def _wider() -> Iterator[Instance]:
    large = [(1, [9] * 6), (2, [20] * 3), (2, [24] * 3), (3, [15, 15]), (3, [12] * 3)]
    for inputs, widths in large:
        yield Instance(f"n0 = {inputs}, widths {widths}", {"inputs": inputs, "widths": widths})


@theorem(
    statement="For widths n_l >= 3 n_0 some network has at least "
    "prod_{l<L} (floor(n_l/n_0) + 1)^{n_0} sum_{j<=n_0} C(n_L, j) linear regions.",
    latex=r"\Bigl(\prod_{l=1}^{L-1}\Bigl(\Bigl\lfloor\tfrac{n_l}{n_0}\Bigr\rfloor+1\Bigr)^{n_0}\Bigr)"
    r"\sum_{j=0}^{n_0}\binom{n_L}{j}",
    hypotheses="Fully connected ReLU layers of widths n_l >= 3 n_0.",
    number="number not read",
    paper="serra2018",
    arxiv=_ARXIV,
    mark="known",
    relation=">=",
    instances=_architectures,
    heavier=_wider,
)
def lower_bound(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the zigzag construction over R^{n_0}, against the bound.

    Examples
    --------
    >>> lower_bound.check(Instance("", {"inputs": 1, "widths": [3, 3]})).predicted
    16
    """
    count = regions.count(families.serra(inputs, widths))
    return Measured(count, bounds.serra2018_lower(inputs, widths))


@theorem(
    statement="The zigzag construction has exactly as many proper activation regions as the bound "
    "says, and all of them meet the unit cube.",
    latex=r"R_2\bigl(f,[0,1]^{n_0}\bigr)=\Bigl(\prod_{l<L}\Bigl(\Bigl\lfloor\tfrac{n_l}{n_0}"
    r"\Bigr\rfloor+1\Bigr)^{n_0}\Bigr)\sum_{j=0}^{n_0}\binom{n_L}{j}",
    hypotheses="The zigzag construction of this package, widths n_l >= 3 n_0, on [0, 1]^{n_0}.",
    number="not in the paper",
    paper="serra2018",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_architectures,
    heavier=_wider,
)
def attained(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the zigzag construction inside [0, 1]^{n_0}.

    Examples
    --------
    >>> attained.check(Instance("", {"inputs": 1, "widths": [3, 3]})).computed
    16
    """
    net = families.serra(inputs, widths)
    count = regions.count(net, Box(0, 1, dim=inputs))
    return Measured(count, bounds.serra2018_lower(inputs, widths))


def _lines(quick: bool) -> Iterator[Instance]:
    for widths in [[3], [3, 3], [4, 3, 5]] + ([] if quick else [[3] * 8, [4] * 6, [9, 8, 7, 6]]):
        yield Instance(f"widths {widths}", {"widths": widths})


@theorem(
    statement="With one input and widths n_l >= 3 the maximum number of regions is exactly "
    "prod (n_l + 1); the construction attains it on R.",
    latex=r"\max R = \prod_{l=1}^{L}(n_l+1)\quad(n_0=1,\ n_l\ge3)",
    hypotheses="One input, widths n_l >= 3.",
    number="number not read",
    paper="serra2018",
    arxiv=_ARXIV,
    mark="known",
    relation="==",
    instances=_lines,
)
def one_input(widths: list[int]) -> Measured:
    """Proper regions on the line of the construction, against the maximum.

    That no network has more is `upper_bound` for n_0 = 1, where both formulas agree.

    Examples
    --------
    >>> one_input.check(Instance("", {"widths": [3, 3, 3]})).computed
    64
    """
    return Measured(regions.count(families.serra(1, widths)), bounds.serra2018_line(widths))


@theorem(
    statement="No network has more proper activation regions than sum_J prod_l C(n_l, j_l), with "
    "0 <= j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l).",
    latex=r"\sum_{(j_1,\dots,j_L)\in J}\prod_{l=1}^{L}\binom{n_l}{j_l},\quad "
    r"0\le j_l\le\min\{n_0,n_1-j_1,\dots,n_{l-1}-j_{l-1},n_l\}",
    hypotheses="Fully connected ReLU networks with real weights, on all of R^{n_0}.",
    paper="serra2018",
    arxiv=_ARXIV,
    number="Theorem 1 (number recalled)",
    mark="known",
    relation="<=",
    instances=networks,
    seeded=any_network,
)
def upper_bound(network: ReluNetwork) -> Measured:
    """Proper regions over R^{n_0} of any network, against the bound for its architecture.

    Examples
    --------
    >>> net = families.gaussian(2, [2, 4], seed=0)
    >>> upper_bound.check(Instance("", {"network": net})).predicted
    22
    """
    bound = bounds.serra2018_upper(network.input_dim, network.widths)
    return Measured(regions.count(network), bound)
