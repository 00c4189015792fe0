"""Sepliarskaia, Langer, Schmidt-Hieber, *On the VC dimension of deep group CNNs* (2024).

Two corrections are built in. Corollary 5 prints (m + 3) i and (m + 2) i as ends of its intervals,
which are then empty; disjoint intervals [3 i, 3 i + 2] serve. The paper counts an indicator as four
weights; by its own formula W_l = sum m_i (k m_{i-1} + 1) the network (1, 4, 1) has 13.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from relu_theory import vc
from relu_theory.network import ReluNetwork
from relu_theory.theorems._instances import checked
from relu_theory.theorems.check import Instance, Measured, theorem
from relu_theory.vc import bounds

__all__ = ["embedding", "equivariance", "growth_bound", "lower_bound", "one_unit", "upper_bound",
           "weights"]  # fmt: skip


def _orders(quick: bool) -> Iterator[Instance]:
    more = [] if quick else [(4, 3), (8, 2), (16, 1), (33, 1), (64, 1)]
    for order, blocks in [(2, 1), (3, 2), (8, 1), *more]:
        yield Instance(f"r = {order}, W = {blocks}", {"order": order, "blocks": blocks})


@theorem(
    statement="Group networks (1, 4 W, 1) over a group of order r shatter W floor(log2 r) "
    "functions.",
    latex=r"\mathrm{VC}(H_{4W,L,r}) \ge W \lfloor \log_2 r \rfloor",
    hypotheses="A finite group of order r, one channel, kernels of one element; the indicators' "
    "intervals are pairwise disjoint.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="Lemma 3, Corollary 5",
    mark="reconstructed",
    relation="==",
    instances=_orders,
)
def lower_bound(order: int, blocks: int) -> Measured:
    """log2 of the labelings that sums of embedded indicators give, by exact evaluation.

    Examples
    --------
    >>> lower_bound.check(Instance("", {"order": 8, "blocks": 1})).computed
    3
    """
    functions, indicators = vc.indicator_family(order, blocks)
    group = vc.cyclic(order)
    values = [
        [[vc.embed_network(net, group)([f]) for f in functions] for net in nets]
        for nets in indicators
    ]
    found = set()
    for chosen in product(*(range(len(nets)) for nets in indicators)):
        rows = [values[i][k] for i, k in enumerate(chosen)]
        found.add(tuple(sum(column) > Fraction(1, 2) for column in zip(*rows, strict=True)))
    size = len(functions)
    complete = len(found) == 2**size
    return Measured(size if complete else None, bounds.gcnn_lower(order, blocks))


def _small(quick: bool) -> Iterator[Instance]:
    for order in (1, 2, 3) if quick else (1, 2, 3, 4, 6):
        yield Instance(f"r = {order}", {"order": order})


@theorem(
    statement="The VC dimension of group networks is at most L + 1 + (sum_l W_l + W_L + 1) "
    "log2(2 rho log2 rho), rho = 2 e (r sum_l l m_l + L).",
    latex=r"\mathrm{VC} \le L + 1 + (\tilde W + W_L + 1)\log_2(2\rho\log_2\rho)",
    hypotheses="A finite group of order r, L hidden layers, real weights, a global sum before the "
    "threshold.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="Theorem 1, in an explicit form that its proof gives",
    mark="reconstructed",
    relation="<=",
    instances=_small,
)
def upper_bound(order: int) -> Measured:
    """The bracket of one unit over a cyclic group with one kernel, against the bound.

    Examples
    --------
    >>> upper_bound.check(Instance("", {"order": 2})).verdict.name
    'HOLDS'
    """
    found = vc.dimension(vc.GroupConv(vc.cyclic(order)), tries=10)
    certificate = checked(found)
    return Measured(found, bounds.gcnn_upper(1, (1, 1), order), certificate)


@theorem(
    statement="m >= sum W_l + W_L + 1 functions get at most "
    "prod_l 2 (2 e m r m_l l / W_l)^W_l * 2 (2 e m L / (W_L + 1))^(W_L + 1) labelings.",
    latex=r"\Pi(m) \le \prod_\ell 2(2emr\,m_\ell \ell/W_\ell)^{W_\ell} \cdot "
    r"2(2emL/(W_L+1))^{W_L+1}",
    hypotheses="As for the upper bound, with at least as many functions as parameters.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="proof of Theorem 1",
    mark="reconstructed",
    relation="<=",
    instances=_small,
)
def growth_bound(order: int) -> Measured:
    """The exact growth of one unit on five functions with digits as values, against the bound.

    Examples
    --------
    >>> growth_bound.check(Instance("", {"order": 1})).computed
    10
    """
    points = [[(t + 1) ** (1 + s % 3) * (-1) ** s for s in range(order)] for t in range(5)]
    found = vc.growth(vc.GroupConv(vc.cyclic(order)), points)
    return Measured(found, bounds.gcnn_growth(1, (1, 1), order, 5))


@theorem(
    statement="One unit with one kernel and one channel over a group of order r gives m functions "
    "at most 2 m + C(m, 2) (2 r - 2 - [r even]) labelings.",
    hypotheses="One layer, one channel, one kernel, one unit with output weight 1, real weight and "
    "bias, sum over the group, real threshold.",
    latex=r"\Pi(m) \le 2m + \binom{m}{2}(2r - 2 - [2 \mid r])",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="not in the paper",
    mark="derived",
    relation="<=",
    instances=_small,
)
def one_unit(order: int) -> Measured:
    """The most labelings of four functions that hill climbing finds, counted exactly.

    Examples
    --------
    >>> check = one_unit.check(Instance("", {"order": 1}))
    >>> check.computed, check.predicted
    (8, 8)
    """
    net = vc.GroupConv(vc.cyclic(order))
    points = vc.search_functions(net, 4, np.random.default_rng(order), steps=500)
    return Measured(len(vc.curve_labelings(net, points)), vc.crossing_growth(order, 4))


def _groups(quick: bool) -> Iterator[Instance]:
    groups = [vc.cyclic(5), vc.dihedral(3)]
    groups += [] if quick else [vc.dihedral(4), vc.symmetric(4),
                                vc.direct_product(vc.cyclic(3), vc.cyclic(3))]  # fmt: skip
    for group in groups:
        yield Instance(group.name, {"group": group, "seed": group.order})


def _drawn(seed: int) -> Instance:
    group = (vc.cyclic, vc.dihedral)[seed % 2](3 + seed // 2 % 5)
    return Instance(f"{group.name}, seed {seed}", {"group": group, "seed": seed})


@theorem(
    statement="Layers of group networks commute with the group: shifted inputs give shifted "
    "features, and the same output.",
    latex=r"K * (L_u f) = L_u (K * f)",
    hypotheses="Any finite group, any kernels and weights.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="Section 2",
    mark="read",
    relation="==",
    instances=_groups,
    seeded=_drawn,
)
def equivariance(group: vc.FiniteGroup, seed: int) -> Measured:
    """How many group elements commute with a random integer network of two layers.

    Examples
    --------
    >>> equivariance.check(Instance("", {"group": vc.cyclic(4), "seed": 0})).computed
    4
    """
    rng = np.random.default_rng(seed)
    kernels = rng.integers(-2, 3, (2, group.order)).tolist()
    layers = [
        (rng.integers(-3, 4, (2, 1, 2)).tolist(), rng.integers(-2, 3, 2).tolist()),
        (rng.integers(-3, 4, (1, 2, 2)).tolist(), rng.integers(-2, 3, 1).tolist()),
    ]
    net = vc.GroupNetwork(group, kernels, layers)
    f = rng.integers(-5, 6, group.order).tolist()
    features, output = net.features([f]), net([f])
    commuting = 0
    for u in range(group.order):
        moved = vc.shifted(group, u, f)
        same = net.features([moved]) == [vc.shifted(group, u, h) for h in features]
        commuting += same and net([moved]) == output
    return Measured(commuting, group.order)


@theorem(
    statement="With the indicator of the identity as kernel, a network h of as many weights gives "
    "the group network f -> sum_g relu(h(f(g))).",
    latex=r"h(f) = \sum_s \tilde h(f(g_s))",
    hypotheses="Any finite group; the kernel is the indicator of the identity.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="Lemma 8",
    mark="reconstructed",
    relation="==",
    instances=_groups,
    seeded=_drawn,
)
def embedding(group: vc.FiniteGroup, seed: int) -> Measured:
    """The group network on a random input, against the network on each of its values.

    Examples
    --------
    >>> embedding.check(Instance("", {"group": vc.cyclic(3), "seed": 1})).verdict.name
    'HOLDS'
    """
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-3, 4, (3, 2)).tolist(), rng.integers(-3, 4, (1, 3)).tolist()]
    net = ReluNetwork(weights, [rng.integers(-2, 3, 3).tolist(), [1]])
    channels = rng.integers(-5, 6, (2, group.order)).tolist()
    values = [net.forward_exact(x)[0] for x in zip(*channels, strict=True)]
    return Measured(vc.embed_network(net, group)(channels), sum(max(v, 0) for v in values))


def _indicators(quick: bool) -> Iterator[Instance]:
    yield Instance("one indicator", {"order": 4})


@theorem(
    statement="By W_L = sum m_i (k m_{i-1} + 1) an indicator network (1, 4, 1) has 13 weights.",
    latex=r"W_2 = 4(1 + 1) + 1(4 + 1) = 13",
    hypotheses="One kernel element, one input channel, four hidden neurons.",
    paper="sepliarskaia2024",
    arxiv="2410.15800",
    number="the weight count of Section 3, applied to Lemma 3",
    mark="derived",
    relation="==",
    instances=_indicators,
)
def weights(order: int) -> Measured:
    """The entries of the embedded network, counted, against the formula.

    Examples
    --------
    >>> weights.check(Instance("", {"order": 2})).computed
    13
    """
    net = vc.embed_network(vc.indicator(0, 1, 1), vc.cyclic(order))
    return Measured(net.parameters, bounds.gcnn_weights(1, (1, 4, 1))[-1])
