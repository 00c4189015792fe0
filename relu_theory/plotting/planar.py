"""What a planar picture shows: polygons, their affine maps, their borders, as plain floats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import reduce, resolve
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.regions.dual import dual_graph_of_cells
from relu_theory.regions.enumeration import cells

__all__ = ["Planar", "planar", "planar_slice", "require_planar"]


@dataclass(frozen=True)
class Planar:
    """The cells of a network with two inputs on a bounded domain, ready to be drawn.

    Attributes
    ----------
    polygons
        For each cell its vertices ``(k, 2)`` in cyclic order; the order is decided exactly.
    gradients, offsets
        The affine maps, ``(m, out, 2)`` and ``(m, out)``.
    affine
        For each cell the number of its affine map; equal numbers mean exactly equal maps.
    patterns
        Activation patterns as words such as ``"0110|01"``.
    pairs, facets, neurons
        For each shared edge its two cells ``(e, 2)``, its ends ``(e, 2, 2)`` and the first neuron
        (layer, index) that vanishes on it ``(e, 2)``.
    """

    polygons: tuple[NDArray[np.float64], ...]
    gradients: NDArray[np.float64]
    offsets: NDArray[np.float64]
    affine: NDArray[np.intp]
    patterns: tuple[str, ...]
    pairs: NDArray[np.intp]
    facets: NDArray[np.float64]
    neurons: NDArray[np.intp]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.polygons)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """Bounding box ``[[x0, y0], [x1, y1]]`` of the cells."""
        points = np.concatenate(self.polygons)
        return np.array([points.min(axis=0), points.max(axis=0)])

    @cached_property
    def centroids(self) -> NDArray[np.float64]:
        """The centre of mass of each cell ``(m, 2)``."""
        return np.array([_centroid(polygon) for polygon in self.polygons])

    @cached_property
    def gradient_norms(self) -> NDArray[np.float64]:
        """Spectral norm of each cell's Jacobian ``(m,)``; the length of the gradient if scalar."""
        return np.linalg.norm(self.gradients, ord=2, axis=(1, 2))

    def values(self, cell: int, output: int = 0) -> NDArray[np.float64]:
        """Return the function's values ``(k,)`` at the vertices of a cell."""
        return self.polygons[cell] @ self.gradients[cell, output] + self.offsets[cell, output]

    def colouring(self) -> NDArray[np.intp]:
        """Return few colour numbers ``(m,)``, different for cells that share an edge.

        Two where every edge flips an odd number of neurons, as in general position; otherwise at
        most six, by smallest-last greedy colouring of the planar dual graph.
        """
        graph = self._neighbours(np.arange(self.size))
        if nx.is_bipartite(graph):
            colours = nx.bipartite.color(graph)
        else:
            colours = nx.greedy_color(graph, strategy="smallest_last")
        return np.array([colours[cell] for cell in range(self.size)], dtype=np.intp)

    def map_colouring(self, size: int = 7) -> NDArray[np.intp]:
        """Return colour numbers ``(m,)`` that tell affine maps apart.

        Cells with equal maps agree, cells that share an edge and have different maps differ, and
        the first `size` numbers are used evenly; more are used only if that is impossible.
        """
        colours = _even_colours(self._neighbours(self.affine), size)
        return np.array([colours[group] for group in self.affine.tolist()], dtype=np.intp)

    def _neighbours(self, groups: NDArray[np.intp]) -> nx.Graph:
        graph = nx.Graph()
        graph.add_nodes_from(groups.tolist())
        graph.add_edges_from((a, b) for a, b in groups[self.pairs].tolist() if a != b)
        return graph

    def bent_lines(self) -> list[tuple[int, NDArray[np.float64]]]:
        """Return the edges joined into polylines ``(layer, points)``, each of one neuron.

        Dashed styles run along whole polylines instead of restarting at every edge.
        """
        chains = []
        for neuron in sorted(set(map(tuple, self.neurons.tolist()))):
            edges = self.facets[(self.neurons == neuron).all(axis=1)]
            chains += [(neuron[0], np.array(path)) for path in _chains(edges)]
        return chains


def planar(net: Any, box: Any) -> Planar:
    """Return the picture data of a network with two inputs on a bounded planar domain.

    Parameters
    ----------
    net
        A network with two inputs, or a :class:`Planar`, which is returned as it is.
    box
        A two-dimensional `Box` or bounded `Polytope`.

    Raises
    ------
    ShapeError
        If the network or the domain is not two-dimensional.
    InvalidInput
        If the domain is unbounded, flat or empty.

    Examples
    --------
    >>> from relu_theory.domain import Box
    >>> from relu_theory.network import ReluNetwork
    >>> net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    >>> picture = planar(net, Box([-1, -1], [1, 1]))
    >>> picture.size, sorted(picture.patterns), len(picture.pairs)
    (4, ['00', '01', '10', '11'], 4)
    """
    if isinstance(net, Planar):
        return net
    require_planar(net, box)
    found = list(cells(net, box))
    polygons = tuple(_polygon(*cell.generators()) for cell in found)
    edges = dual_graph_of_cells(net, found).edges(data=True)
    return Planar(
        polygons,
        np.array([cell.gradient for cell in found], dtype=np.float64),
        np.array([cell.offset for cell in found], dtype=np.float64),
        _labels([(*cell.gradient.flat, *cell.offset) for cell in found]),
        tuple(_word(cell.pattern) for cell in found),
        np.array([pair[:2] for pair in edges], dtype=np.intp).reshape(-1, 2),
        np.array([_points(d["generators"]) for *_, d in edges]).reshape(-1, 2, 2),
        np.array([d["neurons"][0] for *_, d in edges], dtype=np.intp).reshape(-1, 2),
    )


