"""Zaslavsky, *Facing up to arrangements* (1975): cells and bounded cells from chi."""

from collections.abc import Iterator
from math import factorial

from relu_theory import families, regions
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["bounded_cells", "cells", "reflection_arrangements"]

_SHAPES = [(7, 1), (8, 2), (9, 3), (8, 4)]


def _arrangements(quick: bool) -> Iterator[Instance]:
    for shape in _SHAPES:
        for seed in range(3 if quick else 12):
            yield _rows(*shape, seed)
    for name in ("braid", "type_b", "type_d", "threshold", "shi", "catalan", "linial"):
        for n in (3,) if quick else (3, 4):
            yield Instance(f"{name}({n})", {"network": getattr(families, name)(n)})
    yield Instance("resonance(4)", {"network": families.resonance(4)})


def _rows(n: int, d: int, seed: int) -> Instance:
    net = families.random_integer(d, [n], seed)
    return Instance(f"{n} random integer rows in R^{d}, seed {seed}", {"network": net})


def _drawn(seed: int) -> Instance:
    return _rows(*_SHAPES[seed % len(_SHAPES)], seed)


@theorem(
    statement="An arrangement has |chi(-1)| cells.",
    latex=r"r(\mathcal A)=|\chi(\mathcal A,-1)|",
    hypotheses="Any finite arrangement of distinct hyperplanes of R^d.",
    paper="zaslavsky1975",
    number="Theorem A",
    mark="known",
    relation="==",
    instances=_arrangements,
    seeded=_drawn,
)
def cells(network: ReluNetwork) -> Measured:
    """Enumerated cells, against the characteristic polynomial by deletion and restriction.

    Examples
    --------
    >>> cells.check(Instance("", {"network": families.catalan(3)})).computed
    30
    """
    return Measured(regions.count(network), regions.characteristic_polynomial(network).cells)


def _essential(quick: bool) -> Iterator[Instance]:
    for instance in _arrangements(quick):
        net = instance.arguments["network"]
        found = regions.characteristic_polynomial(net)
        if found.rank == found.dim:
            yield instance


@theorem(
    statement="An arrangement whose normals span the space has |chi(1)| bounded cells.",
    latex=r"b(\mathcal A)=|\chi(\mathcal A,1)|",
    hypotheses="A finite arrangement of distinct hyperplanes of R^d whose normals span R^d.",
    paper="zaslavsky1975",
    number="Theorem C",
    mark="known",
    relation="==",
    instances=_essential,
)
def bounded_cells(network: ReluNetwork) -> Measured:
    """Bounded cells of the enumeration, against the characteristic polynomial."""
    bounded = sum(cell.is_bounded for cell in regions.cells(network))
    return Measured(bounded, regions.characteristic_polynomial(network).bounded_cells)


def _reflections(quick: bool) -> Iterator[Instance]:
    for name, sizes in [("braid", range(2, 8)), ("type_b", range(1, 6)), ("type_d", range(2, 6))]:
        for n in list(sizes)[: 3 if quick else None]:
            yield Instance(f"{name}({n})", {"name": name, "n": n})


@theorem(
    statement="The reflection arrangements of types A, B and D have as many cells as their groups "
    "have elements: n!, 2^n n! and 2^(n-1) n!.",
    latex=r"r(A_{n-1})=n!,\quad r(B_n)=2^n n!,\quad r(D_n)=2^{n-1}n!",
    hypotheses="n >= 1 (A: n >= 2, D: n >= 2).",
    number="classical; number not read",
    paper="zaslavsky1975",
    mark="known",
    relation="==",
    instances=_reflections,
)
def reflection_arrangements(name: str, n: int) -> Measured:
    """|chi(-1)|, against the order of the reflection group."""
    found = regions.characteristic_polynomial(getattr(families, name)(n)).cells
    signs = {"braid": 0, "type_b": n, "type_d": n - 1}[name]
    return Measured(found, 2**signs * factorial(n))
