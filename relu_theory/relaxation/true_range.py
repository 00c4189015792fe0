"""The true range of a network on a box: exact, without a look at most of its regions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count, islice
from math import prod
from typing import Any

from relu_theory.certificate import Bracket
from relu_theory.domain import Box
from relu_theory.errors import Undecided
from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import OutputRange, output_range
from relu_theory.regions.bounds import zaslavsky
from relu_theory.relaxation.branching import BranchAndBound
from relu_theory.relaxation.pruned_regions import Point, extreme_over_regions

__all__ = ["range"]

# Regions that are enumerated at once.
FEW = 200_000
# Work after which regions take over, if the first hidden layer has no more than these.
EARLY, ENUMERABLE = 10_000, 2_000_000


def range(net: ReluNetwork, box: Any, *, limit: int = 100_000) -> list[OutputRange]:
    """The exact minimum and maximum of every output on a box, with points that attain them.

    Parameters
    ----------
    net : ReluNetwork
    box : Box or bounded Polytope
        A polytope is replaced by the smallest box around it; for the range on the polytope itself
        see `relu_theory.regions.output_range`.
    limit : int
        The work that may be spent on each end: 1 for each sub-box, 50 for one that is decided
        exactly.

    Returns
    -------
    list of OutputRange, one per output
        ``minimum``, ``maximum``, ``argmin``, ``argmax``, all rational.

    Raises
    ------
    InvalidInput, ShapeError
        When the domain is empty or unbounded, or does not fit the network.
    Undecided
        At the limit, where the regions of the first layer are too many to enumerate; its bracket
        holds the value attained and the proved bound of that end.

    Notes
    -----
    With up to two inputs, or few regions, this is `relu_theory.regions.output_range`. Otherwise
    branch and bound: boxes are halved, the one with the greatest bound first, and bounded by
    outward-rounded back-substitution; where at most eight neurons change sign the regions of the
    box are enumerated exactly. The search ends when no bound exceeds the exact value attained. A
    network that is greatest on a large set may keep many boxes alive: after a work of 10,000 the
    regions of the first hidden layer are enumerated instead, and those are looked into that linear
    bounds at their vertices do not exclude.

    Examples
    --------
    >>> net = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> range(net, Box([0, 0], [1, "1/3"]))[0].maximum
    Fraction(1, 1)
    """
    domain = enclosing_box(box, net.input_dim)
    free = [i for i, (a, b) in enumerate(zip(domain.lower, domain.upper, strict=True)) if a < b]
    few = prod(zaslavsky(width, len(free)) for width in net.widths) <= FEW
    if len(free) <= 2 or few:
        return output_range(net, domain)
    return _branched(net, domain, free, limit)


def _branched(net: ReluNetwork, box: Box, free: Sequence[int], limit: int) -> list[OutputRange]:
    """The search in coordinates in which the box is [-1, 1]^k."""
    centre = [(a + b) / 2 for a, b in zip(box.lower, box.upper, strict=True)]
    half = [(b - a) / 2 for a, b in zip(box.lower, box.upper, strict=True)]
    columns = [
        [half[i] if i == j else Fraction(0) for j in free] for i, _ in enumerate(centre)
    ]
    moved = net.restrict(columns, centre)

    def back(t: Point) -> Point:
        steps = (sum(c * v for c, v in zip(row, t, strict=True)) for row in columns)
        return tuple(c + step for c, step in zip(centre, steps, strict=True))

    def extreme(out: int, sign: int) -> tuple[Fraction, Point]:
        search = BranchAndBound(moved.select(out).scale(sign))
        value, point = _maximum(search, limit)
        if value is None:
            raise _undecided(search, out, sign, back(search.point))
        return sign * value, back(point)

    found = []
    for out in islice(count(), net.output_dim):
        (low, x), (high, y) = extreme(out, -1), extreme(out, 1)
        found.append(OutputRange(low, high, x, y))
    return found


def _maximum(search: BranchAndBound, limit: int) -> tuple[Fraction | None, Point]:
    net = search.net
    if search.run(min(limit, EARLY)):
        return search.value, search.point
    if limit > EARLY and zaslavsky(net.widths[0], net.input_dim) <= ENUMERABLE:
        return extreme_over_regions(net)
    return search.value if search.run(limit) else None, search.point


def _undecided(search: BranchAndBound, out: int, sign: int, point: Point) -> Undecided:
    low, up = sorted((sign * search.value, sign * search.upper))
    return Undecided(
        f"the {'maximum' if sign > 0 else 'minimum'} of output {out} lies in [{float(low)}, "
        f"{float(up)}] after {search.examined} sub-boxes; raise limit, or take a smaller box",
        Bracket(low, up, point, "attained at the witness; branch and bound bounds the other side"),
    )
