"""Multi-neuron relaxations by exact convex hulls: P_1, M_k, and hulls over pre-activations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from flint import fmpq, fmpq_mat

from relu_theory.domain import Box, Polyhedron, Polytope
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact.cones import generators
from relu_theory.exact.numbers import primitive, rational
from relu_theory.intervals import Interval
from relu_theory.network import ReluNetwork
from relu_theory.regions import cells
from relu_theory.relaxation.lines import chords
from relu_theory.relaxation.trace import Trace

__all__ = ["LayerHull", "multineuron_trace"]

Vector = tuple[fmpq, ...]
Row = tuple[int, ...]
MOST_VERTICES, MOST_DIMENSIONS = 4000, 12


class LayerHull(NamedTuple):
    """What is known about one layer: half-spaces (a, b) with a . v + b >= 0.

    Attributes
    ----------
    rows : list of rows over (inputs of the layer, its activations)
        Facets of the hulls of groups.
    facets : list of rows over the activations
        They follow from the rows and from the facets of the layer before.
    lifted : list of points (inputs, activations)
        Vertices of the polytope that the rows and the facets of the layer before cut out; empty
        where the facets are themselves among the rows.
    vertices : list of points
        Those of the polytope that the facets cut out.
    """

    rows: list[Row]
    facets: list[Row]
    lifted: list[Vector]
    vertices: list[Vector]


def multineuron_trace(
    net: ReluNetwork, box: Box, group: int | None = None, over: str = "inputs"
) -> Trace:
    """Bounds of every layer over the projections of the relaxed set.

    Parameters
    ----------
    net : ReluNetwork
    box : Box
    group : int, optional
        The number of neurons whose joint hull is taken; all of a layer by default.
    over : {"inputs", "preactivations"}
        Whether the hull of a group is that of its graph over the inputs of the layer, or over the
        pre-activations of the group only.

    Notes
    -----
    Constraints tie consecutive layers only, so that the relaxed set is followed by its projection
    to the activations of one layer: a polytope whose image under the next layer is the hull of the
    images of the vertices of its cells.
    """
    if group is not None and (isinstance(group, bool) or group < 1):
        raise InvalidInput(f"group must be an int >= 1, got {group!r}")
    if over not in ("inputs", "preactivations"):
        raise InvalidInput(f"over must be 'inputs' or 'preactivations', got {over!r}")
    joint = over == "inputs" and (group is None or group >= max(net.widths, default=0))
    sizes = [net.input_dim, *net.widths]
    for inputs, size in pairwise(sizes):
        _require_dimension(size if joint else inputs + size)
    ends = Interval(*(list(map(rational, end)) for end in (box.lower, box.upper)))
    trace = Trace(net, ends, None)
    inner: Polyhedron = box
    for layer, (weight, bias) in enumerate(zip(net.exact.weights, net.exact.biases, strict=True)):
        images = [_apply(weight, bias, v) for v in _vertices(inner)]
        columns = list(zip(*images, strict=True))
        trace.intervals.append(Interval(list(map(min, columns)), list(map(max, columns))))
        trace.proofs.append(None)
        trace.attained.append([])
        if layer < net.depth:
            trace.chords.append(chords(trace.intervals[-1], None))
            trace.hulls.append(_layer_hull(weight, bias, inner, group, over))
            inner = _from_rows(trace.hulls[-1].facets)
    return trace


def _layer_hull(
    weight: fmpq_mat, bias: Sequence[fmpq], inner: Polyhedron, group: int | None, over: str
) -> LayerHull:
    """The relaxed set of the activations that follow."""
    size = weight.nrows()
    if over == "inputs" and (group is None or group >= size):
        corners = _cell_vertices(weight, bias, inner)
        points = {tuple(map(_relu, _apply(weight, bias, v))) for v in corners}
        facets = _facets(points)
        return LayerHull([(*[0] * inner.dim, *row) for row in facets], facets, [], list(points))
    rows: list[Row] = []
    for chosen in combinations(range(size), min(group or size, size)):
        own = fmpq_mat([weight.table()[j] for j in chosen])
        shift = [bias[j] for j in chosen]
        rows += _group_rows(own, shift, chosen, inner, over, size)
    lifted = _vertices(_from_rows(_lifted_rows(inner, size) + rows))
    points = {v[inner.dim :] for v in lifted}
    return LayerHull(rows, _facets(points), lifted, list(points))


def _group_rows(
    weight: fmpq_mat,
    bias: Sequence[fmpq],
    chosen: Sequence[int],
    inner: Polyhedron,
    over: str,
    size: int,
) -> list[Row]:
    """Half-spaces of (inputs, activations) that a group of neurons satisfies."""
    if over == "preactivations":
        images = [_apply(weight, bias, v) for v in _vertices(inner)]
        domain: Polyhedron = _from_rows(_facets(images))
        identity = fmpq_mat([[int(i == j) for j in chosen] for i in chosen])
        corners = _cell_vertices(identity, [fmpq(0)] * len(bias), domain)
        graph = [(*a, *map(_relu, a)) for a in corners]
        place = weight, bias, chosen, inner.dim, size
        return [_pulled_back(row, *place) for row in _facets(graph)]
    graph = [
        (*v, *map(_relu, _apply(weight, bias, v))) for v in _cell_vertices(weight, bias, inner)
    ]
    return [_spread(row, inner.dim, chosen, size) for row in _facets(graph)]


def _spread(row: Sequence[int], inputs: int, chosen: Sequence[int], size: int) -> Row:
    wide = [*row[:inputs], *[0] * size, row[-1]]
    for position, j in enumerate(chosen):
        wide[inputs + j] = row[inputs + position]
    return tuple(wide)


def _pulled_back(
    row: Sequence[int],
    weight: fmpq_mat,
    bias: Sequence[fmpq],
    chosen: Sequence[int],
    inputs: int,
    size: int,
) -> Row:
    """A row in (pre-activations, activations) of a group as one in (inputs, activations)."""
    count = len(chosen)
    on_inputs = (fmpq_mat(1, count, list(row[:count])) * weight).entries()
    shift = sum((a * b for a, b in zip(row[:count], bias, strict=True)), fmpq(row[-1]))
    wide = [*on_inputs, *[fmpq(0)] * size, shift]
    for position, j in enumerate(chosen):
        wide[inputs + j] = fmpq(row[count + position])
    return primitive(wide)


def _lifted_rows(inner: Polyhedron, size: int) -> list[Row]:
    return [(*row[:-1], *[0] * size, row[-1]) for row in _all_rows(inner)]


def _all_rows(polyhedron: Polyhedron) -> list[Row]:
    equal = polyhedron.equalities()
    return [*polyhedron.halfspaces(), *equal, *(tuple(-a for a in row) for row in equal)]


def _facets(points: Iterable[Sequence[fmpq]]) -> list[Row]:
    """Rows (a, b) with a . x + b >= 0 that cut out the hull; equations in both directions."""
    distinct = {tuple(point) for point in points}
    if len(distinct) > MOST_VERTICES:
        raise TooLarge(
            f"a hull has {len(distinct)} points, more than {MOST_VERTICES}; use method='triangle'",
            len(distinct),
        )
    cone = sorted({primitive([*point, fmpq(1)]) for point in distinct})
    lines, rays, _ = generators(cone, len(cone[0]))
    return [*rays, *lines, *(tuple(-a for a in line) for line in lines)]


def _from_rows(rows: Sequence[Row]) -> Polytope:
    return Polytope([[-a for a in row[:-1]] for row in rows], [row[-1] for row in rows])


def _require_dimension(dim: int) -> None:
    if dim > MOST_DIMENSIONS:
        raise TooLarge(
            f"a hull in dimension {dim} is beyond {MOST_DIMENSIONS}; use method='triangle', or a "
            "smaller group"
        )


def _vertices(polyhedron: Polyhedron) -> list[Vector]:
    rays = polyhedron.generators().rays
    return [tuple(fmpq(x, ray[-1]) for x in ray[:-1]) for ray in rays]


def _cell_vertices(weight: fmpq_mat, bias: Sequence[fmpq], inner: Polyhedron) -> set[Vector]:
    """Vertices of all cells of one layer on a polytope."""
    layer = ReluNetwork([weight.table(), [[0] * weight.nrows()]], [list(bias), [0]])
    return {tuple(map(rational, v)) for cell in cells(layer, inner) for v in cell.vertices()}


def _apply(weight: fmpq_mat, bias: Sequence[fmpq], x: Sequence[fmpq]) -> list[fmpq]:
    product = (weight * fmpq_mat(len(x), 1, list(x))).entries()
    return [v + b for v, b in zip(product, bias, strict=True)]


def _relu(value: fmpq) -> fmpq:
    return max(value, fmpq(0))
