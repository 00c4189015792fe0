"""`interpolate`: the sparsest interpolant of data on a line, for the knot count and for V_p."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import inf, prod
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray
from tqdm import tqdm

from relu_theory.cpwl import CPWL, SkipNetwork
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction, rational
from relu_theory.network import ReluNetwork
from relu_theory.sparse.family import Family
from relu_theory.sparse.lines import function_of, sparsest_lines
from relu_theory.sparse.points import Points, Run, read_points
from relu_theory.sparse.powers import FixedPower
from relu_theory.sparse.programme import Blocks, solve_run

__all__ = ["Interpolant", "interpolate", "lines_of", "solve_runs"]


@dataclass(frozen=True, eq=False)
class Interpolant:
    """A solution of the sparsest interpolation problem, and a description of all of them.

    Attributes
    ----------
    p : Fraction
        The power; 0 counts knots.
    count : int
        The number of knots: the number of neurons beside a free linear term. Among several
        solutions one with the fewest knots is held.
    """

    p: Fraction
    points: Points = field(repr=False)
    lines: NDArray[np.int64] = field(repr=False)
    blocks: tuple[Blocks, ...] = field(repr=False, default=())

    @cached_property
    def count(self) -> int:
        """The number of knots."""
        # Every kept segment but the first begins at a knot, unless it continues its neighbour.
        left, right = self.lines[:-1], self.lines[1:]
        dx, dy = self.points.dx, self.points.dy
        return int(np.count_nonzero(dy[right] * dx[left] != dy[left] * dx[right]))

    @cached_property
    def function(self) -> CPWL:
        """The interpolant."""
        return function_of(self.points, self.lines)

    @property
    def knots(self) -> tuple[Fraction, ...]:
        """The knots of `function`, exact."""
        return self.function.knots

    @property
    def cost(self) -> int | Fraction | arb:
        """V_p: the sum of |change of slope|^p; an enclosure for 0 < p < 1."""
        return self.function.variation(self.p)

    def network(self, skip: bool = False) -> ReluNetwork | SkipNetwork:
        """A one-hidden-layer network that computes `function`, with as few neurons as that needs.

        Parameters
        ----------
        skip : bool
            Give a linear term beside the neurons (then there are `count` of them), or, by
            default, none (then one more may be needed; see `relu_theory.sparse.min_neurons` for
            the interpolant that needs the fewest).
        """
        return self.function.to_network(skip=skip)

    @cached_property
    def family(self) -> Family:
        """All interpolants with the least number of knots (p = 0 only)."""
        if self.p:
            raise InvalidInput(
                f"the family describes the solutions for p = 0, not p = {self.p}; "
                "use .solutions() for 0 < p < 1"
            )
        return Family(self.points)

    @property
    def num_solutions(self) -> int | float:
        """The number of solutions; `math.inf` when there is a continuum (only for p = 0 and 1).

        For p = 0 the graph of all solutions decides (about 50 microseconds a point), unless a run
        of odd length above one does, whose pairs can be chosen in two ways. For p = 1 there is
        one solution exactly when every run is a single point. For 0 < p < 1 the number is finite.
        """
        lengths = self.points.run_arrays[1]
        if self.p == 0:
            choice = (lengths % 2 == 1) & (lengths > 1)
            return 1 if not choice.any() and self.family.is_unique else inf
        if self.p == 1:
            return inf if (lengths > 1).any() else 1
        return prod(blocks.num_partitions for blocks in self.blocks)

    @property
    def is_unique(self) -> bool:
        """Whether there is no other solution."""
        return self.num_solutions == 1

    def solutions(self) -> Iterator[CPWL]:
        """Every solution for 0 < p < 1, one after the other.

        Raises
        ------
        InvalidInput
            For p = 0 (see `family`) and p = 1, where there may be a continuum. For p = 1 the
            solutions are the interpolants that run along the chord wherever its two ends have
            different or no curvature, and are convex (concave) across every run.
        """
        if self.p in (0, 1):
            raise InvalidInput(
                f"the solutions for p = {self.p} may form a continuum; "
                "read .family for p = 0, and the notes of this method for p = 1"
            )
        for choice in product(*(blocks.partitions() for blocks in self.blocks)):
            yield function_of(self.points, lines_of(self.points, choice))


def interpolate(
    x: Iterable[Any], y: Iterable[Any], p: Any = 0, *, progress: bool = False
) -> Interpolant:
    """The sparsest piecewise-linear interpolant of points in the plane.

    It minimises V_p, the sum of |change of slope|^p over the knots: the number of knots for p = 0.
    Equivalently it is the function of a one-hidden-layer ReLU network with a free linear term
    that interpolates with the least sum of |v_k w_k|^p.

    Parameters
    ----------
    x, y : sequences of N >= 2 exact numbers
        In any order; floats are the dyadic rationals that they are.
    p : number
        0 <= p <= 1; write ``"2/5"`` for two fifths.
    progress : bool
        Show a bar over the runs.

    Returns
    -------
    Interpolant
        ``.knots``, ``.count``, ``.cost``, ``.function``, ``.network()``; all other solutions are
        described by ``.family`` (p = 0) and ``.solutions()`` (0 < p < 1).

    Raises
    ------
    InvalidInput, ShapeError
        Fewer than two abscissae, an abscissa with two ordinates, different lengths, or p
        outside [0, 1].

    Notes
    -----
    p = 0 in O(N) integer operations: a maximal run of n neighbouring points with the same
    non-zero curvature needs ceil(n / 2) knots [Debarre et al. 2022]. 0 < p < 1: every solution
    keeps lines through neighbouring points, and in each run O(n) comparisons between sums of
    p-th powers choose them [Nakhleh and Nowak 2025, Theorem 3.1]; each comparison is decided by
    enclosures, and exact ties by arithmetic in radicals. For p = 1 every such choice is optimal.

    Examples
    --------
    >>> peak = interpolate([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    >>> peak.count, [str(t) for t in peak.knots]
    (3, ['-1', '1/2', '2'])
    >>> peak.network().num_neurons, peak.is_unique
    (3, False)
    >>> interpolate([0, 1, 2, 3], [0, 1, 4, 9], p="1/2").knots
    (Fraction(3, 2),)
    """
    power = rational(p)
    if not 0 <= power <= 1:
        raise InvalidInput(f"p must lie in [0, 1], got {p}; p = 0 counts the knots")
    points = read_points(x, y)
    if power == 0 or power == 1:
        return Interpolant(fraction(power), points, sparsest_lines(points))
    blocks = solve_runs(points, points.runs, power, progress)
    lines = lines_of(points, [run.sparsest() for run in blocks])
    return Interpolant(fraction(power), points, lines, blocks)


def solve_runs(
    points: Points, runs: Sequence[Run], power: fmpq, progress: bool = False
) -> tuple[Blocks, ...]:
    """The optimal partitions of every run."""
    powers = FixedPower(power)
    bar = tqdm(runs, disable=not progress, desc="runs", leave=False)
    return tuple(solve_run(points.amplitudes(run), powers) for run in bar)


def lines_of(points: Points, partitions: Iterable[Sequence[int]]) -> NDArray[np.int64]:
    """The kept segments when every run is cut into blocks of these sizes."""
    kept = np.ones(len(points) - 1, dtype=bool)
    for run, sizes in zip(points.runs, partitions, strict=True):
        ends = run.first + np.cumsum(sizes)
        # A double block ends before point ``end``: its two points share segment end - 2.
        kept[ends[np.asarray(sizes) == 2] - 2] = False
    return np.flatnonzero(kept)
