"""Coarsenings of a subdivision: unions of cells that are convex, and complexes of such blocks.

A block is a union of cells with one affine map.  It is convex exactly when each of its boundary
facets spans a supporting hyperplane: otherwise a generic segment from a point beyond to an interior
point would leave the block through a facet that does not support it.  So the smallest convex block
that contains a given one is found by adding, as long as there is one, the neighbour across a facet
that does not support.

Two convex blocks meet in the hull of their common generators, and it is a face of a block exactly
when the supporting hyperplanes that contain it contain no other generator of that block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul

import numpy as np

from relu_theory.regions.subdivision import Subdivision

__all__ = ["Block", "Blocks", "smallest_cover"]

Row = tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """A convex union of cells.

    Attributes
    ----------
    cells : frozenset of int
    corners : int
        Bit mask of the generators of its cells.
    walls : tuple of int
        For each supporting hyperplane of a boundary facet the mask of all generators on it.
    """

    cells: frozenset[int]
    corners: int
    walls: tuple[int, ...]


class Blocks:
    """The convex blocks of a subdivision."""

    def __init__(self, found: Subdivision) -> None:
        self.found = found
        self.corners = [sum(1 << g for g in ids) for ids in found.corners]
        self.finite = sum(1 << k for k, g in enumerate(found.generators) if g[-1])
        self._sides: dict[Row, tuple[int, int]] = {}
        self.rows = [
            [(*facet.normal, facet.offset) for facet in cell.facets()] for cell in found.cells
        ]

    def sides(self, row: Row) -> tuple[int, int]:
        """The generators on a hyperplane, and those below it."""
        if row not in self._sides:
            on = below = 0
            for k, g in enumerate(self.found.generators):
                value = sum(map(mul, row, g))
                on |= (value == 0) << k
                below |= (value < 0) << k
            self._sides[row] = on, below
        return self._sides[row]

    def block(self, cells: Iterable[int]) -> Block | None:
        """The smallest convex block with these cells, or None when the map changes in it."""
        inside, todo = set(cells), True
        while todo:
            corners = 0
            for c in inside:
                corners |= self.corners[c]
            todo = {other for other, row in self._boundary(inside) if self.sides(row)[1] & corners}
            number = self.found.piece[next(iter(inside))]
            if any(other is None or self.found.piece[other] != number for other in todo):
                return None
            inside |= todo
        walls = {self.sides(row)[0] for _, row in self._boundary(inside)}
        return Block(frozenset(inside), corners, tuple(sorted(walls)))

    def _boundary(self, inside: set[int]) -> list[tuple[int | None, Row]]:
        """Boundary facets as pairs of the cell beyond, if any, and the row, positive inside."""
        out = []
        for c in inside:
            for at, row in zip(self.found.walls[c], self.rows[c], strict=True):
                beyond = [other for other in self.found.facets[at].cells if other != c]
                if not beyond or beyond[0] not in inside:
                    out.append((beyond[0] if beyond else None, row))
        return out

    def within(self, cells: Sequence[int], limit: int) -> list[Block] | None:
        """All convex blocks of connected cells with one map, or None when they pass the limit."""
        beside = self._neighbours(cells)
        todo = [self.block([c]) for c in cells]
        found = {b.cells: b for b in todo}
        while todo:
            block = todo.pop()
            for c in {other for own in block.cells for other in beside[own]} - block.cells:
                larger = self.block({*block.cells, c})
                if larger is not None and larger.cells not in found:
                    found[larger.cells] = larger
                    todo.append(larger)
            if len(found) > limit:
                return None
        return list(found.values())

    def _neighbours(self, cells: Sequence[int]) -> dict[int, set[int]]:
        own = set(cells)
        return {
            c: {o for at in self.found.walls[c] for o in self.found.facets[at].cells} & own - {c}
            for c in cells
        }

    def face_to_face(self, first: Block, second: Block) -> bool:
        """Whether the blocks meet in a common face, or not at all."""
        common = first.corners & second.corners
        if not common & self.finite:
            return True
        return all(_face(block, common) == common for block in (first, second))


def _face(block: Block, common: int) -> int:
    """The generators of the smallest face of a block that contains the given ones."""
    face = block.corners
    for wall in block.walls:
        if common & ~wall == 0:
            face &= wall
    return face


def smallest_cover(
    blocks: Sequence[Block], cells: Sequence[int], clashes: Sequence[tuple[int, int]], nodes: int
) -> list[Block] | None:
    """Few blocks that contain each cell once, no two of them clashing, by integer programming.

    Parameters
    ----------
    blocks : sequence of Block
    cells : the cells to be covered
    clashes : pairs of positions in ``blocks``
    nodes : int
        Limit of the branch and bound.

    Returns
    -------
    list of Block, or None when the solver found no cover
        That it is one is checked exactly; that it is smallest is only the solver's word.
    """
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array

    place = {c: k for k, c in enumerate(cells)}
    pairs = [(place[c], k) for k, b in enumerate(blocks) for c in b.cells]
    cover = csr_array((np.ones(len(pairs)), tuple(zip(*pairs, strict=True))),
                      shape=(len(cells), len(blocks)))
    rules = [LinearConstraint(cover, 1, 1)]
    if clashes:
        rows = np.repeat(np.arange(len(clashes)), 2)
        apart = csr_array((np.ones(len(rows)), (rows, np.ravel(clashes))),
                          shape=(len(clashes), len(blocks)))
        rules.append(LinearConstraint(apart, -np.inf, 1))
    result = milp(np.ones(len(blocks)), integrality=np.ones(len(blocks)), bounds=(0, 1),
                  constraints=rules, options={"node_limit": nodes})
    if result.x is None:
        return None
    chosen = [k for k, x in enumerate(result.x) if x > 0.5]
    once = sorted(c for k in chosen for c in blocks[k].cells) == sorted(cells)
    taken = set(chosen)
    if not once or any(a in taken and b in taken for a, b in clashes):
        return None
    return [blocks[k] for k in chosen]
