"""The six counts: separating examples, the literal definitions, what must not change them."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relu_theory import Box, Bracket, InvalidInput, Polytope, ReluNetwork, TooLarge, families
from relu_theory.domain import reduce, resolve
from relu_theory.errors import ReluTheoryError
from relu_theory.exact import fraction
from relu_theory.regions import KINDS, activation_patterns, all_counts, count
from relu_theory.regions.activation import count_activation
from relu_theory.regions.kinds import _check_chain
from relu_theory.regions.subdivision import subdivide
from tests import strategies
from tests.regions.kinds_oracle import Literal

FUNCTION_KINDS = ("open_connected", "closed_connected", "affine")


def literal(net, domain):
    """The counts by definition, on the interior of the domain's hull."""
    reduced = reduce(resolve(domain, net.input_dim))
    if reduced is None:
        return dict.fromkeys([k for k in KINDS if k != "convex"], 0)
    inner = net if reduced.A is None else net.restrict(reduced.A, list(reduced.b))
    weights = [[list(map(fraction, row)) for row in w.table()] for w in inner.exact.weights]
    biases = [list(map(fraction, b)) for b in inner.exact.biases]
    return Literal(weights, biases, reduced.domain.halfspaces()).counts()


@pytest.mark.parametrize("example", families.separating_examples(), ids=lambda e: e.name)
def test_separating_examples(example):
    counts = all_counts(example.network)
    assert tuple(counts.values()) == example.counts
    assert [count(example.network, kind=kind) for kind in KINDS] == list(example.counts)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_the_definitions_taken_literally(data, dim):
    net = data.draw(strategies.networks(dim, max_width=3))
    domain = data.draw(strategies.domains(dim))
    reduced = reduce(resolve(domain, dim))
    assume(reduced is None or reduced.domain.dim > 0)
    counts = all_counts(net, domain)
    convex = counts.pop("convex")
    assert counts == literal(net, domain)
    assert isinstance(convex, (int, Bracket))


@settings(max_examples=15, deadline=None)
@given(strategies.networks(3, max_width=3, outputs=1))
def test_the_definitions_taken_literally_in_space(net):
    assume(net.num_neurons <= 5)
    counts = all_counts(net)
    del counts["convex"]
    assert counts == literal(net, None)


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_single_counts_agree_with_the_table(data, dim):
    net, domain = data.draw(strategies.networks(dim)), data.draw(strategies.domains(dim))
    for kind, found in all_counts(net, domain).items():
        if isinstance(found, int):
            assert count(net, domain, kind) == found


@settings(max_examples=25, deadline=None)
@given(strategies.networks(2, max_width=3), st.integers(0, 2**16))
def test_counts_of_the_function_do_not_depend_on_the_network(net, seed):
    assume(net.depth)
    same = families.duplicate(families.add_dead_neurons(net, 0), 0, 0, 2)
    one, two = all_counts(net), all_counts(same)
    assert [one[k] for k in FUNCTION_KINDS] == [two[k] for k in FUNCTION_KINDS]
    assert two["proper"] >= one["proper"]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_flat_domain_is_a_restricted_network(data):
    net = data.draw(strategies.networks(2, max_width=3))
    at = data.draw(strategies.rationals())
    flat = Polytope(None, None, [[1, -1]], [at])
    assert all_counts(net, flat) == all_counts(net.restrict([[1], [1]], [at, 0]))


def test_patterns_of_lower_dimension():
    cyclic = families.arrangement([[1, -1, 0], [0, 1, -1], [-1, 0, 1]])
    patterns = activation_patterns(cyclic)
    assert len(patterns) == count(cyclic, kind="activation") == 7
    assert ((False, False, False),) in patterns
    assert all(net_pattern in patterns for net_pattern in (cyclic.pattern([1, 2, 3]),))


def test_a_domain_can_cut_a_joining_slice():
    clip = next(e.network for e in families.separating_examples() if e.name == "clip")
    above = Box([-2, Fraction(1, 2)], [2, 2])
    assert count(clip, kind="closed_connected") == 6
    assert count(clip, above, "open_connected") == count(clip, above, "closed_connected") == 5


def test_vector_outputs_join_where_all_of_them_agree():
    t = [[1], [1], [1]]
    both = ReluNetwork([t, [[1, -2, 1], [1, -2, 1]]], [[0, -1, -2], [0, 0]])
    assert list(all_counts(both).values()) == [4, 4, 4, 4, 4, 3]
    apart = ReluNetwork([t, [[1, -2, 1], [1, -2, 2]]], [[0, -1, -2], [0, 0]])
    assert count(apart, kind="affine") == 4


def test_points_empty_domains_and_affine_networks():
    net = families.random_integer(2, [3, 2], 0)
    assert set(all_counts(net, Box([0, 0], [0, 0])).values()) == {1}
    assert set(all_counts(net, Polytope([[1, 0], [-1, 0]], [0, -1])).values()) == {0}
    assert set(all_counts(ReluNetwork([[[1, 2]]], [[0]])).values()) == {1}


@pytest.mark.parametrize(("ask", "message"), [
    (lambda n: count(n, kind="best"), "kind must be one of"),
    (lambda n: count(n, kind="affine", workers=2), "takes no workers"),
])
def test_bad_questions(ask, message):
    with pytest.raises(InvalidInput, match=message):
        ask(families.braid(3))


@pytest.mark.parametrize("ask", [
    lambda n: count(n, kind="affine", limit=3),
    lambda n: count(n, kind="activation", limit=3),
    lambda n: count(n, kind="open_connected", limit=3),
    lambda n: all_counts(n, limit=3),
    lambda n: count_activation(n, limit=3),
    lambda n: subdivide(n, limit=3),
])
def test_limits(ask):
    with pytest.raises(TooLarge, match="limit"):
        ask(families.braid(3))


def test_a_broken_chain_is_reported():
    with pytest.raises(ReluTheoryError, match="is below that of"):
        _check_chain({"activation": 3, "proper": 4})
