"""Jordan and Dimakis, *Exactly computing the local Lipschitz constant of ReLU networks* (2020)."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from relu_theory import families, lipschitz
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.theorems._instances import small_integers
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["chain_rule_overestimates", "difference_quotients", "two_routes"]


def _networks(quick: bool) -> Iterator[Instance]:
    shapes = [(2, [6, 6]), (3, [6, 5])] + ([] if quick else [(2, [8, 8, 8]), (4, [8, 6])])
    for inputs, widths in shapes:
        net = families.gaussian(inputs, widths, 0)
        yield Instance(f"Gaussian, {inputs} inputs, {widths}", {"network": net})
    for seed in range(2 if quick else 6):
        yield small_integers(seed)
    yield Instance("iterated tents", {"network": families.iterated_tent(2, 2)})


@theorem(
    statement="On a convex domain with interior the l_2 constant is the largest norm of a gradient "
    "over the full-dimensional regions: enumerating them and branch and bound agree exactly.",
    latex=r"L_2(f;D)=\max_{\operatorname{int}(R\cap D)\ne\emptyset}\|\nabla f|_R\|_2",
    hypotheses="A box with interior; any ReLU network, degenerate ones included; the operator "
    "norm of the gradient on full-dimensional regions only.",
    number="number not read",
    paper="jordan2020",
    arxiv="2003.01219",
    mark="known",
    relation="==",
    instances=_networks,
    seeded=small_integers,
)
def two_routes(network: ReluNetwork) -> Measured:
    """The constant on [-1, 1]^d by search against that by enumeration.

    Examples
    --------
    >>> tent = families.iterated_tent(1, 1)
    >>> two_routes.check(Instance("tent", {"network": tent})).computed == 2
    True
    """
    box = Box(-1, 1, dim=network.input_dim)
    found = lipschitz.search(network, box, seconds=10**6, nodes=20_000)
    value = found.exact_value if found.exact_value is not None else found
    return Measured(value, lipschitz.exact(network, box).value, found.witness)


@theorem(
    statement="No difference quotient of f in the domain exceeds the constant.",
    latex=r"\frac{|f(x)-f(y)|}{\|x-y\|_\infty}\le L_\infty(f;D)",
    hypotheses="A convex domain with interior; points of it, and the maximum norm.",
    number="number not read",
    paper="jordan2020",
    arxiv="2003.01219",
    mark="known",
    relation="<=",
    instances=_networks,
    seeded=small_integers,
)
def difference_quotients(network: ReluNetwork) -> Measured:
    """The largest quotient of exact values on a grid, against the exact l_inf constant.

    Examples
    --------
    >>> tent = families.iterated_tent(1, 1)
    >>> difference_quotients.check(Instance("tent", {"network": tent})).predicted
    Fraction(2, 1)
    """
    dim = network.input_dim
    points = list(product(*[[Fraction(k, 2) for k in (-2, -1, 1, 2)]] * min(dim, 2)))
    points = [(*p, *[Fraction(1, 3)] * (dim - len(p))) for p in points]
    values = [network.forward_exact(p)[0] for p in points]
    best = max(abs(a - b) / max(abs(s - t) for s, t in zip(x, y, strict=True))
               for (x, a), (y, b) in product(zip(points, values, strict=True), repeat=2) if x != y)
    box = Box(-1, 1, dim=dim)
    return Measured(best, lipschitz.exact(network, box, "inf", "inf").value)


def _gadgets(quick: bool) -> Iterator[Instance]:
    for copies in (1, 2, 3):
        yield Instance(f"{copies} nested", {"copies": copies})


@theorem(
    statement="For the identity written k times as relu(x) - relu(-x) the function has the "
    "constant 1, while patterns that hold at 0 only give the chain rule 2^k.",
    latex=r"f=g^{\circ k},\ g(x)=x_+-(-x)_+:\quad L(f)=1,\ L_{\mathrm{formal}}(f)=2^k",
    hypotheses="One input; a formal gradient may choose any value of the derivative of relu at 0, "
    "independently for each neuron.",
    number="not in the paper",
    paper="jordan2020",
    arxiv="2003.01219",
    mark="derived",
    relation="==",
    instances=_gadgets,
)
def chain_rule_overestimates(copies: int) -> Measured:
    """The ratio of the formal to the true constant.

    Examples
    --------
    >>> chain_rule_overestimates.check(Instance("one", {"copies": 1})).computed
    Fraction(2, 1)
    """
    gadget = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    net: Any = gadget
    for _ in range(copies - 1):
        net = gadget.compose(net)
    formal, true = (ask(net, None, 1, 1).value for ask in (lipschitz.formal, lipschitz.exact))
    return Measured(formal / true, Fraction(2**copies))
