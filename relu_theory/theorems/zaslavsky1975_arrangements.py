"""Zaslavsky, *Facing up to arrangements* (1975): cells of a hyperplane arrangement.

One hidden layer of ReLUs over R^d is an arrangement, and its proper activation regions are the
cells.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import factorial
from typing import Any

from relu_theory import families, regions
from relu_theory.exact.numbers import fraction, primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions import bounds
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["braid", "central", "deletion_restriction", "general_position"]

_SHAPES = [(6, 1), (8, 2), (8, 3), (7, 4)]


def _generic(quick: bool) -> Iterator[Instance]:
    shapes = [(1, 1), (12, 1), (10, 2), (8, 3), (3, 5), (9, 4)]
    shapes += [] if quick else [(200, 2), (40, 3), (20, 4), (14, 5), (12, 6)]
    for n, d in shapes:
        yield Instance(f"n = {n}, R^{d}", {"hyperplanes": n, "dim": d})
    for n, d, seed in [(9, 2, 0), (9, 3, 1)]:
        yield _nodes(seed, n, d)


def _large() -> Iterator[Instance]:
    for n, d in [(2000, 2), (120, 3), (50, 4), (26, 5), (20, 6)]:
        yield Instance(f"n = {n}, R^{d}", {"hyperplanes": n, "dim": d})


def _nodes(seed: int, n: int = 10, d: int = 3) -> Instance:
    name = f"n = {n}, R^{d}, nodes from seed {seed}"
    return Instance(name, {"hyperplanes": n, "dim": d, "seed": seed})


@theorem(
    statement="n hyperplanes in general position cut R^d into sum_{j<=d} C(n, j) cells.",
    latex=r"r(\mathcal A) = \sum_{j=0}^{d} \binom{n}{j}",
    hypotheses="n hyperplanes of R^d, any k <= d of them meeting in dimension d - k and no d + 1 "
    "in a point.",
    paper="zaslavsky1975",
    number="Theorem A, for general position",
    mark="known",
    relation="==",
    instances=_generic,
    heavier=_large,
    seeded=_nodes,
)
def general_position(hyperplanes: int, dim: int, seed: int | None = None) -> Measured:
    """Cells of an arrangement that is in general position by proof (nodes on a moment curve).

    Examples
    --------
    >>> general_position.check(Instance("10 lines", {"hyperplanes": 10, "dim": 2})).computed
    56
    """
    net = families.generic_arrangement(hyperplanes, dim, seed)
    return Measured(regions.count(net), bounds.zaslavsky(hyperplanes, dim))


def _central(quick: bool) -> Iterator[Instance]:
    shapes = [(1, 1), (1, 3), (6, 2), (7, 3), (3, 4)]
    shapes += [] if quick else [(60, 3), (16, 5), (12, 6)]
    for n, d in shapes:
        yield Instance(f"n = {n}, R^{d}", {"hyperplanes": n, "dim": d})


@theorem(
    statement="n >= 1 hyperplanes through the origin of R^d, any d normals independent, have "
    "2 sum_{j<d} C(n - 1, j) cells.",
    latex=r"r(\mathcal A) = 2 \sum_{j=0}^{d-1} \binom{n-1}{j}",
    hypotheses="n >= 1 hyperplanes through the origin of R^d, any d of the normals independent.",
    paper="zaslavsky1975",
    number="Theorem A, for a generic central arrangement",
    mark="known",
    relation="==",
    instances=_central,
)
def central(hyperplanes: int, dim: int) -> Measured:
    """Cells of a generic central arrangement.

    Examples
    --------
    >>> central.check(Instance("7 planes", {"hyperplanes": 7, "dim": 3})).computed
    44
    """
    net = families.central_arrangement(hyperplanes, dim)
    return Measured(regions.count(net), bounds.central_arrangement(hyperplanes, dim))


def _degenerate(quick: bool) -> Iterator[Instance]:
    seeds = range(3 if quick else 12)
    for n, d in _SHAPES:
        for seed in seeds:
            yield _rows(n, d, seed)
    pencil = families.arrangement([[1, 0], [0, 1], [1, 1], [1, -1], [2, 1], [3, 3]])
    yield Instance("a pencil with a repeated line", {"network": pencil})
    yield Instance("resonance arrangement in R^3", {"network": families.resonance(3)})
    yield Instance("braid arrangement in R^4", {"network": families.braid(4)})


def _rows(n: int, d: int, seed: int) -> Instance:
    net = families.random_integer(d, [n], seed)
    return Instance(f"{n} random integer rows in R^{d}, seed {seed}", {"network": net})


def _drawn(seed: int) -> Instance:
    return _rows(*_SHAPES[seed % len(_SHAPES)], seed)


@theorem(
    statement="The number of cells of any arrangement satisfies r(A) = r(A - H) + r(A^H): delete a "
    "hyperplane, and restrict the others to it.",
    latex=r"r(\mathcal A) = r(\mathcal A \setminus H) + r(\mathcal A^{H})",
    hypotheses="Any finite arrangement of hyperplanes, H one of them.",
    paper="zaslavsky1975",
    number="Theorem A (as a recursion)",
    mark="known",
    relation="==",
    instances=_degenerate,
    seeded=_drawn,
)
def deletion_restriction(network: ReluNetwork) -> Measured:
    """Cells of an arbitrary arrangement, against the recursion in rational arithmetic.

    The recursion never looks at a cell: it shares no method with the enumeration. It doubles with
    each hyperplane.

    Examples
    --------
    >>> pencil = families.arrangement([[1, 0], [0, 1], [1, 1], [2, 2]])
    >>> deletion_restriction.check(Instance("three lines", {"network": pencil})).predicted
    6
    """
    return Measured(regions.count(network), _cells(_hyperplanes(network)))


def _braids(quick: bool) -> Iterator[Instance]:
    for n in range(2, 6 if quick else 8):
        yield Instance(f"n = {n}", {"n": n})


@theorem(
    statement="The braid arrangement x_i = x_j in R^n has n! cells, one for each order of the "
    "coordinates.",
    latex=r"r(\mathcal B_n) = n!",
    hypotheses="n >= 2; hyperplanes over all pairs i < j.",
    number="classical; number not read",
    paper="zaslavsky1975",
    mark="known",
    relation="==",
    instances=_braids,
)
def braid(n: int) -> Measured:
    """Cells of the braid arrangement: C(n, 2) hyperplanes, every cell with a line in it.

    Examples
    --------
    >>> braid.check(Instance("n = 4", {"n": 4})).computed
    24
    """
    return Measured(regions.count(families.braid(n)), factorial(n))


Row = tuple[int, ...]


def _hyperplanes(network: ReluNetwork) -> frozenset[Row]:
    """Distinct hyperplanes of the first layer as integer rows (normal, offset), first entry > 0."""
    weights, biases = network.exact.weights[0].tolist(), network.exact.biases[0]
    return _distinct([*row, bias] for row, bias in zip(weights, biases, strict=True))


def _distinct(rows: Any) -> frozenset[Row]:
    found = set()
    for row in rows:
        if any(value != 0 for value in row[:-1]):
            ints = primitive(row)
            lead = next(value for value in ints if value)
            found.add(tuple(-v for v in ints) if lead < 0 else tuple(ints))
    return frozenset(found)


def _cells(hyperplanes: frozenset[Row]) -> int:
    if not hyperplanes:
        return 1
    chosen = min(hyperplanes)
    others = hyperplanes - {chosen}
    return _cells(others) + _cells(_distinct(_restrict(row, chosen) for row in others))


def _restrict(row: Row, hyperplane: Row) -> list[Fraction]:
    """The row in coordinates of the hyperplane: its pivot coordinate is eliminated."""
    pivot = next(i for i, value in enumerate(hyperplane) if value)
    ratio = fraction(row[pivot]) / hyperplane[pivot]
    reduced = [a - ratio * b for a, b in zip(row, hyperplane, strict=True)]
    return reduced[:pivot] + reduced[pivot + 1 :]
