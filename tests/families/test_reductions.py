"""Graphs and formulas as networks: counts of orientations and of models."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import InvalidInput, families
from relu_theory.families import deepen, graph_network, model_count, multiply_regions, sat_network
from relu_theory.regions import all_counts, characteristic_polynomial, count


@st.composite
def graphs(draw):
    n = draw(st.integers(2, 5))
    edges = draw(st.sets(st.sampled_from(list(combinations(range(n), 2))), min_size=1))
    return n, sorted(edges)


@st.composite
def formulas(draw, variables=None):
    n = draw(st.integers(1, 3)) if variables is None else variables
    literals = st.dictionaries(st.integers(1, n), st.sampled_from([1, -1]), min_size=1)
    clause = literals.map(lambda d: [s * v for v, s in d.items()])
    return n, draw(st.lists(clause, max_size=4))


def acyclic_orientations(n, edges):
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(n))
    return abs(int(nx.chromatic_polynomial(graph).subs({"x": -1})))


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_acyclic_orientations(graph):
    n, edges = graph
    net = graph_network(n, edges)
    assert set(all_counts(net).values()) == {acyclic_orientations(n, edges)}
    assert characteristic_polynomial(net).cells == acyclic_orientations(n, edges)


@settings(max_examples=20, deadline=None)
@given(formulas())
def test_models(formula):
    n, clauses = formula
    net, models = sat_network(n, clauses), model_count(n, clauses)
    connected = 1 + (2**n if n > 1 else 3) * models
    assert count(net, kind="open_connected") == connected
    assert count(net, kind="closed_connected") == connected
    assert count(net, kind="affine") == 1 + 2**n * models


@settings(max_examples=6, deadline=None)
@given(formulas(2), st.integers(1, 3))
def test_more_regions(formula, factor):
    n, clauses = formula
    net = multiply_regions(sat_network(n, clauses), factor)
    assert count(net, kind="affine") == factor * (1 + 4 * model_count(n, clauses))
    assert count(net, kind="open_connected") == factor * (1 + 4 * model_count(n, clauses))


@settings(max_examples=6, deadline=None)
@given(formulas(2))
def test_deeper_networks_compute_the_same(formula):
    net = sat_network(*formula)
    deep = deepen(net, 4)
    assert deep.depth == 4
    for point in ([0, 0], [1, "1/8"], ["0.99", 1], ["1/2", "1/2"]):
        assert deep.forward_exact(point) == net.forward_exact(point)
    assert count(deep, kind="affine") == count(net, kind="affine")


def test_bumps_have_height_epsilon_at_models_only():
    net = sat_network(2, [[1, -2]])
    values = [net.forward_exact([a, b])[0] > 0 for a in (0, 1) for b in (0, 1)]
    assert values == [True, False, True, True]


@pytest.mark.parametrize(("ask", "message"), [
    (lambda: graph_network(3, [(0, 0)]), "two different vertices"),
    (lambda: graph_network(3, [(0, 3)]), "two different vertices"),
    (lambda: graph_network(3, []), "at least one edge"),
    (lambda: sat_network(0, []), "positive integer"),
    (lambda: sat_network(2, [[3]]), "literals"),
    (lambda: model_count(2, [[1, -1]]), "literals"),
    (lambda: multiply_regions(families.braid(3), 2), "two hidden layers"),
    (lambda: multiply_regions(sat_network(1, []), 0), "factor"),
    (lambda: deepen(sat_network(1, []), 1), "at most depth"),
    (lambda: families.shi(1), "at least 2"),
    (lambda: families.type_b(0), "at least 1"),
])
def test_bad_input(ask, message):
    with pytest.raises(InvalidInput, match=message):
        ask()
