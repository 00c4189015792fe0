"""Cover, *Geometrical and statistical properties of systems of linear inequalities* (1965)."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from relu_theory import vc
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["any_position", "general_position", "threshold_functions"]


def _moment_curves(quick: bool) -> Iterator[Instance]:
    shapes = [(1, 1), (6, 1), (7, 2), (8, 3)] + ([] if quick else [(40, 2), (25, 3), (14, 5)])
    for m, d in shapes:
        yield Instance(f"m = {m}, R^{d}", {"points": m, "dim": d})


@theorem(
    statement="Affine hyperplanes split m points in general position in R^d in "
    "2 sum_{i<=d} C(m - 1, i) ways, sides distinguished.",
    latex=r"C(m, d + 1) = 2 \sum_{i=0}^{d} \binom{m-1}{i}",
    hypotheses="m points of R^d, no d + 1 of them on a hyperplane.",
    paper="cover1965",
    number="Theorem 1",
    mark="known",
    relation="==",
    instances=_moment_curves,
)
def general_position(points: int, dim: int) -> Measured:
    """Growth of affine halfspaces on a moment curve, where general position is a determinant.

    Examples
    --------
    >>> general_position.check(Instance("", {"points": 7, "dim": 2})).computed
    44
    """
    curve = [[t**j for j in range(1, dim + 1)] for t in range(points)]
    return Measured(vc.growth(vc.Halfspaces(dim), curve), vc.dichotomies(points, dim + 1))


def _grids(quick: bool) -> Iterator[Instance]:
    yield from map(_drawn, range(3 if quick else 10))


def _drawn(seed: int) -> Instance:
    d = 1 + seed % 3
    rng = np.random.default_rng(seed)
    points = np.unique(rng.integers(-2, 3, (8, d)), axis=0).tolist()
    return Instance(f"integer points in R^{d}, seed {seed}", {"points": points})


@theorem(
    statement="Points in any position are split in at most as many ways.",
    latex=r"\Pi(x_1, \dots, x_m) \le 2 \sum_{i=0}^{d} \binom{m-1}{i}",
    hypotheses="m distinct points of R^d.",
    number="Theorem 1, as an inequality",
    paper="cover1965",
    mark="known",
    relation="<=",
    instances=_grids,
    seeded=_drawn,
)
def any_position(points: list[list[int]]) -> Measured:
    """Growth on integer points with coincidences, by listing labelings with exact refutations.

    Examples
    --------
    >>> square = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 2]]
    >>> any_position.check(Instance("", {"points": square})).computed
    20
    """
    dim = len(points[0])
    found = vc.growth(vc.Halfspaces(dim), points, method="labelings")
    return Measured(found, vc.dichotomies(len(points), dim + 1))


def _cubes(quick: bool) -> Iterator[Instance]:
    for n in range(1, 5 if quick else 6):
        yield Instance(f"n = {n}", {"variables": n})


@theorem(
    statement="The labelings of the cube {0, 1}^n by halfspaces number the self-dual threshold "
    "functions of n + 1 variables, summed over the orbits of signed permutations.",
    latex=r"\Pi(\{0,1\}^n) = \sum_{\text{classes}} 2^{n+1}(n+1)!/|\mathrm{Stab}|",
    hypotheses="The 2^n corners of the cube, affine halfspaces.",
    paper="cover1965",
    number="counting as in Winder 1965",
    mark="known",
    relation="==",
    instances=_cubes,
)
def threshold_functions(variables: int) -> Measured:
    """Cells of the dual arrangement, against one cell for each class of Chow parameters.

    Examples
    --------
    >>> threshold_functions.check(Instance("", {"variables": 4})).predicted
    1882
    """
    cube = list(product((0, 1), repeat=variables))
    computed = vc.growth(vc.Halfspaces(variables), cube)
    return Measured(computed, vc.count_threshold_functions(variables))
