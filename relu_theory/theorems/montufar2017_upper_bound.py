"""Montufar, *Notes on the number of linear regions of deep neural networks* (SampTA 2017)."""

from relu_theory import regions
from relu_theory.network import ReluNetwork
from relu_theory.regions import bounds
from relu_theory.theorems._instances import any_network, networks
from relu_theory.theorems.check import Measured, theorem

__all__ = ["upper_bound"]


@theorem(
    statement="No network has more proper activation regions than prod_l sum_{j<=d_l} C(n_l, j), "
    "d_l = min(n_0, ..., n_l).",
    latex=r"\prod_{l=1}^{L}\sum_{j=0}^{d_l}\binom{n_l}{j},\quad d_l=\min\{n_0,\dots,n_l\}",
    hypotheses="Fully connected ReLU networks with real weights, on all of R^{n_0}.",
    number="number not read",
    paper="montufar2017",
    mark="known",
    relation="<=",
    instances=networks,
    seeded=any_network,
)
def upper_bound(network: ReluNetwork) -> Measured:
    """Proper regions over R^{n_0} of any network, against the bound for its architecture.

    Examples
    --------
    >>> from relu_theory import families
    >>> from relu_theory.theorems import Instance
    >>> net = families.gaussian(2, [2, 4], seed=0)
    >>> upper_bound.check(Instance("", {"network": net})).predicted
    44
    """
    bound = bounds.montufar2017_upper(network.input_dim, network.widths)
    return Measured(regions.count(network), bound)
