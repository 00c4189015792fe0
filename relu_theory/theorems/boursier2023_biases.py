"""Boursier and Flammarion, *Penalising the biases enforces sparsity* (NeurIPS 2023)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from relu_theory import sparse
from relu_theory.certificate import Bracket
from relu_theory.cpwl import CPWL
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["least_cost", "merging_lowers_the_cost", "sparsest_inside"]


def _convex(quick: bool) -> Iterator[Instance]:
    yield Instance("jumps 1 and 1 around the origin", {"x": range(-1, 3), "y": [0, 0, 1, 3]})
    yield Instance("squares", {"x": range(-4, 6), "y": [k * k for k in range(-4, 6)]})
    yield from map(_drawn, range(4 if quick else 16))


def _drawn(seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    y = np.cumsum(np.cumsum(rng.integers(1, 20, size=10))).tolist()
    return Instance(f"convex, 10 points, seed {seed}", {"x": range(-5, 5), "y": y})


@theorem(
    statement="With the cost sqrt(1 + u^2) |c| of a knot u with jump c, merging neighbouring knots "
    "of equal sign at their barycentre lowers the cost strictly: the interpolant with paired "
    "knots costs less than the polygon through the data.",
    latex=r"\int\sqrt{1+x^2}\,d|f''|\ \text{(paired)}<\int\sqrt{1+x^2}\,d|g''|\ \text{(polygon)}",
    hypotheses="One input; data with strictly convex polygon; free linear term, cost on the knots "
    "only.",
    number="not in the paper",
    paper="boursier2023",
    arxiv="2303.01353",
    mark="derived",
    relation="<=",
    instances=_convex,
    seeded=_drawn,
)
def merging_lowers_the_cost(x: Sequence[int], y: Sequence[int]) -> Measured:
    """The cost of the paired interpolant, as an enclosure, against the polygon's lower bound.

    Both costs are irrational; the check holds when the enclosures are disjoint.

    Examples
    --------
    >>> case = Instance("squares", {"x": range(4), "y": [0, 1, 4, 9]})
    >>> merging_lowers_the_cost.check(case).verdict.name
    'HOLDS'
    """
    paired = _cost(sparse.interpolate(x, y).function)
    polygon = _cost(CPWL.from_points(x, y))
    return Measured(Bracket(_end(paired.lower()), _end(paired.upper())), _end(polygon.lower()))


def _data(quick: bool) -> Iterator[Instance]:
    yield Instance("a knot in the first interval", {"x": [-2, 3, 4], "y": [0, 0, 1]})
    yield Instance("peak and plateau", {"x": range(-2, 4), "y": [0, 0, 1, 1, 0, 0]})
    yield Instance("squares", {"x": range(-30, 30), "y": [k * k for k in range(-30, 30)]})
    for seed in range(5 if quick else 40):
        rng = np.random.default_rng(seed)
        x = np.sort(rng.choice(np.arange(-30, 31), 12, replace=False)).tolist()
        places = [Fraction(v, 1 + seed % 9) for v in x]
        arguments = {"x": places, "y": rng.integers(-9, 10, 12).tolist()}
        yield Instance(f"12 points, seed {seed}", arguments)


@theorem(
    statement="The least of the sum of |c| sqrt(1 + u^2) over all interpolants is the length of a "
    "shortest path that touches the dual lines of the data in order; its knots are rational, and "
    "a polygon between the branches of w^2 = 1 + u^2 proves it optimal.",
    latex=r"\min_f \int\sqrt{1+x^2}\,d|f''| = \max_{|g|\le w} \sum_j g(x_j)\,(s_j - s_{j-1})",
    hypotheses="One input; distinct abscissae; a free linear term; interpolants whose second "
    "derivative is a measure.",
    number="not in the paper",
    paper="boursier2023",
    arxiv="2303.01353",
    mark="derived",
    relation="==",
    instances=_data,
)
def least_cost(x: Sequence[Fraction], y: Sequence[int]) -> Measured:
    """Whether the proof in rationals fails (1) or not (0).

    Examples
    --------
    >>> case = Instance("one bend", {"x": [-2, 3, 4], "y": [0, 0, 1]})
    >>> least_cost.check(case).verdict.name
    'HOLDS'
    """
    found = sparse.interpolate_penalised(x, y)
    return Measured(int(not found.check()), 0, found)


def _short_runs(quick: bool) -> Iterator[Instance]:
    wanted = 6 if quick else 60
    for seed in range(10**6):
        rng = np.random.default_rng(seed)
        x, y = list(range(-4, 5)), rng.integers(-6, 7, 9).tolist()
        if max(sparse.interpolate(x, y).points.run_arrays[1], default=9) <= 3:
            wanted -= 1
            yield Instance(f"9 points, seed {seed}", {"x": x, "y": y})
        if not wanted:
            return


@theorem(
    statement="Where at most three neighbouring points have the same curvature, the least cost "
    "with penalised biases has the fewest knots among all interpolants, provided that the "
    "minimiser has no knot in the first and last open interval (there it may have one more: "
    "x = -12, -5, -9/2, 2 and y = 3, 4, 4, 0).",
    latex=r"|\mathrm{supp} f''| = K_{\min}",
    hypotheses="One input; a free linear term; runs of equal non-zero curvature of at most three "
    "points; no knot in the end intervals.",
    number="not in the paper",
    paper="boursier2023",
    arxiv="2303.01353",
    mark="derived",
    relation="==",
    instances=_short_runs,
)
def sparsest_inside(x: Sequence[Fraction], y: Sequence[int]) -> Measured:
    """Knots of the minimiser against the least number; no end interval here can hold a knot.

    Examples
    --------
    >>> case = Instance("peak", {"x": range(-2, 4), "y": [0, 0, 1, 1, 0, 0]})
    >>> sparsest_inside.check(case).computed
    3
    """
    return Measured(sparse.interpolate_penalised(x, y).count, sparse.interpolate(x, y).count)


def _cost(f: CPWL) -> arb:
    """An enclosure of the sum over the knots u with jump c of |c| sqrt(1 + u^2)."""
    terms = zip(f.knots, f.jumps, strict=True)
    pairs = ((_rational(1 + u * u), _rational(abs(c))) for u, c in terms)
    return sum((arb(c) * arb(q).sqrt() for q, c in pairs), arb(0))


def _rational(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)


def _end(ball: arb) -> Fraction:
    """The exact value of the end of an enclosure."""
    q = ball.fmpq()
    return Fraction(int(q.p), int(q.q))
