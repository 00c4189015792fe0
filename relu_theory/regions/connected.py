"""Affine, open connected and closed connected regions: the pieces of the function itself.

Let C_1, ..., C_m be the closures of the proper activation regions and g_i the affine map on C_i.

* The open set on which f equals g is connected across facets and across nothing smaller, so its
  components are those of the graph of the cells with g_i = g and their common facets.
* The closed set {f = g} is the union of all C_i n {g_i = g}, cells with other maps included: two
  cells can be joined through a lower-dimensional slice of a third one.  A common point x of two
  such pieces lies on a chain of cells that contain x, each with a facet through x in common with
  the next, since the domain is convex.  So it is enough to look at facets, and to ask whether
  f - g vanishes somewhere on each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import mul

from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.regions.subdivision import Subdivision

__all__ = ["closed_components", "open_components"]

Row = tuple[int, ...]


def open_components(found: Subdivision) -> list[list[int]]:
    """The open connected regions, each as the list of its cells.

    Examples
    --------
    >>> from relu_theory.network import ReluNetwork
    >>> from relu_theory.regions.subdivision import subdivide
    >>> identity = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> open_components(subdivide(identity))
    [[0, 1]]
    """
    joined = _Union(found.size)
    for facet in found.facets:
        if len(facet.cells) == 2:
            first, second = facet.cells
            if found.piece[first] == found.piece[second]:
                joined.join(first, second)
    return joined.classes(range(found.size))


def closed_components(found: Subdivision) -> list[list[int]]:
    """The closed connected regions, each as the list of the cells with its map that it contains.

    Examples
    --------
    relu(x) + relu(y) - relu(x + y) is zero on two quadrants, which meet in a point only:

    >>> from relu_theory.network import ReluNetwork
    >>> from relu_theory.regions.subdivision import subdivide
    >>> net = ReluNetwork([[[1, 0], [0, 1], [1, 1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> len(open_components(subdivide(net))), len(closed_components(subdivide(net)))
    (6, 5)
    """
    by_map = defaultdict(list)
    for component in open_components(found):
        by_map[found.piece[component[0]]].append(component)
    slices, out = None, []
    for number, components in by_map.items():
        if len(components) > 1:
            slices = slices or _Slices(found)
            components = slices.merged(number, components)
        out += components
    return out


class _Slices:
    """Walks through the slices {f = g} of the cells, from facet to facet."""

    def __init__(self, found: Subdivision) -> None:
        self.found, self.maps = found, found.maps
        self.beside: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in range(found.size)]
        for facet in found.facets:
            if len(facet.cells) == 2:
                first, second = facet.cells
                self.beside[first].append((second, facet.generators))
                self.beside[second].append((first, facet.generators))

    def merged(self, number: int, components: list[list[int]]) -> list[list[int]]:
        """The components joined where slices lead from one to the other."""
        label: dict[int, int] = {}
        groups: dict[int, list[int]] = {}
        for k, component in enumerate(components):
            if component[0] not in label:
                self._flood(number, component[0], label, k)
            groups.setdefault(label[component[0]], []).extend(component)
        return [sorted(group) for group in groups.values()]

    def _flood(self, number: int, start: int, label: dict[int, int], mark: int) -> None:
        """Label all cells whose slices hang together with the start's."""
        label[start], todo = mark, [start]
        while todo:
            cell = todo.pop()
            for other, facet in self.beside[cell]:
                if other not in label and self._meets(cell, number, facet):
                    label[other] = mark
                    todo.append(other)

    def _meets(self, cell: int, number: int, facet: Sequence[int]) -> bool:
        """Whether f - g vanishes somewhere on a facet of the cell."""
        own, goal = self.maps[self.found.piece[cell]], self.maps[number]
        if own is goal:
            return True
        rows = [tuple(a - b for a, b in zip(p, q, strict=True))
                for p, q in zip(own, goal, strict=True)]
        generators = [self.found.generators[i] for i in facet]
        return vanishes_somewhere(rows, generators)


def vanishes_somewhere(rows: Sequence[Row], generators: Sequence[Row]) -> bool:
    """Whether affine functions have a common zero on the polyhedron with these generators.

    Parameters
    ----------
    rows : integer rows (gradient, offset)
    generators : homogeneous integer vectors, at least one of them a vertex

    Examples
    --------
    >>> vanishes_somewhere([(1, -1)], [(0, 1), (1, 0)]), vanishes_somewhere([(1, 1)], [(0, 1)])
    (True, False)
    """
    values = [[sum(map(mul, row, g)) for g in generators] for row in rows]
    ends = [g[-1] > 0 for g in generators]
    if not all(_mixed(line, ends) for line in values):
        return False
    if len(values) == 1:
        return True
    columns = [(*column, g[-1]) for column, g in zip(zip(*values, strict=True), generators,
                                                     strict=True)]
    return nonnegative_combination(columns, [0] * len(values) + [1]) is not None


def _mixed(values: Sequence[int], finite: Sequence[bool]) -> bool:
    """Whether an affine function with these values at vertices, and slopes, takes the value 0."""
    at = [v for v, end in zip(values, finite, strict=True) if end]
    along = [v for v, end in zip(values, finite, strict=True) if not end]
    low = min(at) <= 0 or min(along, default=0) < 0
    high = max(at) >= 0 or max(along, default=0) > 0
    return low and high


class _Union:
    """Disjoint sets of 0, ..., n - 1."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, x: int) -> int:
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def join(self, x: int, y: int) -> None:
        self.parent[self.root(y)] = self.root(x)

    def classes(self, items: Iterable[int]) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        for x in items:
            groups.setdefault(self.root(x), []).append(x)
        return list(groups.values())
