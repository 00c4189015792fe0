"""Convex regions: the least number of polyhedra of a complex on which the network is affine.

The number is hard to find, and optimal cuts need not run along the cells.  For one hidden layer it
is that of the cells of the hyperplanes that do not cancel.  For deeper networks a coarsening of the
cells gives an upper bound, and points that need different pieces give a lower bound: neither uses
the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from relu_theory.certificate import Bracket
from relu_theory.network import ReluNetwork
from relu_theory.regions.coarsening import Block, Blocks, smallest_cover
from relu_theory.regions.conflicts import hidden_points
from relu_theory.regions.connected import open_components
from relu_theory.regions.subdivision import Subdivision, subdivide

__all__ = ["ConvexRegions", "convex_regions"]

Point = tuple[Fraction, ...]
# Effort of the search: larger questions keep the cells as they are.
BLOCKS, PAIRS, NODES, COMPARED = 1500, 400_000, 2000, 400


@dataclass(frozen=True)
class ConvexRegions:
    """Bounds on the least number of convex pieces, with what proves them.

    Attributes
    ----------
    bracket : Bracket
        The number of polyhedra of a smallest compatible polyhedral complex, whose polyhedra meet in
        common faces.
    partition : Bracket
        The number of polyhedra of a smallest compatible partition, which need not meet so; never
        more than the complex.
    pieces : tuple of frozensets of int
        A complex with ``bracket.upper`` polyhedra, each as its cells in ``subdivision``.
    loose_pieces : tuple of frozensets of int
        A partition with ``partition.upper`` polyhedra.
    witnesses : tuple of tuples of points
        For each open connected region points of which no two lie in one piece of a complex; in all
        there are ``bracket.lower`` of them.
    subdivision : Subdivision
    """

    bracket: Bracket
    partition: Bracket
    pieces: tuple[frozenset[int], ...]
    loose_pieces: tuple[frozenset[int], ...]
    witnesses: tuple[tuple[Point, ...], ...]
    subdivision: Subdivision


def convex_regions(
    net: ReluNetwork, domain: Any = None, *, limit: int | None = None
) -> ConvexRegions:
    """The convex regions of a network: the smallest complex on whose polyhedra it is affine.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box, Polytope or WholeSpace, optional
    limit : int, optional
        Largest number of cells that is stored.

    Raises
    ------
    TooLarge
        When there are more.

    Notes
    -----
    Exact for at most one hidden layer: the gradient jumps along the whole of each hyperplane that
    does not cancel, so the open connected regions are the cells of these hyperplanes, which are
    convex and meet face to face.  For deeper networks the upper bound is an integer programme over
    the convex unions of cells (`coarsening`), and the lower bound counts points of which no two lie
    in one piece (`conflicts`).  The effort of both is limited; beyond it the bracket is wider, from
    the number of open connected regions to that of cells.

    References
    ----------
    Stargalla, Hertrich, Reichman, arXiv 2505.16716, for the definition; the bounds are our own.

    Examples
    --------
    The clipped coordinate min(max(y, -t), t), t = relu(1 - abs(x)), can be cut into seven
    polyhedra, but not so that they meet in common faces:

    >>> net = ReluNetwork(
    ...     [[[1, 0], [1, 0], [1, 0], [0, 1], [0, -1]],
    ...      [[1, -2, 1, 1, -1], [-1, 2, -1, 1, -1], [1, -2, 1, 0, 0]], [[1, -1, -1]]],
    ...     [[1, 0, -1, 0, 0], [0, 0, 0], [0]])
    >>> found = convex_regions(net)
    >>> found.bracket.value, found.partition.value
    (9, 7)
    """
    return convex_of_subdivision(subdivide(net, domain, limit=limit))


def convex_of_subdivision(found: Subdivision) -> ConvexRegions:
    """`convex_regions` for a subdivision at hand."""
    regions = open_components(found)
    if found.net.depth <= 1 or len(regions) == found.size:
        return _settled(found, regions)
    blocks = Blocks(found)
    families = [blocks.within(region, BLOCKS) for region in regions]
    loose = _partition(regions, families, blocks)
    pieces = _complex(regions, families, blocks, loose)
    tight, weak = (_witnesses(blocks, regions, *ask) for ask in ((pieces, True), (loose, False)))
    return ConvexRegions(
        _bracket(sum(map(len, tight)), pieces, "complex"),
        _bracket(sum(map(len, weak)), loose, "partition"),
        tuple(b.cells for b in pieces), tuple(b.cells for b in loose), tuple(map(tuple, tight)),
        found,
    )


def _settled(found: Subdivision, regions: list[list[int]]) -> ConvexRegions:
    """The open connected regions are convex and meet face to face."""
    pieces = tuple(map(frozenset, regions))
    points = tuple((found.cells[region[0]].interior_point,) for region in regions)
    bracket = Bracket(len(pieces), len(pieces), points, "the open connected regions are convex")
    return ConvexRegions(bracket, bracket, pieces, pieces, points, found)


def _bracket(lower: int, pieces: list[Block], kind: str) -> Bracket:
    reason = f"points that need different pieces, and a {kind} of convex unions of cells"
    return Bracket(lower, len(pieces), None, reason)


def _partition(
    regions: list[list[int]], families: list[list[Block] | None], blocks: Blocks
) -> list[Block]:
    """Convex blocks that cover each region, few of them."""
    out = []
    for region, family in zip(regions, families, strict=True):
        whole = family and next((b for b in family if len(b.cells) == len(region)), None)
        if whole:
            out.append(whole)
            continue
        cover = smallest_cover(family, region, (), NODES) if family else None
        out += cover or [blocks.block([c]) for c in region]
    return out


def _complex(
    regions: list[list[int]], families: list[list[Block] | None], blocks: Blocks,
    loose: list[Block],
) -> list[Block]:
    """Convex blocks that cover everything and meet face to face, few of them."""
    if all(blocks.face_to_face(a, b) for a, b in combinations(loose, 2)):
        return loose
    everything = list(range(blocks.found.size))
    cells = [blocks.block([c]) for c in everything]
    if None in families or sum(map(len, families)) ** 2 > PAIRS:
        return cells
    family = [b for part in families for b in part]
    clashes = [
        (i, j) for i, j in combinations(range(len(family)), 2)
        if family[i].cells & family[j].cells == frozenset()
        and not blocks.face_to_face(family[i], family[j])
    ]
    return smallest_cover(family, everything, clashes, NODES) or cells


def _witnesses(
    blocks: Blocks, regions: list[list[int]], pieces: list[Block], face_to_face: bool
) -> list[list[Point]]:
    """For each region points that need different pieces; one where one piece is enough."""
    used = Counter(next(iter(block.cells)) for block in pieces)
    out = []
    for region in regions:
        if sum(used[c] for c in region) > 1 and blocks.found.size <= COMPARED:
            out.append(hidden_points(blocks, region, face_to_face))
        else:
            out.append([blocks.found.cells[region[0]].interior_point])
    return out
