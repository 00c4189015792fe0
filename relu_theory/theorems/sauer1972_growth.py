"""Sauer, *On the density of families of sets* (1972), with the lemma of Pajor (1985)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from relu_theory import vc
from relu_theory.theorems._instances import checked
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["growth_of_networks", "pajor", "sauer"]


def _matrices(quick: bool) -> Iterator[Instance]:
    yield from map(_drawn, range(3 if quick else 12))
    yield Instance("intervals", {"matrix": [[int(a <= i < b) for i in range(8)]
                                            for a in range(9) for b in range(a, 9)]})  # fmt: skip


def _drawn(seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    rows, points = 6 + 4 * (seed % 12), 6 + seed % 4
    return Instance(f"{rows} random concepts on {points} points, seed {seed}",
                    {"matrix": rng.integers(0, 2, (rows, points))})  # fmt: skip


@theorem(
    statement="A class of VC dimension d on n points has at most sum_{i<=d} C(n, i) concepts.",
    latex=r"|C| \le \sum_{i=0}^{d} \binom{n}{i}",
    hypotheses="A finite class on n points.",
    paper="sauer1972",
    number="Theorem 1",
    mark="known",
    relation="<=",
    instances=_matrices,
    seeded=_drawn,
)
def sauer(matrix: Any) -> Measured:
    """The number of distinct concepts, against the exact dimension.

    Examples
    --------
    >>> sauer.check(Instance("", {"matrix": [[0, 0], [0, 1], [1, 1]]})).predicted
    3
    """
    concepts = vc.ConceptClass.read(matrix)
    found = vc.class_dimension(concepts, certify=True)
    certificate = checked(found)
    bound = vc.sauer_shelah(concepts.points, found.value)
    return Measured(concepts.concepts, bound, certificate)


@theorem(
    statement="A class shatters at least as many sets, the empty one included, as it has concepts.",
    latex=r"|C| \le \#\{S : C \text{ shatters } S\}",
    hypotheses="A finite class, not empty, on finitely many points.",
    paper="sauer1972",
    number="in the form of Pajor 1985",
    mark="known",
    relation="<=",
    instances=_matrices,
    seeded=_drawn,
)
def pajor(matrix: Any) -> Measured:
    """The number of distinct concepts, against the number of shattered sets.

    Examples
    --------
    >>> pajor.check(Instance("", {"matrix": [[0, 0], [0, 1], [1, 1]]})).predicted
    3
    """
    return Measured(vc.ConceptClass.read(matrix).concepts, vc.pajor_count(matrix))


def _networks(quick: bool) -> Iterator[Instance]:
    for units in (1, 2) if quick else (1, 2, 3):
        for m in (4, 6) if quick else (4, 6, 7):
            yield Instance(f"K = {units} on the line, m = {m}", {"inputs": 1, "units": units,
                                                               "points": m})  # fmt: skip
    yield Instance("K = 2 in the plane, m = 6", {"inputs": 2, "units": 2, "points": 6})


@theorem(
    statement="A class of VC dimension d labels m points in at most sum_{i<=d} C(m, i) ways.",
    latex=r"\Pi(m) \le \sum_{i=0}^{d} \binom{m}{i}",
    hypotheses="A class of finite VC dimension d, m >= d points.",
    paper="sauer1972",
    number="Theorem 1",
    mark="known",
    relation="<=",
    instances=_networks,
)
def growth_of_networks(inputs: int, units: int, points: int) -> Measured:
    """The exact growth of one hidden layer on a moment curve, against its exact dimension.

    Examples
    --------
    >>> case = {"inputs": 1, "units": 1, "points": 5}
    >>> check = growth_of_networks.check(Instance("", case))
    >>> check.computed, check.predicted
    (10, 16)
    """
    net = vc.OneHidden(inputs, units)
    curve = [[t**j for j in range(1, inputs + 1)] for t in range(points)]
    upper = vc.dimension(net, tries=0, certify=False).upper
    return Measured(vc.growth(net, curve), vc.sauer_shelah(points, upper))
