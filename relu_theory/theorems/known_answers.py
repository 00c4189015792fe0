"""The workloads and traps that ship with the package: exact counts that must come out."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.domain import Box, WholeSpace
from relu_theory.families import Case
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["traps", "workloads"]

_QUICK_COUNT = 2000


def _rows(cases: tuple[Case, ...]) -> Iterator[Instance]:
    for case in cases:
        for domain, count in case.counts:
            where = "R^d" if isinstance(domain, WholeSpace) else "box"
            arguments = {"network": case.network, "domain": domain, "count": count}
            yield Instance(f"{case.name}, {where}", arguments)


def _workloads(quick: bool) -> Iterator[Instance]:
    for instance in _rows(families.load_workloads()):
        if not quick or instance.arguments["count"] <= _QUICK_COUNT:
            yield instance


@theorem(
    statement="The seeded Gaussian workloads have the recorded numbers of proper regions.",
    latex=r"R_2(f, D) = \text{recorded}",
    hypotheses="The networks that ship with the package; their weights are taken exactly.",
    number="computed here",
    paper="known_answers",
    mark="derived",
    relation="==",
    instances=_workloads,
)
def workloads(network: ReluNetwork, domain: Box | WholeSpace, count: int) -> Measured:
    """Proper regions of a seeded network, against the recorded count."""
    return Measured(regions.count(network, domain), count)


def _traps(quick: bool) -> Iterator[Instance]:
    return _rows(families.load_traps())


@theorem(
    statement="Degenerate and badly scaled networks have the recorded numbers of proper "
    "regions, on which counts by tolerance go wrong.",
    latex=r"R_2(f, D) = \text{recorded}",
    hypotheses="The networks that ship with the package; their weights are taken exactly.",
    number="computed here",
    paper="known_answers",
    mark="derived",
    relation="==",
    instances=_traps,
)
def traps(network: ReluNetwork, domain: Box | WholeSpace, count: int) -> Measured:
    """Proper regions of a trap, against its exact count."""
    return Measured(regions.count(network, domain), count)
