"""The dual graph of a network's regions: who borders whom, across which neurons.

Two cells are neighbours when they share a face of codimension one.  The canonical complex is
face-to-face, so the exact generators of a facet name it: two cells have it, or one when it lies on
the domain's boundary.  No tolerance and no incidence search is involved, and several neurons that
vanish on one facet, deep networks and unbounded cells need no special care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import TooLarge
from relu_theory.exact.numbers import float_of
from relu_theory.regions import enumeration
from relu_theory.regions.cell import Cell

__all__ = ["dual_graph", "dual_graph_of_cells"]

Generator = tuple[int, ...]
Neuron = tuple[int, int]
FacetKey = frozenset[int]

_UNIT = 2.0**-52
_UNDERFLOW = 1e-300


def dual_graph(net: Any, domain: Any = None, *, limit: int | None = None) -> nx.Graph:
    """Return the dual graph of the full-dimensional activation regions.

    Parameters
    ----------
    net
        A network with d inputs.
    domain
        Where the question is asked; all of R^d when None.
    limit
        Largest number of cells that is stored.

    Returns
    -------
    networkx.Graph
        Nodes are 0, 1, 2, ... in the order of the engine, with ``pattern``, ``gradient`` (out, d)
        and ``offset`` (out,) of Fraction, ``interior_point``, ``bounded``, and ``boundary``, the
        tuple of the facets that lie on the domain's boundary.  An edge joins two cells that share a
        facet; it has

        ``neurons``
            the pairs (layer, index) of all neurons whose pre-activation vanishes on the facet and
            is not zero on both cells, sorted;
        ``flips``
            those among them whose activity differs between the two cells, at least one;
        ``generators``
            the facet's homogeneous integer generators, sorted: ``(x w, w)`` with w > 0 is the
            vertex x, ``(x, 0)`` a recession direction.

        The graph's attribute ``lines`` is a basis of the directions along which the whole question
        is constant; vertices and recession directions are representatives modulo them.

    Raises
    ------
    TooLarge
        If there are more than `limit` cells.

    Notes
    -----
    Time and memory are linear in the number of cells times their generators.  A flip needs no
    arithmetic: a pre-activation that is positive on one side and not on the other vanishes between.
    A neuron of constant activity vanishes on the facet exactly when it vanishes at one point of the
    relative interior, because its pre-activation has one sign on the closed cell; floats with a
    running error bound exclude nearly all of them, the others are evaluated exactly.

    Examples
    --------
    >>> from relu_theory.network import ReluNetwork
    >>> net = ReluNetwork([[[1, 0], [0, 1], [0, -3]], [[1, 1, 1]]], [[0, 0, 0], [0]])
    >>> graph = dual_graph(net)
    >>> sorted(sorted(data["neurons"]) for _, _, data in graph.edges(data=True))
    [[(0, 0)], [(0, 0)], [(0, 1), (0, 2)], [(0, 1), (0, 2)]]
    """
    return dual_graph_of_cells(net, enumeration.cells(net, domain), limit=limit)


def dual_graph_of_cells(net: Any, cells: Iterable[Cell], *, limit: int | None = None) -> nx.Graph:
    """Return the dual graph of a face-to-face family of cells of `net` (see :func:`dual_graph`)."""
    graph = nx.Graph(lines=())
    facets, found = _Facets(), []
    for node, cell in enumerate(cells):
        if limit is not None and node >= limit:
            message = f"the dual graph has more than limit = {limit} cells"
            raise TooLarge(f"{message}; raise limit or shrink the domain", counted=limit)
        graph.graph["lines"] = tuple(cell.lines())
        graph.add_node(node, **_node_data(cell))
        facets.add(node, *cell.generators())
        found.append(cell)
    for key, (first, second) in facets.shared():
        flips = found[first].flips(found[second])
        graph.add_edge(first, second, flips=flips, generators=facets.generators_of(key))
    for node, keys in facets.on_boundary().items():
        graph.nodes[node]["boundary"] = tuple(map(facets.generators_of, keys))
    _name_neurons(net, graph)
    return graph


def _node_data(cell: Cell) -> dict[str, Any]:
    return {
        "pattern": cell.pattern,
        "gradient": cell.gradient,
        "offset": cell.offset,
        "interior_point": cell.interior_point,
        "bounded": cell.is_bounded,
        "boundary": (),
    }


class _Facets:
    """Facets by their generators, each with the cells that have it."""

    def __init__(self) -> None:
        self.index: dict[Generator, int] = {}
        self.generators: list[Generator] = []
        self.cells: dict[FacetKey, list[int]] = {}

    def add(self, cell: int, generators: list[Generator], masks: list[int]) -> None:
        ids = [self._number(g) for g in generators]
        for mask in masks:
            key = frozenset([number for i, number in enumerate(ids) if mask >> i & 1])
            self.cells.setdefault(key, []).append(cell)

    def _number(self, generator: Generator) -> int:
        number = self.index.setdefault(generator, len(self.generators))
        if number == len(self.generators):
            self.generators.append(generator)
        return number

    def shared(self) -> Iterator[tuple[FacetKey, list[int]]]:
        return ((key, cells) for key, cells in self.cells.items() if len(cells) == 2)

    def on_boundary(self) -> dict[int, list[FacetKey]]:
        found: dict[int, list[FacetKey]] = {}
        for key, cells in self.cells.items():
            if len(cells) == 1:
                found.setdefault(cells[0], []).append(key)
        return found

    def generators_of(self, key: FacetKey) -> tuple[Generator, ...]:
        return tuple(sorted(self.generators[number] for number in key))


def _name_neurons(net: Any, graph: nx.Graph) -> None:
    """Add to each edge the neurons that vanish on its facet."""
    edges = list(graph.edges)
    points = [_relative_interior(graph.edges[edge]["generators"]) for edge in edges]
    suspects = _possible_zeros(net, points)
    exact = _Preactivations(net)
    for i, edge in enumerate(edges):
        flips = graph.edges[edge]["flips"]
        rest = set(suspects.get(i, ())).difference(flips)
        vanishing = {n for n in rest if exact.at(points[i], n) == 0}
        kept = {n for n in vanishing if any(_is_alive(graph.nodes[c], n, exact) for c in edge)}
        graph.edges[edge]["neurons"] = tuple(sorted(kept.union(flips)))


def _relative_interior(generators: Sequence[Generator]) -> Generator:
    """Return a point in the middle of a facet: roughly the mean of its vertices, plus its rays.

    Weights bring the last coordinates to the same size; without them a vertex of large denominator
    would draw the point so near that floats could not tell it from the vertex.
    """
    sizes = [(g[-1] or max(map(abs, g))).bit_length() for g in generators]
    top = max(sizes)
    shifted = ([x << top - size for x in g] for g, size in zip(generators, sizes, strict=True))
    return tuple(map(sum, zip(*shifted, strict=True)))


def _floats(point: Generator) -> list[float]:
    try:
        return [x / point[-1] for x in point[:-1]]
    except OverflowError:
        return [float_of(Fraction(x, point[-1])) for x in point[:-1]]


class _Preactivations:
    """Exact pre-activations, remembered by point (x w, w)."""

    def __init__(self, net: Any) -> None:
        self.net = net
        self.known: dict[Generator, list[Any]] = {}

    def at(self, point: Generator, neuron: Neuron) -> Any:
        if point not in self.known:
            *x, w = point
            self.known[point] = self.net.preactivations_exact([Fraction(a, w) for a in x])
        return self.known[point][neuron[0]][neuron[1]]


def _is_alive(node: dict[str, Any], neuron: Neuron, exact: _Preactivations) -> bool:
    """Whether the neuron's pre-activation is not identically zero on the cell."""
    layer, i = neuron
    return node["pattern"][layer][i] or exact.at((*node["interior_point"], 1), neuron) != 0


