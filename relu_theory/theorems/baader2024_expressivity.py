"""Baader, Mueller, Mao and Vechev, *Expressivity of ReLU-Networks under Convex Relaxations* (2024).

Which functions have networks that a relaxation analyses exactly on every box: the table of the
paper, cell by cell. A "yes" is shown by building the network and proving exactness; a "no" on its
witness; a "?" stays open, with what is known about it.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from relu_theory.certificate import Verdict
from relu_theory.cpwl import CPWL
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import bounds, encode, encodes, exact_on_all_subboxes
from relu_theory.relaxation.constructions import (
    all_signs,
    convex_by_rays,
    convex_by_signs,
)
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "convex_functions",
    "hulls_express_everything",
    "intervals_express_only_monotone",
    "maximum_of_two",
    "monotone_functions",
    "signs_of_convex_networks",
    "unique_under_deeppoly",
]

DOMAIN = Box(-4, 4, dim=1)
BEYOND_INTERVALS = ("deeppoly0", "deeppoly1", "triangle")


def targets(kind: str, seed: int) -> CPWL:
    """A random function of a class, with small rational knots and values."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.choice(np.arange(-7, 8), size=int(rng.integers(3, 6)), replace=False))
    points = [Fraction(int(v), 2) for v in x]
    rises = [Fraction(int(v), 2) for v in rng.integers(0 if kind != "turn" else 1, 7, len(x) - 1)]
    if kind == "any":
        return CPWL.from_points(points, [int(v) for v in rng.integers(-5, 6, len(x))])
    if kind == "turn":
        signs = [-1] * int(rng.integers(1, len(x) - 1))
        rises = [s * r for s, r in zip(signs + [1] * len(x), rises, strict=False)]
    if kind in ("convex", "monotone convex"):
        start = 0 if kind == "monotone convex" else int(rng.integers(-6, 0))
        slopes = list(accumulate(rises, initial=Fraction(start)))[1:]
        widths = [b - a for a, b in pairwise(points)]
        rises = [s * w for s, w in zip(slopes, widths, strict=True)]
    values = list(accumulate(rises, initial=Fraction(int(rng.integers(-3, 4)))))
    sign = int(rng.choice([-1, 1]))
    return CPWL.from_points(points, [sign * v for v in values])


def expressed(f: CPWL, method: str) -> int:
    found = encode(f, method, DOMAIN)
    if found.verdict is not Verdict.HOLDS or found.network is None:
        return 0
    return int(encodes(found.network, f, DOMAIN))


def instances_of(kind: str, methods: Sequence[str], quick: bool) -> Iterator[Instance]:
    for method in methods:
        for seed in range(2 if quick else 6):
            yield _cell(kind, method, seed)


def _cell(kind: str, method: str, seed: int) -> Instance:
    return Instance(
        f"{method}, {kind}, seed {seed}", {"f": targets(kind, seed), "method": method}
    )


def drawn(kinds: Sequence[str], methods: Sequence[str]) -> Callable[[int], Instance]:
    def draw(seed: int) -> Instance:
        turn = seed // len(methods)
        return _cell(kinds[turn % len(kinds)], methods[seed % len(methods)], seed)

    return draw


@theorem(
    statement="Every monotone CPWL function of one variable has a network that interval "
    "arithmetic, DeepPoly (both lower lines) and the triangle relaxation analyse "
    "exactly on every box.",
    latex=r"\mathcal M(\mathbb R) \subseteq \mathcal E_D,\quad D \in \{IBP, DP_0, DP_1, \Delta\}",
    hypotheses="f: R -> R monotone, continuous, with finitely many affine pieces; boxes inside "
    "[-4, 4] here.",
    paper="baader2024",
    arxiv="2311.04015",
    number="Table 1, columns M and MC",
    mark="reconstructed",
    relation="==",
    instances=lambda quick: (
        instance
        for kind in ("monotone", "monotone convex")
        for instance in instances_of(kind, ("ibp", *BEYOND_INTERVALS), quick)
    ),
    seeded=drawn(("monotone", "monotone convex"), ("ibp", *BEYOND_INTERVALS)),
)
def monotone_functions(f: CPWL, method: str) -> Measured:
    """Sums of ramps: 1 when the network equals f and is proved exact on all sub-boxes.

    Examples
    --------
    >>> f = CPWL.from_points([0, 1, 2], [0, 0, 3])
    >>> monotone_functions.check(Instance("f", {"f": f, "method": "ibp"})).computed
    1
    """
    return Measured(expressed(f, method), 1)


