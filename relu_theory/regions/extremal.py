"""Networks of two hidden layers with the most regions, by exhausting small integer weights.

The number of proper regions does not change under an affine change of the inputs, nor when a neuron
is scaled by a positive factor that the next layer undoes.  So the first layer may be taken in a
normal form: with one input, neurons at 0, 1, ..., n - 1 (a restriction from n = 3 on); with two
inputs and two or three neurons in general position the lines x = 0, y = 0 and +-x +- y +- 1 = 0.
For the second layer all rows of small integers are tried.

In a cell of the first layer each neuron of the second has a line.  The cells of the network are
those of the first layer, one more for each line in each cell, and one more for each crossing of two
lines inside a cell, unless three lines meet there.  All pairs of rows are therefore judged by one
table, and triples by three entries of it; the best is counted again by the exact engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ReluTheoryError
from relu_theory.exact import primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions import bounds, enumeration
from relu_theory.regions.cell import Cell

__all__ = ["Extremal", "extremal_networks"]

Table = NDArray[np.int64]
_NEVER = -(10**6)


@dataclass(frozen=True)
class Extremal:
    """The most proper activation regions that were found, and how.

    Attributes
    ----------
    count : int
        The largest number in the space that was searched, counted exactly.
    upper : int
        The bound of Serra et al. for the architecture; the maximum is known when both agree.
    network : ReluNetwork
        A network that attains it.
    examined : int
        How many networks the search covers: first layers in normal form times sets of rows.
    """

    count: int
    upper: int
    network: ReluNetwork
    examined: int


def extremal_networks(inputs: int, widths: tuple[int, int], size: int = 2) -> Extremal:
    """The most regions over R^inputs of networks with two hidden layers and small weights.

    Parameters
    ----------
    inputs : 1 or 2
    widths : (n_1, n_2)
        n_1 from 1 to 4 with one input, 2 or 3 with two; n_2 from 1 to 3.
    size : int
        Rows of the second layer have entries in -size, ..., size; rows that are positive multiples
        of another one count once.

    Raises
    ------
    InvalidInput
        For other architectures.

    Notes
    -----
    The space: every first layer in the normal forms of the module's docstring, every set of n_2
    rows.  First layers in special position (parallel or concurrent lines of the plane) are not in
    it; they have fewer cells.

    Examples
    --------
    >>> found = extremal_networks(2, (2, 2), size=1)
    >>> found.count, found.upper
    (9, 11)
    """
    n, m = _check(inputs, widths, size)
    best, examined, where = -1, 0, None
    for first in _first_layers(inputs, n):
        rows = _rows(n, size)
        cells, lines, pairs = _judge(first, rows)
        examined += comb(len(rows), m)
        more, chosen = _best(lines, pairs, m)
        count = cells + more
        if count > best:
            best, where = count, _network(first, rows[list(chosen)])
    if enumeration.count(where) != best:
        raise ReluTheoryError("three lines meet in the best network found; search with other rows")
    return Extremal(best, bounds.hinz2019_upper(inputs, widths), where, examined)


def _check(inputs: int, widths: tuple[int, int], size: int) -> tuple[int, int]:
    firsts = {1: range(1, 5), 2: range(2, 4)}
    if inputs not in firsts or len(widths) != 2 or size < 1:
        raise InvalidInput(
            f"inputs must be 1 or 2, widths two numbers and size at least 1, got {inputs}, "
            f"{widths} and {size}")
    if widths[0] not in firsts[inputs] or widths[1] not in range(1, 4):
        raise InvalidInput(
            f"widths must be from {firsts[inputs]} and range(1, 4) with {inputs} inputs, got "
            f"{widths}")
    return tuple(widths)


def _first_layers(inputs: int, n: int) -> Iterator[Table]:
    """Rows (weights, bias) of the first layer in normal form, on every choice of sides."""
    if inputs == 1:
        for signs in product((1, -1), repeat=n):
            yield np.array([[s, -s * k] for k, s in enumerate(signs)])
        return
    axes = [[1, 0, 0], [0, 1, 0]]
    if n == 2:
        yield np.array(axes)
        return
    for a, b, c in product((1, -1), repeat=3):
        yield np.array([*axes, [a, b, c]])


def _rows(n: int, size: int) -> Table:
    """Rows of the second layer, smallest first, one for each ray."""
    entries = product(range(-size, size + 1), repeat=n + 1)
    rows = {primitive(r) for r in entries if any(r[:-1])}
    return np.array(sorted(rows, key=lambda r: (sum(map(abs, r)), r)))


def _judge(first: Table, rows: Table) -> tuple[int, Table, Table]:
    """The cells of a first layer, those that each row crosses, and what pairs add to two rows."""
    net = ReluNetwork([first[:, :-1].tolist(), [[1] * len(first)]], [first[:, -1].tolist(), [0]])
    alone = np.zeros(len(rows), dtype=np.int64)
    pairs = np.zeros((len(rows), len(rows)), dtype=np.int64)
    cells = list(enumeration.cells(net))
    for cell in cells:
        active = np.array(cell.pattern[0])[:, None] * first
        constant = [0] * (first.shape[1] - 1) + [1]
        lines = rows[:, :-1] @ active + rows[:, -1:] * constant
        values = lines @ np.array(cell.generators()[0]).T
        crossing = (values > 0).any(1) & (values < 0).any(1)
        alone += crossing
        pairs += _meetings(lines, crossing, cell)
    return len(cells), alone, pairs


def _meetings(lines: Table, crossing: NDArray[np.bool_], cell: Cell) -> Table:
    """1 for each pair of lines that cross inside the cell, -1 for a pair that agrees in it."""
    out = np.zeros((len(lines),) * 2, dtype=np.int64)
    at = np.flatnonzero(crossing)
    own = lines[at]
    if lines.shape[1] == 2:
        a, b = own[:, None], own[None]
        out[np.ix_(at, at)] = -(a[..., 0] * b[..., 1] == a[..., 1] * b[..., 0]).astype(np.int64)
        return out
    points = np.cross(own[:, None], own[None])
    points = points * np.sign(points[..., 2:])
    walls = np.array([(*f.normal, f.offset) for f in cell.facets()])
    inside = (points @ walls.T > 0).all(-1) & (points[..., 2] > 0)
    same = (np.cross(own[:, None], own[None]) == 0).all(-1)
    out[np.ix_(at, at)] = inside.astype(np.int64) - same
    return out


def _best(lines: Table, pairs: Table, m: int) -> tuple[int, tuple[int, ...]]:
    """The most cells that m different rows add, if three lines never meet in a point."""
    if m == 1:
        k = int(np.argmax(lines))
        return int(lines[k]), (k,)
    two = lines[:, None] + lines[None] + pairs
    np.fill_diagonal(two, _NEVER)
    if m == 2:
        i, j = np.unravel_index(np.argmax(two), two.shape)
        return int(two[i, j]), (int(i), int(j))
    best: tuple[int, tuple[int, ...]] = _NEVER, ()
    for i in range(len(lines)):
        three = two + pairs[i][:, None] + pairs[i][None] + lines[i]
        three[i], three[:, i] = _NEVER, _NEVER
        j, k = np.unravel_index(np.argmax(three), three.shape)
        if three[j, k] > best[0]:
            best = int(three[j, k]), (i, int(j), int(k))
    return best


def _network(first: Table, second: Table) -> ReluNetwork:
    m = len(second)
    return ReluNetwork(
        [first[:, :-1].tolist(), second[:, :-1].tolist(), [[2**k for k in range(m)]]],
        [first[:, -1].tolist(), second[:, -1].tolist(), [0]])
