"""Postnikov, Stanley, *Deformations of Coxeter hyperplane arrangements* (2000)."""

from collections.abc import Callable, Iterator
from math import comb, factorial

from relu_theory import families, regions
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["catalan", "linial", "shi", "threshold"]

_PAPER, _ARXIV = "postnikov2000", "math/9712213"


def _sizes(largest: int) -> Callable[[bool], Iterator[Instance]]:
    def instances(quick: bool) -> Iterator[Instance]:
        for n in range(2, largest if quick else largest + 1):
            yield Instance(f"n = {n}", {"n": n})
    return instances


@theorem(
    statement="The Shi arrangement x_i - x_j = 0, 1 (i < j) has (n + 1)^(n - 1) cells.",
    latex=r"r(\mathcal S_n)=(n+1)^{n-1}",
    hypotheses="Hyperplanes of R^n, n >= 2, over all pairs i < j.",
    number="classical; number not read",
    paper=_PAPER, arxiv=_ARXIV, mark="known", relation="==", instances=_sizes(6),
)
def shi(n: int) -> Measured:
    """|chi(-1)| by deletion and restriction, against the number of parking functions.

    Examples
    --------
    >>> shi.check(Instance("", {"n": 4})).computed
    125
    """
    return Measured(_cells(families.shi(n)), (n + 1) ** (n - 1))


@theorem(
    statement="The Catalan arrangement x_i - x_j = -1, 0, 1 has n! C_n cells, C_n the Catalan "
    "number.",
    latex=r"r(\mathcal C_n)=n!\,\tfrac{1}{n+1}\tbinom{2n}{n}",
    hypotheses="Hyperplanes of R^n, n >= 2, over all pairs i < j.",
    number="classical; number not read",
    paper=_PAPER, arxiv=_ARXIV, mark="known", relation="==", instances=_sizes(5),
)
def catalan(n: int) -> Measured:
    """|chi(-1)| by deletion and restriction, against n! times the Catalan number."""
    return Measured(_cells(families.catalan(n)), factorial(n) * comb(2 * n, n) // (n + 1))


@theorem(
    statement="The Linial arrangement x_i - x_j = 1 (i < j) has 2^-n sum_k C(n, k) (k + 1)^(n - 1) "
    "cells, the number of alternating trees on n + 1 vertices.",
    latex=r"r(\mathcal L_n)=2^{-n}\sum_{k=0}^{n}\binom nk (k+1)^{n-1}",
    hypotheses="Hyperplanes of R^n, n >= 2, over all pairs i < j.",
    number="number not read",
    paper=_PAPER, arxiv=_ARXIV, mark="known", relation="==", instances=_sizes(7),
)
def linial(n: int) -> Measured:
    """|chi(-1)| by deletion and restriction, against the sum."""
    return Measured(_cells(families.linial(n)),
                    sum(comb(n, k) * (k + 1) ** (n - 1) for k in range(n + 1)) // 2**n)


@theorem(
    statement="The arrangement x_i + x_j = 0 has one cell for each labelled threshold graph: with "
    "s(n) = sum_k k! S(n, k) ordered partitions of n >= 2 labels there are 2 (s(n) - n s(n - 1)).",
    latex=r"\sum_n r(\mathcal T_n)\frac{x^n}{n!}=\frac{e^x(1-x)}{2-e^x}",
    hypotheses="Hyperplanes of R^n, n >= 2, over all pairs i < j.",
    number="classical; number not read",
    paper=_PAPER, arxiv=_ARXIV, mark="known", relation="==", instances=_sizes(7),
)
def threshold(n: int) -> Measured:
    """|chi(-1)| by deletion and restriction, against threshold graphs counted by creation order."""
    return Measured(_cells(families.threshold(n)), 2 * (_fubini(n) - n * _fubini(n - 1)))


def _cells(net: ReluNetwork) -> int:
    return regions.characteristic_polynomial(net).cells


def _fubini(n: int) -> int:
    """Ordered partitions of n labels: choose the first block, then the rest."""
    found = [1]
    for m in range(1, n + 1):
        found.append(sum(comb(m, k) * found[m - k] for k in range(1, m + 1)))
    return found[n]