@theorem(
    statement="Every convex (or concave) CPWL function of one variable has a network that DeepPoly "
    "(both lower lines) and the triangle relaxation analyse exactly on every box.",
    latex=r"\mathcal C(\mathbb R) \subseteq \mathcal E_D,\quad D \in \{DP_0, DP_1, \Delta\}",
    hypotheses="f: R -> R convex or concave, continuous, with finitely many affine pieces; boxes "
    "inside [-4, 4] here.",
    paper="baader2024",
    arxiv="2311.04015",
    number="Table 1, column C",
    mark="reconstructed",
    relation="==",
    instances=lambda quick: instances_of("convex", BEYOND_INTERVALS, quick),
    seeded=drawn(("convex",), BEYOND_INTERVALS),
)
def convex_functions(f: CPWL, method: str) -> Measured:
    """One hidden layer: rays from the minimiser, or one neuron for each kink.

    Examples
    --------
    >>> f = CPWL.from_points([-1, 0, 1], [1, 0, 1])
    >>> convex_functions.check(Instance("f", {"f": f, "method": "triangle"})).computed
    1
    """
    return Measured(expressed(f, method), 1)


@theorem(
    statement="Every CPWL function of one variable has a network with one hidden layer that the "
    "multi-neuron relaxation analyses exactly on every box.",
    latex=r"\mathrm{CPWL}(\mathbb R) \subseteq \mathcal E_{MN}",
    hypotheses="f: R -> R continuous with finitely many affine pieces; the hull is taken over all "
    "neurons of a layer at once.",
    paper="baader2024",
    arxiv="2311.04015",
    number="Table 1, row of multi-neuron relaxations",
    mark="reconstructed",
    relation="==",
    instances=lambda quick: instances_of("any", ("multineuron",), quick),
    seeded=drawn(("any",), ("multineuron",)),
)
def hulls_express_everything(f: CPWL, method: str) -> Measured:
    """The number of boxes of a grid on which the hull of the canonical network is not exact.

    Exactness on all boxes is by theorem; the boxes are an independent check by exact hulls.
    """
    net = encode(f, method, DOMAIN).network
    assert net is not None
    ends = [Fraction(k) for k in (-4, -1, 1, 4)]
    gaps = 0
    for low, up in ((a, b) for a in ends for b in ends if a < b):
        found, true = bounds(net, Box([low], [up]), method), f.range(low, up)
        gaps += (found.lower, found.upper) != ((true.lower,), (true.upper,))
    return Measured(gaps if encodes(net, f, DOMAIN) else None, 0)


def _non_monotone(quick: bool) -> Iterator[Instance]:
    cases = {"absolute value": [1, 0, 1], "wiggle": [0, 2, 1, 3], "tent": [0, 1, 0]}
    for name, values in cases.items():
        yield Instance(name, {"f": CPWL.from_points(range(len(values)), values)})
    yield from map(_one_turn, range(2 if quick else 5))


def _one_turn(seed: int) -> Instance:
    return Instance(f"one turn, seed {seed}", {"f": targets("turn", seed)})


@theorem(
    statement="A CPWL function of one variable that is not monotone on an interval has no network "
    "that interval arithmetic analyses exactly on all its sub-boxes.",
    latex=r"\mathcal E_{IBP}(\mathbb R) = \mathcal M(\mathbb R)",
    hypotheses="f continuous with finitely many affine pieces, not monotone on [-4, 4]; any "
    "network of f; interval arithmetic propagated layer by layer.",
    paper="baader2024",
    arxiv="2311.04015",
    number="Table 1, row IBP; the converse is derived here",
    mark="derived",
    relation=">=",
    instances=_non_monotone,
    seeded=_one_turn,
)
def intervals_express_only_monotone(f: CPWL) -> Measured:
    """The fewest failures, over several networks of f, of the decision on all sub-boxes.

    The outward one-sided derivatives of the ends of interval arithmetic with respect to the ends
    of the box add up: exactness makes f(u) - f(l) the sum of nonnegative outward increments, which
    a turn contradicts. Here each of several encodings is decided: 1 if it fails, as it must.
    """
    nets: list[Any] = [f.to_network(), encode(f, "triangle", DOMAIN).network]
    fails = [
        exact_on_all_subboxes(net, DOMAIN, "ibp").verdict is Verdict.FAILS
        for net in nets
        if net is not None
    ]
    return Measured(int(min(fails)), 1)


