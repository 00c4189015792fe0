"""Hopkins, Kane, Lovett, Mahajan, *Realizable learning is all you need* (2022)."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import vc
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["covering", "finite_classes"]


def _classes(quick: bool) -> Iterator[Instance]:
    thresholds = [[int(i >= t) for i in range(8)] for t in range(9)]
    bumps = list(vc.labelings(vc.OneHidden(1, 2), [[i] for i in range(6)]))
    for n in (1, 4) if quick else (1, 2, 4, 8, 16):
        yield Instance(f"thresholds on 8 points, n = {n}", {"matrix": thresholds, "sample": n})
        yield Instance(f"two ReLUs on 6 points, n = {n}",
                       {"matrix": np.array(bumps, int), "sample": n})  # fmt: skip


@theorem(
    statement="For every hypothesis, the answers of a realizable learner on all labelings of an "
    "unlabeled sample miss its neighbourhood with at most the probability with which the learner "
    "misses it as a target.",
    latex=r"\Pr[\forall h' \in C(S_U): \Pr[h' \ne h] > \varepsilon/2] \le \delta/2",
    hypotheses="A finite domain with a distribution, a finite class, a learner that is consistent "
    "with realizable samples.",
    paper="hopkins2022",
    arxiv="2111.04746",
    number="Lemma 3",
    mark="read",
    relation="<=",
    instances=_classes,
)
def covering(matrix: Any, sample: int) -> Measured:
    """Both probabilities, summed exactly over all samples, worst hypothesis of the reduction.

    Examples
    --------
    >>> covering.check(Instance("", {"matrix": [[0, 0], [0, 1], [1, 1]], "sample": 1})).computed
    Fraction(0, 1)
    """
    radius = Fraction(1, 8)
    count = vc.ConceptClass.read(matrix).concepts
    pairs = [
        (vc.failure_probability(matrix, h, sample, radius),
         vc.failure_probability(matrix, h, sample, radius, reduction=False))
        for h in range(count)
    ]  # fmt: skip
    return Measured(*max(pairs, key=lambda pair: pair[0] - pair[1]))


@theorem(
    statement="A consistent learner of a finite class H misses a target by more than eps with "
    "probability at most |H| (1 - eps)^n.",
    latex=r"\Pr[\Pr[A(S) \ne h] > \varepsilon] \le |H|(1-\varepsilon)^n",
    hypotheses="A finite class; independent samples; realizable labels; any consistent learner.",
    paper="hopkins2022",
    arxiv="2111.04746",
    number="the finite case of realizable learning, classical",
    mark="known",
    relation="<=",
    instances=_classes,
)
def finite_classes(matrix: Any, sample: int) -> Measured:
    """The exact failure probability of the worst target, against the union bound.

    Examples
    --------
    >>> case = {"matrix": [[0, 0], [0, 1], [1, 1]], "sample": 2}
    >>> finite_classes.check(Instance("", case)).computed
    Fraction(1, 4)
    """
    radius = Fraction(1, 8)
    count = vc.ConceptClass.read(matrix).concepts
    worst = max(
        vc.failure_probability(matrix, h, sample, radius, reduction=False) for h in range(count)
    )
    return Measured(worst, count * (1 - radius) ** sample)
