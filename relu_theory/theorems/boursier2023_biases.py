"""Boursier and Flammarion, *Penalising the biases enforces sparsity* (NeurIPS 2023)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from relu_theory import sparse
from relu_theory.certificate import Bracket
from relu_theory.cpwl import CPWL
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["merging_lowers_the_cost"]


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
