"""Brysiewicz, Eble, Kuehne, *Computing characteristic polynomials ... with symmetries* (2021)."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.regions import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["chambers", "without_enumeration"]


def _dimensions(quick: bool) -> Iterator[Instance]:
    for dim in range(1, 5 if quick else 7):
        yield Instance(f"resonance arrangement in R^{dim}", {"dim": dim})


@theorem(
    statement="The resonance arrangement (all non-zero 0/1 normals) in dimension 1 to 6 has 2, 6, "
    "32, 370, 11292 and 1066044 chambers, the sums of its Betti numbers.",
    latex=r"r(\mathcal A_d)=\sum_{i=0}^{d} b_i(\mathcal A_d)",
    hypotheses="All 2^d - 1 non-zero vectors of {0, 1}^d as normals, hyperplanes through the "
    "origin.",
    paper="brysiewicz2021",
    arxiv="2105.14542",
    number="table of Betti numbers (OEIS A344494)",
    mark="read",
    relation="==",
    instances=_dimensions,
)
def chambers(dim: int) -> Measured:
    """Cells of the resonance arrangement by enumeration, against the tabulated Betti numbers.

    Examples
    --------
    >>> chambers.check(Instance("d = 3", {"dim": 3})).computed
    32
    """
    return Measured(regions.count(families.resonance(dim)), bounds.resonance(dim))


def _without(quick: bool) -> Iterator[Instance]:
    for dim in range(1, 7 if quick else 8):
        yield Instance(f"resonance arrangement in R^{dim}", {"dim": dim})


def _eight() -> Iterator[Instance]:
    yield Instance("resonance arrangement in R^8", {"dim": 8})


@theorem(
    statement="The resonance arrangement in dimension 7 has 347326352 chambers.",
    latex=r"r(\mathcal A_d)=|\chi(\mathcal A_d,-1)|",
    hypotheses="All 2^d - 1 non-zero vectors of {0, 1}^d as normals; primes at which no subset of "
    "the normals changes its rank.",
    paper="brysiewicz2021",
    arxiv="2105.14542",
    number="table of Betti numbers",
    mark="known",
    relation="==",
    instances=_without,
    heavier=_eight,
)
def without_enumeration(dim: int) -> Measured:
    """|chi(-1)| from counted points over finite fields of good reduction, against the table.

    Examples
    --------
    >>> without_enumeration.check(Instance("d = 7", {"dim": 7})).computed
    347326352
    """
    return Measured(regions.resonance_characteristic(dim).cells, bounds.resonance(dim))
