"""The open cells of the expressivity table of Baader et al. (2024): what is derived here.

Functions of one turn and those that fold are expressed by DeepPoly and the triangle; two turns need
two hidden layers. Whether the wiggle through (0, 0), (2, 2), (3, 1), (5, 3) is expressed is open.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from relu_theory.certificate import Verdict
from relu_theory.cpwl import CPWL
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import encode, encodes, exact_on_all_subboxes
from relu_theory.relaxation.constructions import canonical
from relu_theory.relaxation.one_layer_census import census
from relu_theory.relaxation.open_cell import two_turns
from relu_theory.theorems.baader2024_expressivity import (
    BEYOND_INTERVALS,
    DOMAIN,
    drawn,
    expressed,
    instances_of,
)
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "census_of_one_layer",
    "functions_that_fold",
    "one_strict_turn",
    "two_turns_need_two_layers",
]


@theorem(
    statement="A CPWL function with one strict turn has networks that DeepPoly and the triangle "
    "relaxation analyse exactly on every box: it is a monotone function of a convex one.",
    latex=r"f = m \circ c,\ m \text{ increasing},\ c \text{ convex} \implies f \in \mathcal E_D",
    hypotheses="f: R -> R continuous with finitely many affine pieces, of non-zero slope, whose "
    "slope changes its sign once.",
    paper="baader2024",
    arxiv="2311.04015",
    number="a part of the open cells of Table 1; not in the paper",
    mark="derived",
    relation="==",
    instances=lambda quick: instances_of("turn", BEYOND_INTERVALS, quick),
    seeded=drawn(("turn",), BEYOND_INTERVALS),
)
def one_strict_turn(f: CPWL, method: str) -> Measured:
    """Compositions: the classes are closed under them.

    Examples
    --------
    >>> f = CPWL.from_points([0, 1, 2, 3], [3, 2, 0, 5])
    >>> one_strict_turn.check(Instance("f", {"f": f, "method": "deeppoly0"})).computed
    1
    """
    return Measured(expressed(f, method), 1)


def _folding(quick: bool) -> Iterator[Instance]:
    cases = {
        "up, down, less up": [0, 3, 1, 2],
        "down, up, as far down": [4, 3, 0, 2, 0],
        "the tent map after itself": [0, 1, 0, 1, 0],
        "the tent map three times": [0, 1, 0, 1, 0, 1, 0, 1, 0],
    }
    for name, values in list(cases.items())[: 3 if quick else None]:
        f = CPWL.from_points(range(len(values)), values)
        for method in BEYOND_INTERVALS:
            box = Box(0, len(values) - 1, dim=1)
            yield Instance(f"{method}, {name}", {"f": f, "method": method, "domain": box})


@theorem(
    statement="A CPWL function without flat pieces that folds has networks that DeepPoly and the "
    "triangle relaxation analyse exactly on every box: at some turn one side runs through the same "
    "heights as the other, and what is left folds again or has one turn.",
    latex=r"f = p \circ q,\ q(x) = \mathrm{Var}(f; c, x),\ p \in \mathcal E_D "
    r"\implies f \in \mathcal E_D",
    hypotheses="f: R -> R continuous with finitely many affine pieces of non-zero slope, on an "
    "interval on which it folds.",
    paper="baader2024",
    arxiv="2311.04015",
    number="a part of the open cells of Table 1; not in the paper",
    mark="derived",
    relation="==",
    instances=_folding,
)
def functions_that_fold(f: CPWL, method: str, domain: Box) -> Measured:
    """1 when the network equals f and each of its parts is proved exact on all sub-boxes.

    The wiggle, which ends beyond both of its turns, does not fold: it is open.
    """
    found = encode(f, method, domain)
    if found.verdict is not Verdict.HOLDS or found.network is None:
        return Measured(0, 1)
    return Measured(int(encodes(found.network, f, domain)), 1)


@theorem(
    statement="Of all networks with one hidden layer of at most n neurons and weights and biases "
    "in {-b..b}, none that turns twice is analysed exactly by the triangle on every box.",
    latex=r"\#\{h : h \text{ turns twice, exact under } \Delta\} = 0",
    hypotheses="One input, one hidden layer of at most n neurons, all weights and biases integers "
    "of size at most b.",
    paper="baader2024",
    arxiv="2311.04015",
    number="bears on the open cells of Table 1; not in the paper",
    mark="derived",
    relation="==",
    instances=lambda quick: (
        Instance(f"n = {width}, b = {bound}", {"width": width, "bound": bound})
        for width, bound in (((4, 1), (3, 2)) if quick else ((4, 1), (3, 2), (4, 2)))
    ),
)
def census_of_one_layer(width: int, bound: int) -> Measured:
    """Networks that turn twice, and those among them with a box that fails, in integers.

    Examples
    --------
    >>> census_of_one_layer.check(Instance("", {"width": 3, "bound": 2})).computed
    2244
    """
    found = census(width, bound)
    return Measured(found.failing, found.turning)


def _two_turns(quick: bool) -> Iterator[Instance]:
    x, y = ([Fraction(v) for v in ends] for ends in ([-4, 0, 2, 3, 4], [-4, 0, 2, 1, 2]))
    yield Instance("the wiggle", {"network": canonical(x, y)})
    rng = np.random.default_rng(0)
    found = 0
    while found < (3 if quick else 25):
        width = int(rng.integers(2, 6))
        weights = [rng.integers(-2, 3, (width, 1)), rng.integers(-2, 3, (1, width))]
        net = ReluNetwork(weights, [rng.integers(-4, 5, width), [0]])
        if len(two_turns(net, DOMAIN)) >= 2:
            found += 1
            yield Instance(f"integer weights, width {width}, number {found}", {"network": net})


@theorem(
    statement="No network with one hidden layer, of any width, whose function of one variable has "
    "a local maximum next to a local minimum is analysed exactly by the triangle on every box.",
    latex=r"f = P - N,\ \min_B \bigl(P - \mathrm{chord}_B N\bigr) < \min_B f \text{ for some } B",
    hypotheses="One hidden layer, one input; f has a strict local maximum next to a strict local "
    "minimum inside the domain.",
    paper="baader2024",
    arxiv="2311.04015",
    number="bears on the open cells of Table 1; not in the paper",
    mark="derived",
    relation=">=",
    instances=_two_turns,
)
def two_turns_need_two_layers(network: ReluNetwork) -> Measured:
    """1 when the closed form of one hidden layer finds a sub-box that fails, as it must.

    The proof is in `relu_theory.relaxation.open_cell.two_turns`.

    Examples
    --------
    >>> net = canonical([-4, 0, 2, 3, 4], [-4, 0, 2, 1, 2])
    >>> two_turns_need_two_layers.check(Instance("wiggle", {"network": net})).computed
    1
    """
    found = exact_on_all_subboxes(network, DOMAIN, "triangle")
    return Measured(int(found.verdict is Verdict.FAILS), 1)