def _possible_zeros(net: Any, points: list[Generator]) -> dict[int, list[Neuron]]:
    """Return, for each point, a superset of the neurons that vanish there.

    A neuron is left out only when its float pre-activation exceeds a proved bound of its error:
    u (n + 4) (|W| |h| + |b|) covers the rounding of the weights, the products and the sum of n + 1
    terms, |W| e carries the error of the layer below, and the result is doubled, and a constant
    added, for the rounding of the bound itself and for underflow.  Overflow makes a neuron suspect.
    """
    found: dict[int, list[Neuron]] = {}
    if not points:
        return found
    h = np.array([_floats(point) for point in points])
    error = _UNIT * np.abs(h) + _UNDERFLOW
    with np.errstate(all="ignore"):
        for layer, (w, b) in enumerate(zip(net.weights[:-1], net.biases[:-1], strict=True)):
            z, error = _affine_with_error(w, b, h, error)
            for point, i in np.argwhere(~(np.abs(z) > error)).tolist():
                found.setdefault(point, []).append((layer, i))
            h = np.maximum(z, 0.0)
    return found


def _affine_with_error(
    w: NDArray[np.float64], b: NDArray[np.float64], h: NDArray[np.float64], e: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = np.abs(w)
    unit = _UNIT * (w.shape[1] + 4)
    bound = e @ size.T + unit * (np.abs(h) @ size.T + np.abs(b))
    return h @ w.T + b, 2.0 * bound + _UNDERFLOW * (1.0 + np.abs(h).sum(axis=1, keepdims=True))
