"""Telgarsky, *Benefits of depth in neural networks* (COLT 2016): iterated tent maps."""

from collections.abc import Iterator

from relu_theory import families, regions
from relu_theory.domain import Box
from relu_theory.regions import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["coordinates", "interval", "line"]


def _iterations(quick: bool) -> Iterator[Instance]:
    for k in [1, 2, 3, 7, 10] if quick else [1, 2, 3, 4, 5, 8, 12, 16]:
        yield Instance(f"k = {k}", {"iterations": k})


def _deeper(quick: bool) -> Iterator[Instance]:
    yield from _iterations(quick)
    if not quick:
        yield Instance("k = 20", {"iterations": 20})


def _deepest() -> Iterator[Instance]:
    yield Instance("k = 21", {"iterations": 21})


@theorem(
    statement="The k-fold iterate of the tent map has 2^k affine pieces on [0, 1]; k layers of two "
    "neurons compute it.",
    latex=r"m(x)=2x_+-4(x-\tfrac12)_+:\quad m^{\circ k}\text{ has }2^k\text{ pieces on }[0,1]",
    hypotheses="k >= 1 layers of two neurons, on [0, 1].",
    number="number not read",
    paper="telgarsky2016",
    arxiv="1602.04485",
    mark="known",
    relation="==",
    instances=_deeper,
    heavier=_deepest,
)
def interval(iterations: int) -> Measured:
    """Regions of the iterated tent inside [0, 1].

    Examples
    --------
    >>> interval.check(Instance("k = 5", {"iterations": 5})).computed
    32
    """
    count = regions.count(families.sawtooth(iterations), Box(0, 1, dim=1))
    return Measured(count, bounds.telgarsky_interval(iterations))


@theorem(
    statement="On all of R the iterated tent with two neurons a layer has 2^k + 2 activation "
    "regions for k >= 2, and 3 for k = 1.",
    latex=r"2^k+2 \text{ activation regions on } \mathbb R,\ k\ge2",
    hypotheses="k >= 1 layers of two neurons, on all of R.",
    number="not in the paper",
    paper="telgarsky2016",
    arxiv="1602.04485",
    mark="derived",
    relation="==",
    instances=_iterations,
)
def line(iterations: int) -> Measured:
    """Regions of the iterated tent on the line.

    Examples
    --------
    >>> line.check(Instance("k = 5", {"iterations": 5})).computed
    34
    """
    count = regions.count(families.sawtooth(iterations))
    return Measured(count, bounds.telgarsky_line(iterations))


def _shapes(quick: bool) -> Iterator[Instance]:
    shapes = [(1, 2), (3, 2), (2, 3)] + ([] if quick else [(6, 2), (8, 2), (4, 3), (2, 5)])
    for layers, dim in shapes:
        for cube in (True, False):
            where = f"[0, 1]^{dim}" if cube else f"R^{dim}"
            arguments = {"layers": layers, "dim": dim, "cube": cube}
            yield Instance(f"L = {layers} on {where}", arguments)


@theorem(
    statement="The tent map iterated L times in each of d coordinates has 2^(L d) activation "
    "regions in the unit cube, and the d-th power of the count on the line over R^d.",
    latex=r"2^{Ld} \text{ on } [0,1]^d,\qquad (2^L+2)^d \text{ on } \mathbb R^d,\ L\ge2",
    hypotheses="L >= 1 layers of 2 d neurons.",
    number="not in the paper",
    paper="telgarsky2016",
    arxiv="1602.04485",
    mark="derived",
    relation="==",
    instances=_shapes,
)
def coordinates(layers: int, dim: int, cube: bool) -> Measured:
    """Regions of a product of tents: parallel lines, and many cells at every vertex.

    Examples
    --------
    >>> coordinates.check(Instance("square", {"layers": 3, "dim": 2, "cube": True})).computed
    64
    """
    net = families.iterated_tent(layers, dim)
    if cube:
        return Measured(regions.count(net, Box(0, 1, dim=dim)), 2 ** (layers * dim))
    return Measured(regions.count(net), bounds.telgarsky_line(layers) ** dim)
