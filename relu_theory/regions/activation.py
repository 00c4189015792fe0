"""Activation regions, lower-dimensional patterns included.

On the closure of a proper region every pre-activation is affine and of one sign, so an inactive
neuron stays inactive on the whole closure, and an active one is switched off exactly where it
vanishes.  A set of generators with a vertex in it spans a face; in the relative interior of that
face those active neurons vanish that vanish on all of the generators.  The patterns of a closed
region are therefore the intersections of the sets of vanishing neurons of its generators, and no
face has to be listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from flint import fmpz, fmpz_mat

from relu_theory.errors import TooLarge
from relu_theory.network import Pattern, ReluNetwork
from relu_theory.regions import enumeration
from relu_theory.regions.cell import Cell
from relu_theory.regions.integer_layers import integer_layers

__all__ = ["activation_patterns", "count_activation"]

Row = tuple[int, ...]
# Cells whose vertices are evaluated together.
BATCH = 1024


def count_activation(net: ReluNetwork, domain: Any = None, *, limit: int | None = None) -> int:
    """The number of non-empty activation regions, of every dimension.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box, Polytope or WholeSpace, optional
    limit : int, optional
        Largest number of patterns that is stored.

    Raises
    ------
    TooLarge
        When there are more.

    Notes
    -----
    A neuron is active where its pre-activation is positive and inactive where it is zero.  Time is
    linear in the number of pairs of a cell and one of its patterns, plus one exact evaluation of
    the network for each vertex; memory is one integer of as many bits as neurons for each pattern.

    References
    ----------
    Stargalla, Hertrich, Reichman, arXiv 2505.16716, Definition of activation regions.

    Examples
    --------
    The line x = 0 is a third activation region of relu(x) - relu(-x), the point in which both are
    off:

    >>> count_activation(ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]]))
    3
    """
    return len(_patterns(net, enumeration.cells(net, domain), limit))


def activation_patterns(
    net: ReluNetwork, domain: Any = None, *, limit: int | None = None
) -> list[Pattern]:
    """The patterns that `count_activation` counts, sorted.

    Examples
    --------
    >>> activation_patterns(ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]]))
    [((False, False),), ((False, True),), ((True, False),)]
    """
    found = _patterns(net, enumeration.cells(net, domain), limit)
    return sorted(_unpacked(word, net.widths) for word in found)


def count_activation_of_cells(net: ReluNetwork, cells: Iterable[Cell]) -> int:
    """`count_activation` for cells at hand."""
    return len(_patterns(net, iter(cells), None))


def _patterns(net: ReluNetwork, cells: Iterator[Cell], limit: int | None) -> set[int]:
    evaluate = _Evaluation(net)
    found: set[int] = set()
    while batch := list(islice(cells, BATCH)):
        for active, vanishing in evaluate.batch(batch):
            found.update(active & ~off for off in vanishing)
            if limit is not None and len(found) > limit:
                raise TooLarge(
                    f"there are more than limit={limit} activation regions; raise the limit, or "
                    "ask about a smaller domain", len(found))
    return found


class _Evaluation:
    """Exact pre-activations of many points at once, on common scales.

    Layer l is multiplied by a common denominator; a point (x w, w) keeps its scale in a last row.
    Points with the same w have all their values on the same positive scale.
    """

    def __init__(self, net: ReluNetwork) -> None:
        self.layers = integer_layers(net)[:-1]

    def values(self, points: Sequence[Row]) -> list[list[fmpz]]:
        """For each neuron the scaled pre-activations at the points."""
        state = fmpz_mat([list(p) for p in points]).transpose()
        out: list[list[fmpz]] = []
        for matrix in self.layers:
            rows = (matrix * state).tolist()
            out += rows[:-1]
            state = fmpz_mat([[max(x, 0) for x in row] for row in rows])
        return out

    def batch(self, cells: Sequence[Cell]) -> Iterator[tuple[int, set[int]]]:
        """For each cell its pattern and the sets of active neurons that vanish on its faces."""
        asked, plans = {}, []
        for cell in cells:
            generators, _ = cell.generators()
            vertices = [g for g in generators if g[-1]]
            start = vertices[0]
            moved = [
                tuple(a + b for a, b in zip(start, g, strict=True)) for g in generators if not g[-1]
            ]
            at = [asked.setdefault(p, len(asked)) for p in (*vertices, *moved)]
            plans.append((_packed(cell.pattern), at[: len(vertices)], at[len(vertices) :]))
        values = self.values(list(asked))
        zeros = _zero_sets(values, len(asked))
        for active, vertices, moved in plans:
            corners = {active & zeros[v] for v in vertices}
            rays = {_constant(values, vertices[0], r) for r in moved}
            yield active, _closed(corners, rays)


def _zero_sets(values: list[list[fmpz]], points: int) -> list[int]:
    """For each point the neurons that vanish there."""
    out = [0] * points
    for i, row in enumerate(values):
        bit = 1 << i
        for k, x in enumerate(row):
            if not x:
                out[k] |= bit
    return out


def _constant(values: list[list[fmpz]], start: int, end: int) -> int:
    """The neurons that are constant along the ray from one point to the other."""
    return sum(1 << i for i, row in enumerate(values) if row[start] == row[end])


def _closed(corners: set[int], rays: set[int]) -> set[int]:
    """All intersections of the sets with at least one corner among them."""
    found = set(corners)
    for other in corners | rays:
        found |= {mask & other for mask in found}
    return found


def _packed(pattern: Pattern) -> int:
    bits = [bit for layer in pattern for bit in layer]
    return sum(1 << i for i, bit in enumerate(bits) if bit)


def _unpacked(word: int, widths: Sequence[int]) -> Pattern:
    out, at = [], 0
    for width in widths:
        out.append(tuple(bool(word >> (at + i) & 1) for i in range(width)))
        at += width
    return tuple(out)
