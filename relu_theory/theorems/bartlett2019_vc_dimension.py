"""Bartlett, Harvey, Liaw, Mehrabian, *Nearly-tight VC-dimension bounds* (2019).

Beside its bounds stand exact dimensions of the smallest networks, which are derived here.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from relu_theory import vc
from relu_theory.theorems._instances import checked
from relu_theory.theorems.check import Instance, Measured, theorem
from relu_theory.vc import bounds

__all__ = ["bit_extraction", "line", "line_with_skip", "lower_bound", "plane", "upper_bound"]


def _shapes(quick: bool) -> Iterator[Instance]:
    for d, units in [(1, 2), (1, 3)] + ([] if quick else [(1, 4), (2, 2)]):
        yield Instance(f"{d} inputs, {units} units", {"inputs": d, "units": units})


@theorem(
    statement="ReLU networks have VC dimension at most L + sum_i W_i log2(4 e R log2(2 e R)), "
    "R = sum_i i k_i.",
    latex=r"\mathrm{VC} \le L + \bar L W \log_2(4eR\log_2(2eR))",
    hypotheses="Fully connected ReLU networks with real weights; W_i weights up to layer i, k_i "
    "neurons in layer i, U > 2 neurons in all; the output is thresholded.",
    paper="bartlett2019",
    arxiv="1703.02930",
    number="Theorem 6",
    mark="known",
    relation="<=",
    instances=_shapes,
)
def upper_bound(inputs: int, units: int) -> Measured:
    """The size of a certified shattered set, against the bound.

    Examples
    --------
    >>> check = upper_bound.check(Instance("", {"inputs": 1, "units": 3}))
    >>> check.computed, check.predicted
    (5, 130)
    """
    found = vc.dimension(vc.OneHidden(inputs, units), tries=0)
    certificate = checked(found)
    return Measured(found.lower, bounds.bartlett2019_upper([inputs, units, 1]), certificate)


def _extractions(quick: bool) -> Iterator[Instance]:
    shapes = [(2, 2, 1), (1, 4, 2)] + ([] if quick else [(2, 3, 2), (3, 2, 1), (1, 6, 3)])
    for m, n, r in shapes:
        yield Instance(f"m = {m}, n = {n}, r = {r}", {"rows": m, "columns": n, "at_once": r})


@theorem(
    statement="Networks that extract the bits of m weights shatter the m n pairs (e_i, e_j).",
    latex=r"\mathrm{VC} \ge mn",
    hypotheses="Inputs are pairs of unit vectors; the architecture is fixed and only its weights "
    "vary.",
    paper="bartlett2019",
    arxiv="1703.02930",
    number="Theorem 9, with a construction and sizes of our own",
    mark="derived",
    relation="==",
    instances=_extractions,
)
def bit_extraction(rows: int, columns: int, at_once: int) -> Measured:
    """Labelings that the networks of all bit matrices give, by exact evaluation.

    Examples
    --------
    >>> bit_extraction.check(Instance("", {"rows": 1, "columns": 3, "at_once": 2})).computed
    8
    """
    points = vc.extraction_points(rows, columns)
    found = set()
    for bits in product((0, 1), repeat=rows * columns):
        matrix = np.reshape(bits, (rows, columns)).tolist()
        net = vc.extraction_network(matrix, at_once)
        found.add(tuple(net.forward_exact(x)[0] > 0 for x in points))
    return Measured(len(found), 2 ** (rows * columns))


def _sizes(quick: bool) -> Iterator[Instance]:
    for depth in (81, 1000) if quick else (81, 200, 1000, 10**5):
        for factor in (81, 10**4) if quick else (81, 1000, 10**4, 10**7):
            name = f"L = {depth}, W = {factor} L"
            yield Instance(name, {"parameters": factor * depth, "depth": depth})


@theorem(
    statement="The sizes of the bit-extracting networks give W L log2(W/L) / C points with C = 80, "
    "for W > C L > C^2.",
    latex=r"mn \ge \tfrac{1}{C} W L \log_2(W/L)",
    hypotheses="W > C L > C^2; networks whose sizes are those that Theorem 9 states.",
    paper="bartlett2019",
    arxiv="1703.02930",
    number="Theorem 3 from Theorem 9, whose sizes are taken as stated; C is ours",
    mark="derived",
    relation=">=",
    instances=_sizes,
)
def lower_bound(parameters: int, depth: int) -> Measured:
    """The best choice of m, n and r, against the order of the bound.

    Examples
    --------
    >>> lower_bound.check(Instance("", {"parameters": 10**4, "depth": 100})).verdict.name
    'HOLDS'
    """
    return Measured(bounds.bartlett2019_lower(parameters, depth),
                    bounds.bartlett2019_order(parameters, depth, 80))  # fmt: skip


def _units(quick: bool) -> Iterator[Instance]:
    for units in range(1, 4 if quick else 5):
        yield Instance(f"K = {units}", {"units": units})


@theorem(
    statement="K ReLUs of one variable with an output bias have VC dimension K + 1 for K <= 2 and "
    "K + 2 for K = 3, 4.",
    latex=r"\mathrm{VC} = K + 1 + [K \ge 3]",
    hypotheses="One input, one hidden layer, real weights, thresholded output with a bias; K <= "
    "4.",
    paper="bartlett2019",
    number="not in the paper",
    mark="derived",
    relation="==",
    instances=_units,
)
def line(units: int) -> Measured:
    """A certified shattered set, and sign changes that are infeasible for every orientation.

    Examples
    --------
    >>> line.check(Instance("", {"units": 2})).computed.upper
    3
    """
    found = vc.dimension(vc.OneHidden(1, units), tries=0)
    certificate = checked(found, upper=True)
    return Measured(found, units + 1 + (units >= 3), certificate)


@theorem(
    statement="K ReLUs of one variable with a linear part and an output bias have VC dimension "
    "K + 2, for K <= 4.",
    latex=r"\mathrm{VC} = K + 2",
    hypotheses="One input, one hidden layer beside a linear term, real weights, thresholded "
    "output with a bias; K <= 4.",
    paper="bartlett2019",
    number="not in the paper",
    mark="derived",
    relation="==",
    instances=_units,
)
def line_with_skip(units: int) -> Measured:
    """A certified shattered set, and at most K + 1 sign changes.

    Examples
    --------
    >>> line_with_skip.check(Instance("", {"units": 2})).computed.lower
    4
    """
    found = vc.dimension(vc.OneHidden(1, units, skip=True), tries=0)
    certificate = checked(found, upper=True)
    return Measured(found, units + 2, certificate)


def _plane(quick: bool) -> Iterator[Instance]:
    yield Instance("one ReLU", {"units": 1, "skip": False, "dimension": 3})
    yield Instance("one ReLU, linear part", {"units": 1, "skip": True, "dimension": 6})
    yield Instance("two ReLUs", {"units": 2, "skip": False, "dimension": 8})


@theorem(
    statement="In the plane, with an output bias, one ReLU has VC dimension 3, and 6 with a linear "
    "part; two without a linear part have 8.",
    latex=r"\mathrm{VC}_{d=2}(K=1) = 3, 6,\quad \mathrm{VC}_{d=2}(K=2) = 8",
    hypotheses="Two inputs, one hidden layer, real weights, thresholded output with a bias.",
    paper="bartlett2019",
    number="not in the paper",
    mark="derived",
    relation="==",
    instances=_plane,
)
def plane(units: int, skip: bool, dimension: int) -> Measured:
    """A certified shattered set, and all order types of one point more refuted, checked again.

    Examples
    --------
    >>> plane.check(Instance("", {"units": 1, "skip": True, "dimension": 6})).verdict.name
    'HOLDS'
    """
    found = vc.dimension(vc.OneHidden(2, units, skip=skip))
    certificate = checked(found, upper=True)
    return Measured(found, dimension, certificate)
