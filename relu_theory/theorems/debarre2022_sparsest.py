"""Debarre, Denoyelle, Unser, Fageot, *Sparsest piecewise-linear regression* (2022)."""

from collections.abc import Iterator, Sequence

import numpy as np

from relu_theory import sparse
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["minimum_knots", "uniqueness"]


def _data(quick: bool) -> Iterator[Instance]:
    yield Instance("one collinear triple in convex data", _case(range(7), [0, 0, 1, 3, 5, 8, 12]))
    yield Instance("squares, 9 points", _case(range(9), [k * k for k in range(9)]))
    yield Instance("zigzag, 8 points", _case(range(8), [0, 1] * 4))
    yield Instance("a bend between straight lines", _case(range(5), [0, 0, 0, 1, 2]))
    yield Instance("two points", _case([0, 1], [0, 5]))
    yield from map(_walk, range(4 if quick else 20))


def _walk(seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(4, 30))
    x = np.sort(rng.choice(4 * size, size, replace=False)).tolist()
    y = np.cumsum(rng.integers(-2, 3, size)).tolist()
    return Instance(f"{size} random integer points, seed {seed}", _case(x, y))


def _case(x: Sequence[int], y: Sequence[int]) -> dict[str, Sequence[int]]:
    return {"x": x, "y": y}


@theorem(
    statement="The least number of knots of a piecewise-linear interpolant is the sum of "
    "ceil(n / 2) over the maximal runs of n consecutive points with the same non-zero curvature.",
    latex=r"K_{\min}=\sum_{\text{runs}}\lceil n/2\rceil",
    hypotheses="Data with increasing abscissae; interpolants are continuous with finitely many "
    "affine pieces; the linear term is free.",
    paper="debarre2022",
    number="Theorem 4, as cited by Nakhleh and Nowak",
    mark="reconstructed",
    relation="==",
    instances=_data,
    seeded=_walk,
)
def minimum_knots(x: Sequence[int], y: Sequence[int]) -> Measured:
    """The formula against a shortest path over all ways to pass chords and points.

    Examples
    --------
    >>> squares = Instance("squares", {"x": range(6), "y": [0, 1, 4, 9, 16, 25]})
    >>> minimum_knots.check(squares).computed
    2
    """
    found = sparse.interpolate(x, y)
    return Measured(found.family.count, found.count)


def _even_runs(quick: bool) -> Iterator[Instance]:
    yield from map(_even, range(4 if quick else 20))


def _even(seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    jumps: list[int] = []
    for k in range(int(rng.integers(1, 6))):
        run = rng.integers(1, 9, size=2 * int(rng.integers(1, 4)))
        jumps += [*((-1) ** k * run).tolist(), *[0] * int(rng.integers(0, 3))]
    y = np.cumsum(np.cumsum([0, 0, *jumps])).tolist()
    return Instance(f"{len(y)} points in even runs, seed {seed}", _case(range(len(y)), y))


@theorem(
    statement="When every run has even length, the interpolant with the least number of knots is "
    "unique.",
    latex=r"\text{all run lengths even}\implies\#\text{solutions}=1",
    hypotheses="Data with increasing abscissae; every maximal run of equal non-zero curvature has "
    "even length.",
    number="number not read",
    paper="debarre2022",
    mark="reconstructed",
    relation="==",
    instances=_even_runs,
    seeded=_even,
)
def uniqueness(x: Sequence[int], y: Sequence[int]) -> Measured:
    """Types of solutions plus free parameters, from the graph of all solutions.

    The converse fails: a bend between straight lines is a run of length one and cannot move.

    Examples
    --------
    >>> uniqueness.check(Instance("squares", {"x": range(4), "y": [0, 1, 4, 9]})).computed
    1
    """
    family = sparse.interpolate(x, y).family
    return Measured(family.num_types + family.dimension, 1)