def planar_slice(net: Any, origin: Any, u: Any, v: Any, box: Any) -> Planar:
    """Return the picture data of the slice ``(s, t) -> net(origin + s u + t v)``.

    Parameters
    ----------
    net
        A network with d inputs.
    origin, u, v
        Vectors of d numbers, taken exactly; strings such as ``"0.1"`` are exact decimals.
    box
        The two-dimensional domain of (s, t).
    """
    if not len(origin) == len(u) == len(v) == net.input_dim:
        raise ShapeError(
            f"origin, u and v must have {net.input_dim} entries, one per input of net; "
            f"got {len(origin)}, {len(u)} and {len(v)}"
        )
    return planar(net.restrict([list(row) for row in zip(u, v, strict=True)], list(origin)), box)


def require_planar(net: Any, box: Any) -> None:
    """Raise an error that names the remedy when a picture cannot be drawn."""
    if net.input_dim != 2:
        raise ShapeError(f"net must have 2 inputs, got {net.input_dim}; draw a slice with slice2d")
    box = resolve(box, 2)
    if not box.is_bounded:
        raise InvalidInput("box must be bounded to be drawn; give a Box or a bounded Polytope")
    reduced = reduce(box)
    if reduced is None or reduced.A is not None:
        found = "an empty domain" if reduced is None else "a flat one"
        raise InvalidInput(f"box must have interior points, got {found}; make lower < upper")


def _polygon(generators: Sequence[tuple[int, ...]], facets: Sequence[int]) -> NDArray[np.float64]:
    """Return the vertices in cyclic order, walking along the facets, each an edge of two ends."""
    ends = [[i for i in range(len(generators)) if facet >> i & 1] for facet in facets]
    order, last = [0], None
    while len(order) < len(generators):
        step = next(e for e in ends if order[-1] in e and e is not last)
        order.append(step[0] if step[1] == order[-1] else step[1])
        last = step
    return _points([generators[i] for i in order])


def _points(generators: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
    # The quotient of two Python ints is correctly rounded, however large they are.
    return np.array([[x / g[-1] for x in g[:-1]] for g in generators])


def _centroid(polygon: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = polygon.mean(axis=0)
    here = polygon - middle
    there = np.roll(here, -1, axis=0)
    doubled = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
    # The areas of a sliver may cancel in floats; the mean of its vertices will do for a picture.
    if abs(doubled.sum()) <= 1e-9 * np.ptp(polygon, axis=0).prod():
        return middle
    return middle + ((here + there) * doubled[:, None]).sum(axis=0) / (3.0 * doubled.sum())


def _labels(keys: list[tuple[Fraction, ...]]) -> NDArray[np.intp]:
    numbers: dict[tuple[Fraction, ...], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def _word(pattern: Sequence[Sequence[bool]]) -> str:
    return "|".join("".join("01"[active] for active in layer) for layer in pattern)


def _even_colours(graph: nx.Graph, size: int) -> dict[int, int]:
    colours: dict[int, int] = {}
    used: Counter[int] = Counter()
    for node in nx.coloring.strategy_smallest_last(graph, colours):
        taken = {colours[other] for other in graph[node] if other in colours}
        free = [c for c in range(size) if c not in taken] or [max(taken) + 1]
        colours[node] = min(free, key=used.__getitem__)
        used[colours[node]] += 1
    return colours


def _chains(edges: NDArray[np.float64]) -> list[list[tuple[float, float]]]:
    """Join edges at shared ends into paths that stop at ends, at branchings, or on closing up."""
    graph = nx.MultiGraph()
    graph.add_edges_from((tuple(a), tuple(b)) for a, b in edges.tolist())
    starts = [p for p in graph if graph.degree(p) != 2]
    chains = [path for p in starts for path in _walks(graph, p)]
    while graph.number_of_edges():
        chains += _walks(graph, next(iter(graph.edges))[0])
    return chains


def _walks(graph: nx.MultiGraph, start: Any) -> list[list[Any]]:
    """Take the paths from `start` out of the graph; each stops where it cannot go straight on."""
    paths = []
    while graph.degree(start):
        path = [start]
        while len(path) == 1 or graph.degree(path[-1]) == 1:
            onwards = next(iter(graph[path[-1]]))
            graph.remove_edge(path[-1], onwards)
            path.append(onwards)
        paths.append(path)
    return paths
