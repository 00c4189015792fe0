"""Points of which no two lie in one convex piece: a lower bound on the number of pieces.

Let U be an open connected region, on which f = g, and P a polyhedron of a complex compatible with
f whose interior lies in U.  For points x, y of P:

* the segment from x to y lies in P, hence in the closure of U;
* let p be inside the segment and F the face of the complex with p in its relative interior.  F is a
  face of every polyhedron at p, so y - x lies in the direction space of F, and every polyhedron at
  p is invariant under it near p.  Hence all affine maps of f near p have the same slope along
  y - x.

Each point of the closure of U lies in some such P, so points that pairwise violate one of the two
need different polyhedra.  The second condition holds for complexes only: in a mere partition into
polyhedra a vertex of one may lie inside an edge of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from operator import mul

import networkx as nx

from relu_theory.regions.coarsening import Blocks
from relu_theory.regions.subdivision import Subdivision

__all__ = ["hidden_points"]

Row = tuple[int, ...]
# More points than this are not compared.
SAMPLE = 48


def hidden_points(
    blocks: Blocks, region: Sequence[int], face_to_face: bool
) -> list[tuple[Fraction, ...]]:
    """Points in the closure of an open connected region that need different convex pieces.

    Parameters
    ----------
    blocks : Blocks
    region : cells of one open connected region
    face_to_face : bool
        Whether the pieces belong to a polyhedral complex, or only to a partition.

    Returns
    -------
    list of points
        At least one; their number is a lower bound on the number of pieces.
    """
    sample = _sample(blocks.found, region)
    segments = _Segments(blocks, region, sample, face_to_face)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sample)))
    graph.add_edges_from(
        (i, j) for j in range(len(sample)) for i in range(j) if segments.conflict(i, j)
    )
    clique, _ = nx.max_weight_clique(graph, weight=None)
    return [tuple(Fraction(x, sample[i][-1]) for x in sample[i][:-1]) for i in sorted(clique)]


def _sample(found: Subdivision, region: Sequence[int]) -> list[Row]:
    """Middles of the boundary facets, vertices and interior points, as homogeneous integers."""
    own = set(region)
    points: dict[Row, None] = {}
    for c in region:
        for at in found.walls[c]:
            if not own.issuperset(found.facets[at].cells) or len(found.facets[at].cells) == 1:
                points[_middle([found.generators[g] for g in found.facets[at].generators])] = None
    for c in region:
        points |= dict.fromkeys(_middles(found, c))
    return list(points)[:SAMPLE]


def _middles(found: Subdivision, cell: int) -> Iterator[Row]:
    generators = [found.generators[g] for g in found.corners[cell]]
    yield _middle(generators)
    vertices = [g for g in generators if g[-1]]
    yield from vertices
    yield from (_middle([v, r]) for v in vertices for r in generators if not r[-1])


def _middle(generators: Sequence[Row]) -> Row:
    """The mean of the vertices, moved along the sum of the rays."""
    total = [Fraction(0)] * (len(generators[0]) - 1)
    count = sum(g[-1] > 0 for g in generators)
    for g in generators:
        scale = g[-1] * count if g[-1] else 1
        total = [t + Fraction(x, scale) for t, x in zip(total, g, strict=False)]
    common = lcm(*(t.denominator for t in total))
    return (*(int(t * common) for t in total), common)


class _Segments:
    """Segments between sample points against the cells of the subdivision."""

    def __init__(
        self, blocks: Blocks, region: Sequence[int], sample: Sequence[Row], face_to_face: bool
    ) -> None:
        self.found, self.face_to_face = blocks.found, face_to_face
        self.own, self.sample = set(region), sample
        self.maps = self.found.maps
        self.map = self.maps[self.found.piece[region[0]]]
        self.values = [
            [[sum(map(mul, row, p)) for row in rows] for p in sample] for rows in blocks.rows
        ]
        self.outside = [
            [sum(1 << k for k, v in enumerate(at) if v < 0) for at in cell] for cell in self.values
        ]

    def conflict(self, i: int, j: int) -> bool:
        """Whether no convex piece holds both points."""
        spans = [(self._span(c, i, j), c) for c in range(self.found.size)]
        inside = [span for span, c in spans if span is not None and c in self.own]
        if not _covers(inside):
            return True
        if not self.face_to_face:
            return False
        return any(
            span is not None and span[1] > 0 and span[0] < 1 and self._turns(c, i, j)
            for span, c in spans if c not in self.own
        )

    def _span(self, cell: int, i: int, j: int) -> tuple[Fraction, Fraction] | None:
        """The part of the segment in a closed cell, as an interval of parameters."""
        out = self.outside[cell]
        if out[i] & out[j]:
            return None
        low, high = Fraction(0), Fraction(1)
        if out[i] | out[j]:
            p, q = self.sample[i][-1], self.sample[j][-1]
            for a, b in zip(self.values[cell][i], self.values[cell][j], strict=True):
                if a < 0 or b < 0:
                    cut = Fraction(a * q, a * q - b * p)
                    low, high = (max(low, cut), high) if a < 0 else (low, min(high, cut))
        return (low, high) if low <= high else None

    def _turns(self, cell: int, i: int, j: int) -> bool:
        """Whether a cell's map has another slope along the segment."""
        p, q = self.sample[i], self.sample[j]
        step = [p[-1] * b - q[-1] * a for a, b in zip(p[:-1], q[:-1], strict=True)]
        other = self.maps[self.found.piece[cell]]
        return any(
            sum((a - b) * s for a, b, s in zip(one, two, step, strict=False))
            for one, two in zip(self.map, other, strict=True)
        )


def _covers(spans: list[tuple[Fraction, Fraction]]) -> bool:
    reach = Fraction(0)
    for low, high in sorted(spans):
        if low > reach:
            return False
        reach = max(reach, high)
    return reach == 1 and bool(spans)
