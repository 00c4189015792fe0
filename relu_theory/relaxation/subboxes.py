"""Whether a relaxation is exact on all sub-boxes of a domain at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
from tqdm import tqdm

from relu_theory.certificate import Verdict
from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction
from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import cells
from relu_theory.relaxation.bounds import METHODS
from relu_theory.relaxation.exactness import exactness
from relu_theory.relaxation.interval_ends import decide_intervals
from relu_theory.relaxation.univariate import OneLayer, Violation, worst_violation

__all__ = ["SubboxExactness", "breaks", "exact_on_all_subboxes"]


@dataclass(frozen=True)
class SubboxExactness:
    """What is known about the exactness of a relaxation on all sub-boxes of a domain.

    Attributes
    ----------
    verdict : Verdict
        HOLDS is proved for every sub-box, flat ones included. FAILS comes with a witness.
        UNDECIDED: none of the boxes that were tried fails.
    witness : Box or None
        A sub-box on which the relaxation is not exact.
    gap : Fraction
        The exact gap on the witness; 0 without one.
    supremum : Fraction or None
        The supremum of the gaps over all sub-boxes, where it is known; it need not be attained.
    reason : str
        What decided: a procedure, a theorem, or the search.
    covered : int
        How many cells, or sub-boxes, were examined.
    """

    verdict: Verdict
    witness: Box | None
    gap: Fraction
    supremum: Fraction | None
    reason: str
    covered: int


def exact_on_all_subboxes(
    net: ReluNetwork,
    domain: Any,
    method: str,
    *,
    limit: int = 20000,
    tries: int = 400,
    progress: bool = False,
) -> SubboxExactness:
    """Decide, or search, whether a relaxation is exact on every box inside a domain.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box
    method : as in `bounds`
    limit : int
        The largest number of cells that a decision may visit; beyond it the search takes over.
    tries : int
        The largest number of sub-boxes that the search examines.
    progress : bool
        Show a bar while searching.

    Returns
    -------
    SubboxExactness

    Raises
    ------
    InvalidInput, ShapeError
        For an unknown method, or a domain that is empty or unbounded or does not fit.

    Notes
    -----
    *Interval arithmetic*: decided, for every depth and number of inputs. The relaxed ends are a
    ReLU network in the 2 d ends of the box. The relaxation is exact on all sub-boxes exactly when
    that network is the minimum, and the maximum, of the values at the 2^d corners of the box: if
    so, the bound is attained; if it is exact, the network is monotone in every coordinate, so that
    a corner attains the minimum. On a linear region the difference is concave and nonnegative, and
    one interior point decides.

    *One input, one hidden layer*: decided for DeepPoly and the triangle; see
    `relu_theory.relaxation.univariate`.

    *One hidden layer, multi-neuron*: exact by theorem, since the output is linear on the hull.

    *Otherwise*: DeepPoly with lower lines 0 and the triangle are never looser than interval
    arithmetic [derived here], so that HOLDS carries over. Failing that, sub-boxes with ends at the
    breaks of the network and between them are tried, and the worst one is a proof of FAILS.

    Examples
    --------
    A ramp from 0 to 1 is exact for interval arithmetic, on all sub-boxes of [-3, 3]:

    >>> ramp = ReluNetwork([[[1]], [[-1]], [[-1]]], [[0], [1], [1]])
    >>> exact_on_all_subboxes(ramp, Box(-3, 3, dim=1), "ibp").verdict
    <Verdict.HOLDS: 'holds'>

    The absolute value is not:

    >>> size = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> found = exact_on_all_subboxes(size, Box(-1, 1, dim=1), "ibp")
    >>> found.verdict.name, found.supremum
    ('FAILS', Fraction(1, 1))
    """
    if method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    box = enclosing_box(domain, net.input_dim)
    if net.depth == 0:
        return _holds("an affine map is bounded exactly", 0)
    if method == "multineuron" and net.depth == 1:
        return _holds("the output is linear on the hull of one hidden layer", 0)
    found = _decided(net, box, method, limit)
    return _searched(net, box, method, tries, progress) if found is None else found


def _holds(reason: str, covered: int) -> SubboxExactness:
    return SubboxExactness(Verdict.HOLDS, None, Fraction(0), Fraction(0), reason, covered)


def _decided(net: ReluNetwork, box: Box, method: str, limit: int) -> SubboxExactness | None:
    if method != "ibp" and net.depth == 1 and net.input_dim == 1 and box.lower < box.upper:
        return _one_layer(net, box, method)
    if method in ("ibp", "deeppoly0", "triangle"):
        by_intervals = decide_intervals(net, box, limit)
        if by_intervals is None:
            return None
        corner, supremum, covered = by_intervals
        if corner is None:
            reason = "the ends of interval arithmetic are the values at corners"
            if method != "ibp":
                reason += f", and {method} is never looser"
            return _holds(reason, covered)
        if method == "ibp":
            gap = exactness(net, corner, method).gap
            reason = "the ends of interval arithmetic are not the values at corners"
            return SubboxExactness(Verdict.FAILS, corner, gap, supremum, reason, covered)
    return None


def _one_layer(net: ReluNetwork, box: Box, method: str) -> SubboxExactness:
    knots = breaks(net, box)
    worst: Violation | None = None
    for out, sign in product(range(net.output_dim), (1, -1)):
        found = worst_violation(OneLayer(net, out, sign, knots), method)
        worst = max((v for v in (worst, found) if v), key=lambda v: v.gap, default=None)
    size = (len(knots) - 1) * len(knots) // 2
    if worst is None:
        return _holds("the closed form of one hidden layer, on every cell of sub-boxes", size)
    witness, gap = _at(net, method, worst)
    supremum = None if method == "triangle" else worst.gap
    reason = "the closed form of one hidden layer"
    return SubboxExactness(Verdict.FAILS, witness, gap, supremum, reason, size)


def _at(net: ReluNetwork, method: str, violation: Violation) -> tuple[Box, Fraction]:
    """A sub-box that fails: at the violation, or a little inside the cell that it bounds."""
    share, best = Fraction(1, 32), _moved(net, method, violation, Fraction(0))
    # In the cell the gap is continuous up to the violation.
    while 2 * best[1] < violation.gap:
        best = max(best, _moved(net, method, violation, share), key=lambda pair: pair[1])
        share /= 4
    return best


def _moved(
    net: ReluNetwork, method: str, violation: Violation, share: Fraction
) -> tuple[Box, Fraction]:
    low, up = (a + share * (b - a) for a, b in zip(violation.ends, violation.inside, strict=True))
    box = Box([low], [up])
    return box, exactness(net, box, method).gap


def breaks(net: ReluNetwork, box: Box) -> list[Fraction]:
    """The ends of an interval and the breaks of the regions of a network with one input."""
    points = {*box.lower, *box.upper}
    points.update(v[0] for cell in cells(net, box) for v in cell.vertices())
    return sorted(points)


def _searched(
    net: ReluNetwork, box: Box, method: str, tries: int, progress: bool
) -> SubboxExactness:
    worst: tuple[Fraction, Box] | None = None
    covered = 0
    for candidate in tqdm(_candidates(net, box, tries), total=tries, disable=not progress):
        covered += 1
        gap = exactness(net, candidate, method).gap
        if gap and (worst is None or gap > worst[0]):
            worst = gap, candidate
    if worst is None:
        reason = "no sub-box that was tried fails"
        return SubboxExactness(Verdict.UNDECIDED, None, Fraction(0), None, reason, covered)
    reason = "a search found a sub-box that fails"
    return SubboxExactness(Verdict.FAILS, worst[1], worst[0], None, reason, covered)


def _candidates(net: ReluNetwork, box: Box, tries: int) -> Iterator[Box]:
    """Sub-boxes: pairs of breaks and points between them for one input, seeded ones for more."""
    if net.input_dim == 1 and box.lower < box.upper:
        knots = breaks(net, box)
        shares = [Fraction(k, 16) for k in (1, 5, 8, 13)]
        inner = [a + share * (b - a) for a, b in pairwise(knots) for share in shares]
        pairs = sorted(combinations(sorted(knots + inner), 2), key=lambda p: p[0] - p[1])
        step = max(1, -(-len(pairs) // tries))
        yield from (Box([a], [b]) for a, b in pairs[::step])
        return
    yield box
    rng = np.random.default_rng(0)
    for _ in range(tries - 1):
        shares = np.sort(rng.integers(0, 17, (2, box.dim)), axis=0).tolist()
        lower, upper = (
            [fraction(a) + Fraction(s, 16) * (b - a) for s, a, b in
             zip(row, box.lower, box.upper, strict=True)]
            for row in shares
        )  # fmt: skip
        yield Box(lower, upper)
