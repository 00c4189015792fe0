"""The one-region question: cancelled jumps against counted affine regions; witnesses."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, InvalidInput, Polytope, ReluNetwork, Verdict, families
from relu_theory.regions import Affinity, count, has_one_region, jumps, surviving_hyperplanes
from tests import strategies


def cancelled(net):
    """The same hidden layer together with neurons that undo it: relu(u) - relu(-u) = u."""
    first, offsets = net.exact.weights[0].tolist(), net.exact.biases[0]
    last = net.exact.weights[-1].tolist()
    return ReluNetwork(
        [[*first, *([-2 * x for x in row] for row in first)],
         [[*(2 * x for x in row), *(-x for x in row)] for row in last]],
        [[*offsets, *(-2 * b for b in offsets)], net.exact.biases[-1]])


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_agrees_with_the_count(data, dim):
    net, domain = data.draw(strategies.networks(dim)), data.draw(strategies.domains(dim))
    found = has_one_region(net, domain)
    assert (found.verdict is Verdict.HOLDS) == (count(net, domain, "affine") <= 1)
    if found.verdict is Verdict.FAILS:
        assert found.check(net)
        assert all(domain.contains(point) for point in found.witness)


@settings(max_examples=40, deadline=None)
@given(strategies.networks(2, max_depth=1))
def test_what_is_undone_is_affine(net):
    if net.depth == 1:
        assert has_one_region(cancelled(net)).verdict is Verdict.HOLDS
        assert surviving_hyperplanes(cancelled(net)) == []


def test_thousands_of_neurons():
    rng = np.random.default_rng(0)
    base = ReluNetwork([rng.integers(-5, 6, (2500, 20)), rng.integers(-3, 4, (1, 2500))],
                       [rng.integers(-5, 6, 2500), [0]])
    net = cancelled(base)
    start = time.process_time()
    assert has_one_region(net).verdict is Verdict.HOLDS
    assert time.process_time() - start < 5
    outputs = net.exact.weights[1].tolist()
    outputs[0][1234] += 1
    bent = ReluNetwork([net.exact.weights[0], outputs], net.exact.biases)
    found = has_one_region(bent)
    assert found.verdict is Verdict.FAILS
    assert found.check(bent)
    assert not found.check(net)


def test_a_hyperplane_outside_the_domain_does_not_count():
    net = ReluNetwork([[[1, 1]], [[1]]], [[-3], [0]])
    assert has_one_region(net).verdict is Verdict.FAILS
    for domain in (Box(0, 1, dim=2), Box([0, 0], [1, 2]), Polytope([[1, 1]], [3])):
        assert has_one_region(net, domain).verdict is Verdict.HOLDS
    assert has_one_region(net, Box([0, 0], [1, "2.001"])).verdict is Verdict.FAILS


def test_jumps_by_hand():
    net = ReluNetwork([[[2, 0], [-1, 0], [0, 0]], [[1, 3, 5], [0, 2, 1]]], [[-2, 1, 7], [0, 0]])
    assert jumps(net) == {(1, 0, -1): (Fraction(5), Fraction(2))}


def test_witnesses_that_show_nothing_are_refused():
    net = families.arrangement([[1]])
    ends = ((Fraction(-1),), (Fraction(0),), (Fraction(1),))
    assert Affinity(Verdict.FAILS, ends).check(net)
    for wrong in (((ends[1],) * 3), (ends[0], ends[2], ends[1]),
                  tuple((x + 2,) for (x,) in ends)):
        assert not Affinity(Verdict.FAILS, wrong).check(net)
    assert not Affinity(Verdict.HOLDS).check(net)


def test_jumps_need_one_hidden_layer():
    with pytest.raises(InvalidInput, match="one hidden layer"):
        jumps(families.gaussian(2, [3, 3], 0))
