"""How the solution of the V_p problem changes with p: critical powers and the threshold p*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import ctx, fmpq
from tqdm import tqdm

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction
from relu_theory.sparse.interpolant import Interpolant, lines_of
from relu_theory.sparse.points import Points, read_points
from relu_theory.sparse.powers import Ambiguous, PowerRange
from relu_theory.sparse.programme import Blocks, solve_run

__all__ = ["Segment", "SolutionPath", "solution_path"]

_PRECISION = 128
_TOLERANCE = Fraction(1, 2**40)

Piece = tuple[Fraction, Fraction, Blocks]


@dataclass(frozen=True)
class Segment:
    """A range of powers on all of which the same interpolants are optimal.

    Attributes
    ----------
    lower, upper : Fraction
        The open interval of powers; at 0 and 1 themselves more interpolants are optimal.
    solution : Interpolant
        The solution with the fewest knots, with p = (lower + upper) / 2.
    """

    lower: Fraction
    upper: Fraction
    solution: Interpolant = field(repr=False)


@dataclass(frozen=True)
class SolutionPath:
    """The solutions for all powers 0 < p < 1.

    Attributes
    ----------
    segments : tuple of Segment
        From small to large powers.
    critical : tuple of Bracket
        Between the segments: every power at which the set of solutions changes lies in one of
        these. A bracket between different solutions holds at least one such power.
    threshold : Bracket
        p*: the largest power below which every solution has the least number of knots (1 when
        that holds for all powers below 1).
    """

    segments: tuple[Segment, ...]
    critical: tuple[Bracket, ...]
    threshold: Bracket


def solution_path(
    x: Iterable[Any], y: Iterable[Any], *, tolerance: Any = _TOLERANCE, progress: bool = False
) -> SolutionPath:
    """All solutions of the sparsest interpolation problem for 0 < p < 1, and where they change.

    Parameters
    ----------
    x, y : sequences of N >= 2 exact numbers
    tolerance : number
        The width at which critical powers are no longer narrowed (absolute).
    progress : bool
        Show a bar over the runs.

    Returns
    -------
    SolutionPath

    Notes
    -----
    The linear-time programme is run in ball arithmetic with a whole interval of powers for p; where
    some comparison has no constant sign the interval is halved. Comparisons that tie or vanish
    at p = 0 or p = 1 are decided there by derivatives. For all but finitely many p the solution
    is unique up to the order of equal jumps [Nakhleh and Nowak 2025, Theorem 3.2].

    Examples
    --------
    Jumps 1/10, 1, 1, 1/10: below p* they are merged in pairs, above it the large ones are.

    >>> path = solution_path(range(6), ["0", "0", "1/10", "12/10", "33/10", "55/10"])
    >>> [segment.solution.count for segment in path.segments]
    [2, 3]
    >>> round(float(path.threshold.lower), 5)
    0.43691
    """
    width = fraction(tolerance)
    if not 0 < width < 1:
        raise InvalidInput(f"tolerance must lie between 0 and 1, got {tolerance}")
    points = read_points(x, y)
    bar = tqdm(points.runs, disable=not progress, desc="runs", leave=False)
    with ctx.workprec(_PRECISION):
        runs = [_pieces(points.amplitudes(run), width) for run in bar]
    gaps = _merged(gap for run in runs for gap in _gaps(run))
    ends = [Fraction(0), *(q for gap in gaps for q in gap), Fraction(1)]
    segments = tuple(
        Segment(low, high, _solution(points, runs, (low + high) / 2))
        for low, high in zip(ends[::2], ends[1::2], strict=True)
        if low < high
    )
    critical = tuple(Bracket(*gap, reason="no constant sign was shown inside") for gap in gaps)
    return SolutionPath(segments, critical, _threshold(runs))


def _pieces(amplitudes: Sequence[fmpq], width: Fraction) -> list[Piece]:
    """Closed intervals of powers with the optimal partitions of a run, from left to right."""
    found: list[Piece] = []
    stack = [(Fraction(0), Fraction(1))]
    while stack:
        low, high = stack.pop()
        try:
            blocks = solve_run(amplitudes, PowerRange(low, high))
        except Ambiguous:
            if high - low > width:
                middle = (low + high) / 2
                stack += [(middle, high), (low, middle)]
            continue
        if found and found[-1][1] == low:
            found[-1] = found[-1][0], high, blocks
        else:
            found.append((low, high, blocks))
    return found


def _gaps(run: Sequence[Piece]) -> list[tuple[Fraction, Fraction]]:
    """The intervals of powers that the pieces leave out."""
    ends = [Fraction(0), *(q for low, high, _ in run for q in (low, high)), Fraction(1)]
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]


def _merged(gaps: Iterable[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    found: list[tuple[Fraction, Fraction]] = []
    for low, high in sorted(gaps):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _solution(points: Points, runs: Sequence[Sequence[Piece]], p: Fraction) -> Interpolant:
    blocks = tuple(next(found for low, high, found in run if low <= p <= high) for run in runs)
    return Interpolant(p, points, lines_of(points, [b.sparsest() for b in blocks]), blocks)


def _threshold(runs: Sequence[Sequence[Piece]]) -> Bracket:
    """The least threshold of a run."""
    lowers, uppers = [Fraction(1)], [Fraction(1)]
    for run in runs:
        sparse = [len(b.sparsest()) == (len(b.choices) + 1) // 2 for _, _, b in run]
        doubtful = [
            before[1]
            for before, after, least in zip(run, run[1:], sparse[1:], strict=False)
            if not least or before[2] == after[2]
        ]
        if run[0][0] > 0:
            doubtful.insert(0, Fraction(0))
        lowers += [min(doubtful, default=run[-1][1])]
        uppers += [low for (low, _, _), least in zip(run, sparse, strict=True) if not least]
    return Bracket(min(lowers), min(uppers), reason="first power with a solution of more knots")