def _maxima(quick: bool) -> Iterator[Instance]:
    half = Fraction(1, 2)
    encodings: dict[str, tuple[Any, Any]] = {
        "y + relu(x - y)": ([[1, -1], [0, 1], [0, -1]], [1, 1, -1]),
        "relu(x) + relu(y - x) - relu(-x)": ([[1, 0], [-1, 1], [-1, 0]], [1, 1, -1]),
        "(x + y) / 2 + |x - y| / 2": (
            [[1, 1], [-1, -1], [1, -1], [-1, 1]],
            [half, -half] + [half] * 2,
        ),
        "x + relu(y - x)": ([[1, 0], [-1, 0], [-1, 1]], [1, -1, 1]),
    }
    for name, (rows, outer) in encodings.items():
        yield Instance(name, {"network": ReluNetwork([rows, [outer]], [[0] * len(rows), [0]])})


@theorem(
    statement="The triangle relaxation bounds networks of max(x, y) on [0, 1]^2 by 3/2, not by 1; "
    "no network of max is exact on all boxes.",
    latex=r"u_\Delta(\max, [0,1]^2) = \tfrac32 > 1",
    hypotheses="The box [0, 1]^2; the triangle relaxation of each neuron alone, over the exact "
    "bounds of its pre-activation.",
    paper="baader2024",
    arxiv="2311.04015",
    number="Table 1, row of the triangle over R^d",
    mark="reconstructed",
    relation="==",
    instances=_maxima,
)
def maximum_of_two(network: ReluNetwork) -> Measured:
    """The exact optimum, with multipliers and a point that prove it; the networks given only.

    Examples
    --------
    >>> net = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> maximum_of_two.check(Instance("max", {"network": net})).computed
    Fraction(3, 2)
    """
    found = bounds(network, Box(0, 1, dim=2), "triangle", precision=None)
    certificate = found.certificate()
    certificate.check(network, Box(0, 1, dim=2))
    return Measured(found.upper[0], Fraction(3, 2), certificate)


BOWLS = {
    2: ([-2, -1, 1, 2], [4, 1, 2, 5]),
    3: ([-2, -1, 0, 1, 2], [5, 2, 0, 1, 4]),
    4: ([-3, -2, -1, 1, 2, 3], [9, 5, 2, 0, 1, 4]),
}


def _bowls(quick: bool) -> Iterator[Instance]:
    for kinks in BOWLS if not quick else (2, 3):
        yield Instance(f"{kinks} kinks", {"kinks": kinks})


@theorem(
    statement="A convex function with n kinks has at least 2^n networks (one for each choice of "
    "signs) that the triangle relaxation analyses exactly on every box.",
    latex=r"|\{s \in \{\pm1\}^n : h_s \text{ exact under } \Delta\}| = 2^n",
    hypotheses="f convex with n kinks, one hidden layer with one neuron a kink.",
    paper="baader2024",
    arxiv="2311.04015",
    number="solution space under the triangle; wording not read",
    mark="reconstructed",
    relation="==",
    instances=_bowls,
)
def signs_of_convex_networks(kinks: int) -> Measured:
    """The number of sign patterns that are decided exact on all sub-boxes.

    Examples
    --------
    >>> signs_of_convex_networks.check(Instance("2 kinks", {"kinks": 2})).computed
    4
    """
    return Measured(_exact_patterns(kinks, "triangle"), 2**kinks)


@theorem(
    statement="Of these 2^n networks DeepPoly with lower line 0 analyses exactly none when the "
    "minimum is at an inner kink, which has to be split; the network of rays it does.",
    latex=r"|\{s : h_s \text{ exact under } DP_0\}| = 0",
    hypotheses="f convex with n kinks and its minimum at an inner kink; lower line 0 for every "
    "unstable neuron.",
    paper="baader2024",
    arxiv="2311.04015",
    number="solution space under DeepPoly; wording not read",
    mark="reconstructed",
    relation="==",
    instances=_bowls,
)
def unique_under_deeppoly(kinks: int) -> Measured:
    """Exact sign patterns, where the network of rays adds one if it is exact."""
    x, y = ([Fraction(v) for v in part] for part in BOWLS[kinks])
    box = Box([x[0]], [x[-1]])
    rays = exact_on_all_subboxes(convex_by_rays(x, y), box, "deeppoly0").verdict is Verdict.HOLDS
    return Measured((_exact_patterns(kinks, "deeppoly0"), int(rays)), (0, 1))


def _exact_patterns(kinks: int, method: str) -> int:
    x, y = ([Fraction(v) for v in part] for part in BOWLS[kinks])
    box = Box([x[0]], [x[-1]])
    nets = (convex_by_signs(x, y, signs) for signs in all_signs(kinks))
    return sum(exact_on_all_subboxes(net, box, method).verdict is Verdict.HOLDS for net in nets)
