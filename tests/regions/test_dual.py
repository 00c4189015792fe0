"""The dual graph against its definition, on generic, degenerate, deep and unbounded input."""

from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace, regions
from relu_theory.errors import TooLarge
from relu_theory.exact.linalg import rank
from relu_theory.families import gaussian, iterated_tent, load_traps
from relu_theory.regions.complex import polyhedral_complex
from relu_theory.regions.dual import dual_graph
from tests.strategies import boxes, networks

TRAPS = {case.name: case.network for case in load_traps()}
DEGENERATE = (
    "duplicate",
    "six lines through a point",
    "sliver",
    "grid",
    "dead neurons",
    "identity gadget",
    "iterated tent, 3 layers",
)
SQUARE = Box([-1, -1], [1, 1])


def direction_set(cell: Any) -> set[tuple]:
    """Generators of a cell as comparable tuples: vertices with 1 appended, rays with 0."""
    return {(*v, 1) for v in cell.vertices()} | {(*r, 0) for r in cell.rays()}


def neighbours_by_rank(cells: list[Any], dim: int) -> set[tuple[int, int]]:
    """Pairs of pointed cells whose common generators span a face of codimension one."""
    sets = [direction_set(cell) for cell in cells]
    pairs = combinations(range(len(cells)), 2)
    common = {(i, j): [g for g in sets[i] & sets[j]] for i, j in pairs}
    return {
        pair
        for pair, rows in common.items()
        if any(row[-1] for row in rows) and rank(sorted(rows)) == dim
    }


def point_on(generators: tuple) -> list:
    """A point in the relative interior of a facet, other than the sum of its generators."""
    weights = range(1, len(generators) + 1)
    *total, last = (
        sum(w * x for w, x in zip(weights, column, strict=True))
        for column in zip(*generators, strict=True)
    )
    return [f"{x}/{last}" for x in total]


def vanishing(net: ReluNetwork, point: Any) -> set[tuple[int, int]]:
    values = net.preactivations_exact(point)
    return {(layer, i) for layer, row in enumerate(values) for i, z in enumerate(row) if z == 0}


def check_edges(net: ReluNetwork, graph: nx.Graph) -> None:
    for u, v, data in graph.edges(data=True):
        patterns = [[x for layer in graph.nodes[c]["pattern"] for x in layer] for c in (u, v)]
        names = [(layer, i) for layer, width in enumerate(net.widths) for i in range(width)]
        triples = zip(names, *patterns, strict=True)
        assert data["flips"] == tuple(name for name, a, b in triples if a != b) != ()
        idle = [vanishing(net, graph.nodes[c]["interior_point"]) for c in (u, v)]
        expected = vanishing(net, point_on(data["generators"])) - (idle[0] & idle[1])
        assert set(data["neurons"]) == expected


@given(st.data())
def test_edges_are_the_shared_facets(data: st.DataObject) -> None:
    dim = data.draw(st.integers(1, 3))
    net = data.draw(networks(dim, max_width=3))
    domain = data.draw(st.one_of(st.just(WholeSpace(dim)), boxes(dim, flat=False)))
    graph = dual_graph(net, domain)
    cells = list(regions.cells(net, domain))
    assert [graph.nodes[i]["pattern"] for i in graph] == [cell.pattern for cell in cells]
    assert nx.is_connected(graph)
    check_edges(net, graph)
    complex_ = polyhedral_complex(net, domain)
    boundary = sum(len(facets) for _, facets in graph.nodes(data="boundary"))
    assert graph.number_of_edges() + boundary == complex_.f_vector[dim - 1]
    assert boundary == 0 or domain.is_bounded
    if not complex_.lines:
        assert {tuple(sorted(edge)) for edge in graph.edges} == neighbours_by_rank(cells, dim)


@pytest.mark.parametrize("domain", [None, SQUARE])
@pytest.mark.parametrize("name", DEGENERATE)
def test_traps(name: str, domain: Box | None) -> None:
    graph = dual_graph(TRAPS[name], domain)
    assert nx.is_connected(graph)
    check_edges(TRAPS[name], graph)


