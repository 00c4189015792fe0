"""Hinz, van de Geer, *A framework for the construction of upper bounds ...* (2019)."""

from relu_theory.regions import bounds
from relu_theory.theorems._instances import architectures
from relu_theory.theorems.check import Measured, theorem

__all__ = ["recovers_serra"]


@theorem(
    statement="Pushing a histogram of image dimensions through the layers gives the upper bound of "
    "Serra et al. 2018 as a special case.",
    latex=r"e_i\mapsto\sum_{j=0}^{\min(i,n_l)}\binom{n_l}{j}\,e_{\min(i,\,n_l-j)}",
    hypotheses="Fully connected ReLU networks; the histogram counts regions by the dimension of "
    "their image.",
    number="number not read",
    paper="hinz2019",
    arxiv="1806.01918",
    mark="reconstructed",
    relation="==",
    instances=architectures,
)
def recovers_serra(inputs: int, widths: list[int]) -> Measured:
    """The recursion, against the literal sum over the index set J.

    Examples
    --------
    >>> from relu_theory.theorems import Instance
    >>> recovers_serra.check(Instance("", {"inputs": 2, "widths": [6, 6, 6]})).computed
    10648
    """
    recursion = bounds.hinz2019_upper(inputs, widths)
    return Measured(recursion, bounds.serra2018_upper(inputs, widths))
