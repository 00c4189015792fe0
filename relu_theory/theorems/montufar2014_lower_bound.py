"""Montufar, Pascanu, Cho, Bengio, *On the number of linear regions ...* (NIPS 2014)."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.domain import Box
from relu_theory.regions import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["attained_in_cube", "folded_line", "lower_bound"]


def _architectures(quick: bool) -> Iterator[Instance]:
    small = [(1, [3]), (1, [2, 3]), (1, [3, 4, 2]), (2, [2]), (2, [4, 4]), (2, [5, 4]), (3, [3, 4])]
    large = [(1, [5] * 5), (2, [4] * 4), (2, [6, 6, 8]), (3, [6, 6]), (3, [6, 7, 5]), (4, [8, 6])]
    for inputs, widths in small if quick else small + large:
        yield Instance(f"n0 = {inputs}, widths {widths}", {"inputs": inputs, "widths": widths})


@theorem(
    statement="For widths n_l >= n_0 some network has at least prod_{l<L} floor(n_l/n_0)^{n_0} "
    "sum_{j<=n_0} C(n_L, j) linear regions.",
    latex=r"\Bigl(\prod_{l=1}^{L-1}\Bigl\lfloor\tfrac{n_l}{n_0}\Bigr\rfloor^{n_0}\Bigr)"
    r"\sum_{j=0}^{n_0}\binom{n_L}{j}",
    hypotheses="Fully connected ReLU layers of widths n_l >= n_0.",
    number="number not read",
    paper="montufar2014",
    arxiv="1402.1869",
    mark="known",
    relation=">=",
    instances=_architectures,
)
def lower_bound(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the construction over R^{n_0}, against the bound.

    Examples
    --------
    >>> lower_bound.check(Instance("", {"inputs": 2, "widths": [4, 4]})).predicted
    44
    """
    count = regions.count(families.montufar(inputs, widths))
    return Measured(count, bounds.montufar2014_lower(inputs, widths))


@theorem(
    statement="Inside the unit cube the construction has exactly as many proper activation regions "
    "as the bound says, when the last layer is generic with all vertices in the cube.",
    latex=r"R_2\bigl(f,[0,1]^{n_0}\bigr)=\Bigl(\prod_{l<L}\Bigl\lfloor\tfrac{n_l}{n_0}"
    r"\Bigr\rfloor^{n_0}\Bigr)\sum_{j=0}^{n_0}\binom{n_L}{j}",
    hypotheses="The folding construction of this package, widths n_l >= n_0, on [0, 1]^{n_0}.",
    number="not in the paper",
    paper="montufar2014",
    arxiv="1402.1869",
    mark="derived",
    relation="==",
    instances=_architectures,
)
def attained_in_cube(inputs: int, widths: list[int]) -> Measured:
    """Proper regions of the construction inside [0, 1]^{n_0}.

    Proper regions, not affine functions: for n_0 = 2, widths [4, 4], the 44 regions carry 41
    functions.

    Examples
    --------
    >>> attained_in_cube.check(Instance("", {"inputs": 2, "widths": [4, 4]})).computed
    44
    """
    net = families.montufar(inputs, widths)
    count = regions.count(net, Box(0, 1, dim=inputs))
    return Measured(count, bounds.montufar2014_lower(inputs, widths))


def _folds(quick: bool) -> Iterator[Instance]:
    for q, depth in [(1, 3), (2, 4), (3, 3), (4, 3)] + ([] if quick else [(3, 7), (4, 5), (5, 4)]):
        yield Instance(f"{q} folds, {depth} layers", {"folds": q, "depth": depth})


@theorem(
    statement="L layers that fold [0, 1] q times have q^L activation regions inside it, one more "
    "on R when q is odd, and two more when q is even and L >= 2.",
    latex=r"q^L+1\ (q \text{ odd}),\qquad q^L+2\ (q \text{ even},\ L\ge2)",
    hypotheses="One input; L layers of q neurons that fold [0, 1], q >= 1.",
    number="not in the paper",
    paper="montufar2014",
    arxiv="1402.1869",
    mark="derived",
    relation="==",
    instances=_folds,
)
def folded_line(folds: int, depth: int) -> Measured:
    """Regions on the line of the folding layers alone.

    Examples
    --------
    >>> folded_line.check(Instance("", {"folds": 3, "depth": 2})).computed
    10
    """
    count = regions.count(families.folding(folds, depth))
    return Measured(count, bounds.fold_line(folds, depth))
