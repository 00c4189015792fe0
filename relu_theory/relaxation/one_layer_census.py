"""All networks with one hidden layer and small integer weights: does any turn twice and is exact?

A neuron w relu(a x + b) with a != 0 is a ray: a break -b / a, a side, and a slope w |a|. Neurons
that are the same ray give the same function and the same relaxation; those with a w = 0 and the
output bias only shift. So networks up to symmetry are multisets of rays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, islice, pairwise

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from relu_theory.errors import InvalidInput, TooLarge

__all__ = ["Census", "census", "rays"]

Ints = NDArray[np.int64]
TOGETHER, MOST = 100_000, 20_000_000


@dataclass(frozen=True)
class Census:
    """What was exhausted.

    Attributes
    ----------
    rays : int
        Different neurons.
    networks : int
        Multisets of at most ``width`` of them.
    turning : int
        Networks that turn at least twice on the real line.
    failing : int
        Those among them with a box on which the triangle relaxation is not exact.
    """

    rays: int
    networks: int
    turning: int
    failing: int


def rays(bound: int) -> list[tuple[int, int, int]]:
    """The different (w, a, b) with entries in -bound, ..., bound, as functions and as neurons.

    Examples
    --------
    >>> len(rays(1)), len(rays(2))
    (12, 68)
    """
    entries = range(-bound, bound + 1)
    found: dict[tuple[int, bool, int], tuple[int, int, int]] = {}
    for a in entries:
        for b in entries:
            for w in entries:
                if a and w:
                    # The scaled break is an integer for every a up to the bound.
                    key = b * _common(bound) // abs(a), a > 0, w * abs(a)
                    found.setdefault(key, (w, a, b))
    return list(found.values())


def census(width: int, bound: int = 2, *, progress: bool = False) -> Census:
    """Exhaust the networks with one hidden layer of at most ``width`` neurons.

    Parameters
    ----------
    width : int
    bound : int
        Weights and biases are in -bound, ..., bound.
    progress : bool
        Show a bar.

    Returns
    -------
    Census
        ``failing == turning``: none of them is exact on every box.

    Raises
    ------
    InvalidInput
        When an argument is below 1.
    TooLarge
        Beyond 20 million networks.

    Notes
    -----
    Integer arithmetic on functions that are given by their values on a grid which holds all breaks
    and points close to them. On a box the relaxed minimum is that of P - chord N, where P and N are
    the sums of neurons with positive and negative outer weights. For each neighbouring pair of
    turns one box just beyond them is tried, and its relaxed value at the minimum is compared with
    the true minimum of the box; likewise the maximum. That none is exact is also a theorem, see
    `relu_theory.relaxation.open_cell.two_turns`; this does not use it.

    Examples
    --------
    >>> census(4, 1)
    Census(rays=12, networks=1820, turning=24, failing=24)
    """
    if width < 1 or bound < 1:
        raise InvalidInput(f"width and bound must be at least 1, got {width} and {bound}")
    grid, step = _grid(bound)
    known = rays(bound)
    # Row 0 is no neuron at all, so that multisets of `width` rows are those of at most that size.
    parts = np.array([[0] * 3, *known], dtype=np.int64)
    total = 1
    for k in range(width):
        total = total * (len(parts) + k) // (k + 1)
    if total > MOST:
        raise TooLarge(f"{total} networks are more than {MOST}; lower width or bound", 0)
    values = _values(parts, grid, step)
    turning = failing = 0
    chunks = _chunks(len(parts), width)
    for chosen in tqdm(chunks, total=-(-total // TOGETHER), disable=not progress):
        found = _examined(values, parts, grid, chosen)
        turning, failing = turning + found[0], failing + found[1]
    return Census(len(known), total, turning, failing)


def _common(bound: int) -> int:
    return int(np.lcm.reduce(np.arange(1, bound + 1)))


def _grid(bound: int) -> tuple[Ints, int]:
    """Points on which all functions are affine between neighbours, in units of 1 / step.

    Each break comes with points at distance 1 / step; the outermost ones close the line.
    """
    common = _common(bound)
    # Steps so small that no function falls below its next turn within one, up to width 16 bound.
    step = 16 * bound**3 * common**2
    breaks = {b * step // a for a in range(1, bound + 1) for b in range(-bound, bound + 1)}
    points = {x + d for x in breaks for d in (-1, 0, 1)}
    ends = bound * step
    return np.array(sorted(points | {-ends - step, ends + step}), dtype=np.int64), step


def _values(parts: Ints, grid: Ints, step: int) -> Ints:
    """The values of each ray at the grid, in units of 1 / step."""
    w, a, b = parts.T[:, :, None]
    return w * np.maximum(a * grid + b * step, 0)


def _chunks(size: int, width: int) -> Iterator[Ints]:
    stream = combinations_with_replacement(range(size), width)
    while chunk := list(islice(stream, TOGETHER)):
        yield np.array(chunk, dtype=np.int64)


def _examined(values: Ints, parts: Ints, grid: Ints, chosen: Ints) -> tuple[int, int]:
    """How many of the chosen networks turn twice, and how many of these fail."""
    slopes = np.sign(np.diff(values[chosen].sum(axis=1), axis=1))
    turning = np.flatnonzero(_changes(slopes) >= 2)
    positive = parts[:, 0] > 0
    failing = 0
    for rows, slope in zip(chosen[turning], slopes[turning], strict=True):
        own = values[rows]
        plus, minus = own[positive[rows]].sum(axis=0), -own[~positive[rows]].sum(axis=0)
        failing += any(
            _is_loose(grid[a - 1 : b + 2], plus[a - 1 : b + 2], minus[a - 1 : b + 2])
            for a, b in pairwise(_turns(slope))
        )
    return len(turning), failing


def _changes(slopes: Ints) -> Ints:
    """How often each row changes its sign, zeros left out."""
    last, count = np.zeros((2, len(slopes)), dtype=np.int64)
    for column in slopes.T:
        count += column * last < 0
        last = np.where(column, column, last)
    return count


def _turns(slope: Ints) -> list[int]:
    """Places in the grid where a function begins to rise or to fall after the opposite."""
    moves = [(i, s) for i, s in enumerate(slope.tolist()) if s]
    return [i for (_, before), (i, after) in pairwise(moves) if before != after]


def _is_loose(x: Ints, plus: Ints, minus: Ints) -> bool:
    """Whether a relaxed end of plus - minus on the box from x[0] to x[-1] is not the true one."""
    width, along = x[-1] - x[0], x - x[0]
    true = (plus - minus) * width
    chord_plus, chord_minus = (
        part[0] * width + (part[-1] - part[0]) * along for part in (plus, minus)
    )
    lower, upper = (plus * width - chord_minus).min(), (chord_plus - minus * width).max()
    return bool(lower < true.min() or upper > true.max())