def test_generic_networks_flip_one_neuron_at_a_time() -> None:
    net = gaussian(2, [8, 8, 8], seed=1)
    graph = dual_graph(net, SQUARE)
    assert all(data["flips"] == data["neurons"] for *_, data in graph.edges(data=True))
    assert {len(data["flips"]) for *_, data in graph.edges(data=True)} == {1}
    assert nx.is_bipartite(graph)
    assert nx.is_connected(graph)


def test_duplicates_flip_together() -> None:
    graph = dual_graph(TRAPS["duplicate"])
    flips = {data["flips"] for *_, data in graph.edges(data=True)}
    assert flips == {((0, 0), (0, 1), (0, 2), (0, 3)), ((0, 4), (0, 5))}


def test_a_neuron_can_vanish_without_flipping() -> None:
    # relu(x) + relu(-x) is never negative, so the second layer's neuron is active on both sides.
    net = ReluNetwork([[[1], [-1]], [[1, 1], [0, 0]], [[1, 1]]], [[0, 0], [0, 0], [0]])
    (edge,) = dual_graph(net).edges(data=True)
    assert edge[2]["flips"] == ((0, 0), (0, 1))
    assert edge[2]["neurons"] == ((0, 0), (0, 1), (1, 0))
    assert edge[2]["generators"] == ((0, 1),)


def test_scaling_leaves_the_graph_alone() -> None:
    graphs = [dual_graph(TRAPS[name], SQUARE) for name in TRAPS if name.startswith("scaling")]
    assert len(graphs) == 5
    edges = [
        {frozenset(graph.nodes[c]["pattern"] for c in e) for e in graph.edges} for graph in graphs
    ]
    assert all(found == edges[0] for found in edges)


def test_one_dimensional_networks_give_paths() -> None:
    graph = dual_graph(iterated_tent(5, dim=1))
    assert graph.number_of_nodes() == 34
    assert sorted(degree for _, degree in graph.degree) == [1, 1] + [2] * 32
    assert [graph.nodes[i]["bounded"] for i in graph].count(False) == 2


def test_nodes_carry_the_affine_maps() -> None:
    net = TRAPS["identity gadget"]
    for _, data in dual_graph(net, SQUARE).nodes(data=True):
        assert net.pattern(data["interior_point"]) == data["pattern"]
        value = data["gradient"] @ list(data["interior_point"]) + data["offset"]
        assert tuple(value) == net.forward_exact(data["interior_point"])


def test_flat_domains() -> None:
    net = gaussian(3, [4, 4], seed=2)
    disc = Polytope([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], [3] * 4, [[1, 1, 2]], ["1/3"])
    graph = dual_graph(net, disc)
    assert nx.is_connected(graph)
    assert graph.number_of_edges() > graph.number_of_nodes() > 10
    check_edges(net, graph)
    for _, data in graph.nodes(data=True):
        assert disc.contains(data["interior_point"])


def test_far_away_points() -> None:
    # The two lines cross further out than floats reach.
    far = 10**400
    net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[far, -far], [0]])
    graph = dual_graph(net)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (4, 4)
    check_edges(net, graph)


def test_lines_are_named_once() -> None:
    graph = dual_graph(ReluNetwork([[[1, 1], [2, 2]], [[1, 1]]], [[0, -2], [0]]))
    assert sorted(degree for _, degree in graph.degree) == [1, 1, 2]
    ((x, y),) = graph.graph["lines"]
    assert x == -y != 0
    assert [len(data["generators"]) for *_, data in graph.edges(data=True)] == [1, 1]


def test_empty_domains_have_empty_graphs() -> None:
    nothing = Polytope([[1, 0], [-1, 0]], [-1, 0])
    graph = dual_graph(TRAPS["grid"], nothing)
    assert (graph.number_of_nodes(), graph.graph["lines"]) == (0, ())


def test_limit() -> None:
    with pytest.raises(TooLarge, match="limit = 11") as caught:
        dual_graph(TRAPS["six lines through a point"], limit=11)
    assert caught.value.counted == 11
